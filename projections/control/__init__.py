"""Who controlled a place at a time? `view` answers, `claims` reads the claims, and `resolution`
keeps the answers up to date."""

from infra.views.rows import FOR_EVER
from projections.control.stored import LazyPeriod, SomePeriod, common_columns
from projections.control.view import UNKNOWN_FOR_EVER, Control, Revision

__all__ = [
    "FOR_EVER",
    "UNKNOWN_FOR_EVER",
    "Control",
    "LazyPeriod",
    "Revision",
    "SomePeriod",
    "common_columns",
]
