"""The registrations that the ledger holds, and the amendments that bring them up to date."""

from collections.abc import Iterable, Iterator, Sequence
from enum import Enum
from typing import Any, NamedTuple, TypeVar

from domain.amendments import Amendments
from domain.events import (
    ActorAmended,
    ActorRegistered,
    Event,
    LocationAmended,
    LocationRegistered,
)
from domain.occurred import Occurred
from domain.references import REGISTERED_BY, subject_of
from domain.registry import Statement
from domain.values import Name
from infra.datasets.rehearsal import Rehearsal
from infra.datasets.rows import Remark
from infra.datasets.standing import said_at_of
from infra.ledger.codec import Recorded, identify
from infra.ledger.ledger import Ledger
from infra.ledger.reader import LedgerReader

Amendable = LocationRegistered | ActorRegistered
_REMEMBERED = 200_000
"""The most registrations remembered as known to the ledger."""
MOST_NAMES, _MOST_CODES = 200, 50
"""The most other names and codes of a registration."""


A = TypeVar("A", LocationRegistered, ActorRegistered)
_AMENDED_BY: dict[type[Event], type[Event]] = {
    LocationRegistered: LocationAmended,
    ActorRegistered: ActorAmended,
}


def registrations_as_amended(ledger: LedgerReader, kind: type[A]) -> Iterator[A]:
    """Every registration of a kind, as amended, in the order of recording."""
    amended: list[Recorded] = [*ledger.of_type(_AMENDED_BY[kind])]
    kept: list[Recorded] = ledger.kept({each.statement.id for each in amended}, None)
    amendments = Amendments()
    for each in sorted((*amended, *kept), key=lambda each: each.position):
        amendments.learn(each.entry)
    for each in ledger.of_type(kind):
        if isinstance(each.event, kind):
            yield amendments.read(each.event)


class PlannedStatement(NamedTuple):
    """A statement to record, and the number of its row in the batch."""

    statement: Statement
    row: int


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

    def is_older(self, wanted: Iterable[Amendable]) -> bool:
        """Whether the registered was said later, and says otherwise."""
        for registration in wanted:
            subject = subject_of(registration)
            before = self._current.get(subject.tag) if subject else None
            if before and _order(before, registration) is _WhenSaid.EARLIER:
                if _all_changes(before, registration):
                    return True
        return False

    def left_out(self, wanted: Iterable[Amendable]) -> Iterator[Remark]:
        """What does not fit into a registration any more."""
        for registration in wanted:
            subject = subject_of(registration)
            if subject and (before := self._current.get(subject.tag)):
                names = _all_names(before, registration.aliases, before.name)
                for name in names[MOST_NAMES:]:
                    why = f"{subject.slug} has {MOST_NAMES} other names already; this is left out"
                    yield Remark("", name.text, why)

    def fresh(self, planned: Sequence[tuple[Event, int]]) -> Iterator[PlannedStatement]:
        """The statements of events, with the numbers of their rows: each registration once, and
        none of what is registered."""
        seen: set[str] = set()
        met: set[int] = set()
        for event, row in planned:
            if id(event) in met:
                continue
            if subject := subject_of(event):
                met.add(id(event))
                if subject.tag in seen or subject.tag in self._known:
                    continue
                seen.add(subject.tag)
            yield PlannedStatement(identify(event), row)

    def _slugs(self, registrations: Iterable[Event], known: set[str]) -> dict[str, set[str]]:
        wanted: dict[str, set[str]] = {kind: set() for kind in REGISTERED_BY}
        each_once = {id(event): event for event in registrations}
        for event in each_once.values():
            subject = subject_of(event)
            if subject and subject.tag not in known:
                wanted[subject.kind].add(subject.slug)
        return wanted


def _read(amendments: Amendments, registered: Amendable) -> Amendable:
    if isinstance(registered, LocationRegistered):
        return amendments.read(registered)
    return amendments.read(registered)


class _WhenSaid(Enum):
    """What a row says, beside what is registered: said when?"""

    EARLIER = "earlier"
    AT_ONCE = "at once"
    """At the same time; somebody may have amended the registration by hand since."""
    LATER = "later"
    """Later, or nobody knows."""


def _order(before: Amendable, now: Amendable) -> _WhenSaid:
    old, new = getattr(before, "published", None), getattr(now, "published", None)
    if old is None or new is None or said_at_of(new) > said_at_of(old):
        return _WhenSaid.LATER
    return _WhenSaid.AT_ONCE if said_at_of(new) == said_at_of(old) else _WhenSaid.EARLIER


def _changes(before: Amendable, now: Amendable) -> dict[str, Any]:
    """What a row changes. Other names and codes are added to: what others wrote there stays."""
    match _order(before, now):
        case _WhenSaid.EARLIER:
            return {}
        case _WhenSaid.AT_ONCE:
            return _additions(before, now, before.name)
        case _WhenSaid.LATER:
            changes = _all_changes(before, now)
            published = getattr(now, "published", None)
            return changes | ({"published": published} if changes and published else {})


def _all_changes(before: Amendable, now: Amendable) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    apart = {"location", "actor", "zone", "published", "aliases", "codes"}
    for name in now.model_fields_set - apart:
        new = getattr(now, name)
        if new is not None and new != getattr(before, name):
            changes[name] = new
    # A place that a gazetteer renames is searched for by its old name too.
    former = [Name(text=before.name)] if "name" in changes else []
    return changes | _additions(before, now, now.name, former)


def _additions(
    before: Amendable, now: Amendable, name: str, former: Sequence[Name] = ()
) -> dict[str, Any]:
    names = tuple(_all_names(before, [*former, *now.aliases], name)[:MOST_NAMES])
    codes = (*before.codes, *(each for each in now.codes if each not in before.codes))
    changes: dict[str, Any] = {"aliases": names} if names != before.aliases else {}
    return changes | ({"codes": codes[:_MOST_CODES]} if codes != before.codes else {})


def _all_names(before: Amendable, added: Sequence[Name], name: str) -> list[Name]:
    """The other names with those added, each text once; a language or script may be added to an
    old one."""
    found = {each.text: each for each in before.aliases}
    for each in added:
        old = found.get(each.text)
        if old is None and each.text != name:
            found[each.text] = each
        elif old is not None:
            language, script = old.language or each.language, old.script or each.script
            found[each.text] = Name(text=each.text, language=language, script=script)
    return [*found.values()]


def _amendment(registration: Amendable, changes: dict[str, Any], dataset: str) -> Event:
    published: Occurred | None = changes.get("published")
    reason = (
        f"{dataset} has it so, as of {published.written}." if published else f"{dataset} has it so."
    )
    if isinstance(registration, LocationRegistered):
        return LocationAmended(location=registration.location, reason=reason, **changes)
    return ActorAmended(actor=registration.actor, reason=reason, **changes)
