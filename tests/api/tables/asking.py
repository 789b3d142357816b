"""The rows of a table."""

from typing import Any

from api.answers.answers import Answers
from api.tables.asked import AskedTable
from api.tables.kinds import KINDS
from api.tables.question import TableName


def rows_of(answers: Answers, table: TableName, **asked: Any) -> list[Any]:
    question = AskedTable(table=table, **asked).question(answers)
    pages = KINDS[table].rows(answers, question).pages()
    return [row for page in pages for row in page.rows]
