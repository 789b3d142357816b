"""A verification finds whatever was done to the views by hand, and names the row."""

import json
import sqlite3
from base64 import b64encode
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from api.audit.certificate import Certificate, verify
from api.node import Node, open_node
from domain import events
from infra.ledger.codec import identify
from infra.views.digests import RowDifference
from infra.views.file import Progress
from infra.views.rows import FOR_EVER
from projections.names import NamesView
from tests.command_line import KIDAL, CommandLine, Outcome
from tests.domain.builders import event
from tests.nodes import WORLD, node_at, tell

SEIZED = event(events.TownSeized, by=("fama", "wagner"), occurred="2023-11-14", passage="line 2")
SAID: list[events.Event] = [
    event(events.TownSeized, by="csp", occurred="2014-05-21"),
    SEIZED,
    event(events.ControlReported, holders="csp", occurred="2023-11-15", report="report-2"),
    event(events.BaseCaptured, location="kidal-camp", by="csp", occurred="2023-10"),
    event(events.CoalitionJoined, members="wagner", coalition="csp", occurred="2023-12"),
    event(events.EventRetracted, event=identify(SEIZED).id, reason="No.", report="report-1"),
    event(events.EventReinstated, event=identify(SEIZED).id, reason="Yes.", report="report-1"),
]
HEAD = len(WORLD) + len(SAID)
TAKEN = 1_699_920_000_000_000
"""The first microsecond of the day on which Kidal was taken; the next day began here."""
TAKEN_OVER = TAKEN + 86_400_000_000 - 1
THE_PERIOD = f"valid_from = {TAKEN_OVER} AND known_from = 13"


@pytest.fixture
def node(ledger_url: str, tmp_path: Path) -> Iterator[Node]:
    """A node that knows who held Kidal, on each engine in turn."""
    with node_at(tmp_path / "views.db", ledger=ledger_url) as node:
        tell(node, *WORLD, *SAID)
        yield node


@contextmanager
def unwatched(label: str, length: int) -> Iterator[Progress]:
    yield lambda done: None


def certificate(node: Node, samples: int = 20, seed: int = 1) -> Certificate:
    return verify(node.ledger, node.views, samples=samples, seed=seed, bars=unwatched)


def by_hand(node: Node, *statements: str) -> None:
    """What somebody with access to the file does to it."""
    with closing(sqlite3.connect(node.views.path, isolation_level=None)) as db:
        for statement in statements:
            assert db.execute(statement).rowcount != 0


def found(node: Node) -> list[RowDifference]:
    return certificate(node).differences


# ---- Sound views -----------------------------------------------------------------------------


def test_sound_views_are_certified(node: Node) -> None:
    certified = certificate(node)
    assert certified.differences == []
    assert (certified.position, certified.head, certified.samples) == (HEAD, HEAD, 20)
    assert certified.event == identify(SAID[-1]).id
    assert [each.view for each in certified.views] == [
        each.name for each in node.projector.projections
    ]
    digests = {each.view: each.stored.whole for each in certified.views}
    assert digests == {each.name: node.views.digest(each) for each in node.projector.projections}


def test_a_place_has_a_digest_of_its_own(node: Node) -> None:
    before = {each.view: each.stored.places for each in certificate(node).views}
    assert set(before["control"]) == {"kidal", "kidal-camp"}
    tell(node, event(events.BaseCaptured, location="kidal-camp", by="fama", occurred="2023-11"))
    after = {each.view: each.stored.places for each in certificate(node).views}
    changed = {
        place for place in before["control"] if before["control"][place] != after["control"][place]
    }
    assert changed == {"kidal-camp"}
    assert before["record"] == after["record"]


def test_nothing_is_changed_and_nothing_is_left_behind(node: Node, tmp_path: Path) -> None:
    with closing(sqlite3.connect(node.views.path)) as db:
        before = list(db.iterdump())
        files = {path.name for path in tmp_path.iterdir()}
        certificate(node)
        assert list(db.iterdump()) == before
    assert {path.name for path in tmp_path.iterdir()} == files


def test_views_that_are_behind_are_right_as_far_as_they_go(node: Node) -> None:
    node.ledger.record([identify(event(events.TownSeized, by="csp", occurred="2024-01"))], by="x")
    certified = certificate(node)
    assert (certified.position, certified.head, certified.differences) == (HEAD, HEAD + 1, [])


