"""A node that knows Kidal, and nothing about who controls it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from api.node import Node
from tests.nodes import WORLD, node_at, tell


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    with node_at(tmp_path / "views.db") as node:
        tell(node, *WORLD)
        yield node
