"""A replay tells, entry by entry, the statement and its effect on the answer."""

from domain import events
from domain.control.verdict import Silence
from domain.events import Event
from domain.occurred import parse_moment
from domain.replay import Effect, PlaceReplay, PlaceStep, replay
from domain.values import LocationId
from domain.words.names import Naming
from domain.words.replay import PlaceStepWords, tell
from tests.domain.builders import entries, event, event_id

KIDAL = LocationId("kidal")
SOURCES = {
    "afp": ("AFP", "A"),
    "rfi": ("RFI", "B"),
    "csp-comms": ("CSP", "D"),
    "rumour": ("?", "F"),
}
ACTORS = {"fama": "FAMa", "csp": "CSP", "cma": "CMA", "wagner": "Wagner"}
PREFACE = (
    *(
        event(events.SourceRegistered, source=source, name=name, reliability=grade)
        for source, (name, grade) in SOURCES.items()
    ),
    *(
        event(events.ReportFiled, report=source, source=source, published="2023-12", title="News")
        for source in SOURCES
    ),
    *(
        event(events.ActorRegistered, actor=actor, name=name, kind="armed-group")
        for actor, name in ACTORS.items()
    ),
    event(events.LocationRegistered, name="Kidal", kind="town"),
)
FIRST = len(PREFACE) + 1
"""The position of the first event after the preface, behind the registration of Kidal."""


def seized(by: str, on: str, source: str = "rfi", credibility: int = 2) -> Event:
    return event(events.TownSeized, by=by, occurred=on, report=source, credibility=credibility)


def seen(by: str, on: str, source: str, credibility: int = 2) -> Event:
    return event(
        events.ControlReported, holders=by, occurred=on, report=source, credibility=credibility
    )


def retracted(position: int) -> Event:
    return event(events.EventRetracted, event=event_id(position), reason="Wrong.", report="rfi")


def replayed(*said: Event, on: str = "2023-11-20") -> PlaceReplay:
    return replay(entries(*PREFACE, *said), KIDAL, parse_moment(on))


def last(*said: Event, on: str = "2023-11-20") -> list[Effect]:
    """The effects of the last event."""
    return why(replayed(*said, on=on).steps[-1])


def why(step: PlaceStep) -> list[Effect]:
    return [each.effect for each in step.effects]


def told(*said: Event, on: str = "2023-11-20") -> list[PlaceStepWords]:
    naming = Naming(entries(*PREFACE, *said))
    return tell(replayed(*said, on=on).steps, naming, parse_moment(on))


# ---- What is a step --------------------------------------------------------------------------


def test_a_place_of_which_nobody_speaks_has_one_step_its_registration() -> None:
    (step,) = replayed().steps
    assert why(step) == [Effect.REGISTERED]
    assert not step.after.reading.verdict.has_voice


def test_what_asserts_nothing_about_control_is_counted_and_passed_over() -> None:
    convoy = event(
        events.ConvoyStalled, convoy="column", owners="fama", occurred="2023-10", report="rfi"
    )
    found = replayed(convoy, seized("fama", "2023-11-14"))
    assert [step.entry.position for step in found.steps] == [FIRST - 1, FIRST + 1]
    assert found.passed_over == 1


def test_what_is_said_of_another_place_is_no_step() -> None:
    gao = event(events.LocationRegistered, location="gao", name="Gao", kind="town")
    there = event(events.TownSeized, location="gao", by="csp", occurred="2023", report="rfi")
    assert len(replayed(gao, there).steps) == 1


def test_a_region_is_held_only_where_a_source_says_so_of_the_whole() -> None:
    region = event(events.LocationRegistered, name="Kidal", kind="region")
    said = [*PREFACE[:-1], region, seized("fama", "2023-11-14")]
    found = replay(entries(*said), KIDAL, parse_moment("2023-11-20"))
    assert (len(found.steps), found.passed_over) == (1, 1)
    (telling,) = tell(found.steps, Naming(entries(*said)), parse_moment("2023-11-20"))
    assert telling.because[0].startswith(
        "A region is held only where a source says so of the whole"
    )


