"""Which names does a place or an actor have? `view` answers; `likeness` ranks the names found by a
search."""

from projections.names.likeness import Rank
from projections.names.view import ACTOR, LOCATION, MANY, Found, NamesView

__all__ = ["ACTOR", "LOCATION", "MANY", "Found", "NamesView", "Rank"]
