"""What we registered wrongly is mended: every view follows from then on, and none before."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.answers.basis import Basis
from api.answers.replay import replay_basis, replay_from
from api.answers.situation import Situation, compare
from api.audit.bundle_answers import BundleAnswers
from api.node import Node
from domain import events
from domain.control.claims import ControlStatus, assertion_of
from domain.occurred import parse_moment
from domain.registry import Statement
from domain.situation.ties import TieKind
from domain.values import ActorId, LocationId, LocationKind, ReportId, SourceId
from infra.bundle.files import BundleFolder
from infra.ledger.engines import open_recorder
from infra.ledger.ledger import StatementRefused
from projections.entries import EventFilter
from projections.names import ACTOR, LOCATION
from projections.places import PlaceFilter
from tests.bundles import always, check, export
from tests.domain.amending import as_it_reads
from tests.domain.builders import event
from tests.infra.examples import EXAMPLES
from tests.nodes import NOW, WORLD, node_on, tell
from tests.projections.replay import around_in
from tests.projections.strategies import Append, appends
from tests.projections.test_control_view import followed, often

MALI, NIGER = LocationId("mali"), LocationId("niger")
KIDAL, CAMP = LocationId("kidal"), LocationId("kidal-camp")
DAY = parse_moment("2023-11-20")
SEIZED = event(events.TownSeized, by="fama", occurred="2023-11-14")


def mended(place: str = "kidal", **changes: object) -> events.LocationAmended:
    return event(events.LocationAmended, location=place, reason="the gazetteer", **changes)


def taken_back(told: Statement) -> events.EventRetracted:
    return event(events.EventRetracted, event=told.id, reason="no", report="report-2")


def reinstated(told: Statement) -> events.EventReinstated:
    return event(events.EventReinstated, event=told.id, reason="yes", report="report-2")


def niger(**more: object) -> events.LocationRegistered:
    return event(events.LocationRegistered, location="niger", name="Niger", kind="region", **more)


def since(node: Node, position: int) -> list[Basis]:
    """What is known at each position from that one on."""
    return [Basis(DAY, each) for each in range(position, node.answers.head + 1)]


def inside(node: Node, place: LocationId, known: Basis) -> list[str]:
    found, _ = node.answers.places.page(PlaceFilter(within=place), known=known.position, size=None)
    return [each.location for each in found]


@pytest.fixture
def moved(node: Node) -> tuple[Node, int]:
    """Kidal was seized, and then amended to lie in Niger; that was taken back, and reinstated. And
    the position before all this."""
    captured = event(events.BaseCaptured, location=CAMP, by="csp", occurred="2022")
    tell(node, niger(), SEIZED, captured)
    before = node.answers.head
    (told,) = tell(node, mended(within="niger"))
    tell(node, taken_back(told), reinstated(told))
    return node, before


# ---- A place comes to lie elsewhere ----------------------------------------------------------


def test_what_lies_within_what_is_as_it_is_known(moved: tuple[Node, int]) -> None:
    node, before = moved
    asked = since(node, before)
    assert [inside(node, MALI, known) for known in asked] == [
        *(["kidal", "kidal-camp"], [], ["kidal", "kidal-camp"], [])
    ]
    assert [inside(node, NIGER, known) for known in asked] == [
        *([], ["kidal", "kidal-camp"], [], ["kidal", "kidal-camp"])
    ]
    around = [node.answers.places.around(CAMP, known=known.position) for known in asked]
    assert around == [(KIDAL, MALI), (KIDAL, NIGER), (KIDAL, MALI), (KIDAL, NIGER)]


def test_maps_and_situations_follow(moved: tuple[Node, int]) -> None:
    node, before = moved
    for place, there in ((MALI, [True, False, True, False]), (NIGER, [False, True, False, True])):
        for known, is_there in zip(since(node, before), there, strict=True):
            found = node.answers.map(PlaceFilter(within=place), known)
            expected = [KIDAL, CAMP] if is_there else []
            assert [each.location for each in found] == expected
            situation = Situation(node.answers, known, place)
            assert {answer.location for answer in situation.places} == set(expected)
            assert len(situation.reported()) == is_there


def test_chronicles_and_lists_of_events_follow(moved: tuple[Node, int]) -> None:
    node, before = moved
    for place, there in ((MALI, [True, False, True, False]), (NIGER, [False, True, False, True])):
        for known, is_there in zip(since(node, before), there, strict=True):
            told = node.answers.chronicle(known).page(place, EventFilter()).entries
            assert [each.event.location for each in told] == [CAMP, KIDAL] * is_there  # type: ignore[attr-defined]
            page = node.answers.entries.page(
                EventFilter(types=("TownSeized",), within=place), known=known.position, size=9
            )
            assert len(page.entries) == is_there
    of_itself = node.answers.chronicle(node.answers.basis()).page(KIDAL, EventFilter())
    assert len(of_itself.entries) == 2


def test_an_amendment_is_found_where_the_place_lies(moved: tuple[Node, int]) -> None:
    node, before = moved
    wanted = EventFilter(types=("LocationAmended",), within=NIGER)
    found = [
        [entry.retracted for entry in page.entries]
        for known in since(node, before)
        for page in [node.answers.entries.page(wanted, known=known.position, size=9)]
    ]
    assert found == [[], [False], [], [False]]
    (amendment,) = node.answers.entries.page(
        EventFilter(types=("LocationAmended",), tags=("location:kidal",)), known=before + 2, size=9
    ).entries
    assert amendment.retracted


def test_what_names_two_places_stays_where_the_other_one_lies(node: Node) -> None:
    fields = {"by": "csp", "stance": "neutral", "locations": [KIDAL, "gao"]}
    said = event(events.StatementIssued, **fields, occurred="2023-11-14")
    gao = event(events.LocationRegistered, location="gao", name="Gao", kind="town", within="mali")
    tell(node, niger(), gao, said, mended(within="niger"))
    chronicle = node.answers.chronicle(node.answers.basis())
    told = [chronicle.page(place, EventFilter()) for place in (MALI, NIGER, KIDAL)]
    assert [len(each.entries) for each in told] == [1, 1, 1]


def test_a_place_moved_out_of_everything_has_nothing_around_it(node: Node) -> None:
    tell(node, SEIZED, mended(cleared=["within"]))
    assert node.answers.places.around(CAMP) == (KIDAL,)
    told = node.answers.chronicle(node.answers.basis()).page(MALI, EventFilter())
    assert told.entries == []


def test_who_is_asked_for_a_place_without_a_voice_is_known_then(node: Node) -> None:
    gao = event(events.LocationRegistered, location="gao", name="Gao", kind="town", within="mali")
    tell(node, gao, SEIZED, mended("kidal-camp", within="gao"))
    before, now = (Basis(DAY, node.answers.head - back) for back in (1, 0))
    asked = [node.answers.control(CAMP, known, inherit=True) for known in (before, now)]
    assert [each.inherited_from for each in asked] == [KIDAL, None]


def test_who_left_a_country_has_left_the_places_that_lay_in_it_as_known_then(node: Node) -> None:
    told = {"mission": "minusma", "credibility": 2}
    came = event(events.MissionDeployed, location="kidal", occurred="2014", **told)
    went = event(events.MissionWithdrawn, location="mali", occurred="2023-12-31", **told)
    tell(node, niger(), came, went, mended(within="niger"))
    at = parse_moment("2024-01-05")
    before, now = (Basis(DAY, node.answers.head - back) for back in (1, 0))
    kinds = [TieKind.DEPLOYED_AT]
    found = [node.answers.ties(known.on(at), kinds) for known in (before, now)]
    assert [[each.tie.object for each in ties] for ties in found] == [[], ["kidal"]]


def test_people_who_fled_a_place_fled_the_region_that_it_lies_in(node: Node) -> None:
    people = {"low": 100, "high": 200}
    fled = [
        event(events.PopulationDisplaced, location=place, occurred="2023-11", people=people)
        for place in ("kidal", "mali")
    ]
    tell(node, niger(), *fled, mended(within="niger"))
    before, now = (Basis(DAY, node.answers.head - back) for back in (1, 0))
    at = parse_moment("2024-01-05")
    sums = [node.answers.displacement(known.on(at)).people for known in (before, now)]
    # What is said of a country counts the town that lies in it, and no other.
    assert [people and people.low for people in sums] == [100, 200]


def test_a_place_that_left_a_region_is_compared_by_its_own_answers(moved: tuple[Node, int]) -> None:
    node, before = moved
    then, now = (
        Situation(node.answers, known, MALI)
        for known in (Basis(DAY, before), node.answers.basis(DAY))
    )
    assert compare(node.answers, then, now) == []
    assert compare(node.answers, now, then) == []


# ---- A place is of another kind --------------------------------------------------------------


def test_of_another_kind_of_place_other_events_are_claims(node: Node) -> None:
    stay = event(events.MissionDeployed, mission="minusma", occurred="2023-11-15")
    tell(node, SEIZED, stay)
    before = node.answers.head
    (base, region) = tell(node, mended(kind="base"), mended(kind="region"))
    tell(node, taken_back(region), taken_back(base))
    answers = [node.answers.control(KIDAL, known) for known in since(node, before)]
    held = [answer.verdict.holders for answer in answers]
    assert held[0] == held[4] == ("fama",)
    assert "minusma" in {*held[1], *(h for side in answers[1].verdict.rivals for h in side.holders)}
    assert (answers[2].verdict.status, answers[3].verdict) == (
        ControlStatus.UNKNOWN,
        answers[1].verdict,
    )


def test_a_town_that_we_took_for_a_region_is_on_the_map_from_then_on(node: Node) -> None:
    district = event(events.LocationRegistered, location="ber", name="Ber", kind="region")
    tell(node, district, event(events.TownSeized, location="ber", by="csp", occurred="2023-11-14"))
    before = node.answers.head
    tell(node, mended("ber", kind="town"))
    maps = [
        [each.location for each in node.answers.map(PlaceFilter(), known)]
        for known in since(node, before)
    ]
    assert maps == [["kidal", "kidal-camp"], ["ber", "kidal", "kidal-camp"]]
    then, now = (Situation(node.answers, known) for known in since(node, before))
    (difference,) = compare(node.answers, then, now)
    assert difference.after.verdict.holders == ("csp",)
    assert difference.before.verdict.status is ControlStatus.UNKNOWN
    entries = node.answers.entries.many(difference.events, known=before + 1)
    positions = [entries[event].position for event in difference.events]
    assert positions == [before, before + 1]


def test_the_replay_tells_of_the_amendment_as_a_step(node: Node) -> None:
    district = event(events.LocationRegistered, location="ber", name="Beer", kind="region")
    tell(node, district, event(events.TownSeized, location="ber", by="csp", occurred="2023-11-14"))
    (told,) = tell(node, mended("ber", kind="town", name="Ber"))
    tell(node, taken_back(told))
    steps = replay_from(node.ledger, "ber", replay_basis(node.ledger, DAY)).steps
    assert [step.words.heard for step in steps] == [
        "Beer is registered as a region",
        "CSP seized one or more towns in Beer on 2023-11-14",
        "Beer is a town after all: the gazetteer",
        f"no. {node.answers.head - 1} is taken back: no",
    ]
    assert [step.words.after for step in steps] == ["unknown", "unknown", "held by CSP", "unknown"]
    assert steps[1].words.because == (
        "Of a place that is registered as this one is, it asserts no control.",
        "The answer stays as it was.",
    )


# ---- A source, a report, an actor ------------------------------------------------------------


def test_a_source_was_never_continuous(node: Node) -> None:
    listing = [
        event(events.SourceRegistered, source="map", name="Mapp", reliability="B", continuous=True),
        event(
            events.ReportFiled, report="map-1", source="map", published="2023-01-02", title="Mpa"
        ),
        event(events.ControlReported, holders="csp", occurred="2023-01-01", report="map-1"),
    ]
    seen = event(events.ControlReported, holders="fama", occurred="2023-06-01", credibility=3)
    tell(node, *listing, seen)
    before = node.answers.head
    (told,) = tell(
        node,
        event(
            events.SourceAmended,
            source="map",
            name="Map",
            url="https://map.example/",
            continuous=False,
            reason="a list of one day",
        ),
    )
    tell(node, taken_back(told))
    at = parse_moment("2023-06-02")
    verdicts = [node.answers.control(KIDAL, known.on(at)).verdict for known in since(node, before)]
    # The word of a continuous source does not grow old; that of another one did within months.
    assert [verdict.holders for verdict in verdicts] == [("csp",), ("fama",), ("csp",)]
    assert [bool(verdict.rivals) for verdict in verdicts] == [True, False, True]
    sources = [
        node.answers.sources.source(SourceId("map"), known=known.position)
        for known in since(node, before)
    ]
    assert [(each.name, each.continuous, each.url) for each in sources if each] == [
        ("Mapp", True, None),
        ("Map", False, "https://map.example/"),
        ("Mapp", True, None),
    ]


def test_a_regrading_leaves_what_was_amended_as_it_is(node: Node) -> None:
    """And the other way round."""
    amended = event(events.SourceAmended, source="rfi", name="RFI", continuous=True, reason="so")
    regraded = event(events.SourceRegraded, source="rfi", reliability="A", reason="so")
    tell(node, amended, regraded)
    source = node.answers.sources.source(SourceId("rfi"), known=node.answers.head)
    assert source and (source.name, source.continuous, source.reliability) == ("RFI", True, "A")


def test_a_report_reads_as_amended(node: Node) -> None:
    before = node.answers.head
    tell(
        node,
        event(
            events.ReportAmended,
            report="report-1",
            title="Kidal",
            url="https://rfi.example/1",
            reason="a slip",
        ),
        event(events.ReportAmended, report="report-1", cleared=["url"], reason="it is gone"),
    )
    reports = [
        node.answers.sources.report(ReportId("report-1"), known=known.position)
        for known in since(node, before)
    ]
    assert [(each.title, each.url) for each in reports if each] == [
        ("One", None),
        ("Kidal", "https://rfi.example/1"),
        ("Kidal", None),
    ]


def test_an_actor_and_a_place_are_called_and_found_by_their_amended_names(node: Node) -> None:
    before = node.answers.head
    (told, _) = tell(
        node,
        event(
            events.ActorAmended,
            actor="csp",
            name="Permanent Framework",
            aliases=["Cadre"],
            codes=[{"scheme": "acled", "code": "1234"}],
            kind="armed-group",
            reason="as they write it",
        ),
        mended(name="Aguelhok", aliases=["Kidal"]),
    )
    tell(node, taken_back(told))
    asked = since(node, before)
    names = [node.answers.names(known) for known in asked]
    assert [each.actor(ActorId("csp")) for each in names] == [
        *("CSP", "Permanent Framework", "Permanent Framework", "CSP")
    ]
    assert [each.location(KIDAL) for each in names] == ["Kidal", "Kidal", "Aguelhok", "Aguelhok"]
    search = node.answers.names_view.search
    for text in ("permanent framework", "cadre", "1234"):
        found = [bool(search(ACTOR, text, known=known.position)) for known in asked]
        assert found == [False, True, True, False]
    is_found = [search(LOCATION, "aguelhok", known=known.position)[:1] for known in asked]
    assert [[each.slug for each in found] for found in is_found] == [
        *([], []),
        *(["kidal"], ["kidal"]),
    ]
    kinds = [node.answers.actors.get(ActorId("csp"), known=known.position) for known in asked]
    assert [row.kind for row in kinds if row] == [
        *("coalition", "armed-group", "armed-group", "coalition")
    ]


def test_a_wrong_name_is_found_no_longer_but_as_known_then(node: Node) -> None:
    tell(node, mended("mali", name="Republic of Mali", aliases=[]))
    tell(node, event(events.LocationRegistered, location="x1", name="Wrongly", kind="town"))
    tell(node, mended("x1", name="Right"))
    search, head = node.answers.names_view.search, node.answers.head
    assert search(LOCATION, "wrongly", known=head) == []
    assert [each.slug for each in search(LOCATION, "wrongly", known=head - 1)] == ["x1"]


def test_a_place_is_where_it_is_amended_to_be(node: Node) -> None:
    before = node.answers.head
    tell(
        node,
        mended(coordinates={"latitude": 18.44, "longitude": 1.41}, kind="site"),
        mended(cleared=["coordinates"]),
    )
    box = PlaceFilter(bbox=(1, 18, 2, 19), kind=LocationKind.SITE)
    positions = [known.position for known in since(node, before)]
    pages = [node.answers.places.page(box, known=known, size=9) for known in positions]
    assert [[place.location for place in rows] for rows, _ in pages] == [[], ["kidal"], []]


def test_a_rebuild_and_an_amendment_without_effect_change_nothing(moved: tuple[Node, int]) -> None:
    node, _ = moved
    tell(node, mended(name="Kidal", within="niger"))
    assert node.projector.rebuild().differing == ()


# ---- A bundle --------------------------------------------------------------------------------


def test_a_bundle_of_a_region_holds_what_ever_lay_in_it(tmp_path: Path) -> None:
    with open_recorder("memory:") as recorder, node_on(recorder, tmp_path / "views.db") as node:
        tell(node, *WORLD, niger(), SEIZED)
        before = node.answers.head
        (told,) = tell(node, mended(within="niger", name="Aguelhok"))
        tell(
            node,
            event(events.SourceAmended, source="rfi", name="RFI", reason="so"),
            event(events.ReportAmended, report="report-1", title="Kidal", reason="so"),
            event(events.ActorAmended, actor="fama", name="The army", reason="so"),
            taken_back(told),
            reinstated(told),
        )
        for region in ("mali", "niger"):
            folder = tmp_path / region
            export(recorder, folder, log=tmp_path / "log.db", within=region)
            assert check(folder).findings == []
            bundle = BundleAnswers(BundleFolder(folder), "kidal", now=always(NOW))
            for known in since(node, before):
                asked, told_by = (each.control(KIDAL, known) for each in (bundle, node.answers))
                assert asked == told_by
                place = bundle.place(KIDAL, known=known.position)
                assert place == node.answers.place(KIDAL, known=known.position)
                for id, kept in (("rfi", bundle.sources), ("rfi", node.answers.sources)):
                    source = kept.source(SourceId(id), known=known.position)
                    assert source
                    assert source.name == ("RFI" if known.position > before + 1 else "Radio France")
                for report in (bundle.sources, node.answers.sources):
                    read = report.report(ReportId("report-1"), known=known.position)
                    assert read
                    assert read.title == ("Kidal" if known.position > before + 2 else "One")


def test_a_place_that_others_lie_in_is_not_moved_into_them(node: Node) -> None:
    with pytest.raises(
        StatementRefused, match="'mali' would lie within 'kidal-camp', which lies within"
    ):
        tell(node, mended("mali", within="kidal-camp"))
    assert node.answers.places.around(MALI) == ()


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_on_which_kinds_of_place_an_event_is_a_claim_its_type_decides_alone(name: str) -> None:
    """As the control view takes it: any event of a type is like its example, and like itself on
    every kind of place on which it is a claim."""
    example = EXAMPLES[name]
    fields = type(example).model_fields
    optional = {field: info.default for field, info in fields.items() if not info.is_required()}
    plain = example.model_copy(update=optional)
    made = {kind: assertion_of(example, kind) for kind in LocationKind}
    assert [kind for kind in made if assertion_of(plain, kind)] == [*filter(made.get, made)]
    assert len({repr(asserts) for asserts in made.values() if asserts}) <= 1


# ---- The views agree with a replay of the ledger ---------------------------------------------


@often
@given(appends(), st.data())
def test_the_views_read_as_a_replay_of_the_ledger_does_at_any_position(
    told: list[Append], data: st.DataObject
) -> None:
    with followed(told, data) as (node, ledger):
        known = data.draw(st.integers(0, len(ledger)))
        said = [entry.statement.event for entry in ledger[:known]]
        inside: dict[str, set[str]] = {}
        for each in said:
            match each:
                case events.LocationRegistered():
                    read = as_it_reads(each, ledger[:known])
                    place = node.answers.places.get(each.location, known=known)
                    point = read.coordinates
                    assert place
                    assert (place.name, place.kind, place.within) == (
                        *(read.name, read.kind, read.within),
                    )
                    assert place.aliases == tuple(alias.text for alias in read.aliases)
                    assert place.latitude == (point.latitude if point else None)
                    around = node.answers.places.around(each.location, known=known)
                    assert list(around) == around_in(ledger[:known])(each.location)
                    for container in around:
                        inside.setdefault(container, set()).add(each.location)
                case events.ActorRegistered():
                    read = as_it_reads(each, ledger[:known])
                    actor = node.answers.actors.get(each.actor, known=known)
                    assert actor and (actor.name, actor.kind) == (read.name, read.kind)
                    assert actor.aliases == tuple(alias.text for alias in read.aliases)
                case events.SourceRegistered():
                    read = as_it_reads(each, ledger[:known])
                    source = node.answers.sources.source(each.source, known=known)
                    assert source and (source.name, source.continuous) == (
                        *(read.name, read.continuous),
                    )
                case events.ReportFiled():
                    report = node.answers.sources.report(each.report, known=known)
                    assert report and report.title == as_it_reads(each, ledger[:known]).title
        for outer, contents in inside.items():
            wanted = PlaceFilter(within=LocationId(outer))
            rows, _ = node.answers.places.page(wanted, known=known, size=None)
            assert {row.location for row in rows} == contents
