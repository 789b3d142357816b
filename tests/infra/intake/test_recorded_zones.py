"""By whose clocks a day is told: the report's, the place's, the source's, and else UTC."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from domain import events
from domain.events import Event, ReportFiled, SituationEvent
from domain.occurred import Occurred
from infra.intake.problems import BadInput
from infra.intake.recorded_zones import Zones
from infra.intake.situation_file import read_situation
from infra.ledger.codec import id_of, identify
from infra.ledger.ledger import Ledger, open_ledger
from tests.domain.builders import event

WORLD = """\
- {type: SourceRegistered, source: tolo, name: TOLOnews, reliability: B, zone: Asia/Kabul}
- {type: SourceRegistered, source: afp, name: AFP, reliability: B, zone: Europe/Paris}
- {type: SourceRegistered, source: blog, name: A blog, reliability: F}
- {type: LocationRegistered, location: iran, name: Iran, kind: region, zone: Asia/Tehran}
- {type: LocationRegistered, location: mashhad, name: Mashhad, kind: town, within: iran}
- {type: LocationRegistered, location: camp, name: A camp, kind: base, within: mashhad}
- {type: LocationRegistered, location: sea, name: At sea, kind: site}
- {type: ActorRegistered, actor: taliban, name: Taliban, kind: armed-group}
- {type: ReportFiled, report: tolo-1, source: tolo, published: 2021-08-15, title: Kabul}
- {type: ReportFiled, report: afp-1, source: afp, published: 2021-08-15T23, title: Kaboul}
- {type: ReportFiled, report: afp-2, source: afp, published: 2021-08, title: In UTC, zone: UTC}
- {type: ReportFiled, report: blog-1, source: blog, published: 2021-08-15, title: Post}
- {type: ReportFiled, report: blog-2, source: blog, published: 2021-08-15, title: P, zone: "-05:00"}
"""


@pytest.fixture
def ledger() -> Iterator[Ledger]:
    with open_ledger("memory:") as ledger:
        yield ledger


class Files:
    """Files that are recorded one after the other."""

    def __init__(self, folder: Path, ledger: Ledger) -> None:
        self._path, self._ledger = folder / "news.yaml", ledger

    def read(self, text: str) -> list[Event]:
        self._path.write_text(text, encoding="utf-8")
        situation = read_situation(self._path, Zones(self._ledger))
        return [each.event for each in situation.statements]

    def record(self, text: str) -> list[bool]:
        """Which of the statements were recorded before."""
        statements = [identify(each) for each in self.read(text)]
        return [each.duplicate for each in self._ledger.record(statements, by="tester")]

    def refuses(self, text: str) -> str:
        with pytest.raises(BadInput) as refused:
            self.read(text)
        return str(refused.value).replace(f"{self._path}:", "")


@pytest.fixture
def files(tmp_path: Path, ledger: Ledger) -> Files:
    return Files(tmp_path, ledger)


def seizure(occurred: str, *, report: str, location: str = "sea", **more: str) -> str:
    told = {"occurred": f'"{occurred}"', "report": report, "location": location, **more}
    fields = ", ".join(f"{name}: {value}" for name, value in told.items())
    return f"- {{type: TownSeized, by: taliban, credibility: 2, {fields}}}\n"


def occurred(event: Event) -> str:
    assert isinstance(event, SituationEvent)
    return event.occurred.text


ORDER = pytest.mark.parametrize(
    ("report", "location", "stored"),
    [
        ("tolo-1", "sea", "2021-08-15[+04:30 Asia/Kabul]"),  # the source's
        ("tolo-1", "iran", "2021-08-15[+04:30 Asia/Tehran]"),  # the place's before the source's
        ("afp-1", "camp", "2021-08-15[+04:30 Asia/Tehran]"),  # that of the place around it
        ("afp-2", "camp", "2021-08-15"),  # the report's before the place's
        ("blog-2", "iran", "2021-08-15[-05:00]"),
        ("blog-1", "mashhad", "2021-08-15[+04:30 Asia/Tehran]"),
        ("blog-1", "sea", "2021-08-15"),  # nobody has one
    ],
)


@ORDER
def test_in_one_file_the_nearest_zone_to_the_words_counts(
    files: Files, report: str, location: str, stored: str
) -> None:
    *_, told = files.read(WORLD + seizure("2021-08-15", report=report, location=location))
    assert occurred(told) == stored


@ORDER
def test_what_was_recorded_before_has_its_zones(
    files: Files, report: str, location: str, stored: str
) -> None:
    files.record(WORLD)
    (told,) = files.read(seizure("2021-08-15", report=report, location=location))
    assert occurred(told) == stored


def test_a_publication_is_told_in_the_zone_of_the_report_or_of_its_source(files: Files) -> None:
    published = {
        each.report: each.published.text
        for each in files.read(WORLD)
        if isinstance(each, ReportFiled)
    }
    assert published == {
        "tolo-1": "2021-08-15[+04:30 Asia/Kabul]",
        "afp-1": "2021-08-15T23[+02:00 Europe/Paris]",
        "afp-2": "2021-08",
        "blog-1": "2021-08-15",
        "blog-2": "2021-08-15[-05:00]",
    }


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("2021-08-15Z", "2021-08-15"),
        ("2021-08-15T06:00:00+02:00", "2021-08-15T06:00:00[+02:00]"),
        ("2021-08-15[Asia/Tokyo]", "2021-08-15[+09:00 Asia/Tokyo]"),
        ("2021-08-15T06", "2021-08-15T06[+04:30 Asia/Kabul]"),
        ("2021-08/2021-09", "2021-08[+04:30 Asia/Kabul]/2021-09[+04:30 Asia/Kabul]"),
    ],
)
def test_what_is_written_in_the_time_itself_comes_first(
    files: Files, written: str, stored: str
) -> None:
    *_, told = files.read(WORLD + seizure(written, report="tolo-1"))
    assert occurred(told) == stored


@pytest.mark.parametrize(
    ("locations", "stored"),
    [
        ("[iran, camp]", "2021-08-15[+04:30 Asia/Tehran]"),
        ("[iran, sea]", "2021-08-15[+02:00 Europe/Paris]"),
        ("[]", "2021-08-15[+02:00 Europe/Paris]"),
    ],
)
def test_of_several_places_the_zone_counts_that_all_of_them_have(
    files: Files, locations: str, stored: str
) -> None:
    text = f"""\
