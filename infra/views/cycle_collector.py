"""How often does Python look for what nobody refers to any more, but for itself?"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def seldom_collected() -> Iterator[None]:
    """For long work whose objects refer to each other in no circle: to look for circles, as often
    as Python does, costs up to a tenth of the time."""
    before = gc.get_threshold()
    gc.set_threshold(50_000, 20, 100)
    try:
        yield
    finally:
        gc.set_threshold(*before)
