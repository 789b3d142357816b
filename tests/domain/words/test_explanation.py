"""The answer in plain English: sources, grades and dates."""

from collections.abc import Mapping
from dataclasses import dataclass

import pytest

from domain import events
from domain.control.claims import Claim, assertion_of
from domain.control.timeline import Timeline
from domain.events import SituationEvent
from domain.grades import Grade
from domain.occurred import Instant, Occurred, parse_moment
from domain.values import EventId, LocationKind, Reliability, SourceId
from domain.words import explanation
from domain.words.explanation import explain, spoken_moment, spoken_window
from domain.words.statements import statement
from tests.domain.builders import event, event_id
from tests.domain.naming import Called

SOURCES = {"afp": "AFP", "rfi": "RFI", "acled": "ACLED"}


@dataclass(frozen=True)
class Heard:
    """A graded statement with its source and its date of publication."""

    said: SituationEvent
    source: str
    grade: str
    published: str
    via: str | None = None

    def claim(self, position: int) -> Claim:
        asserts = assertion_of(self.said, LocationKind.TOWN)
        assert asserts
        spoken = Occurred.parse(self.published).window
        return Claim(
            event=event_id(position),
            position=position,
            occurred=self.said.occurred.window,
            published=Instant(spoken.latest - 1),
            spoken=spoken,
            asserts=asserts,
            origin=SourceId(self.source),
            source=SourceId(self.source),
            report=self.said.report,
            grade=self._grade,
        )

    def testimony(self) -> explanation.Testimony:
        published = Occurred.parse(self.published)
        return explanation.Testimony(
            self.said,
            statement(self.said, Called()),
            SOURCES[self.source],
            self.via,
            self._grade,
            published,
        )

    @property
    def _grade(self) -> Grade:
        return Grade(Reliability(self.grade[0]), int(self.grade[1]))


def explained(*heard: Heard, on: str) -> str:
    """The explanation of control of Kidal."""
    at = parse_moment(on)
    testimony: Mapping[EventId, explanation.Testimony] = {
        event_id(n): each.testimony() for n, each in enumerate(heard, 1)
    }
    period = Timeline(each.claim(n) for n, each in enumerate(heard, 1)).at(at)
    return explain("Kidal", at, period, testimony, Called())


def seized(occurred: str, by: object = "fama", **fields: object) -> SituationEvent:
    return event(events.TownSeized, occurred=occurred, by=by, **fields)


def reported(occurred: str, *holders: str) -> SituationEvent:
    return event(events.ControlReported, occurred=occurred, holders=holders)


def test_unknown() -> None:
    assert explained(on="2023-11-14") == (
        "Nothing that counts says who controlled Kidal at the close of 2023-11-14 (UTC). By rule 3."
    )


def test_held() -> None:
    afp = Heard(seized("2023-11-14", ("fama", "wagner")), "afp", "B2", "2023-11-14T15:04:00Z")
    assert explained(afp, on="2023-11-20") == (
        "Kidal was held by FAMa and Wagner at the close of 2023-11-20 (UTC). It began on "
        "2023-11-14. One source says so: AFP (B2, published at 2023-11-14T15:04:00Z) says that "
        "FAMa and Wagner seized Kidal on 2023-11-14. By rule 3."
    )


def test_held_after_somebody_else_had_it_and_until_it_was_left() -> None:
    told = explained(
        Heard(reported("2023-10-31", "csp"), "rfi", "B3", "2023-11-01"),
        Heard(seized("2023-11-14", taken_from="csp"), "afp", "B2", "2023-11-14"),
        Heard(seized("2023-11-14T06Z"), "acled", "B2", "2023-11-21", via="Sahel Monitor"),
        Heard(
            event(events.PositionAbandoned, occurred="2024-07", by="fama"), "rfi", "B2", "2024-07"
        ),
        on="2023-11-20T12:00:00Z",
    )
    assert told == (
        "Kidal was held by FAMa at 2023-11-20T12:00:00Z. It began in the hour of "
        "2023-11-14T06Z and ended in 2024-07. It was last heard of on 2023-11-14. 2 "
        "independent sources say so: AFP (B2, published on 2023-11-14) says that FAMa seized "
        "Kidal from CSP on 2023-11-14; ACLED (B2, by way of Sahel Monitor, published on "
        "2023-11-21) says that FAMa seized Kidal in the hour of 2023-11-14T06Z. Does not "
        "count: RFI (B3, published on 2023-11-01) says that CSP held Kidal on 2023-10-31; the "
        "place is reported to have changed hands later: ACLED (B2, by way of Sahel Monitor, "
        "published on 2023-11-21) says that FAMa seized Kidal in the hour of 2023-11-14T06Z. "
        "By rule 3."
    )


