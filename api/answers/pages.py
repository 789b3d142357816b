"""Pages of long lists: the size of a page, and the cursors between pages.

A cursor holds the key of an item and the position of the first page: every further page is read at
the same position, so a late report neither repeats an item nor skips one.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode

from domain.occurred import Instant
from domain.refusals import NotUnderstood
from projections.names import Found
from projections.sources import Filed

PAGE = 50
"""The default number of items on a page."""
LONGEST_PAGE = 1_000
_DIGITS = 18
"""The most digits of a number in a cursor."""


class BadPage(NotUnderstood):
    """The page asked for can't be given; the message says why."""


def cursor(key: str, position: int) -> str:
    """The cursor of an item, by its key and the position of the list."""
    return urlsafe_b64encode(f"{position}:{key}".encode()).decode().rstrip("=")


def key_and_position(given: str) -> tuple[str, int]:
    """The key and the position in a cursor. Raises BadPage."""
    try:
        text = urlsafe_b64decode(given + "=" * (-len(given) % 4)).decode()
        position, colon, key = text.partition(":")
        if colon:
            return key, int(position)
    except ValueError:
        pass
    raise BadPage(f"{given[:60]!r} is not a cursor that was given out here")


def size_of(first: int | None, last: int | None = None) -> int:
    """The number of items on the page. Raises BadPage."""
    if first is not None and last is not None:
        raise BadPage("give first or last, not both")
    size = next((each for each in (first, last) if each is not None), PAGE)
    if not 0 <= size <= LONGEST_PAGE:
        raise BadPage(f"a page has 0 to {LONGEST_PAGE} items, not {size}")
    return size


# ---- the keys of each list -----------------------------------------------------------------------


def key_of(found: Found) -> str:
    """The key of a place, an actor or a source in a list."""
    return f"{found.rank}:{found.slug}"


def found_in(given: str, what: str) -> tuple[Found, int]:
    """The item behind a cursor of a list of named things, and the position. Raises BadPage."""
    key, position = key_and_position(given)
    rank, colon, slug = key.partition(":")
    if not colon or not _is_number(rank):
        raise BadPage(f"{given[:60]!r} is not a cursor of a list of {what}")
    return Found(int(rank), slug), position


def filed_key(filed: Filed) -> str:
    """The key of a report in a list."""
    return f"{filed.published}:{filed.report}"


def filed_in(given: str) -> tuple[Filed, int]:
    """The report behind a cursor, and the position of the list. Raises BadPage."""
    key, position = key_and_position(given)
    published, colon, report = key.partition(":")
    if not colon or not _is_number(published.removeprefix("-")):
        raise BadPage(f"{given[:60]!r} is not a cursor of a list of reports")
    return Filed(Instant(int(published)), report), position


def entry_in(given: str) -> tuple[int, int]:
    """The position of the event behind a cursor, and the position of the list. Raises BadPage."""
    key, position = key_and_position(given)
    if not _is_number(key):
        raise BadPage(f"{given[:60]!r} is not a cursor of a list of events")
    return int(key), position


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= _DIGITS
