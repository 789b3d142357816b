"""tenure import acled: an export of ACLED's, or its list of deleted events."""

from pathlib import Path
from typing import Any

import click

from api.commands.dataset_import import (
    DatasetFile,
    exit_code_of,
    import_options,
    run_import,
)
from api.commands.environment import ledger_to_record_in, settings_from_environment
from api.commands.print.terminal import say
from domain.events import SourceRegistered
from domain.occurred import NotATime, Occurred
from domain.texts import counted
from domain.values import Reliability
from infra.datasets.acled.actor_map import read_actor_map
from infra.datasets.acled.dates import DateOrder
from infra.datasets.acled.deletions import AcledDeletions
from infra.datasets.acled.draft import drafted
from infra.datasets.acled.export_file import AcledFile, AcledTerms
from infra.datasets.acled.known_actors import KnownActors
from infra.datasets.acled.survey import survey
from infra.datasets.importing import ImportTerms
from infra.intake.problems import BadInput
from infra.ledger.ledger import Ledger
from infra.ledger.sqlite.file import is_missing
from infra.time_zones import UnknownZone, resolved
from infra.visible_text import quoted


class Publication(click.ParamType[Occurred]):
    """When a file was published."""

    name = "date"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> Occurred:
        try:
            return resolved(str(value), "UTC")
        except (NotATime, UnknownZone) as wrong:
            self.fail(str(wrong))


@click.command("acled")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--deleted",
    is_flag=True,
    help="FILE is the list of deleted events: event_id_cnty, deleted_timestamp.",
)
@click.option(
    "--dataset",
    default="acled",
    show_default=True,
    metavar="ID",
    help="Id of the source. Pulls under one id are one living dataset.",
)
@click.option(
    "--published",
    type=Publication(),
    metavar="DATE",
    help="When the file was published, for rows without a timestamp.",
)
@click.option(
    "--dayfirst/--monthfirst",
    "is_day_first",
    default=None,
    help="How 02/03/2020 is read.  [default: as the dates of the file show]",
)
@click.option(
    "--actors",
    "actor_file",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Which actor each name means (YAML).",
)
@click.option(
    "--draft-actors",
    "draft_file",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write a first such file, to edit, and record nothing.",
)
@click.option(
    "--reliability",
    type=click.Choice([*Reliability], case_sensitive=False),
    default="F",
    show_default=True,
    help="How far the dataset is trusted: A to E, or F, not judged.",
)
@click.option(
    "--credibility",
    type=click.IntRange(1, 6),
    default=6,
    show_default=True,
    help="How far the information is trusted: 1 to 5, or 6, not judged.",
)
@import_options
@click.pass_context
def command(context: click.Context, /, file: Path, **given: Any) -> None:
    """Import an export of ACLED's (CSV), of 2016, 2020 or today.

    Every row becomes what it says: a clash, with its tactic, its sides and the
    reported deaths; and, where ACLED codes a change of control, who took the place.
    Who took it is recorded only where the codes of the two actors say it: the order
    of actors means nothing in ACLED. Demonstrations without deaths and most
    strategic developments are counted and left out.

    time_precision makes a day, a week or a month; geo_precision a town, the area
    around it, or a province. All outlets of a row are one voice, that of the
    dataset; the title of its report lists them.

    Import a later pull in the same way: only what changed is recorded, at the
    timestamp of its row. A row that is missing there stands; --deleted takes back
    the events of ACLED's list of deletions.

    ACLED gives the army of each government a name of its own, as "Military Forces of
    Mali (2020-2021)". Draft a file of actors before the first import, and check it:

    \b
      tenure import acled acled-mali.csv --draft-actors draft.yaml
      tenure import acled acled-mali.csv --actors actors.yaml

    \b
    Examples:
      tenure import acled acled-mali.csv --dry-run
      tenure import acled africa-2016.csv --dataset acled-2016 --published 2016-12-31
      tenure import acled deleted.csv --deleted

    Exit codes: 0 all imported; 1 a row or the file is refused; 2 misuse.
    """
    order = _order(given.pop("is_day_first"))
    draft, is_deleted = given.pop("draft_file"), given.pop("deleted")
    if is_deleted and (draft or given["actor_file"]):
        raise click.UsageError("a list of deleted events names no actors")
    if draft:
        _draft(file, draft)
        return
    report_file, flags = given.pop("report_file"), (given.pop("dry_run"), given.pop("strict"))
    terms = _terms(order, **given)

    def opened(ledger: Ledger) -> tuple[DatasetFile, ImportTerms]:
        if is_deleted:
            return AcledDeletions(file, terms), _import_terms(terms, flags)
        surveyed = survey(file)
        opened_file = AcledFile(file, surveyed, terms, ledger)
        notes = tuple(surveyed.notes(order, terms.actors, opened_file.known_actors))
        return opened_file, _import_terms(terms, flags, notes)

    context.exit(exit_code_of(run_import(file, opened, report_file)))


def _order(is_day_first: bool | None) -> DateOrder | None:
    if is_day_first is None:
        return None
    return DateOrder.DAY_FIRST if is_day_first else DateOrder.MONTH_FIRST


def _terms(
    order: DateOrder | None,
    *,
    dataset: str,
    published: Occurred | None,
    actor_file: Path | None,
    reliability: str,
    credibility: int,
) -> AcledTerms:
    name = "ACLED" if dataset == "acled" else dataset
    try:
        source = SourceRegistered.model_validate(
            {"source": dataset, "name": name, "reliability": reliability}
        )
    except ValueError:
        raise click.UsageError(
            f"{quoted(dataset)} can't be the id of a source; give another --dataset"
        ) from None
    mapped = read_actor_map(actor_file) if actor_file else {}
    return AcledTerms(source, credibility, published, order, mapped)


def _import_terms(
    terms: AcledTerms, flags: tuple[bool, bool], notes: tuple[str, ...] = ()
) -> ImportTerms:
    is_dry, is_strict = flags
    by = settings_from_environment().author
    return ImportTerms(terms.source.name, terms.source.source, by, is_dry, is_strict, notes)


def _draft(file: Path, draft: Path) -> None:
    """Writes a first file of actors; one that is there may have been edited, and stays."""
    surveyed = survey(file)
    settings, known = settings_from_environment(), KnownActors()
    if not (settings.ledger_file and is_missing(settings.ledger_file)):
        with ledger_to_record_in(settings) as ledger:
            known = KnownActors.of(ledger)
    text = "".join(drafted(surveyed.names, known))
    try:
        with draft.open("x", encoding="utf-8") as new:
            new.write(text)
    except FileExistsError:
        raise BadInput.at(
            draft, None, "it is there already, perhaps edited; name another"
        ) from None
    actors = counted(sum(line.startswith("- actor: ") for line in text.splitlines()), "actor")
    say(f"{draft}: {actors}; check the file, then import with --actors {draft}")
