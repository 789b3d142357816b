"""The command that prints the schema of situation files."""

import click

from api.commands.print.terminal import say_document
from infra.intake.schema import schema_text


@click.command("schema")
def command() -> None:
    """Print the JSON Schema of a record in a situation file.

    Each line of a JSON lines file is one such record, and so is each item of a YAML file's list.

    \b
    Example:
      tenure schema > situation.schema.json
    """
    say_document(schema_text())
