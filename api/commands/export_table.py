"""Exports a table for pandas, R, QGIS and spreadsheets."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, get_args

import click

from api.answers.answers import Answers
from api.commands.environment import node_caught_up, progress
from api.commands.perspective import perspective_options
from api.commands.print.terminal import DocumentSink, say, say_document
from api.commands.question import knowledge_options, zone_option
from api.pretty_json import pretty
from api.tables.asked import AskedTable, BadTableQuestion
from api.tables.dictionary import dictionary_of, dictionary_with_basis
from api.tables.export import write_table
from api.tables.formats import FORMATS, FormatName, Sink, writer_of
from api.tables.kinds import KINDS
from api.tables.question import OPTIONS, TableName, TableQuestion
from domain.refusals import Refusal
from domain.texts import counted
from infra.durable_files import new_file, replace_durably

_SUFFIXES: dict[str, FormatName] = {f".{name}": name for name in FORMATS} | {".json": "geojson"}


class FileExists(Refusal):
    """The file to be written is there already, or is no regular file."""

    def __init__(self, path: Path) -> None:
        is_file = path.is_file() and not path.is_symlink()
        what = "is there already; --force replaces it" if is_file else "is no regular file"
        super().__init__(f"{path} {what}")


@click.command("export-table")
@click.argument("table", type=click.Choice(get_args(TableName)))
@click.option("--on", metavar="DATE", help="control: the close of that day, UTC; or an instant.")
@knowledge_options
@perspective_options
@click.option("--within", metavar="PLACE", help="Only that place and all that lies in it.")
@click.option("--from", "since", metavar="DATE", help="events: only what may be as late as that.")
@click.option("--to", "until", metavar="DATE", help="events: only what may be as early as that.")
@click.option(
    "--all-knowledge", is_flag=True, help="timelines: also every row that was the answer before."
)
@click.option(
    "--explain", is_flag=True, help="control: the answers in plain English, with reasons."
)
@click.option("--recorded-by", is_flag=True, help="events: who recorded each.")
@click.option("--token", help="Write the table with this token again.")
@click.option("--format", "form", type=click.Choice(FORMATS), help="Else told by the file's name.")
@click.option("--output", metavar="FILE", type=click.Path(path_type=Path), help="Else stdout.")
@click.option("--force", is_flag=True, help="Replace the file, if it is there.")
@click.option("--dictionary", is_flag=True, help="Print what each column means, and nothing else.")
@zone_option
def command(
    table: TableName,
    form: FormatName | None,
    output: Path | None,
    force: bool,
    dictionary: bool,
    **more: Any,
) -> None:
    """Write TABLE as CSV, GeoJSON or Parquet.

    \b
    control     a row for each place: who held it at one moment
    timelines   a row for each place and period: valid_from, valid_to, known_from, known_to
    events      a row for each statement of a source, with report, grade and retraction

    Each column is explained in FILE.dictionary.json beside a CSV file, and inside GeoJSON and
    Parquet. Each row has the token that writes the same table again, years later. In CSV a text
    that a spreadsheet would take for a formula has an apostrophe before it. Parquet needs the
    extra tenure[parquet].

    \b
    Examples:
      tenure export-table control --on 2024-03-20 --output control.csv
      tenure export-table timelines --within kidal-region --output kidal.geojson
      tenure export-table timelines --all-knowledge --format csv
      tenure export-table events --published-by 2023-11-20 --output events.parquet
      tenure export-table events --dictionary

    Exit codes: 0 written; 1 refused, and no file is left behind; 2 misuse.
    """
    if dictionary:
        say_document(pretty(dictionary_of(table)))
        return
    chosen = form or _SUFFIXES.get(output.suffix.lower() if output else ".csv")
    if chosen is None:
        raise click.UsageError(f"give --format {', '.join(FORMATS)}, or a file named so")
    if output is None and (force or (chosen == "parquet" and sys.stdout.isatty())):
        raise click.UsageError("give --output FILE")
    asked = _asked(table, more)
    writer_of(chosen)
    paths = [] if output is None else _paths(output, chosen, force=force)
    with node_caught_up() as node:
        question = asked.question(node.answers)
        if output is None:
            _write(node.answers, question, chosen, DocumentSink())
            return
        with new_file(output) as file:
            count = _write(node.answers, question, chosen, file)
        for path in paths[1:]:
            described = pretty(dictionary_with_basis(node.answers, question))
            replace_durably(path, described.encode(), mode=0o666)
    explained = (f"{path}: what each column means" for path in paths[1:])
    say(f"{output}: {counted(count, 'row')}", *explained)
    say(f"Token: {question.token}")


def _asked(table: TableName, more: dict[str, Any]) -> AskedTable:
    flags = frozenset().union(*OPTIONS.values())
    options = frozenset(each for each in flags if more.pop(each.replace("-", "_")))
    sources: dict[str, Any] = {name: tuple(more.pop(name)) for name in ("sources", "without")}
    try:
        return AskedTable(table=table, options=options, **sources, **more)
    except BadTableQuestion as bad:
        raise click.UsageError(str(bad)) from None


def _paths(output: Path, form: FormatName, *, force: bool) -> list[Path]:
    """The files to be written. Raises FileExists."""
    paths = [output]
    if form == "csv":
        paths.append(output.with_name(f"{output.name}.dictionary.json"))
    for path in paths:
        is_there = path.exists() or path.is_symlink()
        if is_there and not (force and path.is_file() and not path.is_symlink()):
            raise FileExists(path)
    return paths


def _write(answers: Answers, question: TableQuestion, form: FormatName, sink: Sink) -> int:
    length = KINDS[question.table].rows(answers, question).length
    with _bar(length) as advance:
        return write_table(answers, question, form, sink, advance)


@contextmanager
def _bar(length: int) -> Iterator[Any]:
    """A progress bar for long work, unless the table itself is printed on the terminal."""
    with progress("Writing", length, hidden=length < 1_000 or sys.stdout.isatty()) as advance:
        yield advance
