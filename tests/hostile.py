"""Hostile requests, each with what it tries; a server of 10,000 places, and a good client.

A hostile client sends one kind of request in a loop over a few connections. The good client asks
one small question after another at a steady rate, in a process of its own; the time of an answer
counts from when it was due, so that a stall counts for every question that it delays.
"""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import count
from multiprocessing import get_context
from multiprocessing.connection import Connection
from urllib.parse import urlencode

Requests = Callable[[int], bytes]
"""A request for each number: caches are not to help."""


@dataclass(frozen=True)
class Hostile:
    """A kind of request, and what it tries."""

    name: str
    tries: str
    request: Requests
    hangs_up: bool = False
    """Whether the client leaves without waiting for the answer."""


@dataclass
class Suffered:
    """What one kind of request was answered, and what the good client felt of it."""

    statuses: set[str] = field(default_factory=set)
    most_bytes: int = 0
    seconds: list[float] = field(default_factory=list)
    good: list[float] = field(default_factory=list)
    open: set[socket.socket] = field(default_factory=set)

    @property
    def of_health(self) -> list[float]:
        """The part of `good` for `/healthz` and `/readyz`."""
        return self.good[9::10]


def percentile(seconds: list[float], share: float) -> float:
    ordered = sorted(seconds)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


# ---- requests ------------------------------------------------------------------------------------


def post(query: str, **variables: object) -> bytes:
    return posted(json.dumps({"query": query, "variables": variables}).encode())


def posted(body: bytes) -> bytes:
    head = (
        b"POST /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: application/json\r\n"
        b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n"
    )
    return head % len(body) + body


def get(path: str, **parameters: str) -> bytes:
    target = f"{path}?{urlencode(parameters)}" if parameters else path
    return f"GET {target} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: application/json\r\n\r\n".encode()


def _day(number: int) -> str:
    """A day of its own for each number."""
    return f"20{15 + number % 8}-{1 + number // 8 % 12:02}-{1 + number // 96 % 28:02}"


def _position(number: int) -> str:
    """Another position for each number, among those of the words."""
    return str(10_100 + number * 37 % 3_000)


def _span(number: int, **more: str) -> dict[str, str]:
    return {"from": "2014-01-01", "to": _day(number)} | more


def _column(of: str) -> bytes:
    return post(f"{{ controlColumn({of}) {{ ids looks {{ status holders }} numbers lastHeard }} }}")


def _dates(number: int, of: str) -> bytes:
    span = f'span: {{ from: "2014-01-01", to: "{_day(number)}", unit: INSTANT }}'
    return post(f"{{ changeDates({span}, {of}) {{ at changes }} }}")


def _usual(alias: str, day: str) -> str:
    return (
        f'{alias}: controlMap(at: "{day}") {{ location {{ slug name latitude longitude }} status '
        "holders { slug name } certain since { earliest latest precision } }"
    )


def _bomb(number: int) -> str:
    chain = "".join(
        f"fragment F{i} on Control {{ a{number}: location {{ slug }} ...F{i + 1} ...F{i + 1} }} "
        for i in range(22)
    )
    asked = f'{{ control(location: "place-1", at: "{_day(number)}") {{ ...F0 }} }} '
    return f"{asked}{chain}fragment F22 on Control {{ status }}"


def _to_be_kept(document: str) -> bytes:
    named = {"version": 1, "sha256Hash": sha256(document.encode()).hexdigest()}
    return json.dumps({"query": document, "extensions": {"persistedQuery": named}}).encode()


def _nested(depth: int) -> bytes:
    deep = b'{"minReliability":' * depth + b"1" + b"}" * depth
    return b'{"query":"query($p: PerspectiveInput) { __typename }","variables":{"p":' + deep + b"}}"


_INTROSPECTION = (
    "{ __schema { types { kind name description fields { name description args { name type { kind "
    "name ofType { kind name } } } type { kind name ofType { kind name ofType { name } } } } "
    "inputFields { name } enumValues { name description } possibleTypes { name } } } }"
)
_RECORD = (
    'fileReport(input: {{ report: "hostile-{0}", source: "source-1", published: '
    '"2024-01-05", title: "The report {0}" }}) {{ __typename }}'
)

