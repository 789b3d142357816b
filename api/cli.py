"""The commands of the command line.

A command's module is imported with its command alone, so that a quick command starts quickly.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import import_module
from typing import Any

import click

from api.commands.print.terminal import say
from domain.texts import escaped

COMMANDS: Mapping[str, tuple[str, str]] = {
    "who": ("api.commands.who", "Who controlled a place on a date, who says so, and why."),
    "situation": ("api.commands.situation", "Who holds what on a date, what changed, who suffers."),
    "timeline": ("api.commands.timeline", "Who controlled a place, period by period."),
    "revisions": ("api.commands.revisions", "How an answer changed as reports came in."),
    "holdings": ("api.commands.holdings", "Which places an actor held on a date."),
    "compare": ("api.commands.compare", "What differs between two dates, or two times of asking."),
    "replay": ("api.commands.replay", "How an answer came about, entry by entry."),
    "search": ("api.commands.search", "What goes by a name, or has some words."),
    "places": ("api.commands.places", "The registered places."),
    "actors": ("api.commands.actors", "The registered actors."),
    "sources": ("api.commands.sources", "The registered sources, and how far they are trusted."),
    "reports": ("api.commands.reports", "The filed reports, in the order of publication."),
    "events": ("api.commands.events", "The recorded events, and whether each stands."),
    "record": ("api.commands.record", "Record situation files (YAML or JSON lines)."),
    "retract": ("api.commands.retract", "Take back all that a source or a report said."),
    "reinstate": ("api.commands.reinstate", "Have all count again that was taken back together."),
    "import": (
        "api.commands.importing",
        "Import other people's data, or a bundle.",
    ),
    "serve": ("api.commands.serve", "Serve GraphQL, and follow the ledger."),
    "demo": ("api.commands.demo", "Record the Mali scenario into an empty ledger and serve it."),
    "keygen": ("api.commands.keygen", "Make the key that signs the log."),
    "token": ("api.commands.token", "Make a bearer token of a reader, a writer or an auditor."),
    "cosign": ("api.commands.cosign", "Add the cosignatures of witnesses to a checkpoint."),
    "remember": ("api.commands.remember", "Give the signer of the log its lost memory back."),
    "witness": (
        "api.commands.witness",
        "Cosign the logs of others, as a witness that anybody runs.",
    ),
    "timestamp": (
        "api.commands.timestamp",
        "Have an authority attest when a checkpoint existed.",
    ),
    "rebuild": ("api.commands.rebuild", "Build what answers questions again from the ledger."),
    "verify": ("api.commands.verify", "Check that nothing was rewritten, and that answers follow."),
    "export": ("api.commands.export", "Write the ledger as a bundle that anybody can check."),
    "export-table": ("api.commands.export_table", "Write a table for pandas, R, QGIS and Excel."),
    "verify-export": (
        "api.commands.verify_export",
        "Check a bundle without a ledger, and ask it.",
    ),
    "verify-log": ("api.commands.verify_log", "Check a log that somebody else serves."),
    "backup": ("api.commands.backup", "Write a backup of the ledger, while others record."),
    "restore": ("api.commands.restore", "Make a ledger of a backup."),
    "schema": ("api.commands.schema", "Print the JSON Schema of a record in a situation file."),
}
"""The module of each command, with the name `command` in the module, and a summary."""


class Commands(click.Group):
    """The group of all commands; prints a refusal in plain words."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(COMMANDS[cmd_name][0]).command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, short) for name, (_, short) in COMMANDS.items()])

    def make_context(self, *args: Any, **more: Any) -> click.Context:
        with _misuse_escaped():
            return super().make_context(*args, **more)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            with _misuse_escaped():
                return super().invoke(ctx)
        except Exception as error:
            # The libraries of the ledger come with it, and --help answers sooner without them.
            from api.commands.environment import refusal_lines

            if lines := refusal_lines(error):
                refused = WrongSettings if getattr(error, "exit_code", 1) == 2 else CommandRefused
                raise refused(lines) from None
            raise


class CommandRefused(click.ClickException):
    """A refusal on stderr, with exit code 1."""

    exit_code = 1

    def __init__(self, lines: Sequence[str]) -> None:
        super().__init__("\n".join(lines))
        self._lines = lines

    def show(self, file: Any = None) -> None:
        say(*self._lines, err=True)


class WrongSettings(CommandRefused):
    """The same of settings with which no later start works either, with exit code 2."""

    exit_code = 2


@contextmanager
def _misuse_escaped() -> Iterator[None]:
    """Escapes the words of the command line in click's own messages."""
    try:
        yield
    except click.exceptions.NoArgsIsHelpError:
        raise  # its message is the help
    except click.ClickException as misuse:
        vars(misuse)["message"] = escaped(misuse.message)
        raise


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="tenure", message="%(prog)s %(version)s")
def main() -> None:
    """Who controlled X on date Y, as known on date Z, according to whom, and why?

    \b
    Try it:
      tenure demo                              record a scenario of Mali, and serve it
      tenure who kidal --on 2023-11-14         ask who held Kidal at the close of that day
      tenure who kidal --on 2023-11-14 --json  the same as one JSON document

    \b
    Facts are recorded in the ledger that TENURE_LEDGER names (sqlite:///tenure.db
    unless it is set; postgresql://..., umadb://host:port or memory: are others).
    What answers questions quickly is kept beside it, in the file that TENURE_VIEWS names
    (tenure-views.db); deleted, it is built again from the ledger.

    \b
    Exit codes:
      0  done
      1  refused, or found wrong; stderr says why, and nothing was half done
      2  the command line can't be understood
    """
