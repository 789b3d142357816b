"""How is an answer about control shown?"""

from collections.abc import Iterable
from dataclasses import replace

import strawberry

from api.answers import availability as available
from api.answers.basis import Answer, Pinned
from api.schema.actors import Actor
from api.schema.context import Context
from api.schema.entry import Event
from api.schema.node import Info, Occurred
from api.schema.perspective import Perspective
from api.schema.places import Location
from api.schema.scalars import DateTime, Moment, explained_enum
from domain.control.claims import ControlStatus
from domain.control.timeline import BEGINNING, END
from domain.control.verdict import RULE, Holding, Side, Silence, Silenced, SinceIs, Verdict
from domain.occurred import Instant
from domain.values import ActorId, EventId, LocationId

strawberry.enum(ControlStatus, description=ControlStatus.__doc__)
explained_enum(Silence, name="OutweighedBecause")
explained_enum(SinceIs)


@strawberry.type(description="What pins an answer, so that it can be had again.")
class Basis:
    pinned: strawberry.Private[Pinned]
    position: int = strawberry.field(description="The position of the ledger that was known.")

    @strawberry.field(description="When the entry at that position was recorded.")
    def recorded_at(self, info: Info) -> DateTime | None:
        recorded_at = info.context.recorded_at(self.pinned.known)
        return None if recorded_at is None else DateTime(recorded_at)

    at: Moment = strawberry.field(description="The moment in the world that was asked about.")
    rule: str = strawberry.field(description="The version of the rule of control.")

    @strawberry.field(description="Whose word counts; null where everybody's does.")
    def perspective(self) -> Perspective | None:
        return Perspective.of(self.pinned)

    @strawberry.field(
        description="All of this as one text: equal tokens have equal answers, for ever."
    )
    def token(self) -> str:
        return self.pinned.token

    @staticmethod
    def of(pinned: Pinned) -> "Basis":
        at, position = Moment(pinned.at), pinned.known.position
        return Basis(pinned=pinned, position=position, at=at, rule=RULE)


@strawberry.type(description="One reading of who controlled a place, and what speaks for it.")
class ControlReading:
    said: strawberry.Private[Side | Verdict]
    answer: strawberry.Private[Answer]
    around: strawberry.Private[LocationId | None]
    status: ControlStatus = strawberry.field(description="What it says of the place.")
    corroboration: int = strawberry.field(description="How many independent origins say so.")

    @strawberry.field(description="Who held it, best corroborated first.")
    def holders(self, info: Info) -> list[Actor]:
        return actors_in(info.context, self.said, ControlStatus.HELD, self.answer)

    @strawberry.field(description="Of a contested place, who contested it.")
    def contenders(self, info: Info) -> list[Actor]:
        return actors_in(info.context, self.said, ControlStatus.CONTESTED, self.answer)

    @strawberry.field(description="The events that say so: one for each independent origin.")
    def evidence(self, info: Info) -> list[Event]:
        return _events(info.context, self.said.evidence, self.answer)

    @strawberry.field(
        description="Of another answer that is possible, the events by which actors count as one "
        "in it, or do so no longer; those that may not have happened by then among them."
    )
    def lineage(self, info: Info) -> list[Event]:
        lineage = self.said.lineage if isinstance(self.said, Verdict) else ()
        return _events(info.context, lineage, self.answer)

    @strawberry.field(
        description="The place around whose answer it is, where that has changed hands since the "
        "last word about the place itself."
    )
    def inherited_from(self, info: Info) -> Location | None:
        answer = self.answer
        if self.around is None:
            return None
        return Location.of(info.context, self.around, known=answer.known, at=answer.at)

    @staticmethod
    def of(
        said: Side | Verdict, answer: Answer, around: LocationId | None = None
    ) -> "ControlReading":
        return ControlReading(
            said=said,
            answer=answer,
            around=around,
            status=said.status,
            corroboration=len(said.evidence),
        )


@strawberry.type(name="Holding", description="One of those who held a place, and since when.")
class HoldingObject:
    holding: strawberry.Private[Holding]
    answer: strawberry.Private[Answer]

    @strawberry.field(description="Who held it.")
    def actor(self, info: Info) -> Actor:
        answer = self.answer
        return Actor.of(info.context, self.holding.actor, known=answer.known, at=answer.at)

    @strawberry.field(description="When this one came to hold it, as exactly as it is known.")
    def since(self) -> Occurred:
        return Occurred.of(self.holding.since)