def test_a_grade_that_changes_before_anything_is_heard_is_no_step() -> None:
    regraded = event(events.SourceRegraded, source="rfi", reliability="E", reason="Wrong often.")
    steps = replayed(regraded, seized("fama", "2023-11-14")).steps
    assert [type(step.entry.statement.event).__name__ for step in steps] == [
        "LocationRegistered",
        "TownSeized",
    ]
    assert steps[-1].attribution is not None and steps[-1].attribution.by.reliability == "E"


# ---- What a step does, by the steps of the rule ----------------------------------------------


def test_the_first_word_is_a_new_voice() -> None:
    assert last(seized("csp", "2014-05-21")) == [Effect.NEW_VOICE]


def test_a_word_on_a_later_time_does_nothing() -> None:
    assert last(seized("fama", "2023-11-21")) == [Effect.LATER, Effect.UNCHANGED]


def test_an_origin_continues_or_corrects_its_own_word() -> None:
    said = seized("csp", "2023-11-01"), seized("fama", "2023-11-14")
    assert last(*said) == [Effect.CONTINUES]
    found = replayed(*said).steps[-1]
    assert found.effects[0].events == (event_id(FIRST),)


def test_a_late_report_of_an_earlier_time_is_overtaken() -> None:
    said = seized("fama", "2023-11-14"), seized("csp", "2023-11-01")
    assert last(*said) == [Effect.OVERTAKEN, Effect.UNCHANGED]


def test_a_later_taking_silences_the_word_before_it() -> None:
    said = seized("csp", "2023-11-01", "afp"), seized("fama", "2023-11-14", "afp", 2)
    assert last(seized("csp", "2023-11-01", "csp-comms"), said[1]) == [
        Effect.NEW_VOICE,
        Effect.SILENCES,
    ]


def test_a_rumour_disputes_and_does_not_prevail() -> None:
    said = seized("fama", "2023-11-01", "afp"), seized("csp", "2023-11-14", "csp-comms", 4)
    assert last(*said) == [Effect.NEW_VOICE, Effect.PREVAILS]


def test_voices_that_do_not_agree_and_are_not_better_graded_are_a_dispute() -> None:
    said = seen("fama", "2023-11-14", "rfi"), seen("csp", "2023-11-14", "rumour", 1)
    assert last(*said) == [Effect.NEW_VOICE, Effect.DISPUTED]


def test_voices_that_agree_are_one_side() -> None:
    said = seen("fama", "2023-11-14", "rfi"), seen("fama", "2023-11-15", "afp")
    assert last(*said) == [Effect.NEW_VOICE, Effect.AGREES, Effect.UNCHANGED]


def test_an_open_window_makes_the_answer_uncertain() -> None:
    said = seized("csp", "2023-10"), seized("fama", "2023-11", "afp")
    assert last(*said) == [Effect.STILL_OPEN, Effect.UNCERTAIN]


def test_an_open_window_that_would_change_nothing_leaves_it_certain() -> None:
    said = seized("fama", "2023-10"), seized("fama", "2023-11", "afp")
    assert last(*said) == [Effect.STILL_OPEN, Effect.UNCHANGED]


def test_a_source_that_does_not_know_has_no_voice() -> None:
    unknown = event(events.ControlReportedUnknown, occurred="2023-11-15", report="rfi")
    said = seen("fama", "2023-11-14", "rfi"), unknown
    assert last(*said) == [Effect.CONTINUES, Effect.NO_VOICE, Effect.SILENCES]
    (silent,) = [it for it in replayed(*said).steps[-1].effects if it.why]
    assert (silent.events, silent.why) == ((event_id(FIRST + 1),), Silence.DOES_NOT_KNOW)


# ---- Retraction, reinstatement, regrading, lineage -------------------------------------------


def test_a_retraction_takes_back_and_a_reinstatement_brings_back() -> None:
    reinstated = event(
        events.EventReinstated, event=event_id(FIRST + 1), reason="It was right.", report="rfi"
    )
    said = [
        seen("csp", "2023-11-01", "afp"),
        seized("fama", "2023-11-14", "afp"),
        retracted(FIRST + 1),
        reinstated,
    ]
    steps = replayed(*said).steps
    assert why(steps[-2]) == [Effect.RETRACTED, Effect.SPEAKS]
    assert why(steps[-1]) == [Effect.REINSTATED]
    held = [step.after.reading.verdict.holders for step in steps]
    assert held == [(), ("csp",), ("fama",), ("csp",), ("fama",)]


