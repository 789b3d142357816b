"""The filter of a question about events, as asked for in GraphQL and on the command line."""

from collections.abc import Iterator
from dataclasses import dataclass

from api.answers.answers import Answers
from api.answers.references import registered
from api.ids import slug_of
from domain.events import EVENT_TYPES
from domain.occurred import Instant
from domain.refusals import NotUnderstood
from domain.values import LocationId
from infra.spelling import misspelt
from projections.entries import EventFilter


class BadFilter(NotUnderstood):
    """The filter can't be read; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventsAsked:
    """Conditions on events in the words of a question; ids are slugs or global ids."""

    types: tuple[str, ...] = ()
    location: str | None = None
    within: str | None = None
    actor: str | None = None
    source: str | None = None
    report: str | None = None
    convoy: str | None = None
    occurred_from: Instant | None = None
    occurred_to: Instant | None = None
    """The last instant (valid time)."""
    recorded_from: Instant | None = None
    recorded_to: Instant | None = None
    """The first instant after (recorded time)."""
    text: str | None = None
    retracted: bool | None = None

    def rows(self, answers: Answers, *more: str) -> EventFilter:
        """The filter of the view, with `more` tags. Raises BadFilter, NotAnId and
        UnknownReference."""
        for name in self.types:
            if name not in EVENT_TYPES:
                raise BadFilter(f"no event is called {name[:60]!r}{_hint(name)}")
        until = self.occurred_to
        return EventFilter(
            types=self.types,
            tags=(*self._tags(answers), *more),
            within=self._around(answers),
            occurred_from=self.occurred_from,
            occurred_to=None if until is None else Instant(until + 1),
            recorded_from=self.recorded_from,
            recorded_to=self.recorded_to,
            text=self.text,
            retracted=self.retracted,
        )

    def _tags(self, answers: Answers) -> Iterator[str]:
        for kind in ("location", "actor", "source", "report"):
            if (given := getattr(self, kind)) is not None:
                slug = slug_of(given, kind.capitalize())
                yield f"{kind}:{registered(answers, kind, slug, kind)}"
        if self.convoy is not None:
            yield f"convoy:{self.convoy}"

    def _around(self, answers: Answers) -> LocationId | None:
        if self.within is None:
            return None
        slug = slug_of(self.within, "Location")
        return LocationId(registered(answers, "location", slug, "within"))


def _hint(name: str) -> str:
    found = misspelt(name[:60], EVENT_TYPES)
    return f"; did you mean {' or '.join(found)}?" if found else ""
