"""Python's collector of cycles, during long work."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def rare_cycle_collection() -> Iterator[None]:
    """Runs Python's cycle collector less often during long work: a saving of up to a tenth of the
    time.

    For commands with one thread: of two threads at once, the last to leave would restore what the
    first had set.
    """
    before = gc.get_threshold()
    gc.set_threshold(50_000, 20, 100)
    try:
        yield
    finally:
        gc.set_threshold(*before)
