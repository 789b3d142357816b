"""Is the ledger what was signed, and are the views what the ledger says? A certificate."""

import sys
from base64 import b64encode
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, closing, nullcontext
from functools import partial
from os import cpu_count
from pathlib import Path
from typing import NamedTuple

import click

from api.audit.background_process import BackgroundProcess
from api.audit.certificate import Certificate, NoViews, ReplayPlan, verify
from api.audit.kept_timestamps import check_kept_timestamps
from api.audit.ledger_check import LedgerCertificate, check_ledger
from api.audit.view_check import VerifiedView, ViewPart, check_views
from api.commands.environment import (
    BadSettings,
    examining,
    ledger_of,
    progress,
    settings_with_a_ledger,
    with_writable_views,
)
from api.commands.print.certificate_json import document
from api.commands.print.log_certificate import timestamp_lines
from api.commands.print.terminal import say, say_document
from api.commands.timestamp_options import tsa_certificates
from domain.occurred import rfc3339
from domain.texts import counted
from infra.cycle_collection import rare_cycle_collection
from infra.log.checkpoints import read_checkpoint
from infra.log.key_files import Keys
from infra.settings import Settings
from infra.views.file import Progress, ViewFile

_SHOWN = 10
"""How many places are named where more differ."""
_LONG = 5_000
"""The length of a ledger for which a second process is worth its start."""
_VIEWS = "what the views are made of"


@click.command("verify")
@click.option(
    "--samples",
    type=click.IntRange(min=0, max=1_000_000),
    default=200,
    show_default=True,
    help="At how many places and moments the rule is applied to the ledger and compared.",
)
@click.option(
    "--seed",
    type=click.IntRange(min=0),
    default=1,
    show_default=True,
    help="Which points: the same seed on the same ledger draws the same ones.",
)
@click.option(
    "--checkpoint",
    "seen",
    multiple=True,
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="A signed checkpoint that you have kept: the ledger has to begin with it. Repeatable.",
)
@tsa_certificates
@click.option(
    "--views/--no-views",
    "has_views",
    default=True,
    help="Whether the views are built again and compared too, which takes most of the time.",
)
@click.option(
    "--replay",
    "folder",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="Keep in this folder what is built again, and go on from it the next time, in a fraction "
    "of the time. Only you should be able to write in it.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON document, with every place.")
def command(
    samples: int,
    seed: int,
    seen: Sequence[Path],
    authorities: Sequence[Path],
    has_views: bool,
    folder: Path | None,
    as_json: bool,
) -> None:
    """Check that nobody rewrote the ledger, and that all answers follow from the ledger.

    Compares every entry with its leaf in the log, the log with every signed checkpoint, and the
    ledger's index with the entries. Then builds the views, from which questions are answered, again
    from the first entry, and compares row by row. Nothing is changed; `tenure rebuild` mends views.

    Unreadable entries are named too, and entries that rest on them: no answer takes account of
    either.

    Prints a certificate: the log's size and root, the position and digest of each view, the points
    at which the rule was asked, and the result. Findings go to stderr, named by position, leaf and
    tile, or by view and row.

    \b
    Examples:
      tenure verify
      tenure verify --checkpoint kept-in-march --checkpoint kept-in-june
      tenure verify --no-views --checkpoint kept-in-march
      tenure verify --replay ~/audit/replay
      tenure verify --tsa-certificate tsa-root.pem
      tenure verify --samples 1000 --seed 7
      tenure verify --json > certificate.json

    Exit codes: 0 all is as it was recorded; 1 it isn't, or that can't be shown, or refused;
    2 misuse.
    """
    settings = settings_with_a_ledger()
    if has_views and not settings.views.exists():
        raise NoViews(settings.views)
    with with_writable_views(settings) as settings:
        extent = _VerifiedParts(samples, seed, folder, has_views)
        _verify(settings, extent, seen, authorities, as_json=as_json)


class _VerifiedParts(NamedTuple):
    """How much is verified beside the ledger and its log."""

    samples: int
    seed: int
    folder: Path | None
    """Where the replay is kept."""
    has_views: bool


def _verify(
    settings: Settings,
    extent: _VerifiedParts,
    seen: Sequence[Path],
    authorities: Sequence[Path],
    *,
    as_json: bool,
) -> None:
    samples, seed, folder, has_views = extent
    kept = [read_checkpoint(path) for path in seen]
    keys = Keys(settings.signing_key, settings.witnesses)
    if folder and has_views:
        _make_replay_folder(folder, settings.views)
    with ledger_of(settings) as ledger, rare_cycle_collection(), ExitStack() as stack:
        live, plan = None, ReplayPlan()
        if has_views:
            live = stack.enter_context(_views(settings.views))
            plan = _replays(settings, folder, stack, live, ledger.head)
        with examining("the ledger or its log"):
            checked = check_ledger(ledger, settings.log, keys, seen=kept, bars=progress)
            stamps = check_kept_timestamps(settings.log, authorities)
        for finding in (*checked.findings, *stamps.findings):
            say(str(finding), err=True)
        certificate = None
        if live:
            with examining(_VIEWS):
                certificate = verify(
                    ledger, live, samples=samples, seed=seed, bars=progress, plan=plan
                )
    differences = certificate.differences if certificate else []
    for difference in differences:
        say(str(difference), err=True)
    with examining("the certificate"):
        if as_json:
            say_document(document(checked, certificate, stamps))
        else:
            size = checked.log.size if checked.log else 0
            stamped = timestamp_lines(stamps.stamped, size)
            say(*_ledger_lines(checked), *stamped, *_lines(certificate))
    if checked.findings or stamps.findings or differences:
        sys.exit(1)


