"""Are the views what the ledger says? A certificate, and exit code 1 on any difference."""

import sys
from collections.abc import Iterator

import click

from api.commands.surroundings import progress, settings_from_environment
from api.verify import Certificate, NoViews, verify
from domain.occurred import rfc3339
from infra.ledger import open_ledger
from infra.settings import Settings
from infra.views import ViewFile

_SHOWN = 10
"""How many places are named where more differ."""


@click.command("verify")
@click.option(
    "--samples",
    type=click.IntRange(min=0, max=1_000_000),
    default=200,
    show_default=True,
    help="At how many points the rule is asked of the ledger and compared with the view.",
)
@click.option(
    "--seed",
    type=click.IntRange(min=0),
    default=1,
    show_default=True,
    help="Which points: the same seed on the same ledger draws the same ones.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON document, with every place.")
def command(samples: int, seed: int, as_json: bool) -> None:
    """Replay the ledger from its first entry, and compare every view with it, row by row.

    Prints a certificate: where the views stand, the digest of each, the points that were asked
    about, and the result. A view that differs is named with the first row that does. Nothing is
    changed; `tenure rebuild` mends.

    \b
    Examples:
      tenure verify
      tenure verify --samples 10000 --seed 7
      tenure verify --json > certificate.json

    Exit codes: 0 the views say what the ledger says; 1 they don't, or refused; 2 misuse.
    """
    certificate = _verified(settings_from_environment(), samples, seed)
    if as_json:
        from api.commands.certificate_as_json import document

        click.echo(document(certificate), nl=False)
    else:
        click.echo("\n".join(_lines(certificate)))
    for difference in certificate.differences:
        click.echo(str(difference), err=True)
    if certificate.differences:
        sys.exit(1)


def _verified(settings: Settings, samples: int, seed: int) -> Certificate:
    if not settings.views.exists():
        raise NoViews(settings.views)
    with open_ledger(settings.ledger) as ledger:
        live = ViewFile(settings.views)
        try:
            return verify(ledger, live, samples=samples, seed=seed, watch=progress)
        finally:
            live.close()


def _lines(certificate: Certificate) -> Iterator[str]:
    yield f"Replayed up to position {certificate.position}, by {certificate.rule}"
    if certificate.event:
        yield f"Entry {certificate.event}, recorded {rfc3339(certificate.recorded_at)}"
    if behind := certificate.head - certificate.position:
        yield f"The ledger has {behind:,} more, which the views have not taken in"
    yield ""
    for each in certificate.views:
        result = "DIFFERS" if each.difference else "as the ledger has it"
        yield f"{each.view:<12} {each.stored.whole}  {each.stored.rows:,} rows, {result}"
        if each.replayed.whole != each.stored.whole:
            yield f"{'':<12} {each.replayed.whole}  is what the replay gives"
        if places := each.places:
            more = f" and {len(places) - _SHOWN:,} more" if len(places) > _SHOWN else ""
            yield f"{'':<12} it differs of {', '.join(places[:_SHOWN])}{more}"
    yield ""
    yield _points(certificate)
    result = "DO NOT SAY" if certificate.differences else "say"
    yield f"The views {result} what the ledger says."


def _points(certificate: Certificate) -> str:
    asked = f"{certificate.samples:,} points, drawn with seed {certificate.seed}"
    if certificate.wrong_point:
        return f"Of {asked}, the last one is answered otherwise than the ledger has it."
    if certificate.differences:
        return "No points were asked about, since the views differ already."
    return f"At {asked}, the rule says of the ledger what the view answers."