def test_the_same_seed_draws_the_same_points(node: Node) -> None:
    assert certificate(node, seed=7) == certificate(node, seed=7)
    assert certificate(node, samples=0).samples == 0


# ---- What was altered by hand ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("forgery", "view", "table", "key", "stored", "replayed"),
    [
        (
            f"UPDATE control_period SET possible = '[0]' WHERE {THE_PERIOD}",
            *("control", "control_period"),
            {"location": "kidal", "valid_from": TAKEN_OVER, "known_from": 13},
            *({"possible": "[0]"}, {"possible": "[]"}),
        ),
        (
            "DELETE FROM control_holding WHERE actor = 'wagner' AND known_from = 13",
            *("control", "control_holding"),
            {
                "actor": "wagner",
                "location": "kidal",
                "valid_from": TAKEN_OVER,
                "known_from": 13,
            },
            *(None, {}),
        ),
        (
            "UPDATE source SET reliability = 'A' WHERE source = 'csp-comms'",
            *("record", "source", {"source": "csp-comms", "known_from": 2}),
            *({"reliability": "A"}, {"reliability": "D"}),
        ),
        (
            "DELETE FROM entry_tag WHERE tag = 'actor:wagner' AND position = 13",
            *("entries", "entry_tag", {"tag": "actor:wagner", "position": 13, "known_from": 0}),
            *(None, {"known_to": FOR_EVER, "earliest": None, "latest": None}),
        ),
        (
            "UPDATE entry SET recorded_by = 'nobody' WHERE position = 3",
            *("record", "entry", {"position": 3}),
            *({"recorded_by": "nobody"}, {"recorded_by": "archivist"}),
        ),
        (
            "UPDATE entry_text SET passage = 'line 3' WHERE position = 13",
            *("entries", "entry_text", {"position": 13}),
            *({"passage": "line 3"}, {"passage": "line 2"}),
        ),
        (
            "UPDATE place SET name = 'Kidal city' WHERE location = 'kidal'",
            *("record", "place", {"location": "kidal", "known_from": 6}),
            *({"name": "Kidal city"}, {"name": "Kidal"}),
        ),
        (
            "UPDATE place SET name = x'00ff' WHERE location = 'kidal'",
            *("record", "place", {"location": "kidal", "known_from": 6}),
            *({"name": b"\x00\xff"}, {"name": "Kidal"}),
        ),
        (
            "INSERT INTO actor VALUES ('nobody', 'Nobody', 'civilians', '[]', 3, 9)",
            *("record", "actor", {"actor": "nobody", "known_from": 3}),
            *({"known_to": 9, "name": "Nobody", "kind": "civilians", "aliases": "[]"}, None),
        ),
        (
            "UPDATE followed SET views = json_set(views, '$.names', 9)",
            *("names", "followed", {"view": "names"}),
            *({"version": 9}, {"version": NamesView.version}),
        ),
    ],
)
def test_what_was_altered_by_hand_is_named_to_the_row(
    node: Node,
    forgery: str,
    view: str,
    table: str,
    key: dict[str, Any],
    stored: dict[str, Any] | None,
    replayed: dict[str, Any] | None,
) -> None:
    by_hand(node, forgery)
    assert found(node) == [RowDifference(view, table, key, stored, replayed)]


def test_a_position_that_was_moved_ahead_is_wrong_of_every_view(node: Node) -> None:
    by_hand(node, "UPDATE followed SET position = position + 1")
    assert found(node) == [
        RowDifference(
            view.name, "followed", {"view": view.name}, {"position": HEAD + 1}, {"position": HEAD}
        )
        for view in node.projector.projections
    ]


def test_a_table_that_was_taken_away_is_named(node: Node) -> None:
    with closing(sqlite3.connect(node.views.path)) as db:
        db.execute("DROP TABLE convoy_word")
    (difference,) = found(node)
    assert (difference.view, difference.table, difference.key) == ("convoys", "convoy_word", {})
    assert difference.stored == {"columns": []}


