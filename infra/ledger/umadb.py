"""The recorder of events in UmaDB.

The library's recorder with two repairs: stopping the library's subscription does not wake a reader
waiting for the next event, and a conflict with a condition of many items does not arrive as a
conflict. UmaDB's server takes messages of up to 4 MiB, so an append has to stay below.
"""

import socket
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager

import umadb
from eventsourcing_umadb.recorders import (
    UmaDBDCBReadResponse,
    UmaDBDCBRecorder,
    UmaDBDCBSubscription,
)

from infra.ledger.dcb import (
    AppendCondition,
    AppendConflict,
    AppendTooLarge,
    Query,
    Recorder,
    SequencedEvent,
    StoredEvent,
)
from infra.ledger.outages import LedgerUnavailable, Outage

MESSAGE = 4 * 1024 * 1024 - 65_536  # bytes that the server takes, less its own framing
REACH = 4.0  # seconds for the server to answer
HTTP2_GREETING = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\0\0\0\4\0\0\0\0\0"


@contextmanager
def open_umadb(host: str, port: int) -> Iterator[Recorder]:
    """Raises OSError or umadb.TransportError if no server answers."""
    _greet(host, port)
    name = f"[{host}]" if ":" in host else host
    with closing(umadb.Client(url=f"http://{name}:{port}")) as client:
        client.head()
        yield UmaRecorder(client)


def _greet(host: str, port: int) -> None:
    # The client waits 15 seconds for a server that accepts and says nothing.
    with socket.create_connection((host, port), timeout=REACH) as connection:
        connection.sendall(HTTP2_GREETING)
        if not connection.recv(1):
            raise ConnectionError("the server there does not speak UmaDB's protocol")


@contextmanager
def _told_as_outage() -> Iterator[None]:
    """Raises LedgerUnavailable where the server is gone."""
    try:
        yield
    except (umadb.TransportError, OSError) as error:
        said = " ".join(str(error).split())[:200]
        why = "its UmaDB server does not answer"
        raise LedgerUnavailable(Outage.NO_ANSWER, why, said) from error
    except umadb.CorruptionError as error:
        raise LedgerUnavailable(Outage.DAMAGED, "its UmaDB file is damaged", str(error)) from error


class UmaReadResponse(UmaDBDCBReadResponse):
    """A reading that says where the server is gone."""

    @property
    def head(self) -> int | None:
        with _told_as_outage():
            return super().head

    def __next__(self) -> SequencedEvent:
        with _told_as_outage():
            return super().__next__()


class UmaRecorder(UmaDBDCBRecorder):
    """The library's recorder; a conflict is always a conflict, and subscriptions can be stopped."""

    def append(
        self, events: Sequence[StoredEvent], condition: AppendCondition | None = None
    ) -> int:
        size = sum(len(event.data) + sum(map(len, event.tags)) + 200 for event in events)
        if size > MESSAGE:
            raise AppendTooLarge("UmaDB", size, MESSAGE)
        with _told_as_outage():
            try:
                return super().append(events, condition)
            except Exception as error:
                # The server repeats the condition in a header; a long one breaks the response.
                if condition and "header_list" in str(error) and self._finds(condition):
                    raise AppendConflict("a recorded event matches the condition") from error
                raise

    def read(
        self, query: Query | None = None, *, after: int | None = None, limit: int | None = None
    ) -> UmaReadResponse:
        with _told_as_outage():
            found = super().read(query, after=after, limit=limit)
        assert isinstance(found, UmaDBDCBReadResponse)
        return UmaReadResponse(found.read_response)

    def _finds(self, condition: AppendCondition) -> bool:
        found = self.read(condition.fail_if_events_match, after=condition.after, limit=1)
        return next(found, None) is not None

    def subscribe(  # type: ignore[override]  # the library ties it to its own recorder
        self, query: Query | None = None, *, after: int | None = None
    ) -> UmaDBDCBSubscription:
        return UmaSubscription(recorder=self, query=query, after=after)


class UmaSubscription(UmaDBDCBSubscription):
    """A subscription that any thread can stop."""

    def stop(self) -> None:
        super().stop()
        self._subscription.cancel()

    def __next__(self) -> SequencedEvent:
        try:
            return super().__next__()
        except umadb.CancelledByUserError:
            raise StopIteration from None
