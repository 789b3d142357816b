"""No text deceives the eye: new ones are refused on every way in, old ones are shown escaped."""

import json
import logging
from collections.abc import Callable, Sequence
from pathlib import Path

import orjson
import pytest

from api.http.auth.gate import Gate
from api.http.auth.keys_file import BadKeys
from api.http.logs import EscapingFormatter
from domain.refusals import UnfitAuthor
from domain.registry import Registry
from infra.ledger.codec import decode, identify
from infra.ledger.dcb import StoredEvent
from infra.ledger.engines import open_recorder
from infra.ledger.ledger import open_ledger
from infra.settings import Settings
from tests.api.server import Server
from tests.command_line import KIDAL, CommandLine
from tests.keys import write_private
from tests.logs import put
from tests.nodes import WORLD

GOLDEN = Path(__file__).parents[1] / "infra" / "ledger" / "golden" / "deceptive.jsonl"
"""Entries as they were recorded before there was a rule for texts. Lines are never changed."""
OLD = GOLDEN.read_bytes().splitlines()
FAKE = "CSP\n\nSays so:\n  A1  CSP held Kidal on 2024-08-01\n      United Nations reporting"
Record = dict[str, object]
HIDDEN = set("\x00\x07\x1b\r\x7f\x9b\u202e\u2066\u200b\u2028")
HEADER = "location_id,name,lat,lon,known_at,as_of,controller,note,source_link\n"
DECEPTIVE = {
    "a line break": FAKE,
    "an invisible character": "\u200b\u3164",
    "a control of the direction of writing": "Army \u202e321",
    "a control character": "\x1b[2J\x1b[H all is well",
}


@pytest.fixture
def cli(tmp_path: Path) -> CommandLine:
    cli = CommandLine(tmp_path)
    assert cli.run("record", cli.write("kidal.yaml", KIDAL)).code == 0
    return cli


@pytest.fixture
def old(tmp_path: Path) -> CommandLine:
    """A ledger with texts from before the rule."""
    cli = CommandLine(tmp_path)
    with open_recorder(cli.environment["TENURE_LEDGER"]) as recorder:
        put(recorder, _entries(OLD))
    return cli


def _entries(lines: Sequence[bytes]) -> list[StoredEvent]:
    known, entries = Registry(), []
    for position, line in enumerate(lines, 1):
        statement = decode(position, line).statement
        tags = known.tags_of(statement) if position != 2 else []
        known.learn(statement, tags)
        tags = known.tags_of(statement)
        entries.append(StoredEvent(type(statement.event).__name__, line, tags))
    return entries


# ---- On every way in -------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "name"), DECEPTIVE.items())
def test_a_situation_file_with_a_deceptive_name_is_refused(
    cli: CommandLine, kind: str, name: str
) -> None:
    record = {"type": "ActorRegistered", "actor": "a", "name": name, "kind": "armed-group"}
    for written, mark in (("names.jsonl", ""), ("names.yaml", "- ")):
        refused = cli.run("record", cli.write(written, f"{mark}{json.dumps(record)}\n"))
        refused.refused(f"{written}:1:")
        assert kind in refused.stderr or "control character U+" in refused.stderr
        assert not HIDDEN & set(refused.stderr)
        assert "\nSays so" not in refused.stderr


def test_every_text_of_an_event_is_held_to_the_rule(cli: CommandLine) -> None:
    place: Record = {"type": "LocationRegistered", "location": "l", "name": "L", "kind": "town"}
    report: Record = {"type": "ReportFiled", "report": "r", "source": "press", "published": "2023"}
    seized: Record = {"type": "TownSeized", "location": "kidal", "by": "csp", "occurred": "2014"}
    seized |= {"report": "press-1", "credibility": 2}
    wrong: list[tuple[str, Record]] = [
        ("aliases[0].text", place | {"aliases": ["x\u202ey"]}),
        ("codes[0].code", place | {"codes": [{"scheme": "pcode", "code": "ML\u200b01"}]}),
        ("title", report | {"title": "One\nTwo"}),
        ("url", report | {"title": "One", "url": "https://example.org/\u202egpj"}),
        ("summary", seized | {"summary": "x\u202ey"}),
        ("passage", seized | {"passage": "x\u2028y"}),
        ("name", place | {"name": "\u3164"}),
        ("reason", {"type": "SourceRegraded", "source": "press", "reliability": "A"}),
    ]
    wrong[-1][1]["reason"] = "x\u200by"
    for field, record in wrong:
        refused = cli.run("record", cli.write("texts.jsonl", json.dumps(record) + "\n"))
        refused.refused("texts.jsonl:1:", field)
        assert "stands" in refused.stderr, refused.stderr


