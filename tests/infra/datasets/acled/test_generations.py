"""Answers: are exports of 2016, 2020 and today read alike, and all their columns accounted for?"""

from pathlib import Path

import pytest

from domain.events import ClashReported, ReportFiled
from domain.values import Estimate, Tactic
from infra.datasets.acled.columns import NOT_KEPT, READ, column_name
from infra.datasets.acled.known_actors import KnownActors
from infra.datasets.acled.survey import survey
from infra.datasets.report import RowOutcome
from infra.intake.problems import BadInput
from infra.ledger.ledger import Ledger
from tests.infra.datasets.acled.exports import (
    ARMY,
    FRONT,
    OF_2016,
    OF_2020,
    TODAY,
    actors,
    export,
    of_2016,
    outcomes,
    places,
    pull,
    reports,
    row,
    standing,
    the,
    told,
)


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        (TODAY, row(disorder_type="Political violence", population_1km="1200")),
        (OF_2020, row(data_id="7", event_date="14 November 2023", inter1="1", inter2="2")),
        (OF_2016, of_2016()),
    ],
    ids=["today", "2020", "2016"],
)
def test_a_row_says_the_same_in_every_generation(
    columns: tuple[str, ...], said: dict[str, str], ledger: Ledger, file: Path
) -> None:
    export(file, said, columns=columns)
    assert outcomes(pull(ledger, file, published="2023-12-31")) == {RowOutcome.RECORDED: 1}
    clash = the(ledger, ClashReported)
    assert clash.occurred.text == "2023-11-14"
    assert clash.tactic is Tactic.ARMED_CLASH
    assert clash.deaths == Estimate(best=3)
    assert clash.passage == "row AZW1"
    by_name = {actor.name: actor for actor in actors(ledger).values()}
    assert clash.sides == ((by_name[ARMY].actor,), (by_name[FRONT].actor,))
    assert by_name[ARMY].kind == "state-force"
    assert by_name[FRONT].kind == "armed-group"
    place = places(ledger)[clash.location]
    assert (place.name, place.kind) == ("Kaya", "town")


def test_every_column_is_read_or_not_kept_for_a_reason() -> None:
    known = {column_name(each) for each in (*TODAY, *OF_2020, *OF_2016)}
    assert known <= READ | NOT_KEPT.keys()
    assert not READ & NOT_KEPT.keys()
    page = (Path(__file__).parents[4] / "docs/datasets/acled.md").read_text()
    assert [each for each in (*READ, *NOT_KEPT) if f"`{each}`" not in page] == []


def test_a_strange_column_is_named(ledger: Ledger, file: Path) -> None:
    export(file, row(), columns=(*TODAY, "My comment"))
    assert survey(file).strange == ("My comment",)
    notes = survey(file).notes(None, {}, KnownActors())
    assert "Columns that are not read: 'My comment'." in [*notes]


def test_the_line_of_hxl_tags_is_no_row(ledger: Ledger, file: Path) -> None:
    export(file, row(), hxl=True)
    assert outcomes(pull(ledger, file)) == {RowOutcome.RECORDED: 1}


def test_na_is_nobody_and_nothing(ledger: Ledger, file: Path) -> None:
    bomb = row(
        event_type="Explosions/Remote violence",
        sub_event_type="Grenade",
        actor2="NA",
        inter2="NA",
        assoc_actor_1="NA",
        admin2="NA",
        fatalities="NA",
        source="NA",
    )
    pull(ledger, export(file, bomb))
    clash = the(ledger, ClashReported)
    assert len(clash.sides) == 1
    assert clash.deaths is None
    assert "NA" not in {each.name for each in actors(ledger).values()}
    assert "NA" not in {each.name for each in places(ledger).values()}
    assert reports(ledger)[0].title == "ACLED, 2023-11-21 (National)"


def test_a_row_that_names_nobody_is_refused(ledger: Ledger, file: Path) -> None:
    export(file, row(actor1="NA", actor2=""))
    assert outcomes(pull(ledger, file)) == {RowOutcome.REFUSED: 1}
    assert told(file)[0]["why"] == "nobody is named"


def test_a_file_that_is_no_export_is_refused(file: Path) -> None:
    file.write_text("event_date,notes\n2023-11-14,nothing\n")
    with pytest.raises(BadInput, match="this file not: time_precision, event_type, actor1"):
        survey(file)


