"""Does a ledger come back from its bundle on any engine: the same bytes at the same positions?"""

from collections.abc import Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import orjson
import psycopg
import pytest
from hypothesis import given, settings

from domain import events
from domain.occurred import parse_moment
from infra.bundle.files import BundleFolder
from infra.bundle.restoration import CannotImport, ImportedBundle, import_bundle
from infra.ledger.codec import encode, identify
from infra.ledger.dcb import (
    KeepsPositions,
    LeavesNoGaps,
    Query,
    QueryItem,
    Recorder,
    SequencedEvent,
    StoredEvent,
)
from infra.ledger.engines import open_recorder
from infra.ledger.ledger import Ledger, StatementRefused
from infra.ledger.postgresql import PostgresRecorder
from tests.bundles import (
    export,
    found,
    lines_of,
    put_lines,
    redo_manifest,
    redo_tiles,
    tree,
    written,
)
from tests.domain.builders import event
from tests.logs import SIGNER, history, log_at, put, stored
from tests.nodes import NOW, ticking
from tests.projections.strategies import Append, appends

ENTRIES = stored(history(300))


def told(recorder: Recorder) -> None:
    """A ledger in which something was taken back, reinstated and corrected."""
    ledger = Ledger(recorder)
    statements = history(40)
    ledger.record(statements, by="archivist")
    wrong = statements[20].id
    for kind in (events.EventRetracted, events.EventReinstated):
        said = event(kind, event=wrong, reason="So it is.", report="report-2")
        ledger.record([identify(said)], by="somebody else")


def all_of(recorder: Recorder) -> list[SequencedEvent]:
    return list(recorder.read())


def imported(path: Path, recorder: Recorder) -> ImportedBundle:
    assert found(path) == []
    return import_bundle(BundleFolder(path), Ledger(recorder))


def log_root(path: Path, recorder: Recorder) -> bytes:
    with log_at(path, recorder) as log:
        size = log.catch_up()
        return log.log.root(size)


def test_every_engine_gives_its_ledger_to_every_other(
    recorder: Recorder, postgresql_url: str, umadb_url: str, tmp_path: Path
) -> None:
    told(recorder)
    export(recorder, tmp_path / "bundle", log=tmp_path / "log.db")
    urls = ["memory:", f"sqlite:///{tmp_path / 'other.db'}", umadb_url]
    is_postgresql = "Postgres" in type(recorder).__name__
    for number, url in enumerate(urls if is_postgresql else [*urls, postgresql_url]):
        with ExitStack() as stack:
            other = stack.enter_context(open_recorder(url))
            if all_of(other):  # the one server of the test is the ledger that was exported
                continue
            assert imported(tmp_path / "bundle", other).recorded == 42
            assert all_of(other) == all_of(recorder)
            same = log_root(tmp_path / f"log-{number}.db", other)
            assert same == log_root(tmp_path / "log.db", recorder)


@settings(max_examples=50, deadline=None)
@given(appends())
def test_every_ledger_comes_back(told: list[Append]) -> None:
    with (
        TemporaryDirectory() as directory,
        open_recorder("memory:") as recorder,
        open_recorder("memory:") as other,
    ):
        ledger = Ledger(recorder, ticking())
        for append in told:
            with suppress(StatementRefused):
                ledger.record(append, by="archivist")
        folder = Path(directory)
        export(recorder, folder / "bundle", log=folder / "log.db")
        imported(folder / "bundle", other)
        assert all_of(other) == all_of(recorder)


def test_what_is_imported_can_be_found_and_added_to(recorder: Recorder, tmp_path: Path) -> None:
    with open_recorder("memory:") as first:
        told(first)
        export(first, tmp_path / "bundle", log=tmp_path / "log.db")
        imported(tmp_path / "bundle", recorder)
        query = Query([QueryItem(tags=["location:kidal"])])
        assert list(recorder.read(query)) == list(first.read(query))
    new = identify(event(events.TownSeized, by="csp", occurred="2001"))
    (receipt,) = Ledger(recorder).record([new], by="archivist")
    assert (receipt.position, receipt.duplicate) == (43, False)
    (again,) = Ledger(recorder).record(history(40)[20:21], by="archivist")
    assert (again.position, again.duplicate) == (21, True)