HOSTILE = [
    Hostile(
        "situation",
        "one GET without a body that asks for everything",
        lambda n: get("/graphql", documentId="situation", variables=f'{{"at":"{_day(n)}"}}'),
    ),
    Hostile(
        "situation of a hundred years",
        "the same with the longest look back",
        lambda n: get(
            "/graphql", documentId="situation", variables=f'{{"at":"{_day(n)}","days":36600}}'
        ),
    ),
    Hostile(
        "usual map",
        "the dearest that is allowed: 10,000 places",
        lambda n: post(f"{{ {_usual('m', _day(n))} }}"),
    ),
    Hostile(
        "three maps",
        "aliases of one dear field",
        lambda n: post("{ " + " ".join(_usual(f"m{i}", _day(n + i)) for i in range(3)) + " }"),
    ),
    Hostile(
        "map in words",
        "the dearest field of every place",
        lambda n: post(f'{{ controlMap(at: "{_day(n)}") {{ explanation evidence {{ id }} }} }}'),
    ),
    Hostile(
        "map from a new perspective",
        "no answer of before helps",
        lambda n: post(
            f'{{ controlMap(at: "2020-01-01", perspective: {{ publishedBy: "{_day(n)}", '
            "minCredibility: 3 }) { status } }"
        ),
    ),
    Hostile(
        "compare two positions",
        "the revisions of every place",
        lambda n: post(
            f'{{ compare(from: {{ at: "{_day(n)}", position: 20000 }}, to: {{ at: "{_day(n)}" }}) '
            "{ location { slug } events { statement } } }"
        ),
    ),
    Hostile(
        "revisions from a perspective",
        "a place with many claims, folded again and again",
        lambda n: post(
            f'{{ revisions(location: "deep", at: "{_day(n)}", perspective: '
            "{ minCredibility: 5 }) { position control { explanation } } }"
        ),
    ),
    Hostile(
        "timeline in words",
        "every period of a place with many claims",
        lambda n: post(
            f'{{ controlTimeline(location: "deep", from: "{_day(n)}") '
            "{ control { explanation } } }"
        ),
    ),
    Hostile(
        "replay",
        "a fold of the ledger itself",
        lambda n: post(f'{{ replay(location: "deep", at: "{_day(n)}") {{ steps {{ heard }} }} }}'),
    ),
    Hostile(
        "text search",
        "words that every event has",
        lambda n: post(
            "query($t: String) { events(first: 1000, filter: { text: $t }) "
            "{ nodes { statement } } }",
            t=f"sentence usual* length{'*' * (n % 2)}",
        ),
    ),
    Hostile(
        "empty pages",
        "a filter that looks through everything and finds nothing",
        lambda n: post(
            "{ "
            + " ".join(
                f'e{i}: events(filter: {{ occurredTo: "18{(n + i) % 100:02}-01-01" }}) '
                "{ nodes { id } }"
                for i in range(40)
            )
            + " }"
        ),
    ),
    Hostile(
        "holdings",
        "all places of an actor, in words",
        lambda n: post(
            f'{{ actor(id: "actor-{n % 12}") {{ holdings(at: "{_day(n)}") {{ explanation }} }} }}'
        ),
    ),
    Hostile(
        "a page in a page",
        "lists multiplied by lists",
        lambda n: post(
            "{ locations(first: 1000) { nodes { chronicle(first: 1000) { nodes { statement "
            f'location {{ controlledBy(at: "{_day(n)}") {{ explanation }} }} }} }} }} }} }}'
        ),
    ),
    Hostile(
        "misspelt places",
        "a search for the nearest of all names",
        lambda n: post(f'{{ control(location: "plaec-{n}", at: "2020-01-01") {{ status }} }}'),
    ),
    Hostile(
        "unknown fields",
        "640 errors, each with a suggestion",
        lambda n: post("{ " + " ".join(f"unknown{n}x{i}" for i in range(640)) + " }"),
    ),
    Hostile(
        "invalid at the end",
        "a long document whose last word is wrong",
        lambda n: post(
            '{ control(location: "place-1", at: "2020-01-01") { '
            + "status certain disputed corroboration " * 60
            + f"evidence {{ id(x{n}: 1) }} }} }}"
        ),
    ),
    Hostile("fragment bomb", "2^22 fields in a kilobyte", lambda n: post(_bomb(n))),
    Hostile(
        "hundred thousand aliases",
        "a body far over the limit",
        lambda n: post("{ " + " ".join(f"a{n}_{i}: __typename" for i in range(100_000)) + " }"),
    ),
    Hostile(
        "nested variables", "a value 4,000 levels deep", lambda n: posted(_nested(4_000 + n % 7))
    ),
    Hostile(
        "a list of variables",
        "ten thousand sources to look up",
        lambda n: post(
            'query($s: [ID!]) { control(location: "place-1", at: "2020-01-01", '
            "perspective: { sources: $s }) { status } }",
            s=[f"s{n % 100}" for _ in range(6_000)],
        ),
    ),
    Hostile(
        "introspection",
        "the whole schema, in other words each time",
        lambda n: post(f"query Q{n} {_INTROSPECTION}"),
    ),
    Hostile(
        "unknown document",
        "a long id, escaped",
        lambda n: posted(b'{"documentId":"' + b"\\u0000\\ud83d\\ude00" * 4_000 + b'%d"}' % n),
    ),
    Hostile(
        "documents to keep",
        "a long document with its digest, another each time",
        lambda n: posted(_to_be_kept(f"{{ a{n}: ledger {{ rule }} }} #{'x' * 19_000}")),
    ),
    Hostile("batch", "many in one", lambda n: posted(b"[" + b'{"query":"{a}"},' * 6_000 + b"{}]")),
    Hostile(
        "hang up",
        "dear questions that nobody waits for",
        lambda n: post(f"{{ {_usual('m', _day(n))} }}"),
        hangs_up=True,
    ),
    Hostile(
        "column of a map",
        "another position each time, so that a map is built or moved on",
        lambda n: get("/map/column", at=_day(n), position=_position(n)),
    ),
    Hostile(
        "column of a map by publication",
        "a map of its own for each moment of publication",
        lambda n: get("/map/column", at=_day(n), publishedBy=_day(n * 31), minCredibility="3"),
    ),
    Hostile(
        "changes of a map",
        "the changes of years",
        lambda n: get("/map/changes", **_span(n, position=_position(n))),
    ),
    Hostile(
        "changes of a map by publication",
        "the same, for each moment of publication",
        lambda n: get("/map/changes", **_span(n, publishedBy=_day(n * 31))),
    ),
    Hostile(
        "dates of a map",
        "all changes, counted anew",
        lambda n: get("/map/dates", **_span(n, position=_position(n), unit="instant")),
    ),
    Hostile(
        "dates of a map by publication",
        "the same, for each moment of publication",
        lambda n: get("/map/dates", **_span(n, publishedBy=_day(n * 31))),
    ),
    Hostile(
        "places of a map",
        "another region each time",
        lambda n: get("/map/places", bbox=f"-12,9,{n % 4_000 / 1_000},{10 + n % 17}"),
    ),
    Hostile(
        "map as GeoJSON",
        "10,000 places with tokens",
        lambda n: get("/map.geojson", at=_day(n), position=_position(n)),
    ),
    Hostile(
        "map as GeoJSON by publication",
        "the same, for each moment of publication",
        lambda n: get("/map.geojson", at=_day(n), publishedBy=_day(n * 31)),
    ),
    Hostile(
        "controlColumn",
        "a map by recording, and 10,000 places of it",
        lambda n: _column(f'at: "{_day(n)}", position: {_position(n)}'),
    ),
    Hostile(
        "controlColumn by publication",
        "the same, for each moment of publication",
        lambda n: _column(f'at: "{_day(n)}", perspective: {{ publishedBy: "{_day(n * 31)}" }}'),
    ),
    Hostile(
        "changeDates",
        "a map by recording, and all its changes",
        lambda n: _dates(n, f"position: {_position(n)}"),
    ),
    Hostile(
        "changeDates by publication",
        "the same, for each moment of publication",
        lambda n: _dates(n, f'perspective: {{ publishedBy: "{_day(n * 31)}" }}'),
    ),
    Hostile(
        "recording",
        "twenty mutations in one request, again and again",
        lambda n: post(
            "mutation { "
            + " ".join(f"m{i}: {_RECORD.format(f'{n}-{i}-{time.time_ns()}')}" for i in range(20))
            + " }"
        ),
    ),
]
"""What a server has to bear."""


