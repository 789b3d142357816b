"""The decisions on recording: every refusal, repetitions, and the tags of an event."""

from dataclasses import dataclass, field

import pytest

from domain import events, refusals
from domain.events import EVENT_TYPES, Event
from domain.occurred import parse_moment
from domain.references import Reference, references_of, subject_of
from domain.registry import Registry, Statement, decide
from domain.values import EventId
from tests.domain.builders import event, event_id

NOW = parse_moment("2024-01-01T00:00:00Z")


@dataclass
class Record:
    """A ledger of one hand: every statement is decided, tagged and learnt."""

    known: Registry = field(default_factory=Registry)
    tags: dict[EventId, list[str]] = field(default_factory=dict)

    def record(self, said: Event, id: EventId | None = None) -> EventId | None:
        """The id of the recorded statement; None for a duplicate."""
        statement = Statement(id or event_id(len(self.known.events) + 1), said)
        for decided in decide(self.known, statement, NOW):
            self.tags[decided.id] = self.known.tags_of(decided)
            self.known.learn(decided, self.tags[decided.id])
            return decided.id
        return None


def registered() -> Record:
    """Kidal, two actors, and a report of AFP's."""
    record = Record()
    record.record(event(events.SourceRegistered, source="afp", name="AFP", reliability="B"))
    record.record(event(events.SourceRegistered, source="rfi", name="RFI", reliability="B"))
    record.record(event(events.LocationRegistered, name="Kidal", kind="town"))
    for actor in ("fama", "csp"):
        record.record(event(events.ActorRegistered, actor=actor, name=actor, kind="state-force"))
    for report, source in [("report-1", "afp"), ("report-2", "rfi")]:
        record.record(filed(report=report, source=source))
    return record


def filed(**fields: object) -> Event:
    common = {"report": "report-3", "source": "afp", "published": "2023-11-15", "title": "Kidal"}
    return event(events.ReportFiled, **common | fields)


def seized(**fields: object) -> Event:
    return event(events.TownSeized, **{"by": "fama", "occurred": "2023-11-14"} | fields)


def retracted(target: EventId, **fields: object) -> Event:
    common = {"event": target, "reason": "AFP was misled", "report": "report-2"}
    return event(events.EventRetracted, **common | fields)


def reinstated(target: EventId, **fields: object) -> Event:
    common = {"event": target, "reason": "AFP was right after all", "report": "report-2"}
    return event(events.EventReinstated, **common | fields)


# ---- What is recorded ------------------------------------------------------------------------


def test_a_statement_about_what_is_registered_is_recorded() -> None:
    record = registered()
    id = record.record(seized())
    assert id
    assert record.known.events[id].live


def test_two_sources_that_say_the_same_are_both_recorded() -> None:
    record = registered()
    assert record.record(seized())
    assert record.record(seized(report="report-2"))


def test_sources_may_contradict_each_other() -> None:
    record = registered()
    assert record.record(seized())
    assert record.record(seized(by="csp"))


def test_what_is_recorded_already_is_not_recorded_again() -> None:
    record = registered()
    first = record.record(seized())
    assert record.record(seized(), first) is None


def test_a_registration_that_is_recorded_already_is_not_refused() -> None:
    record = registered()
    first = record.record(filed())
    assert record.record(filed(), first) is None


def test_a_retracted_statement_said_again_stays_retracted() -> None:
    record = registered()
    first = record.record(seized())
    assert first
    record.record(retracted(first))
    assert record.record(seized(), first) is None
    assert not record.known.events[first].live


def test_learning_never_refuses() -> None:
    known = Registry()
    known.learn(Statement(event_id(1), retracted(event_id(9))), ["actor:fama"])
    known.learn(Statement(event_id(1), seized()), [])
    assert known.events[event_id(1)].tags == {"actor:fama"}


