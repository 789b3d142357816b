"""Do the postings of a SQLite ledger find every entry, and nothing but entries?

A missing posting, or a settled position set too high, hides entries from questions by a tag. The
check compares the pairs of key and position in the postings with the pairs that follow from the
entries, as sets: by the product of (r - pair) over each set, modulo a prime, for a secret random r.
Different sets agree by chance once in 2^60.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator
from secrets import randbelow
from zlib import crc32

from infra.ledger.sqlite.postings import POSITION_BITS, tags_of, type_term, unpack

_PRIME = 2**89 - 1
_FORM = """
SELECT (SELECT count(*) FROM settled),
    (SELECT min(typeof(position)) FROM settled),
    (SELECT max(position) FROM settled),
    (SELECT coalesce(max(position), 0) FROM event),
    (SELECT count(*) FROM event WHERE position < 1),
    (SELECT count(*) FROM posting WHERE typeof(positions) NOT IN ('blob', 'null'))
"""
_EVENTS = """
SELECT position, CAST(type AS TEXT), CAST(tags AS TEXT) FROM event
WHERE position > 0 AND position <= ?
"""


def index_faults(db: sqlite3.Connection) -> list[str]:
    """The faults of the index, in words, as of the connection's transaction."""
    rows, kind, settled, head, before, odd = db.execute(_FORM).fetchone()
    if (rows, kind) != (1, "integer") or not 0 <= settled <= head:
        return [f"it is said to be settled up to {settled!r}, in a ledger that ends with {head}"]
    if before:
        return [f"{before:,} entries stand before position 1"]
    if odd:
        return [f"{odd:,} of its postings are of another form than a ledger's"]
    secret = randbelow(_PRIME)
    entries = _product(secret, (pair for pair, _ in _expected_pairs(db, settled)))
    if entries == _product(secret, _posted_pairs(db)):
        return []
    return [_first_fault(db, settled, secret)]


def _expected_pairs(db: sqlite3.Connection, settled: int) -> Iterator[tuple[int, str]]:
    """The pairs that follow from the entries, each with its term."""
    for position, kind, lines in db.execute(_EVENTS, (settled,)):
        terms = {crc32(term.encode()): term for term in (type_term(kind), *tags_of(lines))}
        for key, term in terms.items():
            yield key << POSITION_BITS | position, term


def _posted_pairs(db: sqlite3.Connection) -> Iterator[int]:
    for chunk, packed in db.execute("SELECT id, positions FROM posting"):
        key = chunk >> POSITION_BITS << POSITION_BITS
        for position in unpack(chunk, packed):
            yield key | position


def _product(secret: int, pairs: Iterable[int]) -> int:
    product = 1
    for pair in pairs:
        product = product * (secret - pair) % _PRIME
    return product


def _first_fault(db: sqlite3.Connection, settled: int, secret: int) -> str:
    """The first term of the ledger with other postings than entries, in words."""
    products: dict[int, int] = defaultdict(lambda: 1)
    for pair in _posted_pairs(db):
        key = pair >> POSITION_BITS
        products[key] = products[key] * (secret - pair) % _PRIME
    expected: dict[int, int] = defaultdict(lambda: 1)
    for pair, _ in _expected_pairs(db, settled):
        key = pair >> POSITION_BITS
        expected[key] = expected[key] * (secret - pair) % _PRIME
    for pair, term in _expected_pairs(db, settled):
        key = pair >> POSITION_BITS
        if products[key] != expected[key]:
            return f"of {term.strip()} it finds other entries than there are"
    return "it finds entries by terms that none has"
