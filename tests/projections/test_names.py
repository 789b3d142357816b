"""What was a place or an actor called at a moment, and who is meant by a name?"""

from collections.abc import Iterable, Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.answers.basis import LATEST, Basis
from api.node import Node
from domain import events
from domain.occurred import DAY, Instant, Occurred
from domain.registry import Entry
from domain.values import ActorId
from infra.ledger.codec import identify
from projections.names import ACTOR, LOCATION, MANY, Rank
from tests.domain.amending import as_it_reads
from tests.domain.builders import event
from tests.domain.strategies import ACTORS
from tests.nodes import WORLD, tell
from tests.projections.strategies import Append, appends, new_names
from tests.projections.test_control_view import followed, often

FIRST = len(WORLD) + 1
"""The position of the first thing that a test says."""


def renamed(name: str, on: str, report: str = "report-1") -> events.ActorRenamed:
    return event(events.ActorRenamed, actor="csp", name=name, occurred=on, report=report)


def taken_back(id: str) -> events.EventRetracted:
    return event(events.EventRetracted, event=id, reason="it was wrong", report="report-2")


def called(node: Node, on: str | None, *, known: int | None = None) -> str:
    """What the CSP was called at the close of that day."""
    at = None if on is None else Instant(Occurred.parse(on).window.latest - 1)
    known = node.answers.head if known is None else known
    return node.answers.names(Basis(LATEST, known).on(at)).actor(ActorId("csp"))


def names(node: Node, on: str, *, known: int | None = None) -> list[str]:
    at = Instant(Occurred.parse(on).window.latest - 1)
    known = node.answers.head if known is None else known
    return node.answers.names_view.names_at(ACTOR, "csp", at=at, known=known)


# ---- What it was called ----------------------------------------------------------------------


def test_nobody_is_called_otherwise_than_by_the_name_of_the_registration(node: Node) -> None:
    assert node.answers.names_view.renamed(ACTOR) == frozenset()
    assert called(node, "2023-11-14") == "CSP"


def test_a_name_is_in_use_once_the_whole_window_of_the_renaming_has_passed(node: Node) -> None:
    tell(node, renamed("CSP-DPA", "2023-04"))
    days = ("2023-03-31", "2023-04-29", "2023-04-30", "2023-05-01")
    assert [called(node, day) for day in days] == ["CSP", "CSP", "CSP-DPA", "CSP-DPA"]
    assert node.answers.names_view.renamed(ACTOR) == frozenset({"csp"})
    assert node.answers.names_view.renamed(LOCATION) == frozenset()


def test_those_that_are_renamed_are_listed_as_long_as_they_are_few(node: Node) -> None:
    def and_another(number: int) -> events.Event:
        slug = f"place-{number}"
        return event(events.LocationRegistered, location=slug, name=slug, kind="town")

    said = [and_another(number) for number in range(MANY + 1)]
    taken = [
        event(events.LocationRenamed, location=f"place-{n}", name="New", occurred="2023")
        for n in range(MANY + 1)
    ]
    node.ledger.record([identify(each) for each in (*said, *taken[:-1])], by="archivist")
    node.projector.catch_up()
    renamed = node.answers.names_view.renamed(LOCATION)
    assert renamed is not None and len(renamed) == MANY
    tell(node, taken[-1])
    assert node.answers.names_view.renamed(LOCATION) is None


def test_the_last_renaming_wins_in_whatever_order_they_are_heard_of(node: Node) -> None:
    tell(node, renamed("CSP-DPA", "2023-04"), renamed("CSP-PSD", "2021-05-06"))
    days = ("2021-05-05", "2021-05-06", "2023-05-01")
    assert [called(node, day) for day in days] == ["CSP", "CSP-PSD", "CSP-DPA"]


def test_with_no_moment_it_is_the_last_name_that_is_known(node: Node) -> None:
    tell(node, renamed("CSP-DPA", "2023-04"), renamed("CSP-PSD", "2021-05-06"))
    assert [called(node, None, known=FIRST + step) for step in (-1, 0, 1)] == [
        *("CSP", "CSP-DPA", "CSP-DPA")
    ]


