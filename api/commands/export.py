"""Exports the ledger as a bundle that anybody can check."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from api.answers.basis import refuse_future
from api.commands.environment import (
    BadSettings,
    ledger_of,
    progress,
    reading,
    say_passed_over,
    settings_with_a_ledger,
    with_writable_views,
)
from api.commands.print.terminal import say
from api.ids import slug_of
from domain.occurred import parse_moment
from domain.values import LocationId
from infra.bundle.write import ExportedBundle, write_bundle
from infra.log.file import LogFile
from infra.log.key_files import Keys
from infra.log.transparency_log import TransparencyLog
from infra.settings import Settings


@click.command("export")
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@click.option("--within", metavar="REGION", help="Only what concerns the places in it.")
@click.option("--until", metavar="DATE", help="Only what had been recorded by then.")
def command(folder: Path, within: str | None, until: str | None) -> None:
    """Write a bundle into DIR: the entries, the hashes that prove them, and the checkpoint.

    A bundle is a folder of plain files. `tenure verify-export` checks a bundle and answers from it
    without a ledger, without views, and without a network; `tenure import bundle` makes a ledger of
    a bundle again. DIR must not exist yet, or be empty.

    With --within, a bundle answers every question about the places in that region as the ledger
    does, and shows of all other entries their hashes only.

    \b
    Examples:
      tenure export mali-2024
      tenure export kidal-2024 --within kidal-region
      tenure export mali-then --until DATE

    Exit codes: 0 written; 1 refused, and nothing is left behind; 2 misuse.
    """
    moment = None if until is None else parse_moment(until)
    region = None if within is None else LocationId(slug_of(within, "Location"))
    settings = settings_with_a_ledger()
    with (
        reading(),
        ledger_of(settings) as ledger,
        _log_file(settings) as log_path,
        closing(LogFile(log_path)) as file,
    ):
        if moment is not None:
            refuse_future("until", moment, ledger.now)
        log = TransparencyLog(ledger, file, Keys(settings.signing_key, settings.witnesses))
        log.prepare()
        with progress("Catching up", ledger.head - _taken_in(log)) as advance:
            log.catch_up(progress=advance)
        with progress("Exporting", log.log.size) as advance:
            done = write_bundle(ledger, log, folder, within=region, until=moment, progress=advance)
        say_passed_over(ledger.sieve.passed)
    say(_said(done))
    if not done.signed_by:
        say(
            "NOT SIGNED: TENURE_SIGNING_KEY names no key, so the bundle shows that it agrees with "
            "itself, and not that anybody stands behind it.",
            err=True,
        )


@contextmanager
def _log_file(settings: Settings) -> Iterator[Path]:
    """The file of the log. Without a key nothing is signed, and no log is begun for an export."""
    if settings.signing_key or settings.log.exists():
        with with_writable_views(settings) as elsewhere:
            if settings.signing_key and elsewhere is not settings:
                raise BadSettings(
                    f"what is signed has to be kept in the log, and {settings.log} can't be "
                    "written; TENURE_VIEWS names files in another folder, and without "
                    "TENURE_SIGNING_KEY the bundle is not signed"
                )
            yield elsewhere.log
        return
    with TemporaryDirectory(prefix="tenure-log-") as folder:
        yield Path(folder, settings.log.name)


def _taken_in(log: TransparencyLog) -> int:
    last = log.log.last
    return last.position if last else 0


def _said(done: ExportedBundle) -> str:
    manifest = done.manifest
    parts = [
        f"{done.path}: {manifest.entries:,} of {manifest.tree.size:,} entries",
        *([f"within {manifest.within}"] if manifest.within else []),
        *([f"recorded by {manifest.until.moment}"] if manifest.until else []),
        f"up to position {manifest.last}",
        f"root {manifest.tree.root}",
        *([f"signed by {', '.join(done.signed_by)}"] if done.signed_by else []),
    ]
    return ", ".join(parts)
