"""What was it called, and who is meant? `view` answers; `likeness` judges what comes near."""

from projections.names.likeness import Rank
from projections.names.view import ACTOR, LOCATION, MANY, Found, NamesView

__all__ = ["ACTOR", "LOCATION", "MANY", "Found", "NamesView", "Rank"]
