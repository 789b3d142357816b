"""Rows of which most questions need the same few, kept while the views stay as they are."""

from collections.abc import Callable
from typing import Generic, TypeVar

from infra.views.file import ViewFile, ViewState

K = TypeVar("K")
V = TypeVar("V")


class KeptRows(Generic[K, V]):
    """What was read under each key, in one state of the views.

    Outside a snapshot everything is read: nobody knows of which state a row is then.
    """

    def __init__(self, views: ViewFile, read: Callable[[K], V], *, most: int) -> None:
        """`most` is the number of keys; beyond it, what is kept is dropped."""
        self._views, self._read, self._most = views, read, most
        self._kept: tuple[ViewState | None, dict[K, V]] = (None, {})

    def get(self, key: K) -> V:
        """What is read under the key."""
        state = self._views.snapshot_state
        if state is None:
            return self._read(key)
        kept_in, kept = self._kept
        if kept_in != state or len(kept) > self._most:
            kept = {}
            self._kept = state, kept  # at once: other threads may be in another snapshot
        if key not in kept:
            kept[key] = self._read(key)
        return kept[key]
