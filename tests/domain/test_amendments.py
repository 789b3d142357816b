"""An event amends a registration: its content, its refusals, and the registration as amended."""

import pytest
from pydantic import ValidationError

from domain import events, refusals
from domain.actor import fold as fold_actor
from domain.amendments import Amendments, amended
from domain.control.timeline import END
from domain.location import Location
from domain.location import fold as fold_location
from domain.occurred import parse_moment
from domain.values import ActorId, EventId, LocationId, LocationKind, SourceId
from domain.words.names import Naming
from tests.domain.builders import entries, event, event_id
from tests.domain.test_registry import Record, reinstated, retracted

KIDAL = event(
    events.LocationRegistered,
    name="Kidla",
    kind="region",
    within="mali",
    coordinates={"latitude": 1, "longitude": 2},
    aliases=["Kydal"],
    codes=[{"scheme": "pcode", "code": "ML08"}],
)
LATER = parse_moment("2023-12-31")


def mended(**changes: object) -> events.LocationAmended:
    return event(events.LocationAmended, reason="the gazetteer", **changes)


# ---- What an amendment may say ---------------------------------------------------------------


def test_what_is_not_given_stays_as_it_was() -> None:
    read = amended(KIDAL, [mended(name="Kidal"), mended(kind="town")])
    assert read == KIDAL.model_copy(update={"name": "Kidal", "kind": LocationKind.TOWN})


def test_of_several_amendments_of_a_field_the_last_counts() -> None:
    read = amended(KIDAL, [mended(name="Kidal"), mended(aliases=["K"]), mended(name="Tikidal")])
    assert (read.name, [alias.text for alias in read.aliases]) == ("Tikidal", ["K"])


