"""Refusals: requests that are not carried out, with the reason in plain words.

* Refusal                   caught by the command line and GraphQL, and no class below by name
  - DomainError             the request is well-formed, but our records say no
    - UnknownReference      the location, actor, source, report or event is not registered
    - AlreadyRegistered     the id is taken by something else
    - AlreadyRecorded       the same words stand in the ledger, where only new words may come
    - InTheFuture           nothing can be recorded, or asked about, before it happened
    - AfterItsReport        no report can tell of events that begin over a day after publication
    - NothingToEnd          the source is not continuous
    - NothingToRetract      no live event carries the id
    - NothingToReinstate    no retracted event carries the id
    - AlreadySaid           the same words were recorded before, and have been answered since
    - NotReadBack           an entry would be read back with another meaning
    - RestsOnUnreadable     the event names an id from an unreadable entry of the ledger
    - UnfitAuthor           who records has a name that can't be seen as it is
    - WithinItself          a place would come to lie within its own bounds
  - NotUnderstood           a value of the request can't be read: NotATime, NotAnId, BadPage ...
  - StatementRefused        a DomainError about one of several statements
  - Unavailable             storage is out of use now: LedgerUnavailable, ViewsUnavailable ...
  - BadInput, NotALedger, BadKey ...
                            a file, a ledger, a key or a setting of this machine can't be used

Refusals of other layers stand in the modules of their `raise`.
"""

from collections.abc import Sequence


class Refusal(Exception):
    """A request that is not carried out: normal business, no bug. The message says why."""

    field: str | None = None
    """The field of the request at fault, if there is any."""
    is_public = False
    """Whether a client of the server may read the message; else the operator alone."""

    @property
    def lines(self) -> Sequence[str]:
        """The message by lines; a line break in a line comes from a name or a value."""
        return [str(self)]

    @property
    def code(self) -> str:
        """The name of the refusal in a GraphQL answer."""
        return type(self).__name__


class DomainError(Refusal):
    """A well-formed request against our records."""

    is_public = True


class NotUnderstood(Refusal):
    """A request with an unreadable value; the message names the right form."""

    is_public = True


class Unavailable(Refusal):
    """Storage out of use: the request is sound, and can be answered once the storage is back."""

    is_public = True
    place: str = ""
    """The file or server, for the operator alone."""


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
    """An event after its report's publication: the report can only announce such an event."""

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


class UnfitAuthor(DomainError):
    """The name of an authenticated author breaks the rule for recorded texts."""

    field = "recorded_by"

    def __init__(self, author: str, fault: str) -> None:
        super().__init__(
            f"nothing is recorded by {author!r}, a name that does not show what it says: {fault}; "
            "the name comes from TENURE_AUTHOR, from the file of keys, or from a token"
        )


class WithinItself(DomainError):
    """`around` are the containing places of `location`, the smallest first, up to `location`."""

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