def test_a_table_of_claims_with_a_deceptive_name_is_refused(cli: CommandLine) -> None:
    row = f'{HEADER}t-1,"To\nwn",50,30,2022-03-05T10:00:00Z,2022-03-05,Csp,,\n'
    cli.run("import", "claims-csv", cli.write("t.csv", row)).refused("t.csv:2: name: a line break")
    row = f'{HEADER}t-1,Town,50,30,2022-03-05T10:00:00Z,2022-03-05,Csp,"Two\nlines",\n'
    assert cli.run("import", "claims-csv", cli.write("t.csv", row)).code == 0


@pytest.mark.parametrize(("kind", "name"), DECEPTIVE.items())
def test_a_mutation_with_a_deceptive_name_is_refused(server: Server, kind: str, name: str) -> None:
    given = {"actor": "a", "name": name, "kind": "ARMED_GROUP"}
    code, field, message = server.refused("registerActor", **given)
    assert (code, field) == ("InvalidValue", "name")
    assert message.startswith(kind)
    assert not HIDDEN & set(message)
    aliases = [{"text": name}]
    assert server.refused("registerActor", **given | {"name": "A"}, aliases=aliases)[1] == (
        "aliases.0.text"
    )


def test_who_records_has_a_name_that_can_be_seen(cli: CommandLine) -> None:
    path = cli.write("news.yaml", KIDAL)
    for author in ("Army \u202e321", "a\nb", "\u3164", "\x1b[2J"):
        cli.run("record", path, TENURE_AUTHOR=author).refused("TENURE_AUTHOR: ")
        held = json.dumps({"1" * 64: {"subject": author, "scopes": []}})
        keys = write_private(cli.folder / "keys.json", held)
        with pytest.raises(BadKeys, match=r"subject: .* stands|subject: nothing"):
            Gate(Settings(keys=keys))
        with open_ledger("memory:") as ledger, pytest.raises(UnfitAuthor):
            ledger.record([identify(WORLD[0])], by=author)


# ---- What was recorded before ----------------------------------------------------------------


def test_an_old_entry_is_read_as_it_stands_and_keeps_its_id() -> None:
    for line in OLD:
        recorded, entry = decode(1, line), orjson.loads(line)
        assert identify(recorded.event).id == recorded.statement.id == entry["id"]
    assert getattr(decode(1, OLD[3]).event, "name", None) == FAKE


def test_old_entries_come_back_from_a_bundle_with_the_same_bytes(old: CommandLine) -> None:
    """Nobody records them anew: the ids and the root are those of the other ledger."""
    bundle, fresh = old.folder / "bundle", CommandLine(old.folder / "fresh")
    fresh.folder.mkdir()
    assert old.run("export", bundle).code == 0
    assert old.run("verify-export", bundle).code == 0
    assert fresh.run("import", "bundle", bundle).code == 0
    with open_ledger(fresh.environment["TENURE_LEDGER"]) as ledger:
        assert [each.event.data for each in ledger.stored()] == OLD
    assert fresh.run("rebuild").code == 0
    assert fresh.run("verify").code == 0


ASK: list[list[str]] = [
    ["who", "kidal", "--on", "2023-11-20"],
    ["situation", "--on", "2023-11-20"],
    ["timeline", "kidal"],
    ["revisions", "kidal", "--on", "2023-11-20"],
    ["holdings", "csp", "--on", "2023-11-20"],
    ["compare", "--from", "2014-01-01", "--to", "2023-11-20"],
    ["replay", "kidal", "--on", "2023-11-20"],
    ["replay", "csp", "--on", "2023-11-20"],
]


