"""What was recorded, when, and does it still stand? `view` answers; `filters` says which of it."""

from projections.entries.filters import EventFilter
from projections.entries.view import ChronicleKey, Entries, Entry, Page

__all__ = ["ChronicleKey", "Entries", "Entry", "EventFilter", "Page"]
