"""What was recorded, when, and does it still stand? `view` answers; `conditions` is the SQL of a
filter."""

from projections.entries.conditions import EventFilter
from projections.entries.view import WHOLE, ChronicleBounds, ChronicleKey, Entries, EntryPage
from projections.record import EntryRow

__all__ = [
    "WHOLE",
    "ChronicleBounds",
    "ChronicleKey",
    "Entries",
    "EntryPage",
    "EntryRow",
    "EventFilter",
]
