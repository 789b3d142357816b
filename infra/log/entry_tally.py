"""Which entries did a log take in since the last check? Counted by type and place."""

from collections import Counter
from collections.abc import Sequence

import orjson

OTHER = "of a form that is not told here"
"""Stands for the type of an altered entry, or of an entry too long for a bundle."""


class EntryTally:
    """Counts the entries behind a number of leaves."""

    def __init__(self, after: int) -> None:
        self.after = after
        self.types: Counter[str] = Counter()
        self.places: Counter[str] = Counter()

    def take(self, start: int, leaves: Sequence[bytes]) -> None:
        """Counts the leaves of a bundle from leaf `start` on."""
        for leaf in leaves[max(0, self.after - start) :]:
            name, place = _event_in(leaf)
            self.types[name] += 1
            if place:
                self.places[place] += 1


def _event_in(leaf: bytes) -> tuple[str, str | None]:
    try:
        entry = orjson.loads(leaf)
    except ValueError:
        return OTHER, None
    if not isinstance(entry, dict) or not _is_plain(entry.get("type")):
        return OTHER, None
    event = entry.get("event")
    place = event.get("location") if isinstance(event, dict) else None
    return entry["type"], place if _is_plain(place) else None


def _is_plain(text: object) -> bool:
    """Whether the text can be shown as it is: a server may send anything."""
    return isinstance(text, str) and text.isascii() and text.isprintable() and 0 < len(text) <= 100
