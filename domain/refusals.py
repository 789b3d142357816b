"""What can be refused.

* DomainError            the request is well-formed, but our records say no
  - UnknownReference     the location, actor, source, report or event is not registered
  - AlreadyRegistered    the id is taken by something else
  - AlreadyRecorded      the same words stand in the ledger, where they should be new to it
  - InTheFuture          nothing can be recorded, or asked about, before it happened
  - AfterItsReport       no report can tell of what begins more than a day after its publication
  - NothingToEnd         the source is not continuous
  - NothingToRetract     no live event carries that id
  - NothingToReinstate   no retracted event carries that id
  - AlreadySaid          the same words were recorded before, and have been answered since
  - NotReadBack          what would be stored could not be read again as it was meant
  - RestsOnUnreadable    it names an id that stands in an entry of the ledger that can't be read
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


class AfterItsReport(DomainError):
    """A report that is published earlier can only announce an event, and not report it."""

    field = "occurred"

    def __init__(self, occurred: str, report: str, published: str) -> None:
        super().__init__(
            f"{occurred} begins more than a day after the report {report!r} was published "
            f"({published}): nobody can report what has not happened yet. If the report announces "
            "it, record a StatementIssued with stance 'announcement', at the time of the "
            "announcement; record the event itself once a report says that it happened"
        )


class NothingToEnd(DomainError):
    field = "source"

    def __init__(self, source: str) -> None:
        super().__init__(
            f"the source {source!r} is not registered as continuous: its silence says nothing as "
            "it is, and there is nothing to end"
        )


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


class NotReadBack(DomainError):
    def __init__(self, why: str, field: str | None = None) -> None:
        super().__init__(
            f"this would not be read again as it is meant, so it is not recorded: {why}; that is "
            "a fault of Tenure, which its makers should hear of"
        )
        self.field = field


class RestsOnUnreadable(DomainError):
    def __init__(self, kind: str, slug: str, field: str, position: int) -> None:
        super().__init__(
            f"the {kind} {slug!r} stands in the entry at position {position}, which can't be read, "
            "so nothing can rest on it; register what it was meant to say under another id"
        )
        self.kind, self.slug, self.field, self.position = kind, slug, field, position
