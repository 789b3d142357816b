"""What a request turned out to be, noted while it is answered: for metrics, access log and traces.

    notes = notes_of(scope)
    notes.kind = "query"

Whoever serves a route writes; the outermost layer of the server reads when the request has ended.
"""

from collections.abc import Callable, MutableMapping
from dataclasses import dataclass
from time import perf_counter_ns
from typing import Any

_KEY = "tenure.notes"
_LISTENER = "tenure.operation_listener"


@dataclass(slots=True)
class RequestNotes:
    """The notes of one request; empty where nothing was told."""

    kind: str = ""
    """query, mutation, subscription or table."""
    operation: str = ""
    """The name of the operation as the client wrote it: any text, of any length."""
    document: str = ""
    """The id of a document kept by the server, found there."""
    text: str = ""
    """The text of the document."""
    cost: float | None = None
    """The price of the question, in milliseconds of computing."""
    position: int | None = None
    """The latest position that the answer knows of."""
    refused: str = ""
    """The code of the refusal of the whole request."""
    is_kept: bool = False
    """Whether the answer had been made for an earlier request."""
    is_closed: bool = False
    """Whether the answer is the same for ever."""
    phases: list[tuple[str, int]] | None = None
    """The name of each phase and its beginning (`perf_counter_ns`); None if nobody asks."""

    def begin(self, phase: str) -> None:
        """Notes the beginning of a phase, and so the end of the one before."""
        if self.phases is not None:
            self.phases.append((phase, perf_counter_ns()))


def new_notes(scope: MutableMapping[str, Any]) -> RequestNotes:
    """Empty notes, kept with the request."""
    notes = scope[_KEY] = RequestNotes()
    return notes


def notes_of(scope: MutableMapping[str, Any]) -> RequestNotes:
    """The notes of the request; nobody reads them where the server keeps none."""
    return scope.get(_KEY) or new_notes(scope)


@dataclass(frozen=True, slots=True)
class EndedOperation:
    """One of the operations over a WebSocket."""

    notes: RequestNotes
    subject: str
    status: int
    """What the answer over HTTP would have had."""
    seconds: float
    size: int
    """The bytes of its messages."""


def listen_to_operations(
    scope: MutableMapping[str, Any], listener: Callable[[EndedOperation], None]
) -> None:
    """Has the listener told of each operation that ends on a connection with several."""
    scope[_LISTENER] = listener


def tell_operation(scope: MutableMapping[str, Any], ended: EndedOperation) -> None:
    """Tells of an operation; nobody listens where the server keeps no notes."""
    if listener := scope.get(_LISTENER):
        listener(ended)
