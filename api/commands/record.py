"""The command that records situation files."""

from pathlib import Path

import click

from api.commands.environment import ledger_to_record_in, progress, settings_from_environment
from api.commands.print.terminal import say
from infra.intake.recorded_zones import Zones
from infra.intake.situation_file import TOGETHER, SituationFile, read_situation
from infra.ledger.ledger import Ledger, StatementRefused

_LONG = 5_000_000
"""The least number of bytes worth a progress bar for reading."""


@click.command("record")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
def command(files: tuple[Path, ...]) -> None:
    """Record situation files: YAML (.yaml, .yml) or JSON lines (.jsonl, .ndjson).

    A file is recorded whole or not at all (one of more than 10,000 statements in steps of as
    many), and recording it again adds nothing. All files are
    read before the first is recorded, so a mistake in one keeps all of them out. If then the
    ledger refuses a statement (a place that is not registered, a time in the future), its file is
    left out, and so are those after it, which may build on it.

    \b
    Examples:
      tenure record reports.yaml
      tenure record places.yaml november.jsonl

    \b
    A file is a list of records, each with the name of its event:
      - type: TownSeized
        location: kidal
        by: [fama, wagner]
        occurred: 2023-11-14
        report: reuters-2023-11-14
        credibility: 2

    'tenure schema' prints every event and field.

    Exit codes: 0 all recorded; 1 refused, stderr says file, line and field; 2 misuse.
    """
    settings = settings_from_environment()
    with ledger_to_record_in(settings) as ledger:
        zones = Zones(ledger)
        situations = [_read(path, zones) for path in files]
        for situation in situations:
            record(ledger, situation, by=settings.author)


def _read(path: Path, zones: Zones) -> SituationFile:
    size = path.stat().st_size if path.is_file() else 0
    with progress(f"Reading {path.name}", size, hidden=size < _LONG) as advance:
        return read_situation(path, zones, advance)


def record(ledger: Ledger, situation: SituationFile, *, by: str) -> None:
    """Records a file and prints the outcome. Raises BadInput where the ledger refuses."""
    fresh, last, length = 0, 0, len(situation.spool)
    with progress("Recording", length, hidden=length <= TOGETHER) as advance:
        for step in situation.steps():
            try:
                receipts = ledger.record(step.statements, by=by)
            except StatementRefused as refused:
                _say_begun(situation, fresh)
                raise step.refusal(refused.index, refused.refusal) from None
            fresh += sum(not receipt.duplicate for receipt in receipts)
            last = max(last, *(receipt.position for receipt in receipts))
            advance(len(receipts))
    say(
        f"{situation.path}: {fresh:,} recorded, {length - fresh:,} recorded before; "
        f"last position {last}"
    )


def _say_begun(situation: SituationFile, recorded: int) -> None:
    if recorded:
        say(
            f"{situation.path}: the first {recorded:,} new statements are recorded; mend what "
            "follows and record the file again",
            err=True,
        )