- {{type: StatementIssued, by: taliban, stance: demand, occurred: 2021-08-15, report: afp-1,
   credibility: 2, locations: {locations}}}
"""
    assert occurred(files.read(WORLD + text)[-1]) == stored


def test_a_correction_is_told_in_the_zone_too(files: Files) -> None:
    *_, wrong = files.read(WORLD + seizure("2021-08-15", report="tolo-1"))
    text = f"""\
- type: Correction
  event: {identify(wrong).id}
  reason: It was a day earlier.
  report: tolo-1
  corrected: {seizure("2021-08-14", report="tolo-1").removeprefix("- ")}"""
    assert files.record(WORLD + seizure("2021-08-15", report="tolo-1") + text)[-2:] == [
        False,
        False,
    ]
    right, taken_back = files.read(text)
    assert occurred(right) == "2021-08-14[+04:30 Asia/Kabul]"
    assert isinstance(taken_back, events.EventRetracted)
    assert taken_back.replaced_by == identify(right).id


def test_a_file_is_recorded_once(files: Files) -> None:
    text = WORLD + seizure("2021-08-15", report="tolo-1") + seizure("2021-08", report="afp-1")
    assert not any(files.record(text))
    assert all(files.record(text))


def test_a_file_without_zones_says_what_it_always_said(files: Files) -> None:
    """The id is the one that this statement had before there were zones."""
    (told,) = files.read(seizure("2023-11-14", report="press-1", location="kidal"))
    assert identify(told).id == "eb38f933-d88b-5160-b980-64f8620c618e"


# ---- Where the database of zones changes its mind --------------------------------------------


def told_at(offsets: str, form: str = "2021-08-15[{} Asia/Kabul]", **more: Any) -> Event:
    given = {"location": "sea", "by": ["taliban"], "report": "tolo-1", "credibility": 2}
    return event(events.TownSeized, **given, occurred=form.format(offsets), **more)


def test_a_statement_keeps_its_id_when_another_offset_is_looked_up(
    files: Files, ledger: Ledger
) -> None:
    files.record(WORLD)
    ledger.record([identify(told_at("+04:00"))], by="an older release")
    assert files.record(seizure("2021-08-15", report="tolo-1")) == [True]
    *_, recorded = ledger.read()
    assert occurred(recorded.event) == "2021-08-15[+04:00 Asia/Kabul]"


def test_an_offset_that_was_written_is_part_of_the_id() -> None:
    ids = {identify(told_at(offset, "2021-08-15[{}]")).id for offset in ("+04:00", "+04:30")}
    assert len(ids) == 2
    clocks = [identify(told_at(o, "2021-10-31T02:30:00[{} A]")).id for o in ("+01:00", "+02:00")]
    assert clocks[0] != clocks[1], "two instants at which the clocks showed the same"


@pytest.mark.parametrize(
    ("written", "stored", "kept"),
    [
        ("2021-08-15T06+02:00", "2021-08-15T04Z", "2021-08-15T06[+02:00]"),
        ("2021-10-31T02:30:00+01:00", "2021-10-31T01:30:00Z", "2021-10-31T02:30:00[+01:00]"),
        (
            "2021-08-15Z/2021-08-17T06+02:00",
            "2021-08-15/2021-08-17T04Z",
            "2021-08-15[+00:00]/2021-08-17T06[+02:00]",
        ),
    ],
)
def test_what_was_stored_in_utc_before_offsets_were_kept_is_not_recorded_again(
    files: Files, ledger: Ledger, written: str, stored: str, kept: str
) -> None:
    files.record(WORLD.replace("published: 2021", "published: 2022"))
    ledger.record([identify(told_at("", stored))], by="the version before")
    assert files.record(seizure(written, report="tolo-1")) == [True]
    (told,) = files.read(seizure(written, report="tolo-1"))
    assert occurred(told) == kept


def test_the_id_of_a_stored_entry_is_that_of_its_statement(files: Files, ledger: Ledger) -> None:
    files.record(WORLD + seizure("2021-08/2021-09", report="tolo-1"))
    for stored, recorded in zip(ledger.stored(), ledger.read(), strict=True):
        assert id_of(stored.event.data) == recorded.statement.id == identify(recorded.event).id


def test_a_summary_keeps_its_brackets_in_the_id() -> None:
    said, other = (
        told_at("+04:30", summary=f"On 2021-08-15[{o} A].") for o in ("+01:00", "+02:00")
    )
    assert identify(said).id != identify(other).id


# ---- What is refused -------------------------------------------------------------------------


def test_zones_and_times_that_are_none_are_refused_with_their_place(files: Files) -> None:
    text = """\
