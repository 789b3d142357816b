"""A claims table is imported so that answers are what the table itself says."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from api.answers.sources import explanation_of
from api.node import Node, open_node
from domain.control.perspective import Perspective
from domain.control.verdict import Period
from domain.events import (
    ActorRegistered,
    EventReinstated,
    EventRetracted,
    LocationRegistered,
    SourceRegistered,
)
from domain.occurred import parse_moment
from domain.values import (
    ActorId,
    ActorKind,
    LocationId,
    LocationKind,
    Reliability,
    ReportId,
    SourceId,
)
from infra.intake.claims_csv import Terms, read_claims
from infra.intake.claims_import import ImportOutcome, import_claims
from infra.intake.controllers import actor_of
from infra.intake.problems import BadInput
from infra.intake.recorded_zones import Zones
from infra.ledger.codec import identify
from infra.settings import Settings
from tests.claims_by_hand import UKRAINE, Answer, Table, day_of

needs_ukraine = pytest.mark.skipif(
    not UKRAINE.exists(), reason="../shared/data/claims/ukraine-2022h1.csv is not here"
)
NOW = parse_moment("2026-01-01")
HEADER = "location_id,name,lat,lon,known_at,as_of,controller,note,source_link"


@dataclass
class Importer:
    """A node, and a folder of tables."""

    node: Node
    folder: Path

    def write(self, *rows: str) -> Path:
        path = self.folder / "table.csv"
        path.write_text("\n".join((HEADER, *rows)) + "\n", encoding="utf-8")
        return path

    def imports(self, path: Path, terms: Terms | None = None) -> ImportOutcome:
        terms = terms or table_of()
        rows = read_claims(path, terms, NOW).rows
        done = import_claims(self.node.ledger, str(path), rows, terms, by="tester")
        self.node.projector.catch_up()
        return done

    def refuses(self, *rows: str) -> str:
        with pytest.raises(BadInput) as refused:
            self.imports(self.write(*rows))
        assert self.node.ledger.head == 0
        return str(refused.value).replace(f"{self.folder}/", "")

    def says(self, town: str, *, day: str, published_by: str | None = None) -> Answer:
        by = None if published_by is None else parse_moment(published_by)
        answers = self.node.answers
        basis = answers.basis(parse_moment(day), perspective=Perspective(published_by=by))
        return said(answers.control(town, basis).period)


def said(period: Period) -> Answer:
    verdict = period.reading.verdict
    assert not verdict.rivals, "one source cannot disagree with itself"
    assert period.reading.certain, "a question for a day lies outside every window of a day"
    return verdict.status.value, frozenset(verdict.holders)


def table_of(name: str = "Table", *, as_registered: bool = True, **actors: str) -> Terms:
    source = SourceRegistered(
        source=SourceId("table"), name=name, reliability=Reliability.F, continuous=True
    )
    known = {
        name: ActorRegistered.model_validate(actor_of(name, ActorKind(kind)))
        for name, kind in actors.items()
    }
    return Terms(source, 6, known, source_as_registered=as_registered)


@pytest.fixture
def importer(tmp_path: Path) -> Iterator[Importer]:
    settings = Settings(ledger=f"sqlite:///{tmp_path / 'ledger.db'}", views=tmp_path / "views.db")
    with open_node(settings, now=lambda: datetime(2026, 1, 1, 12, tzinfo=UTC)) as node:
        yield Importer(node, tmp_path)


@pytest.fixture(scope="module")
def ukraine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Importer]:
    folder = tmp_path_factory.mktemp("ukraine")
    settings = Settings(ledger=f"sqlite:///{folder / 'ledger.db'}", views=folder / "views.db")
    with open_node(settings) as node:
        importer = Importer(node, folder)
        importer.imports(UKRAINE)
        yield importer


@needs_ukraine
def test_every_town_reads_as_the_table_has_it_at_every_pair_of_its_times(ukraine: Importer) -> None:
    """For each revision that speaks of a town, and around each day that it speaks of."""
    table, known, compared = Table(), ukraine.node.answers.basis(), 0
    for town, rows in table.rows.items():
        days = sorted({near for row in rows for near in around(day_of(row))})
        for row in rows:
            published = row["known_at"]
            perspective = Perspective(published_by=parse_moment(published))
            timeline = ukraine.node.answers.control_view.from_perspective(
                LocationId(town), perspective, known=known.position
            )
            for day in days:
                expected = table.says(town, day=day, published_by=published)
                got = said(timeline.at(parse_moment(day)))
                assert got == expected, (town, day, published)
                compared += 1
    assert compared > 50_000


@needs_ukraine
def test_any_town_and_any_two_days_asked_as_anybody_would(ukraine: Importer) -> None:
    table, random = Table(), Random(20220224)
    days = [f"2022-{month:02}-{day:02}" for month in range(2, 8) for day in range(1, 29)]
    for _ in range(1_500):
        town, day, by = random.choice([*table.rows]), random.choice(days), random.choice(days)
        expected = table.says(town, day=day, published_by=f"{by}T23:59:59Z")
        assert ukraine.says(town, day=day, published_by=by) == expected, (town, day, by)


@needs_ukraine
def test_without_a_perspective_the_last_revision_counts(ukraine: Importer) -> None:
    table = Table()
    for town, rows in table.rows.items():
        for day in {day_of(row) for row in rows}:
            expected = table.says(town, day=day, published_by="9999")
            assert ukraine.says(town, day=day) == expected, (town, day)


@needs_ukraine
def test_a_table_that_comes_in_parts_answers_as_the_whole(importer: Importer) -> None:
    """Whichever part comes first: what the source said before takes part in its corrections."""
    head, *lines = UKRAINE.read_text(encoding="utf-8").splitlines(keepends=True)
    chosen = [line for line in lines if line.startswith(("ua-k", "ua-i"))]
    half = len(chosen) // 2
    for part in (chosen[half:], chosen[:half]):
        path = importer.folder / "part.csv"
        path.write_text("".join((head, *part)), encoding="utf-8")
        importer.imports(path)
    path.write_text("".join((head, *chosen)), encoding="utf-8")
    table = Table(path)
    for town, rows in table.rows.items():
        for day in {day_of(row) for row in rows}:
            expected = table.says(town, day=day, published_by="9999")
            assert importer.says(town, day=day) == expected, (town, day)


@needs_ukraine
def test_importing_twice_adds_nothing(ukraine: Importer) -> None:
    head = ukraine.node.ledger.head
    done = ukraine.imports(UKRAINE)
    assert done == ImportOutcome(0, head, head, done.stale, done.dated_back)
    assert ukraine.node.ledger.head == head


# ---- what rows mean ---------------------------------------------------------------------------

KYIV = "kyiv,Kyiv,50.45,30.52"


def test_a_row_that_moves_backwards_takes_back_what_was_said_of_later_times(
    importer: Importer,
) -> None:
    importer.imports(
        importer.write(
            f"{KYIV},2022-03-01T06:00:00Z,2022-02-20,Ukraine,,",
            f"{KYIV},2022-03-10T06:00:00Z,2022-03-09,Russia,,",
            f"{KYIV},2022-03-12T06:00:00Z,2022-03-02,Ukraine,,",
        )
    )
    ukraine, russia = ("HELD", frozenset({"ukraine"})), ("HELD", frozenset({"russia"}))
    assert importer.says("kyiv", day="2022-03-11", published_by="2022-03-11") == russia
    assert importer.says("kyiv", day="2022-03-11", published_by="2022-03-12") == ukraine
    assert importer.says("kyiv", day="2022-03-11") == ukraine
    assert importer.says("kyiv", day="2022-02-19") == ("UNKNOWN", frozenset())


def test_who_does_not_know_no_longer_says_what_was_said_before(importer: Importer) -> None:
    importer.imports(
        importer.write(
            f"{KYIV},2022-03-01T06:00:00Z,,Russia,,",
            f"{KYIV},2022-03-10T06:00:00Z,,Unknown,,",
        )
    )
    assert importer.says("kyiv", day="2022-03-09") == ("HELD", frozenset({"russia"}))
    assert importer.says("kyiv", day="2022-03-10") == ("UNKNOWN", frozenset())
    answers = importer.node.answers
    answer = answers.control("kyiv", answers.basis(parse_moment("2022-03-10")))
    told = explanation_of(answers, answer)
    assert "Table (F6, published at 2022-03-10T06:00:00Z) says that it was not known" in told, told


def test_who_does_not_know_says_nothing_against_who_does(importer: Importer) -> None:
    importer.imports(importer.write(f"{KYIV},2022-03-01T06:00:00Z,,Russia,,"))
    other = SourceRegistered(source=SourceId("other"), name="Other", reliability=Reliability.F)
    terms = Terms(other, 6, {})
    importer.imports(importer.write(f"{KYIV},2022-06-01T06:00:00Z,,Unknown,,"), terms)
    assert importer.says("kyiv", day="2022-07-01") == ("HELD", frozenset({"russia"}))


@pytest.mark.parametrize(
    ("controller", "expected"),
    [
        ("Contested", "CONTESTED"),
        ("Truce", "CONTESTED"),
        ("Uncontrolled", "VACANT"),
        ("unknown", "UNKNOWN"),
    ],
)
def test_words_that_stand_for_no_controller(
    importer: Importer, controller: str, expected: str
) -> None:
    importer.imports(importer.write(f"{KYIV},2022-03-01T06:00:00Z,,{controller},,"))
    assert importer.says("kyiv", day="2022-03-01") == (expected, frozenset())


def test_the_kinds_of_controllers_are_guessed_and_can_be_told(importer: Importer) -> None:
    path = importer.write(
        f"{KYIV},2022-03-01T06:00:00Z,,Russia,,",
        "a,A,,,2022-03-01T06:00:00Z,,Some Group,,",
        "b,B,,,2022-03-01T06:00:00Z,,CSP,,",
    )
    importer.imports(path, table_of(CSP="coalition"))
    expected = {"russia": "state", "some-group": "armed-group", "csp": "coalition"}
    found = importer.node.answers.actors.many(map(ActorId, expected))
    assert {actor: row.kind for actor, row in found.items()} == expected


def test_places_and_actors_that_are_registered_are_taken_as_they_are(importer: Importer) -> None:
    kyiv = LocationRegistered(location=LocationId("kyiv"), name="Kyjiw", kind=LocationKind.TOWN)
    russia = ActorRegistered(actor=ActorId("russia"), name="R.", kind=ActorKind.STATE_FORCE)
    importer.node.ledger.record([identify(kyiv), identify(russia)], by="tester")
    importer.imports(importer.write(f"{KYIV},2022-03-01T06:00:00Z,,Russia,,"))
    assert importer.says("kyiv", day="2022-03-01") == ("HELD", frozenset({"russia"}))
    assert importer.node.answers.place("kyiv").name == "Kyjiw"


def test_a_source_that_is_registered_otherwise_is_taken_unless_options_say_more(
    importer: Importer,
) -> None:
    path = importer.write(f"{KYIV},2022-03-01T06:00:00Z,,Russia,,")
    importer.imports(path)
    head = importer.node.ledger.head
    importer.imports(path, table_of("Another name"))
    assert importer.node.ledger.head == head
    with pytest.raises(BadInput, match="source 'table' is registered already"):
        importer.imports(path, table_of("Another name", as_registered=False))


def test_a_correction_that_somebody_answered_is_not_repeated(importer: Importer) -> None:
    path = importer.write(
        f"{KYIV},2022-03-10T06:00:00Z,2022-03-09,Russia,,",
        f"{KYIV},2022-03-12T06:00:00Z,2022-03-02,Ukraine,,",
    )
    importer.imports(path)
    (retracted,) = (
        each.event.event
        for each in importer.node.ledger.read()
        if isinstance(each.event, EventRetracted)
    )
    report = ReportId("table-2022-03-12t06-00-00z")
    answered = EventReinstated(event=retracted, reason="It was right.", report=report)
    importer.node.ledger.record([identify(answered)], by="tester")
    importer.imports(path)
    assert importer.says("kyiv", day="2022-03-11") == ("HELD", frozenset({"russia"}))


# ---- what is refused ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (f"{KYIV},2022-03-01T06:00:00Z,2022-02-30,Russia,,", "table.csv:2: as_of: '2022-02-30'"),
        (f"{KYIV},yesterday,,Russia,,", "table.csv:2: known_at: 'yesterday' is not a time"),
        (f"{KYIV},2031-01-01T06:00:00Z,,Russia,,", "known_at: 2031-01-01T06:00:00Z lies in the"),
        ("k,K,95,30,2022-03-01T06:00:00Z,,Russia,,", "table.csv:2: lat: '95' is too large"),
        ("k,K,5,abc,2022-03-01T06:00:00Z,,Russia,,", "table.csv:2: lon: 'abc' is not a number"),
        ("k,K,5,,2022-03-01T06:00:00Z,,Russia,,", "table.csv:2: lon: '' is not a number"),
        ("k,K,nan,5,2022-03-01T06:00:00Z,,Russia,,", "table.csv:2: lat: 'nan' is not a number"),
        ("K y,K,5,5,2022-03-01T06:00:00Z,,Russia,,", "location_id: 'K y' is not an id"),
        ("k,,5,5,2022-03-01T06:00:00Z,,Russia,,", "table.csv:2: name: it is empty"),
        (f"{KYIV},2022-03-01T06:00:00Z,,,,", "table.csv:2: controller: it is empty"),
        (f"{KYIV},2022-03-01T06:00:00Z,,Україна,,", "controller: no id can be made of 'Україна'"),
        (f"{KYIV},2022-03-01T06:00:00Z,,Russia,", "table.csv:2: it has 8 cells"),
        (f'{KYIV},2022-03-01T06:00:00Z,,Russia,"x" y,', "table.csv:2: this is not CSV"),
        (f"{KYIV},2022-03-01T06:00:00Z,,Russia,{'x' * 100_000},", "note: it is 100,000 characters"),
        (f"{KYIV},2022-03-01T06:00:00Z,,Russia,{'x' * 10_000_000},", "field larger than field li"),
        (f"{KYIV},2022-03-01T06:00:00Z,,Russia,a\0b,", "table.csv:2:53: the control character U+0"),
    ],
)
def test_a_bad_row_keeps_the_whole_file_out(importer: Importer, row: str, message: str) -> None:
    good = "good,Good,1,1,2022-03-01T06:00:00Z,,Russia,,"
    told = importer.refuses(row, good)
    assert message in told
    assert len(told) < 500


def test_the_line_is_the_one_on_which_the_row_begins(importer: Importer) -> None:
    told = importer.refuses(
        f'{KYIV},2022-03-01T06:00:00Z,,Russia,"two\nlines",',
        f"{KYIV},2022-03-01T06:00:00Z,,Ukraine,,",
        "",
        "k,K,95,5,2022-03-01T06:00:00Z,,Russia,,",
    )
    assert told.splitlines() == [
        "table.csv:4: location_id: this revision speaks of kyiv already, on line 2",
        "table.csv:6: lat: '95' is too large; the most is 90",
    ]


def test_missing_columns_are_named(importer: Importer) -> None:
    path = importer.folder / "table.csv"
    path.write_text("location_id,name,lat,lon,date,controller\na,A,,,2022,Russia\n")
    with pytest.raises(
        BadInput, match="1: this column is missing: known_at; found are 'location_id"
    ):
        importer.imports(path)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "it is empty"),
        (HEADER.encode(), "it holds no rows"),
        (
            HEADER.encode() + b"\nk,K\xe9v\xc3\xa9\n",
            "table.csv:2:4: the byte 0xe9 is not UTF-8; save",
        ),
    ],
)
def test_a_file_that_is_no_table(importer: Importer, data: bytes, message: str) -> None:
    path = importer.folder / "table.csv"
    path.write_bytes(data)
    with pytest.raises(BadInput) as refused:
        importer.imports(path)
    assert message in str(refused.value)


def around(day: str) -> Iterator[str]:
    """The day, and the days beside it."""
    for days in (-1, 0, 1):
        yield (date.fromisoformat(day) + timedelta(days)).isoformat()


# ---- Local days ------------------------------------------------------------------------------


def occurred_of(path: Path, terms: Terms, zones: Zones | None = None) -> list[str]:
    return [row.event.occurred.text for row in read_claims(path, terms, NOW, zones).rows]


def test_days_of_a_table_are_told_in_its_zone(importer: Importer) -> None:
    path = importer.write("kabul,Kabul,,,2021-08-16,2021-08-15,Taliban,,")
    terms = replace(table_of(), zone="Asia/Kabul")
    (row,) = read_claims(path, terms, NOW).rows
    assert row.event.occurred.text == "2021-08-15[+04:30 Asia/Kabul]"
    assert row.report.published.text == "2021-08-16[+04:30 Asia/Kabul]"
    assert (row.report.report, row.report.zone) == ("table-2021-08-16", "Asia/Kabul")
    assert row.report.title == "Revision of 2021-08-16 (Asia/Kabul)"


def test_days_of_a_table_are_told_by_the_clocks_of_a_registered_place_or_source(
    importer: Importer,
) -> None:
    place = {"location": "kabul", "name": "Kabul", "kind": "town", "zone": "Asia/Kabul"}
    source = {"source": "table", "name": "Table", "reliability": "C", "zone": "Europe/Kyiv"}
    known = [LocationRegistered.model_validate(place), SourceRegistered.model_validate(source)]
    importer.node.ledger.record([identify(each) for each in known], by="tester")
    path = importer.write(
        "kabul,Kabul,,,2021-08-16,2021-08-15,Taliban,,",
        "kabul,Kabul,,,2021-08-17,,Taliban,,",
        "kyiv,Kyiv,,,2021-08-17,2021-08-15,Ukraine,,",
        "kyiv,Kyiv,,,2021-08-18,2021-08-15T12:00:00Z,Ukraine,,",
    )
    assert occurred_of(path, table_of(), Zones(importer.node.ledger)) == [
        "2021-08-15[+04:30 Asia/Kabul]",
        "2021-08-17[+04:30 Asia/Kabul]",
        "2021-08-15[+03:00 Europe/Kyiv]",
        "2021-08-15T12:00:00Z",
    ]


def test_the_report_of_a_revision_is_the_same_at_whichever_offset_its_time_is_told(
    importer: Importer,
) -> None:
    """What was imported before times kept their offsets is not imported again."""
    told = "kabul,Kabul,,,2021-08-16T06:30:00{},2021-08-15,Taliban,,"
    path = importer.write(told.format("+02:00"))
    (row,) = read_claims(path, table_of(), NOW).rows
    assert row.report.published.text == "2021-08-16T06:30:00[+02:00]"
    assert row.report.report == "table-2021-08-16t04-30-00z"
    assert row.report.title == "Revision of 2021-08-16T04:30:00Z"
    again = identify(row.report).id
    (in_utc,) = read_claims(
        importer.write(told.format("Z").replace("T06", "T04")), table_of(), NOW
    ).rows
    assert identify(in_utc.report).id == again


def test_a_table_without_zones_is_read_as_before(importer: Importer) -> None:
    path = importer.write(
        "kyiv,Kyiv,,,2021-08-16,2021-08-15,Ukraine,,", "kyiv,Kyiv,,,2021-08-17,,X,,"
    )
    assert occurred_of(path, table_of()) == ["2021-08-15", "2021-08-17"]


def test_a_cell_that_the_clocks_of_its_zone_did_not_show_is_refused(importer: Importer) -> None:
    path = importer.write(
        "apia,Apia,,,2012-01-01,2011-12-30,Samoa,,",
        "apia,Apia,,,2012-01-02,2011-12-31[Pacific/Appia],Samoa,,",
        "apia,Apia,,,2011-12-30,2011-12-29,Samoa,,",
    )
    with pytest.raises(BadInput) as refused:
        read_claims(path, replace(table_of(), zone="Pacific/Apia"), NOW)
    said = str(refused.value).replace(f"{path}:", "").splitlines()
    assert [each.partition(",")[0].partition(";")[0] for each in said] == [
        "2: as_of: '2011-12-30' is not a time in Pacific/Apia",
        "3: as_of: no time zone is called 'Pacific/Appia'",
        "4: known_at: '2011-12-30' is not a time in Pacific/Apia",
    ]
