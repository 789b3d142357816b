"""Tasks for helpers, in a module that a process imports in an instant."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from api.graphql.helper_process import Carry


def carry(task: object) -> object:
    """Naps, computes, fails, eats memory or dies, as it is told."""
    match task:
        case ("compute", float() as seconds, Path() as done):
            end = time.monotonic() + seconds
            while time.monotonic() < end:
                pass
            done.write_text("done")
        case "fail":
            raise ValueError("no such thing")
        case "eat":
            return sum(len(each) for each in [bytearray(10_000_000) for _ in range(100)])
        case "die":
            os._exit(3)
    return os.getpid()


@contextmanager
def opened(fails: bool = False) -> Iterator[Carry]:
    if fails:
        raise RuntimeError("the views are gone")
    yield carry
