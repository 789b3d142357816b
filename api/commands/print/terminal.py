"""The only door to the terminal.

Every line given is printed as one line: line breaks, controls and hidden characters of a ledger, a
bundle, a log or a file name come out as visible escapes. `click.echo` is banned elsewhere by ruff.
"""

import sys
from collections.abc import Iterable, Iterator
from textwrap import wrap

import click

from domain.texts import escaped, escaped_json, in_one_line

WIDTH = 96


def say(*lines: str, err: bool = False) -> None:
    """Prints lines, on stderr with `err`."""
    click.echo("".join(f"{escaped(line)}\n" for line in lines), nl=False, err=err)


def say_document(document: str) -> None:
    """Prints a JSON document on stdout, hidden characters as escapes of JSON."""
    click.echo(escaped_json(document), nl=False)


def wrapped(text: str, first: str = "", rest: str = "") -> Iterator[str]:
    """The lines of a sentence, wrapped to the width of a page, with the indents of the first and of
    the further lines."""
    lines = wrap(
        escaped(text),
        WIDTH,
        initial_indent=first,
        subsequent_indent=rest,
        break_on_hyphens=False,
    )
    yield from lines or [""]


def hanging(lines: Iterable[str]) -> Iterator[str]:
    """Each of the lines wrapped with a hanging indent."""
    for each in lines:
        yield from wrap(escaped(each), WIDTH, subsequent_indent="    ") or [""]


def paragraph(text: str, margin: str) -> Iterator[str]:
    """The lines of a long text, whose own line breaks are gaps between words."""
    yield from wrapped(in_one_line(text), margin, margin)


class DocumentSink:
    """Takes the bytes of a document for stdout; on a terminal, hidden characters come out as
    visible escapes."""

    def __init__(self) -> None:
        self._out = sys.stdout.buffer
        self._is_terminal = self._out.isatty()

    def write(self, content: bytes) -> None:
        if self._is_terminal:
            lines = content.decode().split("\n")
            content = "\n".join(map(escaped, lines)).encode()
        self._out.write(content)
