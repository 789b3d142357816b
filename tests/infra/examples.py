"""One full example of every event: each field given, and none of them at its default."""

from domain import events
from domain.events import Event
from domain.values import EventId
from tests.domain.builders import event

WRONG = EventId("0c1f4d0e-5b5a-5d0f-8f0c-6a7b8c9d0e1f")
RIGHT = EventId("1d2e5f1a-6c6b-5e1a-9a1d-7b8c9d0e1f2a")
CODES = [{"scheme": "wikidata", "code": "Q189811"}, {"scheme": "pcode", "code": "ML08"}]
NAMES = ["Kidal city", {"text": "ⴾⵉⴸⴰⵍ", "language": "tmh", "script": "Tfng"}]
TOLD = {
    "location": "kidal",
    "occurred": "2023-11-12T05:30:00Z/2023-11-14",
    "report": "rfi-2023-11-14",
    "credibility": 2,
    "summary": 'They entered the town; "no fighting", the army says.\n\tNo one else was there. 🏳',
    "passage": "paragraph 2",
    "place_precision": {"scale": "ucdp", "code": 2},
}
_OF_PLACES = {"location", "place_precision"}
SAID = {name: given for name, given in TOLD.items() if name not in _OF_PLACES}
CONCERNING = {**SAID, "locations": ["mali", "kidal"]}
PEOPLE = {"low": 1500, "best": 2000, "high": 12_000}
CONVOY = {"convoy": "gao-column", "owners": ["fama", "wagner"]}
KEPT = {"event": WRONG, "reason": "The report was withdrawn.", "report": "rfi-2023-11-15"}

EXAMPLES: dict[str, Event] = {
    type(each).__name__: each
    for each in (
        event(
            events.SourceRegistered,
            source="acled",
            name="ACLED",
            reliability="B",
            continuous=True,
            url="https://acleddata.com/",
            zone="Africa/Bamako",
        ),
        event(events.SourceRegraded, source="acled", reliability="A", reason="Audited in 2024."),
        event(events.SourceEnded, source="acled", ended="2023-10", reason="It is kept no longer."),
        event(
            events.ReportFiled,
            report="rfi-2023-11-14",
            source="rfi",
            published="2023-11-14T18Z",
            title="Kidal : les Forces armées maliennes sont entrées en ville",
            url="https://www.rfi.fr/fr/afrique/?q=kidal",
            content_hash=f"sha256:{'0123456789abcdef' * 4}",
            syndicated_from="afp-2023-11-14",
            zone="Europe/Paris",
        ),
        event(
            events.LocationRegistered,
            location="kidal",
            name="Kidal",
            kind="town",
            coordinates={
                "latitude": 18.441,
                "longitude": 1.0,
                "precision": {"scale": "ucdp", "code": 1},
            },
            within="mali",
            aliases=NAMES,
            codes=CODES,
            zone="+00:00",
            published="2012-01-18",
        ),
        event(
            events.ActorRegistered,
            actor="csp",
            name="Cadre stratégique permanent",
            kind="coalition",
            aliases=NAMES,
            codes=CODES,
        ),
        event(events.BaseCaptured, **TOLD, by=["fama", "wagner"], taken_from=["csp"]),
        event(events.TownSeized, **TOLD, by=["fama", "wagner"], taken_from=["csp"]),
        event(events.ControlHandedOver, **TOLD, handed_from=["minusma"], handed_to=["fama"]),
        event(events.PositionAbandoned, **TOLD, by=["csp"]),
        event(events.ControlReported, **TOLD, holders=["fama"]),
        event(events.LocationContested, **TOLD, between=["fama", "csp"]),
        event(events.ControlReportedUnknown, **TOLD, possibly=["csp", "jnim"]),
        event(events.MissionDeployed, **TOLD, mission="minusma"),
        event(events.MissionWithdrawn, **TOLD, mission="minusma", handed_to=["fama"]),
        event(events.ConvoyDeparted, **TOLD, **CONVOY, bound_for="anefis"),
        event(events.ConvoyStalled, **TOLD, **CONVOY, halted_by=["csp", "jnim"]),
        event(events.ConvoyResumed, **TOLD, **CONVOY),
        event(events.ConvoyArrived, **TOLD, **CONVOY),
        event(events.SiegeLaid, **TOLD, by=["jnim", "csp"]),
        event(events.SiegeLifted, **TOLD, by=["jnim"]),
        event(
            events.ClashReported,
            **TOLD,
            sides=[["fama", "wagner"], ["csp"], ["jnim"]],
            uncertain=["wagner", "jnim"],
            tactic="hit-and-run",
            deaths={"low": 0, "best": 12, "high": 40},
            deaths_by_side={"sides": [7, None, 2], "civilians": 3, "unknown": 0},
        ),
        event(events.PopulationDisplaced, **TOLD, people=PEOPLE, displaced_to="anefis"),
        event(events.NeedReported, **TOLD, sector="water-sanitation-and-hygiene", people=PEOPLE),
        event(events.LocationRenamed, **TOLD, name="Kidal / ⴾⵉⴸⴰⵍ"),
        event(events.MandateEnded, **CONCERNING, mission="minusma"),
        event(events.AllianceFormed, **CONCERNING, parties=["fama", "wagner"]),
        event(events.AllianceEnded, **CONCERNING, parties=["csp", "jnim", "wagner"]),
        event(
            events.AlignmentShifted,
            **CONCERNING,
            actor="fama",
            from_patron="minusma",
            to_patron="wagner",
        ),
        event(
            events.StatementIssued,
            **CONCERNING,
            by=["minusma", "fama"],
            stance="concern",
            about=["csp", "jnim"],
        ),
        event(events.ActorRenamed, **SAID, actor="csp", name="CSP-DPA"),
        event(events.ActorMerged, **SAID, merged=["csp", "jnim"], into="fama"),
        event(events.ActorSplit, **SAID, actor="csp", into=["jnim", "fama"]),
        event(events.ActorDissolved, **SAID, actor="wagner", succeeded_by=["fama", "csp"]),
        event(events.CoalitionJoined, **SAID, members=["jnim", "fama"], coalition="csp"),
        event(events.CoalitionLeft, **SAID, members=["jnim"], coalition="csp"),
        event(events.AffiliationDeclared, **SAID, actor="jnim", parent="csp"),
        event(events.AffiliationEnded, **SAID, actor="jnim", parent="csp"),
        event(events.EventRetracted, **KEPT, replaced_by=RIGHT),
        event(events.EventReinstated, **KEPT),
        event(
            events.LocationAmended,
            location="kidal",
            reason="The gazetteer had the region in mind.",
            name="Kidal (ville)",
            kind="site",
            coordinates={
                "latitude": 18.44,
                "longitude": 1.5,
                "precision": {"scale": "acled", "code": 1},
            },
            aliases=NAMES,
            codes=CODES,
            published="2013-02-19",
            cleared=["within"],
        ),
        event(
            events.ActorAmended,
            actor="csp",
            reason="A coalition since its first day.",
            name="CSP",
            kind="armed-group",
            aliases=NAMES,
            codes=CODES,
        ),
        event(
            events.SourceAmended,
            source="acled",
            reason="It stopped updating.",
            name="ACLED Africa",
            continuous=False,
            cleared=["url"],
        ),
        event(
            events.ReportAmended,
            report="rfi-2023-11-14",
            reason="The title had a slip.",
            title="Kidal : l'armée entre en ville",
            cleared=["url"],
        ),
    )
}
