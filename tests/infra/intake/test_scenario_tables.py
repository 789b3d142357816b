"""Is every line of the scenario's tables an event of the scenario, with its date and its grade?

SCENARIO.md has two tables: what the situation report says, and what was public about the months
around it; then a paragraph on the actors and one on the places. Each line of them stands here with
the statements that carry it, each as its event, the places and actors that it names, its time, and
its grade.
"""

import re
from pathlib import Path

import pytest

from domain.events import ActorRegistered, LocationRegistered, ReportFiled, SourceRegistered
from domain.events import SituationEvent as Told
from domain.references import references_of
from infra.intake.situation_file import read_situation

ROOT = Path(__file__).parents[3]
SCENARIOS = ROOT / "infra" / "scenarios"
TABLES = ROOT.parent / "shared" / "SCENARIO.md"

RECENTLY = "2024-02/2024-03-20"

REPORTED = {
    "FAMa, with Wagner, fight": [
        "AllianceFormed mali fama wagner 2021-12/2024-03-20 F3",
        f"ClashReported mali fama wagner aqim jnim {RECENTLY} F3",
        f"ClashReported mali fama wagner mnla {RECENTLY} F3",
    ],
    "MINUSMA ends its operations": [
        "MissionWithdrawn mali minusma 2023/2024-03-20 F3",
        "MandateEnded mali minusma 2023-06-30 A1",
        "MissionWithdrawn minusma-camp-ber minusma 2023-08-13 B2",
        "MissionWithdrawn minusma-camp-tessalit minusma 2023-10-21 B2",
        "MissionWithdrawn minusma-camp-aguelhok minusma 2023-10-23 B2",
        "MissionWithdrawn minusma-camp-kidal minusma 2023-10-31 B2",
    ],
    "the separatists captured several": [f"BaseCaptured mali mnla fama {RECENTLY} F3"],
    "they took former UN bases": [
        f"BaseCaptured mali mnla {RECENTLY} F3",
        f"TownSeized mali mnla {RECENTLY} F3",
        "ControlReported minusma-camp-aguelhok csp 2023-10-23 B2",
        "BaseCaptured minusma-camp-kidal csp 2023-10-31 B2",
    ],
    "hit-and-run tactics stalled": [
        f"ConvoyStalled anefis fama wagner mnla {RECENTLY} F3",
        f"ClashReported anefis mnla fama wagner {RECENTLY} F3",
    ],
    "the vacuum that both sides": [
        "MissionWithdrawn minusma-camp-kidal minusma 2023-10-31 B2",
        "BaseCaptured minusma-camp-kidal csp 2023-10-31 B2",
    ],
    "mixed international response": [
        f"StatementIssued mali international-community {RECENTLY} F3",
        "StatementIssued mali russia state-of-mali 2023-06 C3",
        "StatementIssued mali france wagner 2023-06 C3",
        "StatementIssued mali united-nations 2023-10 C3",
        "ClashReported burkina-faso jnim burkina-army 2023-11 C3",
    ],
    "Mali and Burkina Faso shift": [
        "AlignmentShifted mali state-of-mali russia 2021/2024-03-20 F3",
        "AlignmentShifted burkina-faso state-of-burkina-faso russia 2021/2024-03-20 F3",
    ],
    "thousands displaced": [
        f"PopulationDisplaced mali {RECENTLY} F3",
        f"NeedReported mali {RECENTLY} F3",
    ],
}
"""Each line of the first table, by the words that it begins with."""