def _views(path: Path) -> closing[ViewFile]:
    return closing(ViewFile(path, mapped=False))


def _make_replay_folder(folder: Path, views: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as refused:
        raise BadSettings(f"--replay: {refused.strerror}: {folder}") from None
    if any(
        path.samefile(views) for part in ViewPart if (path := part.replay_file(folder)).exists()
    ):
        raise BadSettings(f"--replay: the views themselves are kept in that folder: {views}")


def _replays(
    settings: Settings, folder: Path | None, stack: ExitStack, live: ViewFile, head: int
) -> ReplayPlan:
    """Begins the work beside the check of the ledger.

    On two cores, control alone takes as long as everything else in this process.
    """
    damage = stack.enter_context(ThreadPoolExecutor(1)).submit(live.damage)
    cores = cpu_count() or 1
    if head < _LONG or cores == 1:
        return ReplayPlan(folder, damage=damage)
    is_kept = folder and ViewPart.CONTROL.replay_file(folder).exists()
    are_all_in_processes = is_kept or cores > 2
    processes = [
        stack.enter_context(
            BackgroundProcess(partial(_check_in_background, settings, folder, part))
        )
        for part in (
            (ViewPart.CONTROL, ViewPart.REST) if are_all_in_processes else (ViewPart.CONTROL,)
        )
    ]
    return ReplayPlan(folder, None if are_all_in_processes else ViewPart.REST, processes, damage)


def _check_in_background(
    settings: Settings, folder: Path | None, part: ViewPart, progress: Progress
) -> list[VerifiedView]:
    def bars(label: str, _length: int) -> AbstractContextManager[Progress]:
        return nullcontext(progress if label.startswith("Replaying") else _unwatched)

    with (
        ledger_of(settings) as ledger,
        _views(settings.views) as live,
        examining(_VIEWS),
        rare_cycle_collection(),
    ):
        return check_views(ledger, live, part, bars, folder)


def _unwatched(_more: int) -> None:
    pass


def _ledger_lines(checked: LedgerCertificate) -> Iterator[str]:
    if log := checked.log:
        whose = "" if log.is_kept else ", made of the ledger for this check: none is kept here"
        yield f"Log of {log.size:,} leaves, up to position {log.position}{whose}"
        if log.position < checked.head:
            yield f"It has not taken in what the ledger holds up to position {checked.head}"
        if log.root:
            yield f"Root {b64encode(log.root).decode()}"
        if log.checkpoints:
            signed = counted(log.checkpoints, "signed checkpoint")
            keys = ", ".join(log.keys)
            by = f"the signatures of {keys} checked" if keys else "whose keys are not known here"
            yield f"Held to {signed}, {by}"
    else:
        yield (
            "No log is kept here, as tenure serve keeps one: "
            "nothing shows whether the ledger was rewritten"
        )
    unread = sum(each.wrong.is_of_reading for each in checked.findings)
    if unread:
        is_one = "entry" if unread == 1 else "entries"
        yield f"No answer takes account of {unread:,} {is_one}: not readable, or resting on such"
    if checked.raised:
        is_one = "entry counts" if checked.raised == 1 else "entries count"
        yield f"{checked.raised:,} {is_one} as recorded later than by the writer's clock:"
        yield from (f"  {each}" for each in checked.first_raised)
        if more := checked.raised - len(checked.first_raised):
            yield f"  and {more:,} more"
    if checked.findings and checked.has_index_alone:
        yield "The index of the ledger fits its entries; no log shows whether it was rewritten."
    elif checked.findings and checked.is_only_unsigned:
        yield (
            "The ledger is what its log took in, but not all of that is signed by a key that is "
            "known here: nothing shows whether the rest was rewritten."
        )
    elif checked.findings and checked.is_only_unproven:
        yield (
            "The ledger is what is left of its log and of what was signed, but part of the proof "
            "is missing: nothing shows whether the rest was rewritten."
        )
    elif checked.is_altered:
        yield "The ledger IS NOT as it was recorded."
    elif checked.log and checked.log.checkpoints:
        yield "The ledger is as it was recorded."
    elif checked.log:
        yield "The ledger is what its log took in; nobody has signed that, so both could be new."
    else:
        yield "The index of the ledger fits its entries."


def _lines(certificate: Certificate | None) -> Iterator[str]:
    if certificate is None:
        return
    yield ""
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
    yield _sample_words(certificate)
    result = "DO NOT SAY" if certificate.differences else "say"
    yield f"The views {result} what the ledger says."


def _sample_words(certificate: Certificate) -> str:
    asked = f"{certificate.samples:,} points, drawn with seed {certificate.seed}"
    answers = f"At {asked}, the rule applied to the ledger gives the answer of the view"
    if certificate.wrong_point and "actor" in certificate.wrong_point.key:
        return f"{answers}; on an actor, the ledger's entries say otherwise than the views."
    if certificate.wrong_point:
        return f"Of {asked}, the view answers the last one otherwise than the rule does."
    if certificate.differences:
        return "No points were asked about, since the views differ already."
    return f"{answers}."