def test_a_regrading_counts_for_what_was_said_before() -> None:
    said = [
        seen("fama", "2023-11-14", "rfi"),
        seen("csp", "2023-11-14", "csp-comms"),
        event(events.SourceRegraded, source="csp-comms", reliability="A", reason="Right often."),
    ]
    steps = replayed(*said).steps
    assert why(steps[-2]) == [Effect.NEW_VOICE, Effect.PREVAILS]
    assert why(steps[-1]) == [Effect.REGRADED, Effect.PREVAILS]
    assert [step.after.reading.verdict.holders for step in steps[-2:]] == [("fama",), ("csp",)]


def test_an_end_counts_for_what_a_continuous_source_said_before() -> None:
    kept = event(
        events.SourceRegistered, source="map", name="Map", reliability="F", continuous=True
    )
    filed = event(events.ReportFiled, report="map", source="map", published="2023-12", title="M")
    said = [
        kept,
        filed,
        seen("fama", "2023-01-01", "map", 6),
        seen("csp", "2023-11-14", "rumour", 6),
    ]
    ended = event(events.SourceEnded, source="map", ended="2023-03", reason="It stopped.")
    found = told(*said, ended)[-1]
    assert last(*said, ended)[0] is Effect.ENDED
    assert found.heard == "Map ended in 2023-03: from then on its silence says nothing"
    assert found.source is None
    assert (found.before, found.after) == ("held by FAMa (disputed: held by CSP)", "held by CSP")


def test_lineage_makes_one_side_of_two() -> None:
    joined = event(
        events.CoalitionJoined, members="cma", coalition="csp", occurred="2021", report="afp"
    )
    said = seen("csp", "2023-11-14", "rfi"), seen("cma", "2023-11-14", "rumour", 1), joined
    steps = replayed(*said).steps
    assert why(steps[-1]) == [Effect.LINEAGE, Effect.SAME_HANDS]
    assert steps[-2].after.reading.verdict.disputed
    assert not steps[-1].after.reading.verdict.disputed


def test_lineage_of_actors_that_are_not_named_is_no_step() -> None:
    joined = event(
        events.CoalitionJoined, members="wagner", coalition="fama", occurred="2021", report="afp"
    )
    assert len(replayed(seized("csp", "2014"), joined).steps) == 2


# ---- In words --------------------------------------------------------------------------------


def test_a_replay_reads_as_an_account() -> None:
    renamed = event(
        events.ActorRenamed, actor="csp", name="FLA", occurred="2023-11-18", report="rfi"
    )
    found = told(
        seized("csp", "2023-11-01", "csp-comms"), seized("fama", "2023-11-14", "afp"), renamed
    )
    registered, first, second = found
    assert registered.heard == "Kidal is registered as a town"
    assert registered.source is None
    assert registered.because[0] == "A town can be held; nobody has said by whom."
    assert first == PlaceStepWords(
        heard="CSP seized Kidal on 2023-11-01",
        source="CSP (D2, published in 2023-12)",
        before="unknown",
        after="held by FLA",
        because=("Its source had said nothing of the time until then (step 1).",),
    )
    assert second.before == "held by FLA"
    assert second.after == "held by FAMa"
    assert second.because[1] == (
        f"Because of it no. {FIRST} (CSP) no longer counts: the place is reported to have changed "
        "hands later (step 3)."
    )


def test_what_is_taken_back_is_told_with_its_reason() -> None:
    found = told(seized("fama", "2023-11-14"), retracted(FIRST))[-1]
    assert found.heard == f"no. {FIRST} is taken back: Wrong."
    assert found.source == "RFI (B, published in 2023-12)"
    assert found.because == (f"It takes back no. {FIRST} (RFI), which counts no longer.",)


def test_an_uncertain_answer_names_what_else_may_be() -> None:
    found = told(seized("csp", "2023-10"), seized("fama", "2023-11", "afp"))[-1]
    assert found.after == "held by CSP, or perhaps held by FAMa"


def test_a_copy_is_told_as_its_origins_word_with_the_worse_of_both_grades() -> None:
    copy = event(
        events.ReportFiled,
        report="copy",
        source="rfi",
        published="2023-12-24",
        title="Copied",
        syndicated_from="afp",
    )
    found = told(copy, seized("fama", "2023-11-14", "copy"))[-1]
    assert found.source == "AFP (B2, by way of RFI, published on 2023-12-24)"