@strawberry.type(description="A claim that does not count in the answer.")
class OutweighedClaim:
    silenced: strawberry.Private[Silenced]
    answer: strawberry.Private[Answer]
    because: Silence = strawberry.field(description="Why it does not count.")

    @strawberry.field(description="The event that made the claim.")
    def event(self, info: Info) -> Event:
        return _events(info.context, [self.silenced.event], self.answer)[0]

    @strawberry.field(
        description="The event because of which it does not; null where no other is the reason."
    )
    def by(self, info: Info) -> Event | None:
        by = self.silenced.by
        return _events(info.context, [by], self.answer)[0] if by else None


@strawberry.type(description="What could be had where an answer is unknown.")
class Available:
    found: strawberry.Private[available.Available]
    location: strawberry.Private[LocationId]
    left_out: int = strawberry.field(
        description="How many statements about the place the perspective leaves out."
    )

    @strawberry.field(
        description="The answer of the nearest place around of which anybody speaks: that of "
        "`control` with `inherit`. Null where there is none."
    )
    def around(self) -> "Control | None":
        return Control.of(self.found.around) if self.found.around else None

    @strawberry.field(
        description="The answer of the nearest place around by everybody's word, where the "
        "perspective leaves out all that says so. Null where it leaves out no such answer."
    )
    def around_left_out(self) -> "Control | None":
        return Control.of(self.found.around_left_out) if self.found.around_left_out else None

    @strawberry.field(
        description="The first position at which anything was recorded that says who holds the "
        "place, as the ledger is now, whatever was known of it; null where nothing was. The one "
        "thing here that the basis does not pin."
    )
    def first_recorded(self, info: Info) -> int | None:
        info.context.known()  # so that no cache keeps the answer for ever
        return info.context.answers.first_recorded(self.location)


@strawberry.type(description="Who controlled a place at a moment, as known then, and why.")
class Control:
    answer: strawberry.Private[Answer]
    at: Moment = strawberry.field(description="The moment that was asked about.")
    status: ControlStatus = strawberry.field(
        description="Whether anybody held it, as far as known."
    )
    certain: bool = strawberry.field(
        description="False where another answer is possible: those are listed in `possible`."
    )
    disputed: bool = strawberry.field(description="Whether there are rivals to this answer.")
    corroboration: int = strawberry.field(description="How many independent origins say so.")

    @strawberry.field(description="The place that was asked about.")
    def location(self, info: Info) -> Location:
        answer = self.answer
        return Location.of(info.context, answer.location, known=answer.known, at=answer.at)

    @strawberry.field(description="Who held it, best corroborated first.")
    def holders(self, info: Info) -> list[Actor]:
        return actors_in(info.context, self.answer.verdict, ControlStatus.HELD, self.answer)

    @strawberry.field(description="Of a contested place, who contested it.")
    def contenders(self, info: Info) -> list[Actor]:
        return actors_in(info.context, self.answer.verdict, ControlStatus.CONTESTED, self.answer)

    @strawberry.field(description="When that began, as exactly as it is known.")
    def since(self) -> Occurred | None:
        since = self.answer.period.since
        return Occurred.of(since) if since else None

    @strawberry.field(
        description="Whether it began then, or was only seen by then; null where nobody speaks."
    )
    def since_is(self) -> SinceIs | None:
        return self.answer.period.since_is

    @strawberry.field(
        description="The latest word among the voices that answer: how fresh the answer is."
    )
    def last_heard(self) -> Occurred | None:
        heard = self.answer.period.last_heard
        return Occurred.of(heard) if heard else None

    @strawberry.field(description="Each of the holders, and since when it has been one.")
    def holding(self) -> list[HoldingObject]:
        found = self.answer.period.holding
        return [HoldingObject(holding=each, answer=self.answer) for each in found]

    @strawberry.field(description="When it ended, if it did.")
    def until(self) -> Occurred | None:
        until = self.answer.period.until
        return Occurred.of(until) if until else None

    @strawberry.field(
        description="Where the answer is not certain: every other one that is possible."
    )
    def possible(self) -> list[ControlReading]:
        answer = self.answer
        return [ControlReading.of(verdict, answer, around) for verdict, around in answer.possible]

    @strawberry.field(description="The events that say so: one for each independent origin.")
    def evidence(self, info: Info) -> list[Event]:
        return _events(info.context, self.answer.verdict.evidence, self.answer)

    @strawberry.field(description="The sides that did not prevail; of a disputed place, all.")
    def rivals(self) -> list[ControlReading]:
        return [ControlReading.of(side, self.answer) for side in self.answer.verdict.rivals]

    @strawberry.field(description="The claims that do not count, and why.")
    def outweighed(self) -> list[OutweighedClaim]:
        return [
            OutweighedClaim(silenced=each, answer=self.answer, because=each.why)
            for each in self.answer.verdict.outweighed
        ]

    @strawberry.field(
        description="The events by which voices that name different actors agree, or one actor "
        "counts as another."
    )
    def lineage(self, info: Info) -> list[Event]:
        return _events(info.context, self.answer.verdict.lineage, self.answer)

    @strawberry.field(description="The answer and its reasons in plain English.")
    def explanation(self, info: Info) -> str:
        return info.context.answers.explanation(self.answer)

    @strawberry.field(description="The place whose answer this is, where it was inherited.")
    def inherited_from(self, info: Info) -> Location | None:
        answer, around = self.answer, self.answer.inherited_from
        if around is None:
            return None
        return Location.of(info.context, around, known=answer.known, at=answer.at)

    @strawberry.field(
        description="Where the answer is unknown, what could be had instead; else null."
    )
    def available(self, info: Info) -> Available | None:
        answer = self.answer
        found = available.available(info.context.answers, answer)
        if found is None:
            return None
        return Available(found=found, location=answer.location, left_out=found.left_out)

    @strawberry.field(description="What pins the answer.")
    def basis(self) -> Basis:
        return Basis.of(self.answer)

    @staticmethod
    def of(answer: Answer) -> "Control":
        return Control(
            answer=answer,
            at=Moment(answer.at),
            status=answer.verdict.status,
            certain=answer.certain,
            disputed=answer.verdict.disputed,
            corroboration=len(answer.verdict.evidence),
        )


