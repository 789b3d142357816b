"""The record, as known at a position: entries and revocations, registrations and amendments,
containment, and ties. All other views ask the record."""

from projections.record.entries import EntryRow, statement, taken_back
from projections.record.view import Record

__all__ = ["EntryRow", "Record", "statement", "taken_back"]
