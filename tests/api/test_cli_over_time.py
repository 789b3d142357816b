"""The command line tells a place period by period, how an answer changed, what an actor held, and
what differs between two dates; each from whatever perspective, in words and as JSON."""

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.command_line import KIDAL, CommandLine


@pytest.fixture(scope="module")
def cli(tmp_path_factory: pytest.TempPathFactory) -> CommandLine:
    """A command line whose ledger knows of Kidal."""
    cli = CommandLine(tmp_path_factory.mktemp("kidal"))
    assert cli.run("record", cli.write("kidal.yaml", KIDAL)).code == 0
    return cli


def told(cli: CommandLine, *asked: str) -> str:
    outcome = cli.run(*asked)
    assert outcome.code == 0, outcome
    return outcome.stdout.partition("\n\nBasis: position ")[0]


def as_json(cli: CommandLine, *asked: str) -> Any:
    return json.loads(cli.run(*asked, "--json").stdout)


def test_a_timeline_tells_every_period_and_from_when_it_is(cli: CommandLine) -> None:
    assert told(cli, "timeline", "kidal", "--not-according-to", "csp-comms").splitlines() == [
        "Kidal, without what CSP spokesman said:",
        "  from the beginning: unknown",
        "  from 2014-05-21T00:00:00Z: unknown, or perhaps held by CSP",
        "  from the close of 2014-05-21 (UTC): held by CSP",
        "  from 2023-11-14T00:00:00Z: held by CSP, or perhaps held by FAMa and Wagner",
        "  from the close of 2023-11-14 (UTC): held by FAMa and Wagner",
    ]


def test_a_reading_that_differs_by_its_rival_alone_is_called_undisputed(cli: CommandLine) -> None:
    shown = " ".join(told(cli, "timeline", "kidal").split())
    assert "FAMa and Wagner (disputed: held by CSP), or perhaps undisputed from" in shown


def test_a_timeline_as_json_has_the_periods_of_graphql(cli: CommandLine) -> None:
    periods = as_json(cli, "timeline", "kidal")
    assert (periods[0]["from"], periods[-1]["to"]) == (None, None)
    for one, following in pairwise(periods):
        assert one["to"] == following["from"]
    assert [each["control"]["status"] for each in periods][:3] == ["UNKNOWN", "UNKNOWN", "HELD"]


def test_revisions_name_the_entry_behind_each_and_who_says_so(cli: CommandLine) -> None:
    first, *lines = told(cli, "revisions", "kidal", "--on", "2023-11-16").splitlines()
    assert first == "Kidal, at the close of 2023-11-16 (UTC):"
    assert [line.rpartition("Z: ")[2] for line in lines[:4:2]] == [
        "held by CSP",
        "held by FAMa and Wagner",
    ]
    assert lines[3] == "    FAMa and Wagner seized Kidal: Press (B2)"
    assert lines[-1] == "    CSP held Kidal: CSP spokesman (D4)"
    positions = [
        each["position"] for each in as_json(cli, "revisions", "kidal", "--on", "2023-11-16")
    ]
    assert positions == [11, 12, 13]


def test_of_a_perspective_that_hears_nobody_there_is_no_revision(cli: CommandLine) -> None:
    asked = ("revisions", "kidal", "--on", "2023-11-16", "--published-by", "2001-01-01")
    assert told(cli, *asked).endswith("\n  unknown; nothing that was recorded changed that")
    assert as_json(cli, *asked) == []


def test_holdings_say_since_when_and_follow_whose_word_counts(cli: CommandLine) -> None:
    assert told(cli, "holdings", "csp", "--on", "2023-11-16") == (
        "CSP, at the close of 2023-11-16 (UTC):\n  held nothing that we know of"
    )
    asked = ("holdings", "csp", "--on", "2023-11-16", "--according-to", "csp-comms")
    assert "\n  Kidal: held by CSP. It was so by 2023-11-15" in told(cli, *asked)
    (held,) = as_json(cli, *asked)
    assert held["basis"]["perspective"]["sources"] == ["csp-comms"]


def test_two_dates_are_compared_with_the_events_that_make_the_difference(cli: CommandLine) -> None:
    asked = ("compare", "--from", "2020-01-01", "--to", "2023-11-14", "--within", "kidal-region")
    assert told(cli, *asked).splitlines() == [
        "Once at the close of 2020-01-01 (UTC), then at the close of 2023-11-14 (UTC):",
        "  Kidal: held by CSP; then held by FAMa and Wagner",
        "    CSP seized Kidal: Press (B2)",
        "    FAMa and Wagner seized Kidal: Press (B2)",
    ]
    (found,) = as_json(cli, *asked)
    assert [each["slug"] for each in found["to"]["holders"]] == ["fama", "wagner"]
    assert len(found["events"]) == 2


def test_two_states_of_knowledge_are_compared_by_position(cli: CommandLine) -> None:
    asked = ("compare", "--from", "2023-11-14", "--from-position", "11", "--to", "2023-11-14")
    assert "  Kidal: held by CSP; then held by FAMa and Wagner\n" in told(cli, *asked)
    same = ("compare", "--from", "2023-11-14", "--to", "2023-11-14")
    assert told(cli, *same).endswith("\n  no place of which they say otherwise")


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        (("timeline", "kidall"), "did you mean kidal"),
        (("holdings", "wagnr", "--on", "2023-11-14"), "did you mean wagner"),
        (("revisions", "kidal", "--on", "2999-01-01"), "2999-01-01"),
        (("compare", "--from", "2023-11-14", "--to", "2023-11-15", "--within", "gao"), "gao"),
        (("timeline", "kidal", "--according-to", "pres"), "did you mean press"),
    ],
)
def test_what_is_not_there_is_refused_with_what_is_near(
    cli: CommandLine, asked: tuple[str, ...], why: str
) -> None:
    cli.run(*asked).refused(why)


@pytest.mark.parametrize("command", ["timeline", "revisions", "holdings", "compare"])
def test_in_an_empty_folder_nothing_is_made(tmp_path: Path, command: str) -> None:
    cli = CommandLine(tmp_path)
    asked = {"timeline": ["kidal"], "compare": ["--from", "2023-11-14", "--to", "2023-11-15"]}
    words = asked.get(command, ["kidal", "--on", "2023-11-14"])
    cli.run(command, *words).refused("there is no ledger yet")
    assert list(tmp_path.iterdir()) == []
