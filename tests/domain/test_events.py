"""The limits of an event, and the meaning of its shorthands."""

from typing import Any

import pytest
from pydantic import ValidationError

from domain.events import EVENT_TYPES, ClashReported, MandateEnded
from domain.values import Estimate, Sector
from tests.domain.builders import event

ALL = [f"actor-{number}" for number in range(51)]


def complaint(name: str, **fields: Any) -> str:
    """The fault of the event, and the faulty field."""
    with pytest.raises(ValidationError) as refused:
        event(EVENT_TYPES[name], occurred="2023-11-14", **fields)
    (error,) = refused.value.errors()
    field = ".".join(map(str, error["loc"]))
    return f"{field}: {error['msg'].removeprefix('Value error, ')}"


def people(**given: Any) -> str:
    return complaint("PopulationDisplaced", people=given)


# ---- How many --------------------------------------------------------------------------------


def test_an_estimate_gives_one_number_at_least() -> None:
    assert people() == "people: give low, best or high, at least one of them"


@pytest.mark.parametrize(
    "given", [{"low": 3, "best": 2}, {"best": 3, "high": 2}, {"low": 3, "high": 2}]
)
def test_low_best_and_high_do_not_decrease(given: dict[str, int]) -> None:
    assert people(**given) == "people: low, best and high must not decrease in this order"


@pytest.mark.parametrize(
    "given",
    [{"low": 2}, {"best": 2}, {"high": 2}, {"low": 2, "high": 2}, {"low": 0, "best": 0, "high": 9}],
)
def test_a_number_that_a_source_leaves_open_stays_open(given: dict[str, int]) -> None:
    assert Estimate(**given).model_dump(exclude_none=True) == given


@pytest.mark.parametrize("wrong", [-1, 1.5, "12", True, 10**11])
def test_people_are_counted_in_whole_numbers(wrong: Any) -> None:
    assert people(low=wrong).startswith("people.low: Input should be ")


# ---- Who against whom, and who with whom -----------------------------------------------------


def test_a_clash_names_one_side_at_least() -> None:
    assert complaint("ClashReported", sides=[]).startswith("sides: ")
    assert complaint("ClashReported", sides=[["fama"], []]).startswith("sides.1: ")


def test_nobody_stands_on_two_sides_or_twice_on_one() -> None:
    both = complaint("ClashReported", sides=[["fama", "wagner"], ["csp", "fama"]])
    assert both == "sides: an actor stands on one side only"
    twice = complaint("ClashReported", sides=[["fama", "fama"], ["csp"]])
    assert twice == "sides.0: the same actor is named twice"


def test_a_side_of_one_needs_no_list() -> None:
    uneven = complaint("ClashReported", sides=["fama", "csp"], deaths_by_side={"sides": [3]})
    assert uneven.endswith("deaths_by_side has 1 sides, and the clash 2")
    nobody = complaint("ClashReported", sides=["fama"], deaths_by_side={"sides": [None]})
    assert "give a number for a side, civilians or unknown" in nobody
    stranger = complaint("ClashReported", sides=["fama"], uncertain=["csp"])
    assert "csp is uncertain, and on no side" in stranger
    short = event(ClashReported, occurred="2023", sides=["fama", ["csp", "jnim"]])
    assert short.sides == (("fama",), ("csp", "jnim"))


@pytest.mark.parametrize("name", ["AllianceFormed", "AllianceEnded"])
def test_it_takes_two_to_be_allies(name: str) -> None:
    assert complaint(name, parties="fama").startswith("parties: ")
    assert complaint(name, parties=["fama", "fama"]) == "parties: the same actor is named twice"


def test_a_statement_concerns_each_place_once() -> None:
    twice = complaint("MandateEnded", mission="minusma", locations=["mali", "mali"])
    assert twice == "locations: the same place is named twice"


def test_one_place_needs_no_list() -> None:
    ended = event(MandateEnded, occurred="2023", mission="minusma", locations="mali")
    assert ended.locations == ("mali",)


@pytest.mark.parametrize(
    "patrons", [{}, {"from_patron": "france", "to_patron": "france"}, {"from_patron": None}]
)
def test_who_turns_turns_from_or_to_somebody(patrons: dict[str, Any]) -> None:
    said = complaint("AlignmentShifted", actor="mali", **patrons)
    assert said == ": name from_patron, to_patron, or two that differ"


@pytest.mark.parametrize("patron", ["from_patron", "to_patron"])
def test_nobody_is_its_own_patron(patron: str) -> None:
    said = complaint("AlignmentShifted", actor="mali", **{patron: "mali"})
    assert said == ": an actor is not its own patron"


@pytest.mark.parametrize(
    ("name", "fields", "said"),
    [
        ("ActorMerged", {"merged": ["a", "b"], "into": "b"}, "an actor can't merge into itself"),
        ("ActorSplit", {"actor": "a", "into": ["b", "a"]}, "an actor is no splinter of itself"),
        (
            "ActorDissolved",
            {"actor": "a", "succeeded_by": ["b", "a"]},
            "an actor can't succeed itself",
        ),
        (
            "CoalitionJoined",
            {"members": ["a", "b"], "coalition": "a"},
            "a coalition is not its own member",
        ),
        (
            "CoalitionLeft",
            {"members": "a", "coalition": "a"},
            "a coalition is not its own member",
        ),
        ("AffiliationDeclared", {"actor": "a", "parent": "a"}, "an actor is not its own parent"),
        ("AffiliationEnded", {"actor": "a", "parent": "a"}, "an actor is not its own parent"),
    ],
)
def test_nobody_is_related_to_itself(name: str, fields: dict[str, Any], said: str) -> None:
    assert complaint(name, **fields) == f": {said}"


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("SiegeLaid", {"by": []}),
        ("StatementIssued", {"by": [], "stance": "concern"}),
        ("ActorMerged", {"merged": [], "into": "a"}),
        ("ActorSplit", {"into": [], "actor": "a"}),
        ("CoalitionJoined", {"members": [], "coalition": "a"}),
        ("CoalitionLeft", {"members": [], "coalition": "a"}),
    ],
)
def test_where_somebody_acts_somebody_is_named(name: str, fields: dict[str, Any]) -> None:
    assert "at least 1 item" in complaint(name, **fields)


def test_no_list_of_actors_is_without_end() -> None:
    assert "at most 50 items" in complaint("SiegeLaid", by=ALL)
    assert "at most 10 items" in complaint("ClashReported", sides=ALL[:11])


# ---- Words from a list -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "fields", "field"),
    [
        ("ClashReported", {"sides": ["fama"], "tactic": "siege"}, "tactic"),
        ("StatementIssued", {"by": "fama", "stance": "anger"}, "stance"),
        ("NeedReported", {"sector": "food"}, "sector"),
    ],
)
def test_what_has_a_list_of_words_takes_no_other(
    name: str, fields: dict[str, Any], field: str
) -> None:
    assert complaint(name, **fields).startswith(f"{field}: Input should be ")


def test_the_humanitarian_sectors_are_the_eleven_global_clusters() -> None:
    assert len(Sector) == 11
