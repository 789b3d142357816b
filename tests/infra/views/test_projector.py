"""How views follow the ledger: nothing twice, nothing left out, whatever breaks in between."""

import multiprocessing
import sqlite3
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from itertools import count
from pathlib import Path

import pytest

from api.answers.answers import Answers
from api.node import Node, open_node
from domain import events
from infra.ledger.codec import Recorded, identify
from infra.ledger.engines import open_recorder
from infra.ledger.ledger import Ledger, open_ledger
from infra.ledger.sqlite.recorder import SqliteRecorder
from infra.settings import Settings
from infra.views.file import NotAViewFile, Projection, ViewFile
from infra.views.mending import replace
from infra.views.projector import ForeignViews, Projector
from projections.convoys import Convoys
from projections.names import NamesView
from tests.domain.builders import event
from tests.nodes import WORLD, node_at, tell, ticking

SITUATION: list[events.Event] = [
    event(events.TownSeized, by="csp", occurred="2014-05-21", passage="paragraph 2"),
    event(events.TownSeized, by=("fama", "wagner"), occurred="2023-11-14"),
    event(events.ControlReported, holders="csp", occurred="2023-11-15", report="report-2"),
    event(events.MissionWithdrawn, location="kidal-camp", mission="minusma", occurred="2023-10-31"),
    event(events.BaseCaptured, location="kidal-camp", by="csp", occurred="2023-10-31"),
    event(events.TownSeized, by="csp", occurred="2012"),
    event(events.SourceRegraded, source="csp-comms", reliability="F", reason="A party to it."),
]
HEAD = len(WORLD) + len(SITUATION)


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    """A node whose ledger is full and whose views are empty."""
    with node_at(tmp_path / "views.db") as node:
        for each in (*WORLD, *SITUATION):
            node.ledger.record([identify(each)], by="archivist")
        yield node


def digests(node: Node) -> dict[str, str]:
    return {each.name: node.views.digest(each) for each in node.projector.projections}


# ---- Following -------------------------------------------------------------------------------


def test_views_follow_to_the_head_and_no_further(node: Node) -> None:
    assert node.projector.catch_up() == HEAD
    seen = digests(node)
    assert node.projector.catch_up() == HEAD
    assert digests(node) == seen


def test_views_follow_to_a_position(node: Node) -> None:
    assert node.projector.catch_up(until=5) == 5
    assert node.answers.head == 5
    assert node.projector.catch_up(until=3) == 5
    assert node.projector.catch_up() == HEAD


def test_progress_is_told_after_each_transaction(node: Node) -> None:
    told: list[int] = []
    node.projector.catch_up(until=5, progress=told.append)
    node.projector.catch_up(progress=told.append)
    assert told == [5, HEAD - 5]


def test_the_digest_does_not_depend_on_where_a_node_paused(node: Node, tmp_path: Path) -> None:
    node.projector.catch_up()
    other = ViewFile(tmp_path / "other.db")
    with closing(other):
        answers = Answers(other)
        projector = Projector(node.ledger, other, answers.projections)
        for position in range(1, HEAD + 1):
            projector.catch_up(until=position)
        assert {each.name: other.digest(each) for each in answers.projections} == digests(node)


def test_the_digest_does_not_depend_on_the_engine(ledger_url: str, tmp_path: Path) -> None:
    found = []
    for number, url in enumerate((ledger_url, "memory:")):
        with node_at(tmp_path / f"views-{number}.db", ledger=url) as node:
            tell(node, *WORLD, *SITUATION)
            found.append(digests(node))
    assert found[0] == found[1]


# ---- What breaks in between ------------------------------------------------------------------


class Breaking(Convoys):
    """A view that breaks at one position, as long as it is told to."""

    breaks_at = 0

    def touch(self, db: sqlite3.Connection, recorded: Recorded) -> None:
        super().touch(db, recorded)
        if recorded.position == self.breaks_at:
            raise RuntimeError("power is out")