def test_a_position_that_was_moved_ahead_with_the_right_entry_leaves_rows_missing(
    node: Node,
) -> None:
    later = tell_only(node, event(events.TownSeized, by="csp", occurred="2023-12-24"))
    by_hand(node, f"UPDATE followed SET position = {HEAD + 1}, event = '{later}'")
    differences = found(node)
    assert {each.view for each in differences} >= {"record", "control"}
    assert differences[0].table == "followed"  # the recorded time tells
    recorded_at = differences[0].replayed
    assert recorded_at is not None
    by_hand(node, f"UPDATE followed SET recorded_at = {recorded_at['recorded_at']}")
    first = found(node)[0]
    assert (first.view, first.table, first.key) == ("record", "entry", {"position": HEAD + 1})
    assert first.stored is None


def tell_only(node: Node, said: events.Event) -> str:
    """Recorded, and not taken in by the views."""
    statement = identify(said)
    node.ledger.record([statement], by="archivist")
    return statement.id


def test_views_of_another_ledger_are_found_out(node: Node, tmp_path: Path) -> None:
    with node_at(tmp_path / "other.db") as other:
        tell(other, *WORLD, *SAID[:-1])
        tell(other, event(events.TownSeized, by="csp", occurred="2024-01"))
        certified = verify(node.ledger, other.views, samples=5, seed=1, bars=unwatched)
    assert {each.table for each in certified.differences} == {"followed"}
    assert len(certified.differences) == len(certified.views)
    assert certified.samples == 0


def test_each_view_that_differs_is_named_with_its_places(node: Node) -> None:
    by_hand(
        node,
        "UPDATE control_claim SET status = 'vacant' WHERE location = 'kidal-camp'",
        "DELETE FROM place WHERE location = 'mali'",
    )
    certified = certificate(node)
    assert {each.view: each.places for each in certified.views if each.difference} == {
        "control": ["kidal-camp"],
        "record": ["mali"],
    }


# ---- On the command line ---------------------------------------------------------------------


def test_verify_prints_a_certificate(kidal: CommandLine) -> None:
    outcome = kidal.run("verify", "--samples", "30", "--seed", "4")
    assert (outcome.code, outcome.stderr) == (0, "")
    *_, points, last = outcome.stdout.splitlines()
    assert "\nReplayed up to position 13, by rule 3\n" in outcome.stdout
    assert points.startswith("At 30 points, drawn with seed 4,")
    assert last == "The views say what the ledger says."
    rebuilt = kidal.run("rebuild").stdout.splitlines()[:-1]
    assert sorted(line.split()[:2] for line in outcome.stdout.splitlines() if "rows" in line) == [
        line.split() for line in rebuilt
    ]


def test_verify_names_the_row_and_exits_with_1(kidal: CommandLine) -> None:
    with closing(sqlite3.connect(kidal.settings.views, isolation_level=None)) as db:
        db.execute("UPDATE place SET name = 'Elsewhere' WHERE location = 'kidal'")
    outcome = kidal.run("verify")
    assert outcome.code == 1
    assert outcome.stderr == (
        "record: place at location=kidal, known_from=6: stored is name=Elsewhere; the replay gives "
        "name=Kidal\n"
    )
    assert "it differs of kidal\n" in outcome.stdout
    assert outcome.stdout.endswith("The views DO NOT SAY what the ledger says.\n")
    told = json.loads(kidal.run("verify", "--json").stdout)
    assert told["same"] is False
    assert told["differences"][0]["key"] == {"location": "kidal", "known_from": 6}


def test_verify_as_json_holds_every_digest(kidal: CommandLine) -> None:
    told = json.loads(kidal.run("verify", "--json", "--samples", "5").stdout)
    assert (told["position"], told["head"], told["same"], told["samples"]) == (13, 13, True, 5)
    control = next(each for each in told["views"] if each["view"] == "control")
    assert control["digest"] == control["replayed"]
    assert set(control["places"]) == {"kidal"}


def test_bytes_that_somebody_put_into_a_row_are_shown_in_hexadecimal(kidal: CommandLine) -> None:
    alter(kidal, "views.db", "UPDATE place SET name = x'00ff' WHERE location = 'kidal'")
    outcome = kidal.run("verify", "--json")
    assert outcome.code == 1
    assert json.loads(outcome.stdout)["differences"][0]["stored"] == {"name": "00ff"}