# ---- Unknown references ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "message", "named"),
    [
        (seized(location="kidall"), "no location is registered as 'kidall'", "location"),
        (seized(by="famma"), "no actor is registered as 'famma'", "by"),
        (seized(by=("fama", "famma")), "no actor is registered as 'famma'", "by"),
        (seized(taken_from="cspp"), "no actor is registered as 'cspp'", "taken_from"),
        (seized(report="report-9"), "no report is registered as 'report-9'", "report"),
        (filed(source="afpp"), "no source is registered as 'afpp'", "source"),
        (
            filed(syndicated_from="report-9"),
            "no report is registered as 'report-9'",
            "syndicated_from",
        ),
        (
            filed(syndicated_from="report-3"),
            "no report is registered as 'report-3'",
            "syndicated_from",
        ),
        (
            event(
                events.LocationRegistered,
                kind="base",
                location="camp",
                name="Camp",
                within="gao",
            ),
            "no location is registered as 'gao'",
            "within",
        ),
        (
            event(
                events.LocationRegistered,
                kind="base",
                location="camp",
                name="Camp",
                within="camp",
            ),
            "no location is registered as 'camp'",
            "within",
        ),
        (
            event(events.SourceRegraded, source="afpp", reliability="C", reason="because"),
            "no source is registered as 'afpp'",
            "source",
        ),
        (
            retracted(event_id(1), report="report-9"),
            "no report is registered as 'report-9'",
            "report",
        ),
    ],
)
def test_what_is_not_registered_cannot_be_spoken_of(said: Event, message: str, named: str) -> None:
    with pytest.raises(refusals.UnknownReference) as refused:
        registered().record(said)
    assert str(refused.value) == message
    assert refused.value.field == named


def test_an_unknown_reference_may_say_what_comes_near() -> None:
    refused = refusals.UnknownReference("actor", "famma", "by", ["fama", "gatia"])
    assert str(refused) == "no actor is registered as 'famma'; did you mean fama or gatia?"


def test_a_convoy_needs_no_registration() -> None:
    said = {"convoy": "column-1", "owners": "fama", "occurred": "2023-11-14"}
    assert registered().record(event(events.ConvoyStalled, **said))


# ---- Other refusals --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        (event(events.LocationRegistered, kind="base", name="Kidal"), "location"),
        (event(events.ActorRegistered, actor="fama", name="F", kind="state-force"), "actor"),
        (event(events.SourceRegistered, source="afp", name="A", reliability="A"), "source"),
        (filed(report="report-1", title="Another title"), "report"),
    ],
)
def test_an_id_that_is_taken_is_refused(said: Event, kind: str) -> None:
    with pytest.raises(refusals.AlreadyRegistered, match="is registered already") as refused:
        registered().record(said)
    assert refused.value.field == kind


@pytest.mark.parametrize(
    "time",
    ["2024-01-02", "2024-01-01T00:00:00.000001Z", "2024-02", "2025", "2024-01-02/2024-01-05"],
)
def test_nothing_can_be_said_of_the_future(time: str) -> None:
    with pytest.raises(refusals.InTheFuture) as refused:
        registered().record(seized(occurred=time))
    assert str(refused.value) == f"{time} lies in the future: it is 2024-01-01T00:00:00Z now"
    assert refused.value.field == "occurred"
    with pytest.raises(refusals.InTheFuture) as refused:
        registered().record(filed(published=time))
    assert refused.value.field == "published"


@pytest.mark.parametrize("time", ["2023-12-31", "2024-01-01T00:00:00Z", "2024-01-01", "2024"])
def test_a_time_that_has_begun_is_not_the_future(time: str) -> None:
    record = registered()
    record.record(filed(published="2023-12-31"))
    assert record.record(seized(occurred=time, report="report-3"))


# ---- Events that begin after their report ----------------------------------------------------


@pytest.mark.parametrize(
    ("published", "occurred"),
    [
        ("2023-11-10", "2023-11-12T00:00:00.000001Z"),
        ("2023-11-10", "2023-11-13"),
        ("2023-11-10", "2023-12"),
        ("2023-11-10T12:00:00Z", "2023-11-12"),
        ("2023-10", "2023-11-03/2023-11-05"),
    ],
)
def test_a_report_cannot_tell_of_what_begins_more_than_a_day_after_it(
    published: str, occurred: str
) -> None:
    record = registered()
    record.record(filed(published=published))
    with pytest.raises(refusals.AfterItsReport) as refused:
        record.record(seized(occurred=occurred, report="report-3"))
    assert refused.value.field == "occurred"
    told = str(refused.value)
    assert f"{occurred} begins more than a day after the report 'report-3' was" in told
    assert "record a StatementIssued with stance 'announcement'" in told


