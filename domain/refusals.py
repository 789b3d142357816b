"""What can be refused.

* DomainError            the request is well-formed, but our records say no
  - UnknownReference     the location, actor, source, report or event is not registered
  - AlreadyRegistered    the id is taken by something else
  - AlreadyRecorded      the same words stand in the ledger, where they should be new to it
  - InTheFuture          nothing can be recorded, or asked about, before it happened
  - NothingToRetract     no live event carries that id
  - NothingToReinstate   no retracted event carries that id
  - AlreadySaid          the same words were recorded before, and have been answered since
  - WithinItself         a place would come to lie within itself
"""

from collections.abc import Sequence


class DomainError(Exception):
    """A refusal: normal business, said in full; `field` names what it is about, where one does."""

    field: str | None = None


class UnknownReference(DomainError):
    def __init__(self, kind: str, slug: str, field: str, nearest: Sequence[str] = ()) -> None:
        hint = f"; did you mean {' or '.join(nearest)}?" if nearest else ""
        super().__init__(f"no {kind} is registered as {slug!r}{hint}")
        self.kind, self.slug, self.field = kind, slug, field


class AlreadyRegistered(DomainError):
    def __init__(self, kind: str, slug: str) -> None:
        regraded = ", or SourceRegraded for its reliability" if kind == "source" else ""
        super().__init__(
            f"the {kind} {slug!r} is registered already, with other details; what is recorded is "
            f"never edited: to mend it, record {kind.capitalize()}Amended with what is to read "
            f"otherwise{regraded}"
        )
        self.field = kind


class AlreadyRecorded(DomainError):
    field = "event"

    def __init__(self, event: str) -> None:
        super().__init__(f"the event {event} is recorded already")


class InTheFuture(DomainError):
    def __init__(self, field: str, said: str, now: str) -> None:
        super().__init__(f"{said} lies in the future: it is {now} now")
        self.field = field


class NothingToRetract(DomainError):
    field = "event"

    def __init__(self, event: str, why: str) -> None:
        super().__init__(f"the event {event} can't be retracted: {why}")


class NothingToReinstate(DomainError):
    field = "event"

    def __init__(self, event: str, why: str) -> None:
        super().__init__(f"the event {event} can't be reinstated: {why}")


class WithinItself(DomainError):
    """`around` are the places that contain `location` then, the smallest first, up to itself."""

    def __init__(self, location: str, around: Sequence[str], field: str) -> None:
        chain = ", which lies within ".join(repr(each) for each in around)
        super().__init__(
            f"{location!r} would lie within {chain}: no place contains itself; amend the other "
            "place first"
        )
        self.field = field


class AlreadySaid(DomainError):
    field = "reason"

    def __init__(self, event: str) -> None:
        super().__init__(
            f"the same report said the same of the event {event} before, and was answered since; "
            "cite another report or reason"
        )
