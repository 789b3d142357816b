"""Events in plain English: a sentence for each way to put an event."""

from typing import Any

import pytest

from domain.events import EVENT_TYPES, SituationEvent
from domain.values import Estimate, Stance
from domain.words.statements import spoken_estimate, spoken_list, statement
from tests.domain.builders import event
from tests.domain.naming import Called

COMMON = {"occurred": "2023-11-14", "convoy": "column-1"}
SAID: list[tuple[str, dict[str, Any], str]] = [
    ("BaseCaptured", {"by": ("fama", "wagner")}, "FAMa and Wagner captured Kidal"),
    ("BaseCaptured", {"by": "fama", "taken_from": "csp"}, "FAMa captured Kidal from CSP"),
    ("TownSeized", {"by": "fama"}, "FAMa seized Kidal"),
    (
        "ControlHandedOver",
        {"handed_from": "minusma", "handed_to": "fama"},
        "MINUSMA handed Kidal to FAMa",
    ),
    ("PositionAbandoned", {"by": "minusma"}, "MINUSMA abandoned Kidal"),
    ("ControlReported", {"holders": ("csp", "jnim")}, "CSP and JNIM held Kidal"),
    ("ControlReported", {"holders": ()}, "nobody held Kidal"),
    ("LocationContested", {"between": ()}, "Kidal was contested"),
    (
        "LocationContested",
        {"between": ("fama", "csp")},
        "Kidal was contested between FAMa and CSP",
    ),
    ("ControlReportedUnknown", {}, "it was not known who held Kidal"),
    (
        "ControlReportedUnknown",
        {"possibly": ("csp", "jnim")},
        "it was not known who held Kidal (perhaps CSP or JNIM)",
    ),
    ("MissionDeployed", {"mission": "minusma"}, "MINUSMA deployed to Kidal"),
    ("MissionWithdrawn", {"mission": "minusma"}, "MINUSMA left Kidal"),
    (
        "MissionWithdrawn",
        {"mission": "minusma", "handed_to": "fama"},
        "MINUSMA left Kidal and handed it to FAMa",
    ),
    ("ConvoyDeparted", {"owners": "fama"}, "a convoy of FAMa left Kidal"),
    (
        "ConvoyDeparted",
        {"owners": ("fama", "wagner"), "bound_for": "gao"},
        "a convoy of FAMa and Wagner left Kidal for Gao",
    ),
    ("ConvoyStalled", {"owners": "fama"}, "a convoy of FAMa stalled at Kidal"),
    (
        "ConvoyStalled",
        {"owners": "fama", "halted_by": "jnim"},
        "a convoy of FAMa stalled at Kidal, halted by JNIM",
    ),
    ("ConvoyResumed", {"owners": "fama"}, "a convoy of FAMa moved on from Kidal"),
    ("ConvoyArrived", {"owners": "fama"}, "a convoy of FAMa reached Kidal"),
    ("SiegeLaid", {"by": ("jnim", "csp")}, "JNIM and CSP laid siege to Kidal"),
    ("SiegeLifted", {"by": "jnim"}, "the siege of Kidal by JNIM was lifted"),
    ("SiegeLifted", {}, "the siege of Kidal was lifted"),
    ("ClashReported", {"sides": (("jnim",),)}, "JNIM fought at Kidal"),
    (
        "ClashReported",
        {"sides": (("fama", "wagner"), ("csp",), ("jnim",))},
        "FAMa and Wagner against CSP against JNIM fought at Kidal",
    ),
    (
        "ClashReported",
        {"sides": ("fama", "csp"), "tactic": "hit-and-run", "deaths": {"best": 9, "high": 12}},
        "FAMa fought CSP at Kidal (hit and run); about 9 (at most 12) died",
    ),
    (
        "ClashReported",
        {
            "sides": ("fama", "csp"),
            "deaths": {"best": 9},
            "deaths_by_side": {"sides": [3, None], "civilians": 1, "unknown": 5},
            "place_precision": {"scale": "ucdp", "code": 2},
        },
        (
            "FAMa fought CSP near Kidal; about 9 died, 3 of FAMa, 1 civilian, 5 of whom it is not "
            "known who they were"
        ),
    ),
    (
        "ClashReported",
        {
            "sides": ("fama", "csp"),
            "deaths_by_side": {"sides": [0, 2], "civilians": 4},
            "place_precision": {"scale": "ucdp", "code": 1},
        },
        "FAMa fought CSP at Kidal; dead: 2 of CSP, 4 civilians",
    ),
    (
        "ClashReported",
        {"sides": ("fama", "csp"), "deaths": {"best": 0}, "deaths_by_side": {"sides": [0, 0]}},
        "FAMa fought CSP at Kidal; about 0 died",
    ),
    (
        "ClashReported",
        {"sides": ("fama", ("csp", "jnim")), "uncertain": ("csp", "jnim")},
        "FAMa fought CSP and/or JNIM at Kidal",
    ),
    (
        "ClashReported",
        {"sides": (("csp", "jnim", "fama"),), "uncertain": ("csp", "jnim", "fama")},
        "CSP, JNIM and/or FAMa fought at Kidal",
    ),
    (
        "ClashReported",
        {
            "sides": (("fama", "wagner"), "csp"),
            "uncertain": "wagner",
            "deaths_by_side": {"sides": [3, None], "civilians": 1},
        },
        (
            "FAMa, and perhaps Wagner, fought CSP at Kidal; dead: 3 of FAMa, and perhaps Wagner, "
            "1 civilian"
        ),
    ),
    (
        "ClashReported",
        {"sides": ("jnim", "fama"), "tactic": "attack-on-civilians"},
        "JNIM attacked FAMa at Kidal (attack on civilians)",
    ),
    ("PopulationDisplaced", {"people": {"low": 2000}}, "at least 2,000 people fled Kidal"),
    (
        "PopulationDisplaced",
        {"people": {"best": 300}, "displaced_to": "gao"},
        "about 300 people fled Kidal for Gao",
    ),
    ("NeedReported", {}, "people at Kidal needed aid"),
    ("NeedReported", {"people": {"best": 0}}, "nobody at Kidal needed aid any more"),
    (
        "NeedReported",
        {"sector": "food-security", "people": {"low": 10, "high": 20}},
        "10 to 20 people at Kidal needed aid (food security)",
    ),
    ("LocationRenamed", {"name": "Kidal city"}, "Kidal was renamed Kidal city"),
    ("MandateEnded", {"mission": "minusma"}, "the mandate of MINUSMA ended"),
    ("AllianceFormed", {"parties": ("fama", "wagner")}, "FAMa and Wagner became allies"),
    (
        "AllianceEnded",
        {"parties": ("fama", "wagner", "csp"), "locations": "gao"},
        "FAMa, Wagner and CSP ceased to be allies",
    ),
    (
        "AlignmentShifted",
        {"actor": "mali", "from_patron": "france", "to_patron": "russia"},
        "Mali turned away from France towards Russia",
    ),
    (
        "AlignmentShifted",
        {"actor": "mali", "from_patron": "france"},
        "Mali turned away from France",
    ),
    ("AlignmentShifted", {"actor": "mali", "to_patron": "russia"}, "Mali turned towards Russia"),
    (
        "StatementIssued",
        {"by": ("france", "minusma"), "stance": "concern"},
        "France and MINUSMA voiced concern",
    ),
    (
        "StatementIssued",
        {"by": "russia", "stance": "support", "about": ("mali", "fama")},
        "Russia declared support for Mali and FAMa",
    ),
    ("ActorRenamed", {"actor": "csp", "name": "CSP-DPA"}, "CSP took the name CSP-DPA"),
    ("ActorRenamed", {"actor": "csp", "name": "CSP"}, "CSP took that name"),
    ("ActorMerged", {"merged": ("csp", "jnim"), "into": "fama"}, "CSP and JNIM merged into FAMa"),
    ("ActorSplit", {"actor": "csp", "into": ("jnim", "fama")}, "JNIM and FAMa split from CSP"),
    ("ActorDissolved", {"actor": "minusma"}, "MINUSMA ceased to exist or to act"),
    (
        "ActorDissolved",
        {"actor": "wagner", "succeeded_by": ("russia", "fama")},
        "Wagner ceased to exist or to act, succeeded by Russia and FAMa",
    ),
    (
        "CoalitionJoined",
        {"members": ("jnim", "fama"), "coalition": "csp"},
        "JNIM and FAMa joined CSP",
    ),
    ("CoalitionLeft", {"members": "jnim", "coalition": "csp"}, "JNIM left CSP"),
    (
        "AffiliationDeclared",
        {"actor": "jnim", "parent": "csp"},
        "JNIM became an affiliate of CSP",
    ),
    (
        "AffiliationEnded",
        {"actor": "jnim", "parent": "csp"},
        "JNIM ceased to be an affiliate of CSP",
    ),
]