def test_a_renaming_heard_of_later_changes_nothing_that_was_known_before(node: Node) -> None:
    tell(node, renamed("CSP-DPA", "2023-04"))
    assert called(node, "2023-05-01", known=FIRST - 1) == "CSP"


def test_a_renaming_that_was_taken_back_does_not_count_until_it_is_reinstated(node: Node) -> None:
    (said,) = tell(node, renamed("CSP-DPA", "2023-04"))
    again = event(events.EventReinstated, event=said.id, reason="it was right", report="report-1")
    tell(node, taken_back(said.id), again)
    heard = [called(node, "2023-05-01", known=FIRST + step) for step in (0, 1, 2)]
    assert heard == ["CSP-DPA", "CSP", "CSP-DPA"]


def test_a_place_takes_another_name_too(node: Node) -> None:
    tell(node, event(events.LocationRenamed, name="Kidal-Ville", occurred="2024-01-01"))
    view, known = node.answers.names_view, node.answers.head
    at = Occurred.parse("2024-01-01").window.earliest
    slugs = ["kidal", "mali"]
    assert view.called(LOCATION, slugs, at=at, known=known) == {}
    assert view.called(LOCATION, slugs, at=Instant(at + DAY), known=known) == {
        "kidal": "Kidal-Ville"
    }
    assert view.called(ACTOR, slugs, at=None, known=known) == {}


def test_where_sources_disagree_when_a_name_was_taken_both_names_are_given(node: Node) -> None:
    tell(node, renamed("CSP-DPA", "2023-04"), renamed("CSP-DPA", "2023-05-02", "report-2"))
    assert names(node, "2023-03-31") == ["CSP"]
    assert names(node, "2023-04-15") == ["CSP", "CSP-DPA"]
    assert names(node, "2023-05-02") == ["CSP-DPA"]


def test_aliases_come_after_the_name_in_use_and_nothing_comes_twice(node: Node) -> None:
    mnla = event(
        events.ActorRegistered,
        actor="mnla",
        name="MNLA",
        kind="armed-group",
        aliases=["MLNA", {"text": "ⵎⵏⵍⴰ", "script": "Tfng"}, "MNLA"],
        codes=[{"scheme": "wikidata", "code": "Q1"}],
    )
    tell(node, mnla, event(events.ActorRenamed, actor="mnla", name="MLNA", occurred="2024-01"))
    view, known = node.answers.names_view, node.answers.head
    january = Instant(Occurred.parse("2024-01-15").window.latest)
    assert view.names_at(ACTOR, "mnla", at=january, known=known) == ["MNLA", "MLNA", "ⵎⵏⵍⴰ"]
    assert view.names_at(ACTOR, "mnla", at=None, known=known) == ["MLNA", "ⵎⵏⵍⴰ", "MNLA"]
    assert view.names_at(ACTOR, "mnla", at=None, known=FIRST - 1) == []


# ---- Who is meant ----------------------------------------------------------------------------


def place(slug: str, name: str, *aliases: object, code: str = "") -> events.Event:
    codes = [{"scheme": "pcode", "code": code}] if code else []
    fields = {"location": slug, "name": name, "aliases": list(aliases), "codes": codes}
    return event(events.LocationRegistered, kind="town", **fields)


SAHEL = [
    place("aguelhok", "Aguelhok", {"text": "أگلهوك", "language": "ar", "script": "Arab"}),
    place("anefis", "Anefis", "Anefif"),
    place("tessalit", "Tessalit", code="ML0804"),
    place("timbuktu", "Timbuktu", "Tombouctou"),
    place("menaka", "Ménaka"),
    place("ouagadougou", "Ouagadougou"),
    place("djenne", "Djenné"),
    place("lere", "Léré", "Lere (Tombouctou)"),
    place("in-khalil", "In-Khalil"),
    place("niger-bend", "Boucle du Niger"),
]


@pytest.fixture
def sahel(node: Node) -> Node:
    tell(node, *SAHEL)
    return node