@pytest.mark.parametrize(
    ("published", "occurred"),
    [
        ("2023-11-10", "2023-11-11"),
        ("2023-11-10", "2023-11-12T00:00:00Z"),
        ("2023-11-10", "2023-11"),
        ("2023-11-10", "2023-11-10/2023-11-30"),
        ("2023-11-10T12:00:00Z", "2023-11-11"),
        ("2023-10", "2023-11-02"),
        ("2023", "2023-12-31"),
    ],
)
def test_what_begins_within_a_day_of_its_report_is_recorded(published: str, occurred: str) -> None:
    record = registered()
    record.record(filed(published=published))
    assert record.record(seized(occurred=occurred, report="report-3"))


def test_words_on_lineage_and_statements_keep_to_their_report_too() -> None:
    later = {"occurred": "2023-11-20", "report": "report-1"}
    for said in (
        event(events.ActorDissolved, actor="csp", **later),
        event(events.StatementIssued, by="csp", stance="announcement", **later),
    ):
        with pytest.raises(refusals.AfterItsReport):
            registered().record(said)


def test_the_announcement_itself_is_recorded() -> None:
    said = {"by": "csp", "stance": "announcement", "summary": "They will leave on the 20th."}
    assert registered().record(event(events.StatementIssued, occurred="2023-11-15", **said))


def test_what_another_ledger_recorded_before_this_rule_is_restored() -> None:
    late = Statement(event_id(99), seized(occurred="2023-11-20"))
    assert decide(registered().known, late, NOW, is_restored=True) == (late,)


def test_what_is_recorded_already_is_a_repetition_whatever_its_report() -> None:
    record = registered()
    late = Statement(event_id(99), seized(occurred="2023-11-20"))
    record.known.learn(late, record.known.tags_of(late))
    assert record.record(late.event, late.id) is None


# ---- Sources that end ------------------------------------------------------------------------


def dataset() -> Record:
    record = registered()
    common = {"source": "deepstate", "name": "DeepState", "reliability": "C", "continuous": True}
    record.record(event(events.SourceRegistered, **common))
    return record


def ended(**fields: object) -> Event:
    return event(events.SourceEnded, **{"source": "deepstate", "ended": "2023-11-15"} | fields)


def test_a_continuous_source_ends_and_may_end_again_at_another_time() -> None:
    record = dataset()
    assert record.record(ended())
    assert record.record(ended(ended="2023-12"))


def test_a_source_that_is_not_continuous_has_nothing_to_end() -> None:
    with pytest.raises(refusals.NothingToEnd, match="'afp' is not registered as continuous"):
        dataset().record(ended(source="afp"))


def test_a_source_that_nobody_registered_does_not_end() -> None:
    with pytest.raises(refusals.UnknownReference, match="no source is registered as 'nobody'"):
        dataset().record(ended(source="nobody"))


def test_no_source_ends_in_the_future() -> None:
    with pytest.raises(refusals.InTheFuture) as refused:
        dataset().record(ended(ended="2024-02"))
    assert refused.value.field == "ended"


# ---- Record keeping --------------------------------------------------------------------------


def test_a_retraction_takes_an_event_back_and_a_reinstatement_brings_it_back() -> None:
    record = registered()
    target = record.record(seized())
    assert target
    record.record(retracted(target))
    assert not record.known.events[target].live
    record.record(reinstated(target))
    assert record.known.events[target].live
    record.record(retracted(target, reason="It was not, on second thoughts"))
    assert not record.known.events[target].live


def test_a_correction_is_a_retraction_and_the_corrected_event() -> None:
    record = registered()
    target = record.record(seized())
    assert target
    corrected = record.record(seized(occurred="2023-11-13"))
    assert corrected
    assert record.record(retracted(target, replaced_by=corrected))
    assert not record.known.events[target].live
    assert record.known.events[corrected].live


def test_an_event_is_not_corrected_to_one_that_is_not_recorded() -> None:
    record = registered()
    target = record.record(seized())
    assert target
    unheard_of = EventId("00000000-0000-5000-8000-000000000000")
    with pytest.raises(refusals.UnknownReference, match="no event is registered"):
        record.record(retracted(target, replaced_by=unheard_of))


def test_an_event_is_not_corrected_to_itself() -> None:
    record = registered()
    target = record.record(seized())
    assert target
    with pytest.raises(refusals.NothingToRetract, match="the same as before"):
        record.record(retracted(target, replaced_by=target))