@pytest.mark.parametrize("position", [1, 8, len(WORLD) + 2, HEAD - 1, HEAD])
def test_what_breaks_in_the_middle_leaves_rows_and_position_as_they_were(
    node: Node, position: int
) -> None:
    breaking = Breaking(node.views)
    others = [each for each in node.projector.projections if each.name != "convoys"]
    projector = Projector(node.ledger, node.views, [*others, breaking])
    projector.catch_up(until=position // 2)
    before = digests(node)
    breaking.breaks_at = position
    with pytest.raises(RuntimeError, match="power is out"):
        projector.catch_up()
    assert digests(node) == before
    assert node.answers.head == position // 2
    breaking.breaks_at = 0
    assert projector.catch_up() == HEAD
    assert node.projector.rebuild().differing == ()


def test_a_file_that_holds_fewer_views_is_built_anew(node: Node) -> None:
    record, *_ = node.projector.projections
    Projector(node.ledger, node.views, [record]).catch_up()
    projector = Projector(node.ledger, node.views, node.projector.projections)
    assert node.views.position == 0
    assert projector.catch_up() == HEAD
    assert projector.rebuild().differing == ()


# ---- Several at once -------------------------------------------------------------------------


def test_two_threads_that_follow_into_one_file_do_everything_once(
    node: Node, tmp_path: Path
) -> None:
    with closing(ViewFile(tmp_path / "views.db")) as same:
        projectors = [node.projector, Projector(node.ledger, same, Answers(same).projections)]
        barrier = threading.Barrier(2)

        def follow(projector: Projector) -> int:
            barrier.wait()
            for position in range(1, HEAD):
                projector.catch_up(until=position)
            return projector.catch_up()

        with ThreadPoolExecutor(2) as threads:
            assert list(threads.map(follow, projectors)) == [HEAD, HEAD]
    assert node.projector.rebuild().differing == ()


def test_two_processes_that_follow_into_one_file_do_everything_once(tmp_path: Path) -> None:
    settings = Settings(
        ledger=f"sqlite:///{tmp_path / 'ledger.db'}", views=tmp_path / "shared-views.db"
    )
    with open_ledger(settings.ledger, ticking()) as ledger:
        for each in (*WORLD, *SITUATION):
            ledger.record([identify(each)], by="archivist")
    start = multiprocessing.get_context("spawn")
    followers = [start.Process(target=follow_step_by_step, args=(settings,)) for _ in range(2)]
    for follower in followers:
        follower.start()
    for follower in followers:
        follower.join()
    assert [follower.exitcode for follower in followers] == [0, 0]
    with open_node(settings) as node:
        assert node.answers.head == HEAD
        assert node.projector.rebuild().differing == ()


def follow_step_by_step(settings: Settings) -> None:
    with open_node(settings) as node:
        for position in range(1, HEAD):
            node.projector.catch_up(until=position)
        node.projector.catch_up()


def test_a_question_is_answered_while_the_views_follow(node: Node) -> None:
    node.projector.catch_up(until=HEAD - 3)
    with node.views.writing(node.projector.projections):
        assert node.answers.head == HEAD - 3


# ---- Another ledger, another version ---------------------------------------------------------


def test_views_of_another_ledger_are_not_followed_on(node: Node) -> None:
    node.projector.catch_up()
    with open_recorder("memory:") as recorder:
        other = Ledger(recorder, ticking())
        for each in reversed(WORLD[:2]):
            other.record([identify(each)], by="archivist")
        projector = Projector(other, node.views, node.projector.projections)
        seen = digests(node)
        with pytest.raises(ForeignViews, match=r"built from another ledger.*TENURE_VIEWS"):
            projector.catch_up()
    assert digests(node) == seen
    assert node.projector.catch_up() == HEAD


def test_views_of_a_longer_ledger_that_begins_alike_are_foreign_too(node: Node) -> None:
    node.projector.catch_up()
    with open_recorder("memory:") as recorder:
        shorter = Ledger(recorder, ticking())
        shorter.record([identify(each) for each in WORLD], by="archivist")
        with pytest.raises(ForeignViews):
            Projector(shorter, node.views, node.projector.projections).catch_up()


class NewNames(NamesView):
    """The view of names, with another table in a new version."""

    version = NamesView.version + 1
    schema = NamesView.schema.replace("plain       TEXT", "plain       TEXT COLLATE NOCASE")


def test_a_new_version_of_a_view_builds_all_of_the_file_anew(node: Node) -> None:
    node.projector.catch_up()
    seen = digests(node)
    projections: list[Projection] = [
        NewNames(node.views, node.answers.record) if each.name == "names" else each
        for each in node.projector.projections
    ]
    projector = Projector(node.ledger, node.views, projections)
    assert node.views.position == 0
    assert projector.catch_up() == HEAD
    assert digests(node) == seen
    assert projector.rebuild().differing == ()


@pytest.mark.parametrize("content", [b"not a database at all, whatever its name", b"SQLite form"])
def test_a_file_of_another_kind_is_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "letter.txt"
    path.write_bytes(content * 100)
    with pytest.raises(NotAViewFile, match=r"letter\.txt can't hold the views.*TENURE_VIEWS"):
        ViewFile(path)
    assert path.read_bytes() == content * 100


def test_a_database_of_another_kind_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE letter (text)")
    before = path.read_bytes()
    with pytest.raises(NotAViewFile, match="a database of another kind"):
        ViewFile(path)
    assert path.read_bytes() == before


def test_a_ledger_is_not_taken_for_a_view_file(tmp_path: Path) -> None:
    SqliteRecorder(tmp_path / "ledger.db").close()
    with open_ledger(f"sqlite:///{tmp_path / 'ledger.db'}"), pytest.raises(NotAViewFile):
        ViewFile(tmp_path / "ledger.db")


# ---- Rebuilding ------------------------------------------------------------------------------


def test_a_rebuild_of_sound_views_finds_no_difference(node: Node) -> None:
    node.projector.catch_up()
    seen = digests(node)
    rebuilt = node.projector.rebuild()
    assert (rebuilt.position, rebuilt.differing, rebuilt.digests) == (HEAD, (), seen)
    assert digests(node) == seen


def test_a_rebuild_from_nothing_brings_all_views_to_the_head(node: Node) -> None:
    assert node.projector.rebuild().position == HEAD
    assert node.answers.head == HEAD


@pytest.mark.parametrize(
    ("view", "forgery"),
    [
        ("control", "UPDATE control_period SET since = until"),
        ("control", "DELETE FROM control_holding"),
        ("record", "UPDATE entry SET recorded_by = 'somebody else' WHERE position = 3"),
        ("entries", "DELETE FROM entry_tag WHERE tag = 'location:kidal'"),
        ("entries", "UPDATE entry_tag SET latest = latest + 1"),
        ("entries", "UPDATE entry_text SET passage = 'another' WHERE position = 12"),
        ("names", "UPDATE name SET text = 'Kidal ' WHERE role = 'name' AND slug = 'kidal'"),
        ("record", "UPDATE place SET name = 'Kidal ' WHERE location = 'kidal'"),
        (
            "record",
            "INSERT INTO actor SELECT 'x', name, kind, aliases, 1, 9 FROM actor LIMIT 1",
        ),
        ("record", "UPDATE source SET reliability = 'A'"),
    ],
)
def test_a_rebuild_names_the_view_that_was_altered_by_hand_and_mends_it(
    node: Node, tmp_path: Path, view: str, forgery: str
) -> None:
    node.projector.catch_up()
    sound = digests(node)
    with closing(sqlite3.connect(tmp_path / "views.db", isolation_level=None)) as db:
        db.execute(forgery)
    assert digests(node) != sound
    assert node.projector.rebuild().differing == (view,)
    assert digests(node) == sound


def test_a_rebuilt_view_goes_on_following(node: Node) -> None:
    node.projector.rebuild()
    late = event(events.TownSeized, by="csp", occurred="2023-11-13")
    tell(node, late)
    assert node.answers.head == HEAD + 1
    assert node.projector.rebuild().differing == ()


def test_a_rebuild_beside_one_that_follows_finds_no_difference(
    node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a server does, between the digest of one view and that of the next."""
    node.projector.catch_up()
    beside = ViewFile(node.views.path)
    following = Projector(node.ledger, beside, Answers(beside).projections)
    plain, passages = ViewFile.digest, count()

    def digest(self: ViewFile, projection: Projection) -> str:
        if self is node.views:
            number = next(passages)
            said = event(
                events.TownSeized, by="csp", occurred="2014-05-22", passage=f"paragraph {number}"
            )
            node.ledger.record([identify(said)], by="archivist")
            following.catch_up()
        return plain(self, projection)

    with closing(beside):
        monkeypatch.setattr(ViewFile, "digest", digest)
        rebuilt = node.projector.rebuild()
        assert (rebuilt.position, rebuilt.differing) == (HEAD, ())
        monkeypatch.undo()
        assert following.catch_up() == HEAD + next(passages)
        assert node.projector.rebuild().differing == ()


def test_a_rebuild_leaves_no_file_behind(node: Node, tmp_path: Path) -> None:
    node.projector.rebuild()
    assert [path.name for path in tmp_path.iterdir() if "rebuild" in path.name] == []


# ---- Files of an older version ---------------------------------------------------------------


def test_a_file_of_an_older_version_is_built_anew_without_asking(
    node: Node, tmp_path: Path
) -> None:
    """Older versions noted in `tracking` how far each view had followed."""
    path = tmp_path / "old.db"
    with closing(ViewFile(path)) as old, closing(sqlite3.connect(path)) as db, db:
        assert old.position == 0
        db.execute("DROP TABLE followed")
        db.execute("CREATE TABLE tracking (view TEXT PRIMARY KEY, version INTEGER, position)")
        db.execute("INSERT INTO tracking VALUES ('places', 3, 7)")
        db.execute("CREATE TABLE place (location TEXT PRIMARY KEY)")
        db.execute("CREATE VIRTUAL TABLE entry_text USING fts5 (position)")
    with closing(ViewFile(path)) as views:
        assert views.versions == {"places": 3}
        answers = Answers(views)
        projector = Projector(node.ledger, views, answers.projections)
        assert projector.catch_up() == HEAD
        tables = views.reader.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        assert ("tracking",) not in tables.fetchall()
        assert projector.rebuild().differing == ()


# ---- The state of the views ------------------------------------------------------------------


def test_the_state_tells_position_and_build_whatever_is_followed(node: Node) -> None:
    assert node.views.state.position == 0
    node.projector.catch_up(until=5)
    early = node.views.state
    node.projector.catch_up()
    late = node.views.state
    assert (early.position, late.position) == (5, HEAD)
    assert early.build == late.build != ""
    assert late.event == node.views.tracking.event != early.event


def test_views_made_anew_have_another_build_and_the_same_digests(node: Node) -> None:
    node.projector.catch_up()
    before, seen = node.views.state, digests(node)
    node.projector.rebuild()
    after = node.views.state
    assert (after.position, after.event) == (before.position, before.event)
    assert after.build != before.build
    assert digests(node) == seen


def test_a_file_put_in_the_place_of_the_views_has_another_build(node: Node) -> None:
    node.projector.catch_up()
    before = node.views.state
    replace(node.ledger, node.views.path, lambda views: Answers(views).projections, None, "gone")
    assert node.views.state.position == before.position
    assert node.views.state.build != before.build


def test_a_file_without_the_name_of_its_build_is_given_one(tmp_path: Path) -> None:
    with closing(ViewFile(tmp_path / "views.db")) as views:
        projections = Answers(views).projections
        views.prepare(projections)
        with closing(sqlite3.connect(views.path)) as db, db:
            db.execute("DROP TABLE built")
        with closing(ViewFile(views.path)) as again:
            assert again.state.build == ""
            again.prepare(projections)
            assert again.state.build != ""
