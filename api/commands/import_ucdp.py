"""The commands for UCDP's datasets: events (GED) and actors."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

import click
from pydantic import ValidationError

from api.commands.dataset_import import exit_code_of, import_options, run_import
from api.commands.environment import settings_from_environment
from api.commands.print.terminal import say
from domain.events import SourceRegistered
from domain.occurred import NotATime, Occurred
from domain.values import Reliability
from infra.datasets.importing import ImportTerms
from infra.datasets.ucdp.actors import ActorList, release_in_list
from infra.datasets.ucdp.ged import GedFile
from infra.datasets.ucdp.releases import NotARelease, Release, release_in_name
from infra.datasets.ucdp.superseded import CompleteFor
from infra.ledger.ledger import Ledger
from infra.visible_text import quoted

F = TypeVar("F", bound=Callable[..., Any])
_URL = "https://ucdp.uu.se"
_LONGEST_ID = 70
"""The ids of reports have the release and a mark behind the id of the dataset."""


class Published(click.ParamType[Occurred]):
    """The day, month or year of a publication."""

    name = "date"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> Occurred:
        if isinstance(value, Occurred):
            return value
        try:
            return Occurred.parse(str(value))
        except NotATime as wrong:
            self.fail(str(wrong))


def _release_options(dataset: str) -> Callable[[F], F]:
    """The options about a release and its source."""

    def with_options(command: F) -> F:
        for option in (
            click.option(
                "--reliability",
                type=click.Choice([each.value for each in Reliability], case_sensitive=False),
                default=Reliability.F.value,
                help="How far the dataset is trusted: A to E, or F, not judged.  [default: F]",
            ),
            click.option(
                "--dataset",
                metavar="ID",
                default=dataset,
                show_default=True,
                help="Id of the source that the dataset is. Give the same for every release.",
            ),
            click.option(
                "--published",
                type=Published(),
                metavar="DATE",
                help="When the release came out.  [default: as far as its number says]",
            ),
            click.option(
                "--release",
                "number",
                metavar="NUMBER",
                help="The release: 24.1, or 24.0.3 for candidates.  [default: by the file's name]",
            ),
        ):
            command = option(command)
        return command

    return with_options


@click.command("ucdp-ged")
@click.argument("path", type=click.Path(path_type=Path), metavar="FILE")
@_release_options("ucdp-ged")
@click.option(
    "--complete-for",
    "extent",
    type=click.Choice([each.value for each in CompleteFor]),
    default=CompleteFor.COUNTRIES.value,
    show_default=True,
    help="What a final release takes back of the candidates that it leaves out: in the whole "
    "`release`, in the `countries` and years that the file has rows of, or nothing, since the "
    "file is an `excerpt`.",
)
@import_options
def ucdp_ged(
    path: Path, extent: str, report_file: Path | None, strict: bool, dry_run: bool, **given: Any
) -> None:
    """Import UCDP's Georeferenced Event Dataset: a CSV file of a final or a candidate release.

    Each row becomes a clash with its window, its sides, and the deaths by side. It says nothing of
    control. A row that names only a district, a province or a country speaks of that region, never
    of a town. The places are those of a gazetteer in the ledger, where the name and the point fit;
    the actors are those with the same UCDP id: import the list of actors first.

    A later release records what changed: a changed row corrects its event, an unchanged one adds
    nothing. A row that a release no longer has stays, but for candidates: of the years that a final
    release covers, candidates that it leaves out are taken back. What was said before can be asked
    about as before.

    The columns and what becomes of them: docs/datasets/ucdp.md.

    \b
    Examples:
      tenure import ucdp-actors ucdp-actor-241.csv
      tenure import ucdp-ged GEDEvent_v24_1.csv --published 2024-06-03
      tenure import ucdp-ged GEDEvent_v24_0_3.csv --dry-run
      tenure import ucdp-ged ged-mali.csv --release 24.1 --complete-for excerpt

    Exit codes: 0 all imported; 1 a row was refused, see FILE.report.csv; 2 misuse.
    """
    release = _release(path, given["number"], given["published"])
    source = _source(given["dataset"], "UCDP Georeferenced Event Dataset", given["reliability"])
    _tell(path, release)

    def opened(ledger: Ledger) -> tuple[GedFile, ImportTerms]:
        file = GedFile(path, ledger, source, release, CompleteFor(extent))
        return file, _terms("UCDP GED", release, source, strict, dry_run)

    raise SystemExit(exit_code_of(run_import(path, opened, report_file)))


@click.command("ucdp-actors")
@click.argument("path", type=click.Path(path_type=Path), metavar="FILE")
@_release_options("ucdp-actors")
@import_options
def ucdp_actors(
    path: Path, report_file: Path | None, strict: bool, dry_run: bool, **given: Any
) -> None:
    """Import the UCDP Actor Dataset: the names, kinds and ids of its actors.

    An actor that has the UCDP id in the ledger is that actor: it gets the names that it lacks, and
    keeps the name and the kind that were registered by hand. Others are registered.

    Splinters, alliances and joined groups have no date in the list. No date is made up: they are
    listed in the report, with the event that says so once a date is known.

    \b
    Examples:
      tenure import ucdp-actors ucdp-actor-241.csv
      tenure import ucdp-actors actors.csv --release 24.1 --dry-run

    Exit codes: 0 all imported; 1 a row was refused, see FILE.report.csv; 2 misuse.
    """
    release = _release(path, given["number"] or release_in_list(path), given["published"])
    source = _source(given["dataset"], "UCDP Actor Dataset", given["reliability"])
    _tell(path, release)

    def opened(ledger: Ledger) -> tuple[ActorList, ImportTerms]:
        file = ActorList(path, ledger, source, release)
        return file, _terms("UCDP Actor Dataset", release, source, strict, dry_run)

    raise SystemExit(exit_code_of(run_import(path, opened, report_file)))


def _release(path: Path, number: str | None, published: Occurred | None) -> Release:
    number = number or release_in_name(path.name)
    if number is None:
        raise click.UsageError(
            f"{quoted(path.name)} does not name its release; give --release, as --release 24.1"
        )
    try:
        return Release.parse(number, published)
    except NotARelease as wrong:
        raise click.UsageError(str(wrong)) from None


def _source(dataset: str, name: str, reliability: str) -> SourceRegistered:
    fields = {"source": dataset, "name": name, "reliability": reliability, "url": _URL}
    if len(dataset) <= _LONGEST_ID:
        with suppress(ValidationError):
            return SourceRegistered.model_validate(fields)
    message = f"{quoted(dataset)} can't be the id of a source; give another --dataset"
    raise click.UsageError(message)


def _terms(
    name: str, release: Release, source: SourceRegistered, strict: bool, dry_run: bool
) -> ImportTerms:
    by = settings_from_environment().author
    told = f"{name} {release.number}"
    return ImportTerms(told, source.source, by, is_dry=dry_run, is_strict=strict)


def _tell(path: Path, release: Release) -> None:
    kind = "candidates" if release.is_candidate else "final"
    when = release.published.written
    say(f"{path}: release {release.number} ({kind}), published {when}", err=True)