def test_a_ledger_is_verified_without_its_views(logged: CommandLine) -> None:
    logged.settings.views.unlink()
    verified(logged).refused("there are no views at")
    outcome = verified(logged, "--no-views")
    assert (outcome.code, outcome.stderr) == (0, "")
    assert outcome.stdout.endswith("The ledger is as it was recorded.\n")
    told = json.loads(verified(logged, "--no-views", "--json").stdout)
    assert (told["same"], told["head"], told["differences"]) == (True, 13, [])
    assert "views" not in told
    alter(logged, "ledger.db", "DELETE FROM event WHERE position = 5")
    assert verified(logged, "--no-views").code == 1


def test_verify_without_views_is_refused(tmp_path: Path) -> None:
    cli = CommandLine(tmp_path)
    assert cli.run("record", cli.write("kidal.yaml", KIDAL)).code == 0
    outcome = cli.run("verify")
    assert (outcome.code, outcome.stdout) == (1, "")
    assert "there are no views at" in outcome.stderr
    assert not cli.settings.views.exists()


def test_verify_of_an_empty_ledger(tmp_path: Path) -> None:
    cli = CommandLine(tmp_path)
    (tmp_path / "ledger.db").touch()
    assert cli.run("rebuild").code == 0
    outcome = cli.run("verify")
    assert outcome.code == 0
    assert "\nReplayed up to position 0, by rule 3\n" in outcome.stdout


# ---- The ledger itself -----------------------------------------------------------------------


@pytest.fixture
def logged(kidal: CommandLine) -> CommandLine:
    """With a log beside the views, which a key has signed."""
    kidal.run("keygen", kidal.folder / "log.key", "--name", "example.com/mali")
    keep_log(kidal)
    return kidal


def keep_log(cli: CommandLine) -> str:
    """The log follows the ledger; the newest checkpoint, in a file."""
    settings = cli.settings.model_copy(update={"signing_key": cli.folder / "log.key"})
    with open_node(settings) as node:
        node.log.catch_up()
        return cli.write("checkpoint", str(node.log.checkpoint()))


def alter(cli: CommandLine, file: str, statement: str) -> None:
    with closing(sqlite3.connect(cli.folder / file, isolation_level=None)) as db:
        assert db.execute(statement).rowcount > 0


def verified(cli: CommandLine, *more: str) -> Outcome:
    return cli.run("verify", *more, TENURE_SIGNING_KEY=str(cli.folder / "log.key"))


def test_verify_holds_the_ledger_to_its_log(logged: CommandLine) -> None:
    outcome = verified(logged)
    assert (outcome.code, outcome.stderr) == (0, "")
    size, root, held, result, *_ = outcome.stdout.splitlines()
    assert size == "Log of 13 leaves, up to position 13"
    with open_node(logged.settings) as node:
        assert root == f"Root {b64encode(node.log.log.root(13)).decode()}"
    assert held == "Held to 1 signed checkpoint, the signatures of example.com/mali checked"
    assert result == "The ledger is as it was recorded."
    told = json.loads(verified(logged, "--json").stdout)
    assert (told["log"]["size"], told["log"]["keys"]) == (13, ["example.com/mali"])
    assert (told["findings"], told["same"]) == ([], True)


