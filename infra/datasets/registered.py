"""The registrations that the ledger holds, and the amendments that bring them up to date."""

from collections.abc import Iterable, Iterator
from typing import Any

from domain.amendments import Amendments
from domain.events import (
    ActorAmended,
    ActorRegistered,
    Event,
    LocationAmended,
    LocationRegistered,
)
from domain.references import REGISTERED_BY, subject_of
from infra.datasets.rehearsal import Rehearsal
from infra.ledger.ledger import Ledger

Amendable = LocationRegistered | ActorRegistered
_REMEMBERED = 200_000
"""The most registrations remembered as known to the ledger."""
_LISTS = {"aliases", "codes"}
"""Fields that an import adds to: what others wrote there stays."""


class RecordedRegistry:
    """What is registered in a ledger, as far as an import asked."""

    def __init__(self, ledger: Ledger | Rehearsal) -> None:
        self._ledger = ledger
        self._known: set[str] = set()
        """Tags of registrations in the ledger."""
        self._current: dict[str, Amendable] = {}
        """The registrations of this batch that rows keep current, as amended."""

    def knows(self, registration: Event) -> bool:
        subject = subject_of(registration)
        return subject is not None and subject.tag in self._known

    def learn(self, event: Event) -> None:
        """Takes in a recorded registration."""
        if subject := subject_of(event):
            self._known.add(subject.tag)

    def look_up(self, registrations: Iterable[Event]) -> None:
        """Looks up which of these ids are registered."""
        if len(self._known) > _REMEMBERED:
            self._known.clear()
        for kind, slugs in self._slugs(registrations, self._known).items():
            for found in self._ledger.registrations(kind, slugs):
                self.learn(found.event)

    def look_up_current(self, registrations: Iterable[Amendable]) -> None:
        """Looks up these ids, and how their registrations read as amended."""
        self._current.clear()
        for kind, slugs in self._slugs(registrations, set()).items():
            if slugs:
                amendments = Amendments()
                for each in self._ledger.amendments(kind, slugs):
                    amendments.learn(each.entry)
                for found in self._ledger.registrations(kind, slugs):
                    subject = subject_of(found.event)
                    if subject and isinstance(found.event, Amendable):
                        self._known.add(subject.tag)
                        self._current[subject.tag] = _read(amendments, found.event)

    def amendments(self, wanted: Iterable[Amendable], dataset: str) -> list[Event]:
        """What makes the registered read as `wanted`; nothing for what is not registered yet."""
        found = []
        for registration in wanted:
            subject = subject_of(registration)
            before = self._current.get(subject.tag) if subject else None
            if before is not None and (changes := _changes(before, registration)):
                found.append(_amendment(registration, changes, dataset))
        return found

    def fresh(self, said: Iterable[tuple[Event, int]]) -> Iterator[tuple[Event, int]]:
        """The events with their rows, each registration once, and none of what is registered."""
        seen: set[str] = set()
        for event, row in said:
            subject = subject_of(event)
            if subject is None:
                yield event, row
            elif subject.tag not in seen and subject.tag not in self._known:
                seen.add(subject.tag)
                yield event, row

    def _slugs(self, registrations: Iterable[Event], known: set[str]) -> dict[str, set[str]]:
        wanted: dict[str, set[str]] = {kind: set() for kind in REGISTERED_BY}
        for event in registrations:
            subject = subject_of(event)
            if subject and subject.tag not in known:
                wanted[subject.kind].add(subject.slug)
        return wanted


def _read(amendments: Amendments, registered: Amendable) -> Amendable:
    if isinstance(registered, LocationRegistered):
        return amendments.read(registered)
    return amendments.read(registered)


def _changes(before: Amendable, now: Amendable) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    for name in now.model_fields_set - {"location", "actor", "zone"}:
        old, new = getattr(before, name), getattr(now, name)
        if name in _LISTS:
            new = (*old, *(each for each in new if each not in old))
        if new is not None and new != old:
            changes[name] = new
    return changes


def _amendment(registration: Amendable, changes: dict[str, Any], dataset: str) -> Event:
    reason = f"{dataset} has it so."
    if isinstance(registration, LocationRegistered):
        return LocationAmended(location=registration.location, reason=reason, **changes)
    return ActorAmended(actor=registration.actor, reason=reason, **changes)