def test_a_list_is_emptied_and_what_may_be_missing_is_cleared() -> None:
    read = amended(KIDAL, [mended(aliases=[], codes=[], cleared=["within", "coordinates"])])
    assert read == event(events.LocationRegistered, name="Kidla", kind="region")


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({}, "give at least one field that is to read otherwise"),
        ({"within": "kidal"}, "a place does not lie within itself"),
        ({"within": "mali", "cleared": ["within"]}, "within is given and cleared"),
        ({"cleared": ["within", "within"]}, "the same field is cleared twice"),
        ({"cleared": ["name"]}, "cleared.0"),
        ({"name": " "}, "name"),
        ({"reliability": "A"}, "reliability"),
    ],
)
def test_what_an_amendment_can_not_say(changes: dict[str, object], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        mended(**changes)


# ---- What is decided -------------------------------------------------------------------------


def nested() -> Record:
    """A camp in a town in a region, each by its own name; and a report."""
    record = Record()
    record.record(event(events.SourceRegistered, source="afp", name="AFP", reliability="B"))
    filed = {"source": "afp", "published": "2023-11-15", "title": "Kidal"}
    for report in ("report-1", "report-2"):
        record.record(event(events.ReportFiled, report=report, **filed))
    for place, around in (("region", None), ("town", "region"), ("camp", "town")):
        fields = {"location": place, "name": place, "kind": "site", "within": around}
        record.record(event(events.LocationRegistered, **fields))
    return record


def moved(place: str, **changes: object) -> events.LocationAmended:
    return mended(location=place, **changes)


def test_an_amendment_concerns_what_it_amends_and_not_what_lies_around_it() -> None:
    record = nested()
    id = record.record(moved("camp", within="region"))
    assert id
    assert record.tags[id] == [f"event:{id}", "location:camp"]
    title = record.record(
        event(events.ReportAmended, report="report-1", title="Gao", reason="a slip")
    )
    assert title
    assert record.tags[title] == [f"event:{title}", "report:report-1", "source:afp"]


def test_nothing_is_amended_that_is_not_registered() -> None:
    with pytest.raises(refusals.UnknownReference, match="'nowhere'"):
        nested().record(moved("nowhere", name="Nowhere"))
    with pytest.raises(refusals.UnknownReference, match="'nowhere'"):
        nested().record(moved("camp", within="nowhere"))


def test_a_place_is_not_moved_into_what_lies_in_it() -> None:
    record = nested()
    with pytest.raises(refusals.WithinItself) as refused:
        record.record(moved("region", within="camp"))
    assert str(refused.value) == (
        "'region' would lie within 'camp', which lies within 'town', which lies within 'region': "
        "no place contains itself; amend the other place first"
    )
    assert refused.value.field == "within"


def test_what_was_moved_out_may_take_the_other_in() -> None:
    record = nested()
    record.record(moved("camp", cleared=["within"]))
    assert record.record(moved("region", within="camp"))


def test_taking_an_amendment_back_may_not_put_a_place_within_itself() -> None:
    record = nested()
    out = record.record(moved("camp", cleared=["within"]))
    into = record.record(moved("region", within="camp"))
    assert out and into
    with pytest.raises(refusals.WithinItself, match="'camp' would lie within 'town'") as refused:
        record.record(retracted(out))
    assert refused.value.field == "event"
    assert record.record(retracted(into))
    assert record.record(retracted(out))
    with pytest.raises(refusals.WithinItself, match="'region' would lie within 'camp'"):
        record.record(reinstated(into))


def test_an_amendment_is_taken_back_and_reinstated_like_any_statement() -> None:
    record = nested()
    id = record.record(moved("camp", name="Camp"))
    assert id
    with pytest.raises(refusals.NothingToReinstate, match="it is not retracted"):
        record.record(reinstated(id))
    assert record.record(retracted(id))
    with pytest.raises(refusals.NothingToRetract, match="it is retracted already"):
        record.record(retracted(id, reason="once more"))
    assert record.record(reinstated(id))
    assert record.known.events[id].live


def test_a_statement_does_not_take_the_place_of_an_amendment() -> None:
    record = nested()
    id = record.record(moved("camp", name="Camp"))
    assert id
    with pytest.raises(refusals.NothingToRetract, match="which no statement corrects"):
        record.record(retracted(id, replaced_by=event_id(1)))


@pytest.mark.parametrize(
    ("again", "says"),
    [
        (event(events.LocationRegistered, location="camp", name="C", kind="base"), "LocationA"),
        (
            event(events.SourceRegistered, source="afp", name="A", reliability="A"),
            "record SourceAmended with what is to read otherwise, or SourceRegraded",
        ),
        (
            event(events.ReportFiled, report="report-1", source="afp", title="T", published="2023"),
            "ReportAmended",
        ),
    ],
)
def test_a_second_registration_is_told_how_to_mend_the_first(
    again: events.Event, says: str
) -> None:
    with pytest.raises(refusals.AlreadyRegistered, match=says):
        nested().record(again)


# ---- What then reads -------------------------------------------------------------------------


def test_a_place_of_another_kind_has_heard_its_claims_all_along() -> None:
    said = [
        event(events.SourceRegistered, source="afp", name="AFP", reliability="B"),
        event(events.ReportFiled, report="report-1", source="afp", published="2023", title="K"),
        KIDAL,
        event(events.TownSeized, by="fama", occurred="2023-11-14"),
        mended(kind="town"),
        event(events.EventRetracted, event=event_id(5), reason="no", report="report-1"),
        event(events.EventReinstated, event=event_id(5), reason="yes", report="report-1"),
    ]
    told = entries(*said)
    heard = [
        len(fold_location(LocationId("kidal"), told[:end]).claims().claims) for end in range(8)
    ]
    assert heard == [0, 0, 0, 0, 0, 1, 0, 1]


def test_a_source_that_was_never_continuous_lets_its_word_grow_old() -> None:
    said = [
        event(events.SourceRegistered, source="afp", name="AFP", reliability="B", continuous=True),
        event(events.ReportFiled, report="report-1", source="afp", published="2023", title="K"),
        mended(kind="town"),
        KIDAL,
        event(events.TownSeized, by="fama", occurred="2023-11-14"),
        event(events.SourceAmended, source="afp", continuous=False, reason="a list of one day"),
    ]
    told = entries(*said)
    (before,) = fold_location(LocationId("kidal"), told[:5]).claims().claims
    (after,) = fold_location(LocationId("kidal"), told).claims().claims
    assert (before.kept_until, after.kept_until) == (END, None)


def test_an_actor_goes_by_its_amended_names() -> None:
    csp = event(
        events.ActorRegistered, actor="csp", name="CPS", kind="coalition", aliases=["Cadre"]
    )
    right = event(
        events.ActorAmended, actor="csp", name="CSP", aliases=["The Framework"], reason="a slip"
    )
    renamed = event(events.ActorRenamed, actor="csp", name="CSP-DPA", occurred="2024-04")
    actor = fold_actor(ActorId("csp"), entries(csp, right, renamed))
    assert actor.names(LATER) == ["CSP", "The Framework"]
    assert actor.names(parse_moment("2024-05-01")) == ["CSP-DPA", "The Framework"]


def test_names_of_places_actors_and_sources_are_the_amended_ones() -> None:
    naming = Naming(
        entries(
            KIDAL,
            mended(name="Kidal", kind="town"),
            event(events.ActorRegistered, actor="csp", name="CPS", kind="coalition"),
            event(events.ActorAmended, actor="csp", name="CSP", reason="a slip"),
            event(events.SourceRegistered, source="afp", name="APF", reliability="B"),
            event(events.SourceAmended, source="afp", name="AFP", reason="a slip"),
        )
    )
    names = naming.at(LATER)
    assert names.location(LocationId("kidal")) == "Kidal"
    assert names.kind(LocationId("kidal")) is LocationKind.TOWN
    assert (names.actor(ActorId("csp")), naming.source(SourceId("afp"))) == ("CSP", "AFP")


def test_what_takes_back_something_else_is_no_matter_to_amendments() -> None:
    amendments = Amendments()
    other = event(events.EventRetracted, event=event_id(9), reason="no", report="report-1")
    told = entries(mended(name="Kidal"), other)
    assert [amendments.learn(entry) is not None for entry in told] == [True, False]
    assert amendments.read(KIDAL).name == "Kidal"
    assert not amendments.concerns(EventId(event_id(2)))


def test_a_place_learns_of_an_amendment_before_its_registration_too() -> None:
    place = Location(LocationId("kidal"))
    for entry in entries(mended(kind="town"), KIDAL):
        place.learn(entry)
    assert place.kind is LocationKind.TOWN