def test_vacant() -> None:
    abandoned = event(events.PositionAbandoned, occurred="2023-11-02/2023-11-05", by="csp")
    assert explained(
        Heard(seized("2023-11", "csp"), "rfi", "C3", "2023-12"),
        Heard(abandoned, "afp", "B2", "2023-11-06"),
        on="2023-12-24",
    ) == (
        "Kidal was held by nobody at the close of 2023-12-24 (UTC). It began between "
        "2023-11-02 and 2023-11-05. It was last heard of between 2023-11-02 and 2023-11-05, 49 "
        "days before. One source says so: AFP (B2, published on 2023-11-06) says "
        "that CSP abandoned Kidal between 2023-11-02 and 2023-11-05. Does not count: RFI (C3, "
        "published in 2023-12) says that CSP seized Kidal in 2023-11; all of those whom it "
        "names are reported to have left since: AFP (B2, published on 2023-11-06) says that "
        "CSP abandoned Kidal between 2023-11-02 and 2023-11-05. By rule 3."
    )


def test_contested() -> None:
    contested = event(events.LocationContested, occurred="2023", between=("fama", "csp", "jnim"))
    assert explained(Heard(contested, "acled", "B2", "2024-01-03"), on="2024-01-05") == (
        "Kidal was contested between CSP, FAMa and JNIM at the close of 2024-01-05 (UTC). It "
        "began in 2023. One source says so: ACLED (B2, published on 2024-01-03) says that "
        "Kidal was contested between FAMa, CSP and JNIM in 2023. By rule 3."
    )


def test_held_though_disputed() -> None:
    assert explained(
        Heard(seized("2023-11-14"), "afp", "A1", "2023-11-14"),
        Heard(reported("2023-11-15", "csp"), "rfi", "C3", "2023-11-15"),
        on="2023-11-15",
    ) == (
        "Kidal was held by FAMa at the close of 2023-11-15 (UTC). It began on 2023-11-14. One "
        "source says so: AFP (A1, published on 2023-11-14) says that FAMa seized Kidal on "
        "2023-11-14. Against that, others say held by CSP: RFI (C3, published on 2023-11-15) "
        "says that CSP held Kidal on 2023-11-15. The answer stands, disputed, because it is "
        "better founded by the grades, A1 against C3. By rule 3."
    )


def test_held_though_disputed_says_whether_by_the_grades_or_by_the_number_of_sources() -> None:
    said = [
        Heard(reported("2023-11-14", "fama"), "afp", "B2", "2023-11-14"),
        Heard(reported("2023-11-14", "fama"), "rfi", "B2", "2023-11-14"),
        Heard(reported("2023-11-14", "csp"), "acled", "B2", "2023-11-14"),
    ]
    told = explained(*said, on="2023-11-15")
    assert "better founded by the number of independent sources, 2 against 1." in told
    weak = Heard(reported("2023-11-14", "csp"), "acled", "A4", "2023-11-14")
    told = explained(said[0], weak, on="2023-11-15")
    assert "better founded by the grades, B2 against A4." in told


def test_an_answer_that_was_last_heard_of_long_ago_says_when() -> None:
    afp = Heard(seized("2023-11-14"), "afp", "B2", "2023-11-14")
    assert "last heard of" not in explained(afp, on="2023-12-14")
    told = explained(afp, on="2023-12-15")
    assert "It began on 2023-11-14. It was last heard of on 2023-11-14, 31 days before." in told


def test_disputed() -> None:
    assert explained(
        Heard(reported("2023-11-14", "fama"), "afp", "B2", "2023-11-14"),
        Heard(reported("2023-11-14"), "rfi", "B2", "2023-11-15"),
        on="2023-11-15",
    ) == (
        "The sources disagree about who controlled Kidal at the close of 2023-11-15 (UTC). It "
        "was so by 2023-11-14; since when, nobody says. Some say held by nobody: RFI (B2, "
        "published on 2023-11-15) says that nobody held Kidal on 2023-11-14. Others say held "
        "by FAMa: AFP (B2, published on 2023-11-14) says that FAMa held Kidal on 2023-11-14. "
        "No side is better founded than the others: none has a voice that is better graded "
        "than every voice of the others, and none has twice as many independent sources. By "
        "rule 3."
    )


