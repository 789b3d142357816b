"""Answers: does a response leave in one piece, and nothing late or out of order?"""

import asyncio
from asyncio import Transport
from collections.abc import Iterable

from api.http.joined_writes import JoinedWrites


class Sent(Transport):
    """A transport that notes what is sent at once."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[bytes] = []
        self.is_closed = False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        assert not self.is_closed
        self.pieces.append(bytes(data))

    def writelines(self, data: Iterable[bytes | bytearray | memoryview]) -> None:
        self.write(b"".join(data))

    def close(self) -> None:
        self.is_closed = True

    def abort(self) -> None:
        self.is_closed = True

    def is_closing(self) -> bool:
        return self.is_closed

    def get_write_buffer_size(self) -> int:
        return 0


def joined() -> tuple[Sent, JoinedWrites]:
    sent = Sent()
    return sent, JoinedWrites(sent, asyncio.get_running_loop())


async def a_turn() -> None:
    """Until the event loop has done what waits now."""
    await asyncio.sleep(0)
    await asyncio.sleep(0)


def test_head_and_body_are_one_piece() -> None:
    async def check() -> None:
        sent, joining = joined()
        joining.write(b"head ")
        joining.write(b"body")
        await a_turn()
        assert sent.pieces == [b"head body"]

    asyncio.run(check())


def test_a_head_alone_waits_for_no_more_than_a_turn() -> None:
    async def check() -> None:
        sent, joining = joined()
        joining.write(b"head ")
        assert (sent.pieces, joining.get_write_buffer_size()) == ([], 5)
        await a_turn()
        assert (sent.pieces, joining.get_write_buffer_size()) == ([b"head "], 0)

    asyncio.run(check())


def test_a_response_without_a_body_is_sent_at_its_end() -> None:
    async def check() -> None:
        sent, joining = joined()
        joining.write(b"head")
        joining.write(b"")
        assert sent.pieces == [b"head"]

    asyncio.run(check())


def test_the_order_stays_and_long_pieces_do_not_wait() -> None:
    async def check() -> None:
        sent, joining = joined()
        long = b"x" * 10_000
        for piece in (long, b"a", long, b"b", b"c", b"d"):
            joining.write(piece)
        await a_turn()
        assert sent.pieces == [long, b"a" + long, b"bc", b"d"]

    asyncio.run(check())


def test_closing_sends_what_is_kept_and_aborting_does_not() -> None:
    async def check() -> None:
        for end, expected in ((JoinedWrites.close, [b"head"]), (JoinedWrites.abort, [])):
            sent, joining = joined()
            joining.write(b"head")
            end(joining)
            await a_turn()
            assert (sent.pieces, sent.is_closed) == (expected, True)

    asyncio.run(check())


def test_what_else_is_asked_the_transport_behind_answers() -> None:
    async def check() -> None:
        sent, joining = joined()
        sent._extra["peername"] = "a client"  # type: ignore[attr-defined]
        assert joining.get_extra_info("peername") == "a client"
        sent.close()
        joining.write(b"late")
        await a_turn()
        assert sent.pieces == [], "nothing is written to a closed transport"

    asyncio.run(check())
