"""Is a server that is slow, broken or hostile refused in plain words, in bounded time and space?"""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from threading import Event, Thread

import pytest

from infra.log.http_files import HttpFiles
from infra.log.regular_files import UnreadableLog

Answer = Callable[[socket.socket], None]
TOO_LATE = "no whole answer came within 1 seconds"


@contextmanager
def answering(answer: Answer) -> Iterator[str]:
    """The address of a server that answers every request on a connection so."""
    is_over = Event()

    def serve() -> None:
        while not is_over.is_set():
            with suppress(OSError):
                connection, _ = listening.accept()
                with connection:
                    while connection.recv(65_536):
                        answer(connection)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.1)
        thread = Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}/tlog"
        finally:
            is_over.set()
            thread.join(1)


def sending(content: bytes) -> Answer:
    return lambda connection: connection.sendall(content)


def whole(body: bytes, status: str = "200 OK", *headers: str) -> Answer:
    lines = "\r\n".join([f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers])
    return sending(f"{lines}\r\n\r\n".encode() + body)


def read(answer: Answer, longest: int = 100, longest_answer: float = 5) -> bytes | None:
    with answering(answer) as url, closing(HttpFiles(url, longest_answer=longest_answer)) as files:
        return files.read("checkpoint", longest)


def test_an_answer_is_read_on_one_connection_after_the_other() -> None:
    with answering(whole(b"hello")) as url, closing(HttpFiles(url)) as files:
        assert [files.read("checkpoint", 5), files.read("tile/0/000", 5)] == [b"hello"] * 2


def test_a_connection_that_the_server_closed_meanwhile_is_opened_again() -> None:
    def once(connection: socket.socket) -> None:
        whole(b"hello")(connection)
        connection.close()

    with answering(once) as url, closing(HttpFiles(url)) as files:
        assert [files.read("checkpoint", 5), files.read("checkpoint", 5)] == [b"hello"] * 2


def test_a_file_that_is_not_there_is_none() -> None:
    assert read(whole(b"no such tile", "404 Not Found")) is None


def drip(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\n")
    with suppress(OSError):
        for _ in range(90):
            connection.sendall(b"x")
            time.sleep(0.1)


def endless(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    with suppress(OSError):
        while True:
            connection.sendall(b"x" * 65_536)


def endless_headers(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    with suppress(OSError):
        while True:
            connection.sendall(b"X: " + b"x" * 1_000 + b"\r\n")


def endless_preliminaries(connection: socket.socket) -> None:
    with suppress(OSError):
        while True:
            connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (drip, TOO_LATE),
        (lambda connection: time.sleep(2), TOO_LATE),
        (endless, "the answer is longer than 100 bytes"),
        (endless_headers, "got more than 100 headers"),
        (endless_preliminaries, TOO_LATE),
        (sending(b"SSH-2.0-OpenSSH\r\n"), "SSH-2.0-OpenSSH"),
        (whole(b"", "500 Oops"), "the server answers with status 500"),
        (whole(b"", "302 Found", "Location: file:///etc/passwd"), "file:///etc/passwd"),
        (whole(b"", "301 Moved", "Location: http://10.0.0.1/tlog"), "which is not asked"),
        (whole(b"x", "200 OK", "Content-Encoding: gzip"), "the server compresses"),
    ],
)
def test_an_answer_that_would_hang_or_exhaust_the_reader_is_refused(
    answer: Answer, words: str
) -> None:
    longest_answer = 1 if words == TOO_LATE else 60
    with pytest.raises(UnreadableLog, match="/tlog/checkpoint can't be read: ") as refused:
        read(answer, longest_answer=longest_answer)
    assert words in str(refused.value)


def test_a_server_that_is_not_there_is_refused() -> None:
    with answering(drip) as url:
        pass
    with pytest.raises(UnreadableLog, match="Connection refused"):
        HttpFiles(url).read("checkpoint", 100)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.com/tlog",
        "http://",
        "http://[::1",
        "http://a:b/",
        "https://a/?q=1",
        "http://a b/",
    ],
)
def test_what_is_no_address_of_a_log_is_refused(url: str) -> None:
    with pytest.raises(UnreadableLog, match="is no address"):
        HttpFiles(url)