def test_several_outlets_in_a_cell_are_one_voice_with_its_sources_listed(
    ledger: Ledger, file: Path
) -> None:
    pull(ledger, export(file, row(source="Desert Post; Radio Sahel;Desert Post")))
    (report,) = reports(ledger)
    assert report.source == "acled"
    assert report.title == "ACLED, 2023-11-21: Desert Post; Radio Sahel (National)"
    assert "Sources: Desert Post; Radio Sahel (National)." in (standing(ledger)[0].summary or "")


def test_a_row_is_published_at_its_own_timestamp(ledger: Ledger, file: Path) -> None:
    export(file, row(timestamp="1700600000.0"), row(event_id_cnty="AZW2", timestamp="1700700000"))
    pull(ledger, file)
    assert sorted(each.published.text for each in reports(ledger)) == [
        "2023-11-21T20:53:20Z",
        "2023-11-23T00:40:00Z",
    ]


@pytest.mark.parametrize("stamp", ["", "yesterday", "1700600000000", "12"])
def test_a_row_without_a_fit_timestamp_is_refused(stamp: str, ledger: Ledger, file: Path) -> None:
    export(file, row(timestamp=stamp))
    assert outcomes(pull(ledger, file)) == {RowOutcome.REFUSED: 1}
    assert told(file)[0]["column"] == "timestamp"


def test_rows_without_a_timestamp_are_published_with_their_file(ledger: Ledger, file: Path) -> None:
    pull(ledger, export(file, of_2016(), columns=OF_2016), published="2023-12-31")
    (report,) = reports(ledger)
    assert isinstance(report, ReportFiled)
    assert report.published.text == "2023-12-31"


def test_rows_without_ids_are_told_apart_by_content(ledger: Ledger, file: Path) -> None:
    columns = tuple(each for each in TODAY if each != "event_id_cnty")
    first, other = row(), row(notes="They fought again.")
    for each in (first, other):
        del each["event_id_cnty"]
    export(file, first, other, {**first, "latitude": "18.44100000000001"}, columns=columns)
    assert outcomes(pull(ledger, file)) == {RowOutcome.RECORDED: 2, RowOutcome.REFUSED: 1}
    assert "stands on line 2 already" in told(file)[0]["why"]
    later = {**first, "timestamp": "1700900000"}
    export(file, other, later, columns=columns)
    assert outcomes(pull(ledger, file)) == {RowOutcome.UNCHANGED: 2}


def test_two_rows_with_one_id_in_one_file_are_named(ledger: Ledger, file: Path) -> None:
    export(file, row(), row(event_id_cnty="AZW2"), row(fatalities="9"))
    assert outcomes(pull(ledger, file)) == {RowOutcome.RECORDED: 2, RowOutcome.REFUSED: 1}
    (line,) = told(file)
    assert (line["line"], line["row"]) == ("4", "AZW1")
    assert line["why"] == "the row AZW1 stands on line 2 already; which of the two counts?"


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("fatalities", "many"),
        ("fatalities", "-3"),
        ("fatalities", "2.5"),
        ("geo_precision", "4"),
        ("geo_precision", ""),
        ("time_precision", "0"),
        ("inter1", "9"),
        ("inter2", "Dragons"),
        ("latitude", "91"),
        ("latitude", "north"),
        ("longitude", "nan"),
        ("longitude", ""),
        ("sub_event_type", "Armed dance"),
        ("country", ""),
        ("location", ""),
        ("location", "Ka\u202eya"),
        ("actor1", "Front\u200b of the North \u202e"),
        ("year", "last"),
    ],
)
def test_an_unfit_cell_refuses_its_row_alone(
    column: str, value: str, ledger: Ledger, file: Path
) -> None:
    export(file, row(event_id_cnty="AZW2"), row(**{column: value}))
    assert outcomes(pull(ledger, file)) == {RowOutcome.RECORDED: 1, RowOutcome.REFUSED: 1}
    (line,) = [each for each in told(file) if each["outcome"] == "refused"]
    assert (line["line"], line["row"], line["column"]) == ("3", "AZW1", column)
    assert line["why"]


def test_numbers_written_by_pandas_are_whole(ledger: Ledger, file: Path) -> None:
    pandas = row(
        year="2023.0",
        time_precision="1.0",
        inter1="1.0",
        inter2="2.0",
        geo_precision="1.0",
        fatalities="3.0",
        longitude="1.4080000000000001",
    )
    assert outcomes(pull(ledger, export(file, row()))) == {RowOutcome.RECORDED: 1}
    assert outcomes(pull(ledger, export(file, pandas))) == {RowOutcome.UNCHANGED: 1}