def test_what_is_not_recorded_cannot_be_retracted_or_reinstated() -> None:
    record = registered()
    with pytest.raises(refusals.NothingToRetract, match="no amendment is recorded"):
        record.record(retracted(event_id(99)))
    with pytest.raises(refusals.NothingToReinstate, match="no amendment is recorded"):
        record.record(reinstated(event_id(99)))


def test_registrations_and_retractions_cannot_be_retracted_or_reinstated() -> None:
    record = registered()
    target = record.record(seized())
    assert target
    retraction = record.record(retracted(target))
    assert retraction
    for other in (event_id(1), retraction):
        with pytest.raises(refusals.NothingToRetract, match="no situation event"):
            record.record(retracted(other))
        with pytest.raises(refusals.NothingToReinstate, match="no situation event"):
            record.record(reinstated(other))


def test_what_is_retracted_cannot_be_retracted_again() -> None:
    record = registered()
    target = record.record(seized())
    assert target
    record.record(retracted(target))
    with pytest.raises(refusals.NothingToRetract, match="it is retracted already") as refused:
        record.record(retracted(target, reason="Another reason"))
    assert refused.value.field == "event"


def test_what_stands_cannot_be_reinstated() -> None:
    record = registered()
    target = record.record(seized())
    assert target
    with pytest.raises(refusals.NothingToReinstate, match="it is not retracted"):
        record.record(reinstated(target))


def test_a_retraction_repeated_while_it_holds_is_a_duplicate() -> None:
    record = registered()
    target = record.record(seized())
    assert target
    retraction = record.record(retracted(target))
    assert record.record(retracted(target), retraction) is None


def test_a_retraction_repeated_after_it_was_answered_is_refused() -> None:
    record = registered()
    target = record.record(seized())
    assert target
    retraction = record.record(retracted(target))
    reinstatement = record.record(reinstated(target))
    with pytest.raises(refusals.AlreadySaid, match="cite another report or reason"):
        record.record(retracted(target), retraction)
    record.record(retracted(target, reason="Another reason"))
    with pytest.raises(refusals.AlreadySaid):
        record.record(reinstated(target), reinstatement)


def test_every_refusal_is_normal_business_drawn_at_the_top_of_its_file() -> None:
    drawn = [
        refusal
        for refusal in refusals.DomainError.__subclasses__()
        if refusal.__module__ == refusals.__name__
    ]
    assert len(drawn) > 5
    for refusal in drawn:
        assert f"- {refusal.__name__} " in (refusals.__doc__ or "")


# ---- What an event concerns ------------------------------------------------------------------