PUBLIC = {
    "2014-05-21": [
        "TownSeized kidal mnla 2014-05-21 B2",
        "ControlReported kidal cma 2014-05-22/2014-12-31 B2",
        "ControlReported kidal csp 2021-05 B2",
        "ControlReported minusma-camp-kidal minusma 2014-05-21 B2",
    ],
    "2023-06": [
        *(f"ControlReported {town} csp 2023-06 C3" for town in ("ber", "anefis", "tessalit")),
        "ControlReported aguelhok csp 2023-06 C3",
        *(
            f"ControlReported minusma-camp-{town} minusma 2023-06 C3"
            for town in ("ber", "tessalit", "aguelhok", "kidal")
        ),
    ],
    "2021-12": [
        "MissionDeployed mali wagner 2021-12 B2",
        "AllianceFormed mali fama wagner 2021-12 B2",
    ],
    "2023-06-30": ["MandateEnded mali minusma 2023-06-30 A1"],
    "2023-08-08": ["SiegeLaid timbuktu jnim 2023-08-08 C3"],
    "2023-08-13": [
        "MissionWithdrawn minusma-camp-ber minusma 2023-08-13 B2",
        "BaseCaptured minusma-camp-ber fama 2023-08-13 B2",
    ],
    "2023-09-12": [
        "ClashReported bourem csp fama 2023-09-12 C3",
        "BaseCaptured fama-camp-bourem csp 2023-09-12 C3",
        "PositionAbandoned fama-camp-bourem csp 2023-09-12 C3",
        "ControlReported fama-camp-bourem fama 2023-09-12 C3",
    ],
    "2023-09-17": [
        "ClashReported lere csp fama 2023-09-17 B3",
        "BaseCaptured fama-camps-lere csp fama 2023-09-17 B3",
        "PositionAbandoned fama-camps-lere csp 2023-09-18 B3",
    ],
    "2023-09-28": [
        "ClashReported dioura csp fama 2023-09-28 C3",
        "BaseCaptured fama-camp-dioura csp fama 2023-09-28 C3",
        "PositionAbandoned fama-camp-dioura csp 2023-09-28/2023-09-29 C3",
    ],
    "2023-10-01": ["BaseCaptured fama-camp-bamba csp fama 2023-10-01 B3"],
    "2023-10-02": ["ConvoyDeparted gao fama wagner kidal-region 2023-10-02 B2"],
    "2023-10-05 … 06": [
        "ConvoyStalled anefis fama wagner 2023-10-05/2023-10-06 B3",
        "ClashReported anefis fama wagner 2023-10-05/2023-10-06 B3",
    ],
    "2023-10-07": [
        "ConvoyArrived anefis fama wagner 2023-10-07 B2",
        "TownSeized anefis fama wagner 2023-10-07 B2",
    ],
    "2023-10-21": [
        "MissionWithdrawn minusma-camp-tessalit minusma 2023-10-21 B2",
        "ControlReported minusma-camp-tessalit fama 2023-10-21 B2",
    ],
    "2023-10-23": [
        "MissionWithdrawn minusma-camp-aguelhok minusma 2023-10-23 B2",
        "ControlReported minusma-camp-aguelhok csp 2023-10-23 B2",
    ],
    "2023-10-31": [
        "MissionWithdrawn minusma-camp-kidal minusma 2023-10-31 B2",
        "BaseCaptured minusma-camp-kidal csp 2023-10-31 B2",
    ],
    "2023-11-12 … 14": ["ConvoyDeparted kidal-region fama wagner kidal 2023-11-12/2023-11-14 B2"],
    "2023-11-14": [
        "TownSeized kidal fama wagner csp 2023-11-14 A2",
        "BaseCaptured minusma-camp-kidal fama wagner csp 2023-11-14 A2",
        "ControlReported kidal csp 2023-11-15/2023-11-17 C4",
    ],
    "2023-12-20": ["TownSeized aguelhok fama 2023-12-20 C3"],
    "2023-12-31": ["MissionWithdrawn mali minusma 2023-12-31 A1"],
    "2024-01-25": ["StatementIssued mali state-of-mali csp 2024-01-25 A1"],
}
"""Each line of the second table, by its date."""

LINEAGE = [
    "StatementIssued mali mnla 2011 C3",
    "CoalitionJoined mnla cma 2014 C3",
    "CoalitionJoined cma csp 2021-05-06 C3",
    "ActorRenamed csp 2024-04 C3",
    "ActorRenamed csp 2024-05-02 C3",
    "ActorMerged csp fla 2024-11-30 C3",
    "ActorMerged aqim-sahara ansar-dine katiba-macina al-mourabitoun jnim 2017-03-02 C3",
    "AffiliationDeclared jnim aqim 2017-03-02 C3",
    "ActorDissolved wagner africa-corps 2024-04/2025 C3",
]
"""The paragraph on the actors."""

ALIASES = {"mnla": "MLNA", "csp": "CSP-PSD", "aguelhok": "Aguelhoc"}
"""Other names, which the tables mention."""


