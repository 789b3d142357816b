"""A story in plain text, and the check of each line.

Each line tells a statement heard on a date, or asks on a date and expects an answer:

    given  base minusma-camp-kidal in kidal
    2023-11-15  heard  seized kidal by fama and wagner from csp on 2023-11-14 (reuters, B2)
    2023-11-16  heard  seized kidal by fama on 2023-11-14 (le-monde, B2, copying reuters)
    2023-11-17  heard  not so: seized kidal by fama on 2023-11-14 (le-monde, B2)
    2023-11-18  heard  after all: seized kidal by fama on 2023-11-14 (le-monde, B2)
    2023-11-19  heard  held kidal by fama on 2023-11 instead of seized kidal by fama on 2023-11-14
                       (le-monde, B2)                       ... all of it on one line
    2023-11-20  graded  reuters C
    2023-11-20  amended  minusma-camp-kidal is a site            ... or: is in gao
    2023-11-21  asked  kidal on 2023-11-14 -> fama and wagner
    2023-11-21  asked  kidal on 2023-11-14 known on 2023-11-16 according to reuters -> fama
    2023-11-21  asked  minusma-camp-kidal or around it on 2023-11-14 -> fama, as in kidal
    2023-11-21  asked  what happened at kidal in 2023-11 -> town seized
    2023-11-21  asked  what happened to wagner in 2023-11 -> town seized
    2023-11-22  recorded  mali.yaml

Actors seize a town, capture a base, hold, abandon or contest a place, hand a place over, enter,
leave or besiege a place, or fight there; a source may have lost track of a place. Actors ally and
part, join, merge and split, and take other names. in_words.py has these verbs.
A question is answered as known at the close of the date at the start of its line. A new name is
registered on the spot, a place as a town unless given as another kind; a report is published on the
day of hearing unless the line says "published" and a time. An answer is the holder of the place,
"nobody", "contested between csp and fama", "unknown" or "disputed: csp / fama"; then "disputed by
csp", "perhaps nobody", "as in kidal", where true; and "by 2 sources", where told. Further
questions stand in questions.py.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

from api.node import Node
from domain import events
from domain.control.perspective import Perspective
from domain.occurred import Occurred, parse_moment
from domain.refusals import DomainError
from domain.values import ActorId, EventId, SourceId
from infra.intake.problems import BadInput
from infra.intake.situation_file import read_situation
from infra.ledger.codec import identify
from infra.ledger.ledger import StatementRefused
from projections.entries import EventFilter
from tests.journeys.in_words import SAID, SLUG, Objection, chronicle, names_in, spoken, understood
from tests.journeys.questions import QUESTIONS

SCENARIOS = Path(__file__).parents[2] / "infra" / "scenarios"

_SPEAKER = (
    rf"\((?P<source>{SLUG}), (?P<reliability>[A-F])(?P<credibility>[1-6])"
    rf"(?:, copying (?P<copied>{SLUG}))?(?:, published (?P<published>\S+))?\)"
)


class Story:
    """A story, told line by line into a ledger with the clock of the story."""

    def __init__(self) -> None:
        self._today = "2000-01-01"
        self._reliability: dict[str, str] = {}
        self._last_report: dict[str | None, str] = {}
        self._named: set[tuple[type[events.Event], str]] = set()
        self._said: dict[str, EventId] = {}
        self._fresh: list[events.Event] = []
        self._numbers = count(1)

    def now(self) -> datetime:
        return datetime.fromisoformat(f"{self._today}T12:00:00").replace(tzinfo=UTC)

    def tell(self, node: Node, line: str) -> str | None:
        """The objection to a line; None for a line that holds."""
        words = " ".join(line.split())
        if not words or words.startswith("#"):
            return None
        for form, tell in _FORMS.items():
            if match := re.fullmatch(form, words):
                try:
                    tell(self, node, **match.groupdict())
                except (BadInput, DomainError, StatementRefused, ValueError) as objection:
                    return str(objection)
                return None
        return "no line of a story reads so"

    # ---- what is heard -----------------------------------------------------------------------

    def given(self, node: Node, kind: str, place: str, within: str | None) -> None:
        if (events.LocationRegistered, place) in self._named:
            raise Objection(f"{place} was named before")
        self._place(place, kind, within)
        self._record(node)

    def heard(self, node: Node, date: str, said: str, old: str | None, **speaker: Any) -> None:
        report = self._report(date, **speaker)
        event = self._event(said, report, int(speaker["credibility"]))
        self._fresh.append(event)
        if old:
            new = identify(event).id
            self._revoke(events.EventRetracted, old, report, "it was otherwise", replaced_by=new)
        self._said[said] = identify(event).id
        self._record(node)

    def reconsidered(self, node: Node, date: str, how: str, said: str, **speaker: Any) -> None:
        kind = events.EventRetracted if how == "not so" else events.EventReinstated
        self._revoke(kind, said, self._report(date, **speaker), how)
        self._record(node)

    def graded(self, node: Node, date: str, source: str, reliability: str) -> None:
        self._wait_until(date)
        self._reliability[source] = reliability
        self._introduce(events.SourceRegraded, source=source, reliability=reliability, reason="-")
        self._record(node)

    def amended(
        self, node: Node, date: str, place: str, kind: str | None, within: str | None
    ) -> None:
        self._wait_until(date)
        changes = {"kind": kind, "within": within}
        self._introduce(events.LocationAmended, location=place, reason="-", **changes)
        self._record(node)

    def recorded(self, node: Node, date: str, file: str) -> None:
        self._wait_until(date)
        node.ledger.record(read_situation(SCENARIOS / file).statements, by="story")
        node.projector.catch_up()

    # ---- what is asked -----------------------------------------------------------------------

    def asked(
        self, node: Node, place: str, around: str | None, at: str, expected: str, **when: str | None
    ) -> None:
        date = str(when["date"])
        self._today = max(self._today, date)  # a story may go back to ask what was known before
        sources = names_in(when["sources"]) if when["sources"] else None
        by = when["published"]
        perspective = Perspective(
            sources=frozenset(map(SourceId, sources)) if sources else None,
            published_by=parse_moment(by) if by else None,
        )
        known_at = parse_moment(when["known"] or date)
        basis = node.answers.basis(parse_moment(at), known_at=known_at, perspective=perspective)
        answer = node.answers.control(place, basis, inherit=bool(around))
        _compare(spoken(answer, with_count="source" in expected), expected)

    def happened(
        self, node: Node, date: str, where: str, what: str, during: str, expected: str
    ) -> None:
        window = Occurred.parse(during).window
        wanted = EventFilter(
            tags=(_concerned(node, where, what),),
            occurred_from=window.earliest,
            occurred_to=window.latest,
            retracted=False,
        )
        self._today = max(self._today, date)
        known = node.answers.basis(known_at=parse_moment(date)).position
        found = node.answers.entries.page(wanted, known=known, size=100).entries
        _compare(chronicle(each.event for each in found), expected)

    def wondered(
        self, node: Node, date: str, question: str, known: str | None, expected: str
    ) -> None:
        self._today = max(self._today, date)
        knowledge = node.answers.basis(known_at=parse_moment(known or date))
        for form, answer in QUESTIONS.items():
            if match := re.fullmatch(form, question):
                _compare(answer(node.answers, knowledge, **match.groupdict()), expected)
                return
        raise Objection("no question of a story reads so")

    # ---- how it is recorded ------------------------------------------------------------------

    def _wait_until(self, date: str) -> None:
        if date < self._today:
            raise Objection(f"the story goes back in time: it was {self._today} already")
        self._today = date

    def _report(self, date: str, **speaker: Any) -> str:
        self._wait_until(date)
        source, reliability = speaker["source"], speaker["reliability"]
        graded = self._reliability.setdefault(source, reliability)
        if graded != reliability:
            raise Objection(f"{source} is graded {graded}")
        self._name(events.SourceRegistered, source=source, reliability=reliability)
        copied = speaker["copied"]
        if copied and copied not in self._last_report:
            raise Objection(f"nothing was heard from {copied} before")
        report = f"{source}-{next(self._numbers)}"
        self._introduce(
            events.ReportFiled,
            report=report,
            source=source,
            title=f"What {source} says",
            published=speaker["published"] or date,
            syndicated_from=self._last_report.get(copied),
        )
        self._last_report[source] = report
        return report

    def _event(self, said: str, report: str, credibility: int) -> events.Event:
        told = understood(said)
        for place in told.places:
            self._place(place)
        for actor in told.actors:
            self._name(events.ActorRegistered, actor=actor, kind="armed-group")
        return told.event.model_validate(
            told.fields | {"report": report, "credibility": credibility}
        )

    def _revoke(
        self, kind: type[events.Event], said: str, report: str, reason: str, **new: EventId
    ) -> None:
        if said not in self._said:
            raise Objection("nobody said so before")
        self._introduce(kind, event=self._said[said], report=report, reason=reason, **new)

    def _place(self, place: str, kind: str = "town", within: str | None = None) -> None:
        if within:
            self._place(within)
        self._name(events.LocationRegistered, location=place, kind=kind, within=within)

    def _name(self, kind: type[events.Event], /, **fields: Any) -> None:
        slug = next(iter(fields.values()))
        if (kind, slug) not in self._named:
            self._named.add((kind, slug))
            self._introduce(kind, name=slug, **fields)

    def _introduce(self, kind: type[events.Event], /, **fields: Any) -> None:
        self._fresh.append(kind.model_validate(fields))

    def _record(self, node: Node) -> None:
        node.ledger.record([identify(event) for event in self._fresh], by="story")
        node.projector.catch_up()
        self._fresh.clear()


def _concerned(node: Node, where: str, what: str) -> str:
    """The tag of everything about a place or an actor."""
    if where == "at":
        return f"location:{node.answers.place(what).location}"
    if not node.answers.actors.get(ActorId(what)):
        raise Objection(f"no actor is called {what!r}")
    return f"actor:{what}"


def _compare(found: str, expected: str) -> None:
    if found != expected:
        raise Objection(f"but the answer is: {found}")


_DATE = r"(?P<date>\d{4}-\d\d-\d\d)"
_FORMS: dict[str, Callable[..., None]] = {
    rf"given (?P<kind>[a-z]+) (?P<place>{SLUG})(?: in (?P<within>{SLUG}))?": Story.given,
    rf"{_DATE} heard (?P<how>not so|after all): (?P<said>{SAID}) {_SPEAKER}": Story.reconsidered,
    rf"{_DATE} heard (?P<said>{SAID})(?: instead of (?P<old>{SAID}))? {_SPEAKER}": Story.heard,
    rf"{_DATE} graded (?P<source>{SLUG}) (?P<reliability>[A-F])": Story.graded,
    (
        rf"{_DATE} amended (?P<place>{SLUG})"
        rf" (?:is an? (?P<kind>[a-z]+)|is in (?P<within>{SLUG}))"
    ): Story.amended,
    rf"{_DATE} recorded (?P<file>\S+)": Story.recorded,
    (
        rf"{_DATE} asked what happened (?P<where>at|to) (?P<what>\S+) in (?P<during>\S+)"
        r" -> (?P<expected>.+)"
    ): Story.happened,
    (
        rf"{_DATE} asked (?P<place>\S+)(?P<around> or around it)? on (?P<at>\S+)"
        r"(?: known on (?P<known>\S+))?(?: according to (?P<sources>.+?))?"
        r"(?: published by (?P<published>\S+))? -> (?P<expected>.+)"
    ): Story.asked,
    (
        rf"{_DATE} asked (?P<question>.+?)(?: known on (?P<known>\S+))? -> (?P<expected>.+)"
    ): Story.wondered,
}
"""Every form of a line; the named parts are the arguments of the method."""