def found(node: Node, text: str, kind: str = LOCATION) -> list[tuple[str, int]]:
    hits = node.answers.names_view.search(kind, text, known=node.answers.head, limit=10)
    return [(slug, rank) for rank, slug in hits]


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        *(("Aguelhoc", "aguelhok"), ("AGUEL'HOC", "aguelhok"), ("aguel-hok", "aguelhok")),
        *(("أگلهوك", "aguelhok"), ("Anefif", "anefis"), ("anéfis", "anefis")),
        *(("Menaka", "menaka"), ("MÉNAKA", "menaka"), ("Me\u0301naka", "menaka")),
        *(("Wagadugu", "ouagadougou"), ("Jenne", "djenne"), ("Tessalite", "tessalit")),
        *(("In Khalil", "in-khalil"), ("Inkhalil", "in-khalil"), ("In Kalil", "in-khalil")),
        *(("أگـلهوک", "aguelhok"), ("In\u200bKhalil", "in-khalil"), ("Менака", "menaka")),
        *(("ml0804", "tessalit"), ("Tessallyt", "tessalit"), ("Boukle du Niger", "niger-bend")),
    ],
)
def test_a_place_is_found_by_any_of_its_names_however_it_is_spelt(
    sahel: Node, text: str, slug: str
) -> None:
    assert [each for each, _ in found(sahel, text)] == [slug]


@pytest.mark.parametrize(
    ("text", "ranks"),
    [
        ("kidal", [("kidal", Rank.NAME), ("kidal-camp", Rank.BEGINS)]),
        ("timbuktu", [("timbuktu", Rank.NAME)]),
        ("tombouctou", [("timbuktu", Rank.OTHER_NAME), ("lere", Rank.WORD_BEGINS)]),
        ("ML0804", [("tessalit", Rank.OTHER_NAME)]),
        ("in-kha", [("in-khalil", Rank.BEGINS)]),
        ("nig", [("niger-bend", Rank.BEGINS)]),
        ("boucle du n", [("niger-bend", Rank.BEGINS)]),
        ("ger", [("niger-bend", Rank.PART)]),
        ("wagadu", [("ouagadougou", Rank.SOUNDS_ALIKE)]),
        ("Zinder", []),
    ],
)
def test_the_best_answer_comes_first(sahel: Node, text: str, ranks: list[tuple[str, int]]) -> None:
    assert found(sahel, text) == ranks


def test_a_slip_of_the_pen_is_forgiven_where_nothing_else_is_found(sahel: Node) -> None:
    assert [slug for slug, _ in found(sahel, "Timbukut")] == ["timbuktu"]
    assert [slug for slug, _ in found(sahel, "Aneflis")] == ["anefis"]
    assert found(sahel, "Gbo") == []


@pytest.mark.parametrize("text", ["", " ", "%", "_", "'", "*", "\0", "-", "\ud7ff", "🏜"])
def test_a_search_for_no_letter_finds_nothing(sahel: Node, text: str) -> None:
    assert found(sahel, text) == []


def test_an_actor_is_found_by_every_name_that_it_ever_took(node: Node) -> None:
    tell(node, renamed("CSP-DPA", "2023-04"), renamed("CSP-PSD", "2021-05-06"))
    assert found(node, "csp dpa", ACTOR) == [("csp", Rank.NAME)]
    assert found(node, "CSP-PSD", ACTOR) == [("csp", Rank.NAME)]
    assert found(node, "CSP", ACTOR) == [("csp", Rank.NAME)]
    assert found(node, "CSP") == []


def test_a_name_is_searched_as_it_was_known_then(node: Node) -> None:
    (said,) = tell(node, renamed("Azawad Front", "2023-04"))
    tell(node, taken_back(said.id))
    search = node.answers.names_view.search
    heard = [search(ACTOR, "Azawad Front", known=FIRST + step) for step in (-1, 0, 1)]
    assert heard == [[], [(Rank.NAME, "csp")], []]


def test_so_many_are_found_as_are_asked_for(node: Node) -> None:
    search, known = node.answers.names_view.search, node.answers.head
    assert search(LOCATION, "kidal", known=known, limit=1) == [(Rank.NAME, "kidal")]


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(), st.sampled_from([LOCATION, ACTOR]))
def test_any_text_may_be_searched_for(sahel: Node, text: str, kind: str) -> None:
    hits = found(sahel, text, kind)
    assert hits == sorted(hits, key=lambda hit: (hit[1], hit[0]))


# ---- The view agrees with a replay of the ledger ---------------------------------------------


