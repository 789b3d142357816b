"""The command that records situation files."""

from pathlib import Path

import click

from api.commands.environment import ledger_to_record_in, settings_from_environment
from api.commands.print.terminal import say
from infra.intake.recorded_zones import Zones
from infra.intake.situation_file import SituationFile, read_situation
from infra.ledger.ledger import Ledger, StatementRefused


@click.command("record")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
def command(files: tuple[Path, ...]) -> None:
    """Record situation files: YAML (.yaml, .yml) or JSON lines (.jsonl, .ndjson).

    A file is recorded whole or not at all, and recording it again adds nothing. All files are
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
        situations = [read_situation(path, zones) for path in files]
        for situation in situations:
            record(ledger, situation, by=settings.author)


def record(ledger: Ledger, situation: SituationFile, *, by: str) -> None:
    """Records a file and prints the outcome. Raises BadInput where the ledger refuses."""
    try:
        receipts = ledger.record(situation.statements, by=by)
    except StatementRefused as refused:
        raise situation.refusal(refused.index, refused.refusal) from None
    fresh = sum(not receipt.duplicate for receipt in receipts)
    last = max(receipt.position for receipt in receipts)
    say(
        f"{situation.path}: {fresh:,} recorded, {len(receipts) - fresh:,} recorded before; "
        f"last position {last}"
    )
