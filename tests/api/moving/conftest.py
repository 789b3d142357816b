"""A node that knows Kidal, and nothing about who controls it."""

from tests.projections.conftest import node

__all__ = ["node"]