TOLD = {"occurred": "2023-11-14", "location": "kidal", "report": "report-1", "credibility": 2}
LOCATED = {"location": "location:kidal", "report": "report:report-1"}
CONVOY = {"convoy": "column-1", "owners": ("fama", "wagner")}
CONVOYED = {"convoy": "convoy:column-1", "owners": "actor:fama actor:wagner"}
SAID = {"occurred": "2023-11-14", "report": "report-1", "credibility": 2}
REPORTED = {"report": "report:report-1"}
CONCERNING = SAID | {"locations": ("mali", "kidal")}
CONCERNED = REPORTED | {"locations": "location:mali location:kidal"}
AMENDED: dict[str, object] = {"reason": "The list of the mission says so."}
KEPT: dict[str, object] = {"event": event_id(1), "reason": "because", "report": "report-1"}
REFERENCES: dict[str, tuple[dict[str, object], dict[str, str]]] = {
    "SourceRegistered": (
        {"source": "afp", "name": "AFP", "reliability": "B"},
        {"source": "source:afp"},
    ),
    "SourceRegraded": (
        {"source": "afp", "reliability": "C", "reason": "because"},
        {"source": "source:afp"},
    ),
    "SourceEnded": (
        {"source": "afp", "ended": "2023-11", "reason": "because"},
        {"source": "source:afp"},
    ),
    "ReportFiled": (
        {
            "report": "report-2",
            "source": "afp",
            "published": "2023",
            "title": "T",
            "syndicated_from": "report-1",
        },
        {
            "report": "report:report-2",
            "source": "source:afp",
            "syndicated_from": "report:report-1",
        },
    ),
    "LocationRegistered": (
        {"location": "camp", "name": "Camp", "kind": "base", "within": "kidal"},
        {"location": "location:camp", "within": "location:kidal"},
    ),
    "ActorRegistered": (
        {"actor": "fama", "name": "FAMa", "kind": "state-force"},
        {"actor": "actor:fama"},
    ),
    "BaseCaptured": (
        TOLD | {"by": "fama", "taken_from": ("csp", "jnim")},
        LOCATED | {"by": "actor:fama", "taken_from": "actor:csp actor:jnim"},
    ),
    "TownSeized": (
        TOLD | {"by": "fama", "taken_from": "csp"},
        LOCATED | {"by": "actor:fama", "taken_from": "actor:csp"},
    ),
    "ControlHandedOver": (
        TOLD | {"handed_from": "minusma", "handed_to": "fama"},
        LOCATED | {"handed_from": "actor:minusma", "handed_to": "actor:fama"},
    ),
    "PositionAbandoned": (TOLD | {"by": "fama"}, LOCATED | {"by": "actor:fama"}),
    "ControlReported": (TOLD | {"holders": "fama"}, LOCATED | {"holders": "actor:fama"}),
    "LocationContested": (
        TOLD | {"between": ("fama", "csp")},
        LOCATED | {"between": "actor:fama actor:csp"},
    ),
    "ControlReportedUnknown": (TOLD, LOCATED),
    "MissionDeployed": (TOLD | {"mission": "minusma"}, LOCATED | {"mission": "actor:minusma"}),
    "MissionWithdrawn": (
        TOLD | {"mission": "minusma", "handed_to": "fama"},
        LOCATED | {"mission": "actor:minusma", "handed_to": "actor:fama"},
    ),
    "ConvoyDeparted": (
        TOLD | CONVOY | {"bound_for": "gao"},
        LOCATED | CONVOYED | {"bound_for": "location:gao"},
    ),
    "ConvoyStalled": (
        TOLD | CONVOY | {"halted_by": "csp"},
        LOCATED | CONVOYED | {"halted_by": "actor:csp"},
    ),
    "ConvoyResumed": (TOLD | CONVOY, LOCATED | CONVOYED),
    "ConvoyArrived": (TOLD | CONVOY, LOCATED | CONVOYED),
    "SiegeLaid": (TOLD | {"by": "jnim"}, LOCATED | {"by": "actor:jnim"}),
    "SiegeLifted": (
        TOLD | {"by": ("jnim", "csp")},
        LOCATED | {"by": "actor:jnim actor:csp"},
    ),
    "ClashReported": (
        TOLD | {"sides": (("fama", "wagner"), "csp"), "tactic": "raid", "deaths": {"best": 3}},
        LOCATED | {"sides": "actor:fama actor:wagner actor:csp"},
    ),
    "PopulationDisplaced": (
        TOLD | {"people": {"low": 2000}, "displaced_to": "gao"},
        LOCATED | {"displaced_to": "location:gao"},
    ),
    "NeedReported": (TOLD | {"sector": "health", "people": {"best": 10}}, LOCATED),
    "LocationRenamed": (TOLD | {"name": "Kidal city"}, LOCATED),
    "MandateEnded": (CONCERNING | {"mission": "minusma"}, CONCERNED | {"mission": "actor:minusma"}),
    "AllianceFormed": (
        CONCERNING | {"parties": ("fama", "wagner")},
        CONCERNED | {"parties": "actor:fama actor:wagner"},
    ),
    "AllianceEnded": (
        CONCERNING | {"parties": ("fama", "wagner")},
        CONCERNED | {"parties": "actor:fama actor:wagner"},
    ),
    "AlignmentShifted": (
        CONCERNING | {"actor": "mali", "from_patron": "france", "to_patron": "russia"},
        CONCERNED
        | {"actor": "actor:mali", "from_patron": "actor:france", "to_patron": "actor:russia"},
    ),
    "StatementIssued": (
        CONCERNING | {"by": "csp", "stance": "denial", "about": ("fama", "wagner")},
        CONCERNED | {"by": "actor:csp", "about": "actor:fama actor:wagner"},
    ),
    "ActorRenamed": (
        SAID | {"actor": "csp", "name": "CSP-DPA"},
        REPORTED | {"actor": "actor:csp"},
    ),
    "ActorMerged": (
        SAID | {"merged": ("ansar-dine", "katiba-macina"), "into": "jnim"},
        REPORTED | {"merged": "actor:ansar-dine actor:katiba-macina", "into": "actor:jnim"},
    ),
    "ActorSplit": (
        SAID | {"actor": "mnla", "into": ("msa", "gatia")},
        REPORTED | {"actor": "actor:mnla", "into": "actor:msa actor:gatia"},
    ),
    "ActorDissolved": (
        SAID | {"actor": "wagner", "succeeded_by": "africa-corps"},
        REPORTED | {"actor": "actor:wagner", "succeeded_by": "actor:africa-corps"},
    ),
    "CoalitionJoined": (
        SAID | {"members": ("mnla", "hcua"), "coalition": "cma"},
        REPORTED | {"members": "actor:mnla actor:hcua", "coalition": "actor:cma"},
    ),
    "CoalitionLeft": (
        SAID | {"members": "mnla", "coalition": "cma"},
        REPORTED | {"members": "actor:mnla", "coalition": "actor:cma"},
    ),
    "AffiliationDeclared": (
        SAID | {"actor": "jnim", "parent": "aqim"},
        REPORTED | {"actor": "actor:jnim", "parent": "actor:aqim"},
    ),
    "AffiliationEnded": (
        SAID | {"actor": "jnim", "parent": "aqim"},
        REPORTED | {"actor": "actor:jnim", "parent": "actor:aqim"},
    ),
    "EventRetracted": (KEPT, {"report": "report:report-1"}),
    "EventReinstated": (KEPT, {"report": "report:report-1"}),
    "LocationAmended": (
        AMENDED | {"location": "camp", "within": "kidal"},
        {"location": "location:camp", "within": "location:kidal"},
    ),
    "ActorAmended": (AMENDED | {"actor": "fama", "name": "FAMa"}, {"actor": "actor:fama"}),
    "SourceAmended": (AMENDED | {"source": "afp", "name": "AFP"}, {"source": "source:afp"}),
    "ReportAmended": (
        AMENDED | {"report": "report-2", "title": "Kidal"},
        {"report": "report:report-2"},
    ),
}
"""The fields of each event, with the kind of each reference."""