def test_an_import_goes_on_where_it_was_cut_short(recorder: Recorder, tmp_path: Path) -> None:
    with open_recorder("memory:") as first:
        put(first, ENTRIES)
        export(first, tmp_path / "bundle", log=tmp_path / "log.db")
        put(recorder, ENTRIES[:120])
        assert imported(tmp_path / "bundle", recorder) == ImportedBundle(180, 120, 300)
        assert all_of(recorder) == all_of(first)
    assert imported(tmp_path / "bundle", recorder) == ImportedBundle(0, 300, 300)


def test_a_beginning_can_be_imported_and_the_rest_later(tmp_path: Path) -> None:
    with open_recorder("memory:") as first, open_recorder("memory:") as other:
        put(first, ENTRIES)
        early = parse_moment("2024-06-01T01:39:00Z")
        export(first, tmp_path / "early", log=tmp_path / "log.db", until=early)
        export(first, tmp_path / "whole", log=tmp_path / "log.db")
        assert imported(tmp_path / "early", other) == ImportedBundle(100, 0, 100)
        assert imported(tmp_path / "whole", other) == ImportedBundle(200, 100, 300)
        assert all_of(other) == all_of(first)


def test_a_ledger_of_something_else_is_left_as_it_is(recorder: Recorder, tmp_path: Path) -> None:
    with open_recorder("memory:") as first:
        put(first, ENTRIES[:50])
        export(first, tmp_path / "bundle", log=tmp_path / "log.db")
    other = identify(event(events.SourceRegistered, source="afp", name="AFP", reliability="B"))
    Ledger(recorder).record([other], by="archivist")
    before = all_of(recorder)
    with pytest.raises(CannotImport, match="holds another entry at position 1"):
        imported(tmp_path / "bundle", recorder)
    assert all_of(recorder) == before


def test_a_ledger_that_went_on_is_left_as_it_is(tmp_path: Path) -> None:
    with open_recorder("memory:") as first:
        put(first, ENTRIES[:50])
        export(first, tmp_path / "bundle", log=tmp_path / "log.db")
        put(first, ENTRIES[50:60])
        with pytest.raises(CannotImport, match="goes on behind position 50"):
            imported(tmp_path / "bundle", first)
        assert len(all_of(first)) == 60


def test_a_bundle_of_a_region_is_no_ledger(tmp_path: Path) -> None:
    with open_recorder("memory:") as first, open_recorder("memory:") as other:
        put(first, ENTRIES[:50])
        export(first, tmp_path / "bundle", log=tmp_path / "log.db", within="kidal")
        with pytest.raises(CannotImport, match="what concerns kidal, not the whole"):
            imported(tmp_path / "bundle", other)


GAPS = [*range(1, 21), *range(23, 40), 50]


def with_gaps(folder: Path) -> Path:
    """The bundle of a ledger that left positions out, as PostgreSQL may."""
    with open_recorder(f"sqlite:///{folder / 'gaps.db'}") as recorder:
        entries = zip(ENTRIES, GAPS, strict=False)
        assert isinstance(recorder, KeepsPositions)
        recorder.restore([SequencedEvent(each, at) for each, at in entries], after=0)
        export(recorder, folder / "gaps", log=folder / "gaps-log.db")
    return folder / "gaps"


def test_gaps_are_left_where_they_were_or_refused_before_anything_is_written(
    recorder: Recorder, tmp_path: Path
) -> None:
    path = with_gaps(tmp_path)
    if isinstance(recorder, KeepsPositions):
        assert imported(path, recorder) == ImportedBundle(len(GAPS), 0, 50)
        assert [each.position for each in all_of(recorder)] == GAPS
        assert log_root(tmp_path / "log.db", recorder) == log_root_of(path)
        new = identify(event(events.TownSeized, by="csp", occurred="2001"))
        (receipt,) = Ledger(recorder).record([new], by="archivist")
        assert receipt.position == 51
        tags = Query([QueryItem(tags=[f"event:{new.id}"])])
        assert [each.position for each in recorder.read(tags)] == [51]
    else:
        with pytest.raises(LeavesNoGaps, match="behind position 20 comes 23"):
            imported(path, recorder)
        assert all_of(recorder) == []