def test_outdated() -> None:
    assert explained(
        Heard(reported("2023-01-01", "csp"), "rfi", "B2", "2023-01-01"),
        Heard(reported("2023-11-15", "fama"), "afp", "B3", "2023-11-15"),
        on="2023-11-15",
    ) == (
        "Kidal was held by FAMa at the close of 2023-11-15 (UTC). It began between 2023-01-02 "
        "and 2023-11-15. It was last heard of on 2023-11-15. One source says so: AFP (B3, "
        "published on 2023-11-15) says that FAMa held Kidal on 2023-11-15. Does not count: RFI "
        "(B2, published on 2023-01-01) says that CSP held Kidal on 2023-01-01; it was more "
        "than 30 days old when the other was reported: AFP (B3, published on 2023-11-15) says "
        "that FAMa held Kidal on 2023-11-15. By rule 3."
    )


def test_uncertain_while_the_windows_of_two_reports_are_open() -> None:
    assert explained(
        Heard(seized("2023-10-01", "csp"), "rfi", "B2", "2023-10-01"),
        Heard(seized("2023-11"), "afp", "B2", "2023-12-01"),
        Heard(
            event(events.LocationContested, occurred="2023-11", between=()), "acled", "B2", "2023"
        ),
        on="2023-11-15",
    ) == (
        "Kidal was contested at the close of 2023-11-15 (UTC). It began in 2023-11 and ended "
        "in 2023-11. One source says so: ACLED (B2, published in 2023) says that Kidal was "
        "contested in 2023-11. Not certain: it may have been disputed (contested; held by "
        "FAMa), if this had happened by then: AFP (B2, published on 2023-12-01) says that FAMa "
        "seized Kidal in 2023-11. Not certain: it may have been held by CSP, if this was not "
        "yet so then: ACLED (B2, published in 2023) says that Kidal was contested in 2023-11. "
        "Does not count: RFI (B2, published on 2023-10-01) says that CSP seized Kidal on "
        "2023-10-01; a later report says otherwise: ACLED (B2, published in 2023) says that "
        "Kidal was contested in 2023-11. By rule 3."
    )


def test_an_uncertain_answer_names_who_reports_the_change_that_is_still_open() -> None:
    assert explained(Heard(seized("2023-11"), "afp", "B2", "2023-12-01"), on="2023-11-15") == (
        "Nothing that counts says who controlled Kidal at the close of 2023-11-15 (UTC). "
        "Not certain: it may have been held by FAMa, if this had happened by then: AFP (B2, "
        "published on 2023-12-01) says that FAMa seized Kidal in 2023-11. By rule 3."
    )


def test_uncertain_before_a_sighting_that_reveals_a_change() -> None:
    assert explained(
        Heard(reported("2023-11-14", "fama"), "afp", "B2", "2023-11-14"),
        Heard(reported("2023-11-20", "csp"), "rfi", "B2", "2023-11-20"),
        on="2023-11-17",
    ) == (
        "Kidal was held by FAMa at the close of 2023-11-17 (UTC). It was so by 2023-11-14; "
        "since when, nobody says. It ended between 2023-11-15 and 2023-11-20. One source says "
        "so: AFP (B2, published on 2023-11-14) says that FAMa held Kidal on 2023-11-14. Not "
        "certain: it may have been held by CSP, as was reported on 2023-11-20; when it "
        "changed, nobody says. By rule 3."
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2023-11-14", "on 2023-11-14"),
        ("2023-11", "in 2023-11"),
        ("2023", "in 2023"),
        ("2023-11-14T06Z", "in the hour of 2023-11-14T06Z"),
        ("2023-11-14T06:30:00Z", "at 2023-11-14T06:30:00Z"),
        ("2023-11-14/2023-11-16", "between 2023-11-14 and 2023-11-16"),
        ("2023-10/2023-11", "between 2023-10-01 and 2023-11-30"),
        (
            "2023-11-14T06Z/2023-11-14T07Z",
            "between 2023-11-14T06:00:00Z and 2023-11-14T08:00:00Z",
        ),
        (
            "2023-11-14T06:30:00Z/2023-11-14T07:30:00Z",
            "between 2023-11-14T06:30:00Z and 2023-11-14T07:30:00Z",
        ),
    ],
)
def test_a_window_in_words(text: str, said: str) -> None:
    assert spoken_window(Occurred.parse(text).window) == said


def test_a_moment_in_words() -> None:
    assert spoken_moment(parse_moment("2023-11-14")) == "at the close of 2023-11-14 (UTC)"
    assert spoken_moment(parse_moment("2023-11-14T06:30:00Z")) == "at 2023-11-14T06:30:00Z"
    assert spoken_moment(parse_moment("2023-11-14+04:30")) == "just before 2023-11-14T19:30:00Z"
