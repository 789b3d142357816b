"""The data dictionary of a table: Frictionless Table Schema, with the basis of the table."""

from typing import Any

from api.answers.answers import Answers
from api.answers.perspective import perspective_fields, perspective_words
from api.answers.sources import spoken_basis
from api.tables.columns import Column, columns_of, meanings_of_columns
from api.tables.kinds import KINDS
from api.tables.question import TableName, TableQuestion
from domain.control.timeline import END
from domain.control.verdict import RULE
from domain.occurred import rfc3339

_TIMES = (
    "Times are RFC 3339 in UTC. A stretch of time is half-open: its first instant belongs to it, "
    "its last does not."
)
_CSV = (
    "In CSV an empty cell is a missing value. A text that begins with =, +, -, @, a tab or a "
    "carriage return and is no number has an apostrophe before it, so that no spreadsheet takes "
    "it for a formula: take the apostrophe away to have the text."
)


def dictionary_of(table: TableName) -> dict[str, Any]:
    """The meaning of each column."""
    kind = KINDS[table]
    meanings = meanings_of_columns(kind.row)
    return {
        "title": kind.title,
        "description": f"{' '.join((kind.row.__doc__ or '').split())} {_TIMES} {_CSV}",
        "fields": [_field(each, meanings[each.name]) for each in columns_of(kind.row)],
        "missingValues": [""],
        **({"primaryKey": [*kind.key]} if len(kind.key) == 1 else {}),
    }


def dictionary_with_basis(answers: Answers, question: TableQuestion) -> dict[str, Any]:
    """The meaning of each column, and the basis of the table."""
    return dictionary_of(question.table) | {"tenure": _basis(answers, question)}


def _field(column: Column, meaning: str) -> dict[str, Any]:
    constraints: dict[str, Any] = {"required": True} if column.is_required else {}
    if column.words:
        constraints["enum"] = [*column.words]
    optional = {
        "axis": column.axis and column.axis.value,
        "unit": column.unit,
        "separator": column.separator,
        "constraints": constraints,
    }
    given = {name: value for name, value in optional.items() if value}
    return {"name": column.name, "type": column.type.value, "description": meaning, **given}


def _basis(answers: Answers, question: TableQuestion) -> dict[str, Any]:
    basis = question.basis
    recorded_at = answers.entries.recorded_at(basis.position)
    since, until = (None if it is None else rfc3339(it) for it in (question.since, question.until))
    return {
        "table": question.table,
        "token": question.token,
        "again": f"tenure export-table {question.table} --token TOKEN",
        "rule": RULE,
        "at": None if basis.at == END - 1 else rfc3339(basis.at),
        "position": basis.position,
        "recordedAt": None if recorded_at is None else rfc3339(recorded_at),
        "perspective": perspective_fields(basis.perspective),
        "words": perspective_words(answers.sources, basis) or "everybody's word",
        "basis": spoken_basis(answers, basis),
        "within": question.within,
        "from": since,
        "to": until,
        "options": sorted(question.options),
    }