@pytest.fixture(scope="module")
def told() -> dict[str, int]:
    """Every statement of the scenario, as the tables above have them, and how often it is made."""
    events = [
        statement.event
        for file in ("mali.yaml", "mali-after.yaml")
        for statement in read_situation(SCENARIOS / file).statements
    ]
    trust = {each.source: each.reliability for each in events if isinstance(each, SourceRegistered)}
    source = {each.report: each.source for each in events if isinstance(each, ReportFiled)}
    found: dict[str, int] = {}
    for each in events:
        if isinstance(each, Told):
            line = f"{in_brief(each)} {trust[source[each.report]]}{each.credibility}"
            found[line] = found.get(line, 0) + 1
    return found


def in_brief(event: Told) -> str:
    """As in "TownSeized kidal mnla 2014-05-21"."""
    named = [each.slug for each in references_of(event) if each.kind in ("location", "actor")]
    return " ".join([type(event).__name__, *named, event.occurred.text])


@pytest.mark.parametrize("line", REPORTED)
def test_what_the_situation_report_says_is_recorded(told: dict[str, int], line: str) -> None:
    assert [each for each in REPORTED[line] if each not in told] == []


@pytest.mark.parametrize("date", PUBLIC)
def test_what_was_public_is_recorded_with_its_date_and_grade(
    told: dict[str, int], date: str
) -> None:
    assert [each for each in PUBLIC[date] if each not in told] == []


def test_who_is_whom_is_recorded(told: dict[str, int]) -> None:
    assert [each for each in LINEAGE if each not in told] == []


def test_of_bourem_two_sources_tell(told: dict[str, int]) -> None:
    assert told["ClashReported bourem csp fama 2023-09-12 C3"] == 2


def test_the_other_names_are_known() -> None:
    known = {
        str(each.event.actor if isinstance(each.event, ActorRegistered) else each.event.location): {
            alias.text for alias in each.event.aliases
        }
        for each in read_situation(SCENARIOS / "mali.yaml").statements
        if isinstance(each.event, ActorRegistered | LocationRegistered)
    }
    assert [slug for slug, alias in ALIASES.items() if alias not in known[slug]] == []


# ---- The same tables, read from the page -----------------------------------------------------


@pytest.fixture(scope="module")
def page() -> str:
    if not TABLES.exists():
        pytest.skip("the page with the tables is not beside this repository")
    return TABLES.read_text("utf-8")


def rows(page: str, heading: str) -> list[list[str]]:
    """The lines of the table under that heading, each with its cells."""
    table = page[page.index(heading) :].split("\n\n")[0]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in table.splitlines()[2:]]


def test_no_line_of_the_first_table_is_forgotten(page: str) -> None:
    said = [row[0] for row in rows(page, "| statement |")]
    assert [line for line in said if not line.startswith(tuple(REPORTED))] == []
    assert len(said) == len(REPORTED)


def test_no_line_of_the_second_table_is_forgotten(page: str) -> None:
    assert {row[0] for row in rows(page, "| date |")} == set(PUBLIC)


def test_every_event_that_the_first_table_names_is_among_those_that_carry_its_line(
    page: str,
) -> None:
    for said, events in rows(page, "| statement |"):
        (carried,) = (REPORTED[line] for line in REPORTED if said.startswith(line))
        carrying = {each.split()[0] for each in carried}
        wanted = set(re.findall("`([A-Za-z]+)", events))
        assert wanted <= carrying, said


def test_every_grade_of_the_second_table_is_given_to_an_event_of_its_line(page: str) -> None:
    for date, _, grades in rows(page, "| date |"):
        given = {each.split()[-1] for each in PUBLIC[date]}
        assert set(re.findall(r"\b[A-F][1-6]\b", grades)) <= given, date


def test_every_place_is_where_the_page_has_it(page: str) -> None:
    text = " ".join(page[page.index("Places (WGS 84") :].split()).replace("−", "-")
    found = re.findall(r"([A-Z][^\d,.:()]+?) (?:\([^)]*\) )?(\d+\.\d+) (-?\d+\.\d+)", text)
    points = {
        each.event.name: (each.event.coordinates.latitude, each.event.coordinates.longitude)
        for each in read_situation(SCENARIOS / "mali.yaml").statements
        if isinstance(each.event, LocationRegistered) and each.event.coordinates
    }
    assert len(found) == 12
    for name, latitude, longitude in found:
        assert points[name] == (float(latitude), float(longitude))