REWRITTEN = {
    "one byte changed": (
        "ledger.db",
        ["UPDATE event SET data = replace(data, 'the town', 'the Town') WHERE position = 12"],
        "entry altered: the entry at position 12 is not what the log took in as leaf 11\n",
    ),
    "not even readable": (
        "ledger.db",
        ["UPDATE event SET data = x'7b7d' WHERE position = 12"],
        "entry altered: the entry at position 12 is not what the log took in as leaf 11\n",
    ),
    "an entry removed": (
        "ledger.db",
        ["DELETE FROM event WHERE position = 12"],
        "entry removed: the ledger no longer holds what the log took in from position 12 as leaf ",
    ),
    "the last removed": (
        "ledger.db",
        ["DELETE FROM event WHERE position = 13"],
        "entry removed: the ledger ends before position 13, of leaf 12 of the log",
    ),
    "two swapped": (
        "ledger.db",
        [
            "UPDATE event SET position = 99 WHERE position = 12",
            "UPDATE event SET position = 12 WHERE position = 13",
            "UPDATE event SET position = 13 WHERE position = 99",
        ],
        "entries swapped: the entries at positions 12 and 13 stand in each other's place\n",
    ),
    "one inserted": (
        "ledger.db",
        [
            "UPDATE event SET position = 14 WHERE position = 13",
            "INSERT INTO event SELECT 13, type, tags, data FROM event WHERE position = 11",
            "UPDATE event SET data = replace(data, 'csp', 'fama') WHERE position = 13",
        ],
        "entry inserted: the entry at position 13 stands among those that the log took in",
    ),
    "hidden from whoever asks for the place": (
        "ledger.db",
        ["UPDATE event SET tags = replace(tags, ':kidal', ':gao') WHERE position = 12"],
        "index altered: the entry at position 12 is indexed without location:kidal and under ",
    ),
    "a forged signature": (
        "views-log.db",
        ["UPDATE signature SET made = zeroblob(64)"],
        "signature forged: on a checkpoint of 13 leaves that was signed as example.com/mali",
    ),
    "a truncated tile": (
        "views-log.db",
        ["UPDATE tile SET hashes = substr(hashes, 1, 96)"],
        "tile damaged: tile 0/000.p/13 is cut off before leaf 3\n",
    ),
    "a fork": (
        "views-log.db",
        ["UPDATE checkpoint SET root = zeroblob(32)"],
        "history forked: the log has kept a checkpoint of 13 leaves",
    ),
}


@pytest.mark.parametrize("how", REWRITTEN)
def test_a_ledger_or_log_that_was_rewritten_is_found_out(logged: CommandLine, how: str) -> None:
    file, statements, words = REWRITTEN[how]
    for statement in statements:
        alter(logged, file, statement)
    outcome = verified(logged)
    assert outcome.code == 1
    assert words in outcome.stderr


def test_a_checkpoint_that_the_log_withholds_is_named(logged: CommandLine) -> None:
    kept = keep_log(logged)
    alter(logged, "views-log.db", "DELETE FROM checkpoint")
    outcome = verified(logged, "--checkpoint", kept)
    assert outcome.code == 1
    assert outcome.stderr.startswith("checkpoint withheld: somebody has seen a checkpoint of 13")


def test_what_the_log_has_not_taken_in_is_said(logged: CommandLine) -> None:
    more = "- {type: SourceRegistered, source: rfi, name: RFI, reliability: B}\n"
    assert logged.run("record", logged.write("more.yaml", more)).code == 0
    outcome = verified(logged)
    assert outcome.code == 0
    assert "\nIt has not taken in what the ledger holds up to position 14\n" in outcome.stdout


def test_verify_without_a_log_says_what_is_not_shown(kidal: CommandLine) -> None:
    outcome = kidal.run("verify")
    assert outcome.code == 0
    assert outcome.stdout.startswith("No log is kept here")
    alter(kidal, "ledger.db", "UPDATE event SET tags = '' WHERE position = 12")
    outcome = kidal.run("verify")
    assert outcome.code == 1
    assert "The ledger IS NOT as it was recorded.\n" in outcome.stdout


def test_a_checkpoint_that_was_kept_elsewhere_holds_a_node_that_lost_its_log(
    logged: CommandLine,
) -> None:
    kept = keep_log(logged)
    for path in logged.folder.glob("*-log.db*"):
        path.unlink()
    outcome = verified(logged, "--checkpoint", kept)
    assert (outcome.code, outcome.stderr.count("\n")) == (1, 1)
    assert outcome.stderr.startswith("log missing: the log is missing or empty, and ")
    assert "made of the ledger for this check: none is kept here\n" in outcome.stdout
    assert "part of the proof is missing" in outcome.stdout
    assert list(logged.folder.glob("*-log*")) == []
    navy = "UPDATE event SET data = replace(data, 'army', 'navy') WHERE position = 12"
    alter(logged, "ledger.db", navy)
    outcome = verified(logged, "--checkpoint", kept)
    assert outcome.code == 1
    assert outcome.stderr.startswith(
        "history forked: somebody has seen a checkpoint of 13 leaves that was signed as "
        "example.com/mali, and its root is another"
    )