- {type: SourceRegistered, source: a, name: A, reliability: B, zone: Asia/Kabool}
- {type: SourceRegistered, source: b, name: B, reliability: B, zone: 4h30}
- {type: SourceRegistered, source: c, name: C, reliability: B, zone: +10:00}
- {type: SourceRegistered, source: d, name: D, reliability: X, zone: Nowhere/Land}
"""
    assert [line.partition(";")[0] for line in files.refuses(text).splitlines()] == [
        "1:70: zone: no time zone is called 'Asia/Kabool'",
        "2:70: zone: '4h30' is not a time zone",
        "4:61: reliability: 'X' is not one of the words that stand here: A, B, C, D, E or F",
        "4:70: zone: no time zone is called 'Nowhere/Land'",
    ]
    assert "did you mean Asia/Kabul or" in files.refuses(text)


def test_a_time_that_the_clocks_of_its_zone_did_not_show_is_refused(files: Files) -> None:
    text = seizure("2021-03-28T02", report="afp-1") + seizure("2021-09/2021-08", report="afp-1")
    assert [
        line.partition(",")[0].partition(";")[0]
        for line in files.refuses(WORLD + text).splitlines()
    ] == [
        "14:61: occurred: '2021-03-28T02' is not a time in Europe/Paris",
        "15:61: occurred: '2021-09/2021-08' is not a time: the range ends before it begins",
    ]


def test_a_zone_in_the_record_of_an_event_is_refused_with_where_to_write_it(files: Files) -> None:
    text = seizure("2021-08-15", report="tolo-1", zone="Asia/Kabul")
    advice = 'write the zone behind the time, as in occurred: "2021-08-15[Asia/Kabul]"'
    assert advice in files.refuses(text)


def test_an_hour_needs_a_zone_of_somebody(files: Files) -> None:
    refusal = files.refuses(WORLD + seizure("2021-08-15T06", report="blog-1"))
    assert "it says neither its offset from UTC nor its zone" in refusal


def test_fields_of_the_wrong_kind_have_no_zone() -> None:
    zones = Zones()
    given = {"occurred": "2021-08-15", "report": ["x"], "location": {"a": 1}, "locations": 3}
    told, wrong = zones.resolve_times(events.TownSeized, given)
    assert (told["occurred"], wrong) == (Occurred.parse("2021-08-15"), {})
