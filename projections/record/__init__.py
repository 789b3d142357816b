"""The record as known at a position: entries, registrations as they read, containment, ties, and
what was taken back. Every other view asks it."""

from projections.record.entries import EntryRow, taken_back
from projections.record.view import Record

__all__ = ["EntryRow", "Record", "taken_back"]