@strawberry.type(description="A stretch of time that has one answer, for the same reasons.")
class ControlPeriod:
    from_: DateTime | None = strawberry.field(
        name="from", description="The first microsecond with this answer; null from the beginning."
    )
    to: DateTime | None = strawberry.field(
        description="The first microsecond after it; null without end."
    )
    control: Control = strawberry.field(description="The answer, at the first microsecond.")

    @staticmethod
    def of(answer: Answer) -> "ControlPeriod":
        start, end = answer.period.start, answer.period.end
        # The beginning comes before anything that a calendar can write.
        written = replace(answer, at=Instant(max(answer.at, BEGINNING + 1)))
        return ControlPeriod(
            from_=None if start == BEGINNING else DateTime(start),
            to=None if end == END else DateTime(end),
            control=Control.of(written),
        )


@strawberry.type(description="How the answer for one moment changed as a report came in.")
class ControlRevision:
    position: int = strawberry.field(description="The entry that changed it.")
    answer: strawberry.Private[Answer]
    before_: strawberry.Private[Answer | None]

    @strawberry.field(description="When that was recorded.")
    def recorded_at(self, info: Info) -> DateTime | None:
        recorded_at = info.context.recorded_at(self.answer.known)
        return None if recorded_at is None else DateTime(recorded_at)

    @strawberry.field(description="The event that changed the answer.")
    def event(self, info: Info) -> Event:
        entry = info.context.answers.entries.at_position(self.position)
        assert entry is not None, "a revision names the entry that made it"
        return Event.of(entry, self.answer.known)

    @strawberry.field(description="The answer until then; null where there was none.")
    def before(self) -> Control | None:
        return Control.of(self.before_) if self.before_ else None

    @strawberry.field(description="The answer from then on.")
    def control(self) -> Control:
        return Control.of(self.answer)


def controls(context: Context, answers: Iterable[Answer]) -> list[Control]:
    """Many answers, with the places and actors that they name looked up at once."""
    found = list(answers)
    for at, known in {(answer.at, answer.known) for answer in found}:
        these = [each for each in found if (each.at, each.known) == (at, known)]
        actors = {holder for answer in these for holder in answer.verdict.holders}
        context.prepare({answer.location for answer in these}, actors, at=at, known=known)
    return [Control.of(answer) for answer in found]


def actors_in(
    context: Context, said: Side | Verdict, status: ControlStatus, answer: Answer
) -> list[Actor]:
    named: tuple[ActorId, ...] = said.holders if said.status is status else ()
    return [Actor.of(context, actor, known=answer.known, at=answer.at) for actor in named]


def _events(context: Context, events: Iterable[EventId], answer: Answer) -> list[Event]:
    return [Event.of(context.entry(event, answer.known), answer.known) for event in events]