def told(name: str, fields: dict[str, Any]) -> SituationEvent:
    kind = EVENT_TYPES[name]
    common = {field: value for field, value in COMMON.items() if field in kind.model_fields}
    said = event(kind, **common, **fields)
    assert isinstance(said, SituationEvent)
    return said


@pytest.mark.parametrize(("name", "fields", "said"), SAID)
def test_a_statement_in_words(name: str, fields: dict[str, Any], said: str) -> None:
    assert statement(told(name, fields), Called()) == said


def test_every_event_of_the_situation_is_put_in_words() -> None:
    situation = {name for name, kind in EVENT_TYPES.items() if issubclass(kind, SituationEvent)}
    assert {name for name, _, _ in SAID} == situation


@pytest.mark.parametrize(
    ("name", "fields", "said"),
    [
        ("BaseCaptured", {"by": "csp"}, "CSP captured one or more bases in Mali"),
        ("TownSeized", {"by": "csp"}, "CSP seized one or more towns in Mali"),
        ("ControlReported", {"holders": "csp"}, "CSP held Mali"),
        ("PositionAbandoned", {"by": "csp"}, "CSP abandoned one or more positions in Mali"),
        ("LocationContested", {"between": ()}, "Mali was contested"),
        ("SiegeLaid", {"by": "jnim"}, "JNIM laid siege to one or more places in Mali"),
        ("ClashReported", {"sides": [["fama"], ["csp"]]}, "FAMa fought CSP in Mali"),
        ("NeedReported", {}, "people in Mali needed aid"),
    ],
)
def test_of_a_region_it_is_said_what_of_it_is_held(
    name: str, fields: dict[str, Any], said: str
) -> None:
    assert statement(told(name, {"location": "mali", **fields}), Called()) == said


