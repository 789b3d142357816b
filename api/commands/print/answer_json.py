"""An answer about control as JSON, with the names of GraphQL's `Control`."""

from api.answers.availability import available
from api.answers.basis import Answer
from api.answers.perspective import perspective_fields, perspective_words
from api.answers.sources import AnswerSources, explanation_of
from api.commands.print.event_json import EventJson, Json, window_as_json
from api.pretty_json import pretty
from domain.control.claims import ControlStatus
from domain.control.perspective import Perspective
from domain.control.verdict import RULE, Period, Side, Verdict
from domain.occurred import rfc3339
from domain.values import LocationId


def document(sources: AnswerSources, answer: Answer) -> str:
    """The answer as a JSON document."""
    return pretty(control_as_json(sources, answer))


def control_as_json(sources: AnswerSources, answer: Answer) -> Json:
    """The answer, with the fields of GraphQL's `Control`."""
    return _ControlJson(sources, answer).control()


def place_as_json(sources: AnswerSources, answer: Answer) -> Json:
    """The place of an answer, with the fields of GraphQL's `Location`."""
    basis = answer.basis
    return EventJson(sources, basis).location(answer.location, sources.names(basis))


def perspective_as_json(asked: Perspective, words: str) -> Json | None:
    """The perspective, with its words in English; None for everybody's."""
    fields = perspective_fields(asked)
    return None if fields is None else {**fields, "words": words}


class _ControlJson:
    def __init__(self, sources: AnswerSources, answer: Answer) -> None:
        self._sources = sources
        self._answer = answer
        self._basis, self._known = answer.basis, answer.basis.position
        self._names = sources.names(answer.basis)
        self._record = EventJson(sources, answer.basis)

    def control(self) -> Json:
        answer, period = self._answer, self._answer.period
        around = answer.inherited_from
        return {
            "location": self._record.location(answer.location, self._names),
            "at": rfc3339(answer.basis.at),
            **self._reading(answer.verdict),
            "since": window_as_json(period.since),
            "sinceIs": period.since_is.name if period.since_is else None,
            "until": window_as_json(period.until),
            "lastHeard": window_as_json(period.last_heard),
            "holding": [
                {"actor": actor, "since": window_as_json(each.since)}
                for actor, each in zip(self._holding(period), period.holding, strict=True)
            ],
            "certain": answer.certain,
            "possible": [self._other(verdict, place) for verdict, place in answer.possible],
            "disputed": answer.verdict.disputed,
            "rivals": [self._other(side) for side in answer.verdict.rivals],
            "outweighed": self._outweighed(),
            "lineage": self._record.events(answer.verdict.lineage),
            "explanation": explanation_of(self._sources, answer),
            "inheritedFrom": self._around(around),
            "available": self._available(),
            "basis": self._basis_json(),
        }

    def _available(self) -> Json | None:
        """The other answers to be had in place of an unknown one. Later entries are told on stderr:
        this document is the same for ever."""
        found = available(self._sources, self._answer)
        if found is None:
            return None
        return {
            "around": self._whole(found.around),
            "leftOut": found.left_out,
            "aroundLeftOut": self._whole(found.around_left_out),
        }

    def _whole(self, answer: Answer | None) -> Json | None:
        return None if answer is None else _ControlJson(self._sources, answer).control()

    def _reading(self, said: Verdict | Side) -> Json:
        """The verdict of the answer, a rival or a possibility."""
        held, fought = (said.status is it for it in (ControlStatus.HELD, ControlStatus.CONTESTED))
        return {
            "status": said.status,
            "holders": self._record.actors(said.holders if held else (), self._names),
            "contenders": self._record.actors(said.holders if fought else (), self._names),
            "corroboration": len(said.evidence),
            "evidence": self._record.events(said.evidence),
        }

    def _other(self, said: Verdict | Side, around: LocationId | None = None) -> Json:
        """A rival or a possibility; `around` is the place of an inherited possibility."""
        lineage = said.lineage if isinstance(said, Verdict) else ()
        return {
            **self._reading(said),
            "lineage": self._record.events(lineage),
            "inheritedFrom": self._around(around),
        }

    def _around(self, place: LocationId | None) -> Json | None:
        return self._record.location(place, self._names) if place else None

    def _holding(self, period: Period) -> list[Json]:
        return self._record.actors((each.actor for each in period.holding), self._names)

    def _outweighed(self) -> list[Json]:
        found = []
        for each in self._answer.verdict.outweighed:
            (event,) = self._record.events([each.event])
            by = self._record.events([each.by])[0] if each.by else None
            found.append({"event": event, "by": by, "because": each.why.name})
        return found

    def _basis_json(self) -> Json:
        recorded_at = self._sources.entries.recorded_at(self._known)
        return {
            "position": self._known,
            "recordedAt": None if recorded_at is None else rfc3339(recorded_at),
            "at": rfc3339(self._basis.at),
            "rule": RULE,
            "perspective": self._perspective(),
            "token": self._answer.token,
        }

    def _perspective(self) -> Json | None:
        words = perspective_words(self._sources.sources, self._basis)
        return perspective_as_json(self._basis.perspective, words)