@pytest.mark.parametrize("name", EVENT_TYPES)
def test_what_an_event_concerns_is_read_off_the_types_of_its_fields(name: str) -> None:
    fields, expected = REFERENCES[name]
    found: dict[str, list[str]] = {}
    for reference in references_of(EVENT_TYPES[name].model_validate(fields)):
        found.setdefault(reference.field, []).append(reference.tag)
    assert {name: " ".join(tags) for name, tags in found.items()} == expected


@pytest.mark.parametrize("name", EVENT_TYPES)
def test_only_a_registration_introduces_an_id(name: str) -> None:
    introduced = {
        "SourceRegistered": "source:afp",
        "ReportFiled": "report:report-2",
        "LocationRegistered": "location:camp",
        "ActorRegistered": "actor:fama",
    }
    subject = subject_of(EVENT_TYPES[name].model_validate(REFERENCES[name][0]))
    assert (subject.tag if subject else None) == introduced.get(name)


def test_a_reference_that_is_not_made_is_not_found() -> None:
    assert list(references_of(event(events.ConvoyDeparted, **TOLD | CONVOY))) == [
        Reference("report", "report-1", "report"),
        Reference("location", "kidal", "location"),
        Reference("convoy", "column-1", "convoy"),
        Reference("actor", "fama", "owners"),
        Reference("actor", "wagner", "owners"),
    ]


def test_a_statement_is_tagged_with_all_it_names_and_whose_word_it_is() -> None:
    record = registered()
    id = record.record(seized(taken_from="csp"))
    assert id
    assert record.tags[id] == [
        f"event:{id}",
        *("actor:csp", "actor:fama", "location:kidal", "report:report-1", "source:afp"),
    ]


def test_a_retraction_is_tagged_with_all_that_the_event_concerns() -> None:
    record = registered()
    target = record.record(seized())
    assert target
    retraction = record.record(retracted(target))
    assert retraction
    assert record.tags[retraction] == [
        f"event:{retraction}",
        *("actor:fama", f"event:{target}", "location:kidal", "report:report-1", "report:report-2"),
        *("source:afp", "source:rfi"),
    ]