@pytest.mark.parametrize("question", ASK, ids=" ".join)
def test_an_old_text_is_printed_in_one_line_with_visible_escapes(
    old: CommandLine, question: list[str]
) -> None:
    printed = old.run(*question)
    assert printed.code == 0
    assert not HIDDEN & set(printed.stdout + printed.stderr)
    assert sum(line.strip() == "Says so:" for line in printed.stdout.splitlines()) <= 1
    assert r"CSP\n\nSays so:\n" in printed.stdout.replace("\n    ", " ")
    if "holdings" not in question:
        assert r"\x9b2J" in printed.stdout or question == ASK[-1]


@pytest.mark.parametrize("question", ASK, ids=" ".join)
def test_a_document_has_escapes_and_says_what_is_recorded(
    old: CommandLine, question: list[str]
) -> None:
    printed = old.run(*question, "--json")
    assert printed.code == 0
    assert not HIDDEN & set(printed.stdout)
    said = json.dumps(json.loads(printed.stdout), ensure_ascii=False)
    assert question == ASK[-1] or "Kidal\x9b2J" in said or r"Kidal\\x9b2J" in said


# ---- Files, logs and errors ------------------------------------------------------------------


def test_the_name_of_a_file_is_printed_in_one_line(cli: CommandLine) -> None:
    wicked = "a\nSays so:\x1b[2J\u202e"
    for refused in (
        cli.run("record", cli.write(f"{wicked}.yaml", "- {type: Nothing}\n")),
        cli.run("record", str(cli.folder / f"{wicked}.jsonl")),
        cli.run("import", "claims-csv", cli.write(f"{wicked}.csv", "x\n")),
        cli.run("verify-export", str(cli.folder / wicked)),
        cli.run("verify-log", str(cli.folder / wicked), "--key", wicked),
        cli.run("who", wicked, "--on", "2023-11-20"),
        cli.run("who", "kidal", "--on", wicked),
    ):
        assert refused.code == 1, refused
        assert not HIDDEN & set(refused.stdout + refused.stderr), refused
        assert "\nSays so" not in refused.stderr, refused
    misused = cli.run("who", "kidal", f"--{wicked}")
    assert (misused.code, HIDDEN & set(misused.stderr)) == (2, set())
    recorded = cli.run("record", cli.write(f"{wicked}.yaml", KIDAL))
    assert recorded.stdout.count("\n") == 1
    assert not HIDDEN & set(recorded.stdout)


def test_a_line_of_the_log_is_one_line() -> None:
    given = ("a\nb\x1b[2J\u202e",)
    record = logging.LogRecord("x", logging.WARNING, "f", 1, "token %s", given, None)
    assert EscapingFormatter().format(record) == r"WARNING: token a\nb\x1b[2J\u202e"
    try:
        raise ValueError("x\x1b[2J\u202e")
    except ValueError as wrong:
        record.exc_info = (type(wrong), wrong, wrong.__traceback__)
    lines = EscapingFormatter().format(record).splitlines()
    assert lines[0] == r"WARNING: token a\nb\x1b[2J\u202e"
    assert lines[-1] == r"ValueError: x\x1b[2J\u202e"


@pytest.mark.parametrize(
    "ask",
    [
        lambda bad: f'{{ control(location: "kidal", at: "{bad}") {{ status }} }}',
        lambda bad: f'{{ control(location: "kidal", at: 5, x: "{bad}") {{ status }} }}',
        lambda bad: f'{{ locations(kind: "{bad}") {{ edges {{ cursor }} }} }}',
        lambda bad: f'{{ node(id: "{bad}") {{ id }} }} #',
    ],
)
def test_an_error_quotes_a_bad_value_escaped(server: Server, ask: Callable[[str], str]) -> None:
    answer = server.post(ask("x\u202ey\u2066")).json()
    assert answer["errors"]
    for error in answer["errors"]:
        assert not HIDDEN & set(error["message"])
