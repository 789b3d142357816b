"""Writes a table, page by page: memory does not grow with the number of rows."""

from collections.abc import Callable
from typing import Any

from api.answers.answers import Answers
from api.tables.dictionary import dictionary_with_basis
from api.tables.formats import FormatName, Sink, writer_of
from api.tables.kinds import KINDS
from api.tables.question import TableQuestion


def write_table(
    answers: Answers,
    question: TableQuestion,
    form: FormatName,
    sink: Sink,
    progress: Callable[[int], object] = lambda done: None,
) -> int:
    """Writes the table to the sink, and returns the number of rows. Raises NoParquet."""
    kind, count = KINDS[question.table], 0
    dictionary: dict[str, Any] = dictionary_with_basis(answers, question)
    table = writer_of(form)(sink, kind.row, dictionary)
    for page in kind.rows(answers, question).pages():
        table.write(page.rows)
        count += len(page.rows)
        progress(page.done)
    table.close()
    return count