# ---- clients -------------------------------------------------------------------------------------


def suffer(
    port: int, hostile: Hostile | None, *, seconds: float, rate: float = 20, connections: int = 4
) -> Suffered:
    """What the good client feels while the hostile one is at work; alone, without one."""
    suffered = Suffered()
    context = get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    good = context.Process(target=_be_good, args=(port, seconds, rate, theirs))
    stopping = threading.Event()
    attackers = [
        threading.Thread(target=_attack, args=(port, hostile, numbers, stopping, suffered))
        for numbers in (count(i * 1_000_000) for i in range(connections))
        if hostile
    ]
    good.start()
    ours.recv()  # it is about to ask
    for each in attackers:
        each.start()
    suffered.good = ours.recv()
    stopping.set()
    for asking in [*suffered.open]:  # who waits for an answer hangs up
        with suppress(OSError):
            asking.shutdown(socket.SHUT_RDWR)
    good.join()
    for each in attackers:
        each.join(10)
    return suffered


def _be_good(port: int, seconds: float, rate: float, told: Connection) -> None:
    times = list(_times_of_good(port, 10, rate))
    told.send("ready")
    time.sleep(0.3)
    times = list(_times_of_good(port, int(seconds * rate), rate))
    told.send(times)


def _times_of_good(port: int, questions: int, rate: float) -> Iterator[float]:
    with socket.create_connection(("127.0.0.1", port)) as asking:
        asking.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        start = time.perf_counter()
        for number in range(questions):
            due = start + number / rate
            time.sleep(max(0.0, due - time.perf_counter()))
            asking.sendall(_good_question(number))
            status, _ = receive(asking)
            assert status == "200", status
            yield time.perf_counter() - due