def log_root_of(path: Path) -> bytes:
    return BundleFolder(path).checkpoint.root


def test_an_entry_that_no_ledger_would_take_is_refused(recorder: Recorder, tmp_path: Path) -> None:
    with open_recorder("memory:") as first:
        put(first, [*ENTRIES[:20], ENTRIES[5]])
        export(first, tmp_path / "bundle", log=tmp_path / "log.db")
    with pytest.raises(CannotImport, match="the entry at position 21 can't be recorded"):
        imported(tmp_path / "bundle", recorder)
    assert all_of(recorder) == []


def test_an_event_after_its_report_comes_back_from_a_ledger_that_took_it(tmp_path: Path) -> None:
    """Ledgers were kept before that was refused; what is recorded, is recorded."""
    late = event(events.TownSeized, by="fama", occurred="2024-03-01")
    with open_recorder("memory:") as first, open_recorder("memory:") as other:
        put(first, [*ENTRIES[:20], *taken_before_the_rule(late)])
        export(first, tmp_path / "bundle", log=tmp_path / "log.db")
        assert imported(tmp_path / "bundle", other).recorded == 21
        assert all_of(other) == all_of(first)
        (again,) = Ledger(other, ticking()).record([identify(late)], by="somebody")
        assert (again.position, again.duplicate) == (21, True)
        later = event(events.TownSeized, by="csp", occurred="2024-03-01")
        with pytest.raises(StatementRefused, match="begins more than a day after the report"):
            Ledger(other, ticking()).record([identify(later)], by="somebody")


def taken_before_the_rule(said: events.TownSeized) -> list[StoredEvent]:
    """The entry that a ledger made of it."""
    statement = identify(said)
    tags = [f"event:{statement.id}", "actor:fama", "location:kidal", "report:report-1"]
    data = encode(statement, recorded_at=NOW, recorded_by="archivist")
    return [StoredEvent("TownSeized", data, [*tags, "source:rfi"])]


def test_an_entry_that_cites_what_nobody_filed_is_refused(tmp_path: Path) -> None:
    with open_recorder("memory:") as first, open_recorder("memory:") as other:
        put(first, ENTRIES[:20])
        export(first, tmp_path / "bundle", log=tmp_path / "log.db")
        lines = [orjson.loads(line) for line in lines_of(tmp_path / "bundle")]
        write_anew(tmp_path / "bundle", [each for each in lines if not _files(each, "report-1")])
        checked = BundleFolder(tmp_path / "bundle")
        with pytest.raises(CannotImport, match="no report is registered as 'report-1'"):
            import_bundle(checked, Ledger(other))


def _files(line: dict[str, dict[str, dict[str, str]]], report: str) -> bool:
    return line["entry"]["event"].get("report") == report and "title" in line["entry"]["event"]


def write_anew(path: Path, lines: Sequence[dict[str, object]]) -> None:
    """Makes another bundle of it, which agrees with itself."""
    numbered = [line | {"leaf": at, "position": at + 1} for at, line in enumerate(lines)]
    put_lines(path, [written(line) for line in numbered])
    size, root = len(lines), redo_tiles(path)
    redo_manifest(path, entries=size, head=size, tree=tree(SIGNER.name, size, root))


def test_positions_in_postgresql_are_the_same_after_an_append_that_failed(
    postgresql_url: str, tmp_path: Path
) -> None:
    with open_recorder("memory:") as first, open_recorder(postgresql_url) as other:
        put(first, ENTRIES[:30])
        export(first, tmp_path / "bundle", log=tmp_path / "log.db")
        put(other, ENTRIES[:10])
        assert isinstance(other, PostgresRecorder)
        with psycopg.connect(postgresql_url, autocommit=True) as db:
            table = other.events_table_name
            db.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id'))", (table,))
        imported(tmp_path / "bundle", other)
        assert all_of(other) == all_of(first)
