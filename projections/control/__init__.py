"""Who controlled a place at a time? `view` answers; `claims` keeps what the answer rests on."""

from infra.views.amendments import FOR_EVER
from projections.control.view import UNKNOWN_FOR_EVER, Control, Revision

__all__ = ["FOR_EVER", "UNKNOWN_FOR_EVER", "Control", "Revision"]