@pytest.mark.parametrize("stance", Stance)
def test_every_stance_has_words_of_its_own(stance: Stance) -> None:
    said = [
        statement(told("StatementIssued", {"by": "fama", "stance": each}), Called())
        for each in Stance
    ]
    assert said.count(said[list(Stance).index(stance)]) == 1


@pytest.mark.parametrize(
    ("people", "said"),
    [
        ({"low": 1000}, "at least 1,000"),
        ({"high": 50}, "at most 50"),
        ({"best": 2000}, "about 2,000"),
        ({"low": 10, "high": 20}, "10 to 20"),
        ({"low": 15, "high": 15}, "15"),
        ({"low": 15, "best": 15, "high": 15}, "15"),
        ({"low": 0, "high": 0}, "0"),
        ({"low": 10, "best": 15, "high": 20}, "about 15 (10 to 20)"),
        ({"low": 10, "best": 15}, "about 15 (at least 10)"),
        ({"best": 15, "high": 20}, "about 15 (at most 20)"),
    ],
)
def test_an_estimate_in_words(people: dict[str, int], said: str) -> None:
    assert spoken_estimate(Estimate(**people)) == said


@pytest.mark.parametrize(
    ("words", "said"),
    [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")],
)
def test_a_list_in_words(words: list[str], said: str) -> None:
    assert spoken_list(words) == said