def _good_question(number: int) -> bytes:
    if number % 10 == 9:
        return get("/healthz" if number % 20 == 9 else "/readyz")
    return post(
        "query($l: ID!, $a: Moment!) { control(location: $l, at: $a) "
        "{ status certain holders { slug name } since { day } evidence { position } } }",
        l=f"place-{number * 7 % 9_000}",
        a=_day(number * 5),
    )


def _attack(
    port: int, hostile: Hostile, numbers: Iterator[int], stopping: threading.Event, all_: Suffered
) -> None:
    while not stopping.is_set():
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=60) as asking:
                all_.open.add(asking)
                while not stopping.is_set():
                    began = time.perf_counter()
                    asking.sendall(hostile.request(next(numbers)))
                    if hostile.hangs_up:
                        time.sleep(0.02)
                        break
                    status, body = receive(asking)
                    all_.seconds.append(time.perf_counter() - began)
                    all_.statuses.add(status)
                    all_.most_bytes = max(all_.most_bytes, len(body))
        except OSError:
            if not stopping.is_set():
                all_.statuses.add("hung up")


def send(port: int, request: bytes) -> socket.socket:
    """A connection with the request sent; the answer is not waited for."""
    asking = socket.create_connection(("127.0.0.1", port), timeout=60)
    asking.sendall(request)
    return asking


def answer(port: int, request: bytes) -> tuple[str, bytes]:
    """The status, with the code of the first error, and the body."""
    with send(port, request) as asking:
        return receive(asking)


def receive(asking: socket.socket) -> tuple[str, bytes]:
    """The status, with the code of the first error, and the body."""
    found = b""
    while b"\r\n\r\n" not in found:
        found += _some(asking)
    head, _, body = found.partition(b"\r\n\r\n")
    length = next(
        int(line.split(b":")[1])
        for line in head.lower().split(b"\r\n")
        if line.startswith(b"content-length:")
    )
    parts, missing = [body], length - len(body)
    while missing > 0:
        parts.append(_some(asking))
        missing -= len(parts[-1])
    status = head.split()[1].decode()
    whole = b"".join(parts)
    code = whole[:6_000].partition(b'"code":"')[2].partition(b'"')[0].decode()
    return (f"{status} {code}".strip() if b'"errors"' in whole[:20] else status), whole


def _some(asking: socket.socket) -> bytes:
    if not (part := asking.recv(1 << 20)):
        raise ConnectionResetError
    return part