@often
@given(appends(), st.data())
def test_the_view_agrees_with_a_replay_of_the_ledger_at_any_position(
    told: list[Append], data: st.DataObject
) -> None:
    with followed(told, data) as (node, ledger):
        view = node.answers.names_view
        known = data.draw(st.integers(0, len(ledger)))
        replayed = ledger[:known]
        for kind, slugs in ((ACTOR, ACTORS), (LOCATION, ["kidal", "tessalit", "gao"])):
            at = data.draw(st.none() | st.sampled_from(instants(ledger)))
            in_use = {slug: last_name(replayed, slug, at) for slug in slugs}
            shown = view.called(kind, slugs, at=at, known=known)
            assert shown == {slug: name for slug, name in in_use.items() if name is not None}
            renamed = view.renamed(kind)
            assert renamed is not None
            assert {slug for slug in slugs if any(taken_by(ledger, slug))} <= renamed
            for slug in slugs:
                expected = all_names(replayed, slug, at)
                assert view.names_at(kind, slug, at=at, known=known) == expected
                name = data.draw(new_names)
                hit = (Rank.NAME, slug) in view.search(kind, name, known=known)
                assert hit is (name.lower() in {each.lower() for each in ever(replayed, slug)})


def last_name(ledger: list[Entry], slug: str, at: Instant | None) -> str | None:
    """The name of the renaming that counts, found by looking at each of them."""
    over = [
        (each.occurred.window.latest, each.occurred.window.earliest, position, each.name)
        for position, each in taken_by(ledger, slug)
        if at is None or each.occurred.window.is_over_at(at)
    ]
    return max(over)[3] if over else None


def all_names(ledger: list[Entry], slug: str, at: Instant | None) -> list[str]:
    read = [as_it_reads(registered(it), ledger) for it in ledger if is_registration(it, slug)]
    first, aliases = [it.name for it in read], [a.text for it in read for a in it.aliases]
    possible = sorted(
        (each.occurred.window.latest, each.occurred.window.earliest, position, each.name)
        for position, each in taken_by(ledger, slug)
        if at is not None and each.occurred.window.is_open_at(at)
    )
    in_use = last_name(ledger, slug, at)
    names = [*([in_use] if in_use else first), *(name for *_, name in possible), *aliases]
    return [name for n, name in enumerate(names) if name not in names[:n]]


def ever(ledger: list[Entry], slug: str) -> set[str]:
    read = [as_it_reads(registered(it), ledger) for it in ledger if is_registration(it, slug)]
    first = {it.name for it in read}
    return first | {each.name for _, each in taken_by(ledger, slug)}


def taken_by(
    ledger: Iterable[Entry], slug: str
) -> Iterator[tuple[int, events.ActorRenamed | events.LocationRenamed]]:
    """The renamings of it that stand at the end of the ledger."""
    entries = list(ledger)
    for entry in entries:
        said = entry.statement.event
        if isinstance(said, events.ActorRenamed | events.LocationRenamed) and slug == (
            said.actor if isinstance(said, events.ActorRenamed) else said.location
        ):
            kept = [each.statement.event for each in entries]
            about = [
                each
                for each in kept
                if isinstance(each, events.RecordKeeping) and each.event == entry.statement.id
            ]
            if not about or isinstance(about[-1], events.EventReinstated):
                yield entry.position, said


def is_registration(entry: Entry, slug: str) -> bool:
    said = entry.statement.event
    return (isinstance(said, events.ActorRegistered) and said.actor == slug) or (
        isinstance(said, events.LocationRegistered) and said.location == slug
    )


def registered(entry: Entry) -> events.ActorRegistered | events.LocationRegistered:
    said = entry.statement.event
    assert isinstance(said, events.ActorRegistered | events.LocationRegistered)
    return said


def instants(ledger: list[Entry]) -> list[Instant]:
    """Every instant at which a name may change, with its neighbours."""
    said = [entry.statement.event for entry in ledger]
    windows = [each.occurred.window for each in said if isinstance(each, events.SituationEvent)]
    edges = {edge for window in windows for edge in (window.earliest, window.latest)}
    return [Instant(edge + step) for edge in sorted(edges | {0}) for step in (-2, -1, 0, 1)]