def test_a_kept_file_that_holds_no_checkpoint_is_refused(logged: CommandLine) -> None:
    verified(logged, "--checkpoint", logged.write("note", "hello\n")).refused(
        "note holds no signed checkpoint"
    )
    verified(logged, "--checkpoint", str(logged.folder / "nowhere")).refused("nowhere")


def test_a_damaged_log_is_built_again(logged: CommandLine) -> None:
    alter(logged, "views-log.db", "UPDATE tile SET hashes = substr(hashes, 1, 96)")
    assert verified(logged).code == 1
    rebuilt = logged.run("rebuild", "--log", TENURE_SIGNING_KEY=str(logged.folder / "log.key"))
    assert rebuilt.code == 0
    assert rebuilt.stdout.startswith("log of 13 leaves, root ")
    assert verified(logged).code == 0


def test_a_log_is_not_built_again_from_a_ledger_that_was_rewritten(logged: CommandLine) -> None:
    alter(logged, "ledger.db", "UPDATE event SET data = (SELECT data FROM event LIMIT 1)")
    key = str(logged.folder / "log.key")
    logged.run("rebuild", "--log", TENURE_SIGNING_KEY=key).refused("doesn't begin with them")


# ---- What no log and no view ever holds ------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "statement", "words"),
    [
        ("views-log.db", "UPDATE leaf SET data = 'x' WHERE number = 3", "1 of its leafs are of"),
        ("views-log.db", "UPDATE leaf SET number = 1 << 61 WHERE number = 12", "numbered up to"),
        ("views-log.db", "UPDATE tile SET hashes = 1.5", "1 of its tiles are of another form"),
        ("views-log.db", "UPDATE checkpoint SET size = -1", "1 of its checkpoints are of"),
        ("views-log.db", "UPDATE signature SET made = 'x'", "1 of its signatures are of"),
        ("ledger.db", "UPDATE event SET tags = CAST(tags AS BLOB) || x'ff'", "Could not decode"),
        ("ledger.db", "UPDATE event SET type = x'00ff' WHERE position = 12", "can't be"),
        ("ledger.db", "UPDATE settled SET position = 'x'", "index altered: the ledger's own ind"),
        ("ledger.db", "UPDATE settled SET position = 13", "finds other entries than there are"),
        ("views-log.db", "UPDATE checkpoint SET size = -1 << 62", "1 of its checkpoints are of"),
        (
            "views-log.db",
            "UPDATE checkpoint SET origin = 'x'",
            "not signed: the key example.com/mali has not",
        ),
        ("views-log.db", "DELETE FROM checkpoint", "has not signed any of the 13 leaves"),
        ("views-log.db", "UPDATE signature SET witness = 1", "1 of its signatures are of"),
        ("views.db", "UPDATE followed SET position = 'x'", "something in it that Tenure never"),
        ("views.db", "UPDATE followed SET recorded_at = 1e999", "followed at view="),
        ("views.db", "UPDATE control_period SET since = 1e999", "control_period at"),
        ("views.db", "UPDATE entry SET earliest = 1e999 WHERE earliest IS NULL", "entry at"),
        ("views.db", "UPDATE entry_text_content SET c0 = 12.0 WHERE c0 = 12", "entry_text at"),
        ("views.db", "DELETE FROM entry_text_data WHERE id > 10", "entries: entry_text: "),
    ],
)
def test_what_tenure_never_writes_is_named_in_plain_words(
    logged: CommandLine, file: str, statement: str, words: str
) -> None:
    alter(logged, file, statement)
    outcome = verified(logged)
    assert outcome.code == 1
    assert words in outcome.stderr


def test_an_index_of_the_views_that_finds_other_rows_is_found_out(logged: CommandLine) -> None:
    with closing(sqlite3.connect(logged.settings.views, isolation_level=None)) as db:
        db.execute("PRAGMA writable_schema = ON")
        roots = dict(db.execute("SELECT name, rootpage FROM sqlite_master WHERE type = 'index'"))
        empty = roots["tie_object"]
        swapped = "UPDATE sqlite_master SET rootpage = ? WHERE name = 'entry_recorded_at'"
        db.execute(swapped, (empty,))
    outcome = verified(logged)
    assert outcome.code == 1
    assert "views: the file: stored is is=" in outcome.stderr


