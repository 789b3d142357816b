"""Who controlled X on date Y, as known on date Z, according to whom, and why?"""

from typing import Any

import click

from api.answers.answers import Answers
from api.answers.basis import Answer
from api.answers.sources import AnswerSources, Respondent
from api.commands.environment import node_caught_up
from api.commands.perspective import EVERYBODY, basis_of, perspective_options
from api.commands.print.terminal import say, say_document
from api.commands.question import (
    Command,
    knowledge_options,
    local_words,
    moment_asked,
    moment_now,
    refuse_both,
    zone_option,
)
from api.ids import slug_of
from domain.occurred import Instant, rfc3339

_INHERIT = click.option(
    "--inherit", is_flag=True, help="Where nothing is said of the place, ask the place around."
)


def question_options(command: Command) -> Command:
    """Adds the options for knowledge, perspective, clocks and inheritance."""
    return zone_option(knowledge_options(perspective_options(_INHERIT(command))))


@click.command("who")
@click.argument("location", required=False)
@click.option("--on", metavar="DATE", help="The close of that day, UTC; or an instant. Else now.")
@question_options
@click.option("--token", help="Give the answer with this token again, word for word.")
@click.option(
    "--json",
    "as_json",
    is_flag=True,
    help="One JSON document, with the fields of GraphQL's Control.",
)
def command(
    location: str | None, on: str | None, token: str | None, as_json: bool, **more: Any
) -> None:
    """Who controlled LOCATION at the close of a day, or who does now, by what was known when, who
    says so, and why.

    \b
    Examples:
      tenure who kidal
      tenure who kidal --on 2023-11-14
      tenure who kidal --on 2023-11-14T12:00:00Z --position 142
      tenure who kidal --on 2023-11-20 --not-according-to csp-spokesman
      tenure who kidal --on 2023-11-20 --published-by 2023-11-15 --json
      tenure who kidal --on 2023-11-14 --zone Africa/Bamako
      tenure who --token TOKEN

    --known-on and --position ask what this ledger held then: one that was begun, or filled by an
    import, last week knew nothing in 2023. What the world could have read by a day is asked with
    --published-by. The token of an answer is printed below it.

    LOCATION is the id of a place, as in minusma-camp-kidal. A day that lies ahead has no answer.
    Dates are days of UTC, or of the zone that --zone names; 2021-08-15+04:30 is one by clocks at
    that offset from UTC.

    Exit codes: 0 answered, be it with "unknown"; 1 refused, stderr says why; 2 misuse.
    """
    refuse_both(more["known_on"], more["position"])
    if token is not None:
        if location or on or any(more[name] != unasked for name, unasked in UNASKED.items()):
            raise click.UsageError("a token pins the whole question: give --token and --json only")
        with node_caught_up() as node:
            print_answer(node.answers, node.answers.again(token), as_json)
        return
    if location is None:
        raise click.UsageError("give LOCATION, or --token")
    with node_caught_up() as node:
        zone = more["zone"]
        when = moment_now(node.ledger.now, zone) if on is None else moment_asked(on, zone)
        answer = ask(node.answers, location, when.at, **more)
        by = local_words(more["published_by"], more["zone"])
        print_answer(node.answers, answer, as_json, when.words, by)
        if not answer.has_voice:
            _hint(node.answers, answer, on or rfc3339(when.at)[:10], more["known_on"])


UNASKED: dict[str, object] = {
    "known_on": None,
    "position": None,
    **EVERYBODY,
    "inherit": False,
    "zone": None,
}
"""The defaults of these options."""


def ask(answers: Respondent, location: str, at: Instant, *, inherit: bool, **more: Any) -> Answer:
    place = slug_of(location, "Location")
    return answers.control(place, basis_of(answers, at, **more), inherit=inherit)


def _hint(answers: Answers, answer: Answer, on: str, known_on: str | None) -> None:
    """Names on stderr another question with an answer, if any."""
    from api.commands.hints import hint_for

    if hint := hint_for(answers, answer, on, known_on):
        say(hint, err=True)


def print_answer(
    sources: AnswerSources,
    answer: Answer,
    as_json: bool,
    when: str | None = None,
    published_by: str | None = None,
) -> None:
    """Prints the answer; `when` and `published_by` give the moment and the day of publication in
    the words of the question."""
    if as_json:
        from api.commands.print.answer_json import document

        say_document(document(sources, answer))
        return
    from api.commands.print.answer_text import answer_lines

    say(*answer_lines(sources, answer, when, published_by))