def test_texts_that_the_search_no_longer_finds_are_found_out(logged: CommandLine) -> None:
    with closing(sqlite3.connect(logged.settings.views, isolation_level=None)) as db:
        texts = db.execute("SELECT id, c1 FROM entry_text_content").fetchall()
        db.execute("UPDATE entry_text_content SET c1 = ''")
        db.execute("INSERT INTO entry_text (entry_text) VALUES ('rebuild')")
        back = [(text, number) for number, text in texts]
        db.executemany("UPDATE entry_text_content SET c1 = ? WHERE id = ?", back)
    outcome = verified(logged)
    assert outcome.code == 1
    assert "entries: entry_text: stored is index=" in outcome.stderr


BY_ANOTHER = "UPDATE event SET data = replace(data, '\"local\"', '\"other\"')"
"""Who recorded is no part of the id."""


def test_a_ledger_that_was_rewritten_with_its_log_by_somebody_without_the_key(
    logged: CommandLine,
) -> None:
    kept = keep_log(logged)
    alter(logged, "ledger.db", BY_ANOTHER)
    for path in logged.folder.glob("views*"):
        path.unlink()
    logged.run("rebuild", "--log").refused("a checkpoint of 13 leaves was signed")
    alter(logged, "ledger.db", "DELETE FROM checkpoint")
    assert logged.run("rebuild", "--log").code == 0
    assert logged.run("rebuild").code == 0
    outcome = verified(logged)
    assert outcome.code == 1
    assert outcome.stderr.startswith("state differs: ")
    assert "memory missing: the ledger's database doesn't hold the last checkpoint" in (
        outcome.stderr
    )
    assert "not signed: the key example.com/mali has not" in outcome.stderr
    assert "If it had signed before, its checkpoints were taken away" in outcome.stderr
    assert "The ledger IS NOT as it was recorded." in outcome.stdout
    unsigned = logged.run("verify")
    assert unsigned.code == 0
    assert "nobody has signed that, so both could be new" in unsigned.stdout
    assert "history forked" in verified(logged, "--checkpoint", kept).stderr


def test_a_key_that_has_not_signed_yet_is_told_apart_from_a_ledger_that_was_rewritten(
    kidal: CommandLine,
) -> None:
    assert kidal.run("rebuild", "--log").code == 0  # makes the log
    kidal.run("keygen", kidal.folder / "log.key", "--name", "example.com/mali")
    outcome = verified(kidal, "--no-views")
    assert outcome.code == 1
    assert "example.com/mali has not signed any of the 13 leaves of this log yet" in outcome.stderr
    assert "'tenure serve' with TENURE_SIGNING_KEY signs them" in outcome.stderr
    assert "IS NOT" not in outcome.stdout
    assert "not all of that is signed by a key that is known here" in outcome.stdout
    keep_log(kidal)
    assert verified(kidal, "--no-views").code == 0


def test_what_came_in_while_no_node_signed_is_told_apart_too(logged: CommandLine) -> None:
    more = "- {type: SourceRegistered, source: radio, name: Radio, reliability: B}"
    assert logged.run("record", logged.write("more.yaml", more)).code == 0
    assert logged.run("rebuild", "--log").code == 0
    assert logged.run("export", logged.folder / "unsigned").code == 0
    outcome = verified(logged, "--no-views")
    assert outcome.code == 1
    assert "has signed the first 13 of the 14 leaves of this log" in outcome.stderr
    assert "IS NOT" not in outcome.stdout


def test_a_leaf_that_is_gone_from_the_log_of_a_rewritten_ledger_is_named(
    logged: CommandLine,
) -> None:
    alter(logged, "ledger.db", "UPDATE event SET data = replace(data, 'army', 'navy')")
    alter(logged, "views-log.db", "DELETE FROM leaf WHERE number = 11")
    outcome = verified(logged, "--no-views")
    assert outcome.code == 1
    assert "leaf 11" in outcome.stderr
    assert "IS NOT as it was recorded" in outcome.stdout
    assert "can't be read" not in outcome.stderr
