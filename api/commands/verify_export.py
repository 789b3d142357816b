"""Is a bundle what was signed, and what does it answer? No ledger, no views, no network."""

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from api.audit.bundle_answers import BundleAnswers
from api.commands.environment import progress
from api.commands.print.bundle_certificate import document, lines
from api.commands.print.terminal import say, say_document
from api.commands.question import local_words, moment_asked
from api.commands.timestamp_options import tsa_certificates
from api.commands.who import UNASKED, ask, print_answer, question_options
from api.ids import slug_of
from infra.bundle.check import CheckedBundle, check_bundle
from infra.bundle.extension import check_since
from infra.bundle.files import BundleFolder
from infra.findings import Finding
from infra.log.key_files import given_keys
from infra.log.signed_notes import VerifierKey
from infra.log.timestamp_authority import TimestampAuthorities
from infra.log.timestamps import AttestsTime


@click.command("verify-export")
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@click.option(
    "--since",
    type=click.Path(path_type=Path),
    metavar="OLD",
    help="An earlier bundle of the same log: nothing of it may be missing.",
)
@click.option(
    "--key",
    "keys",
    multiple=True,
    metavar="KEY",
    help="A verifier key, or a file of them: each has to have signed DIR, and one of them OLD. "
    "Repeatable.",
)
@tsa_certificates
@click.option("--who", metavar="LOCATION", help="Answer from the bundle, as 'tenure who' does.")
@click.option("--on", metavar="DATE", help="Of --who: the close of that day, UTC; or an instant.")
@question_options
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
def command(
    folder: Path,
    since: Path | None,
    keys: Sequence[str],
    authorities: Sequence[Path],
    who: str | None,
    on: str | None,
    as_json: bool,
    **more: Any,
) -> None:
    """Check the bundle in DIR, and print a certificate.

    Every file is held to the manifest, every entry to its id and to its leaf in the tree, the tree
    to its root, and the root to the signatures. Findings go to stderr, each with its place.

    With --who, the answer of a sound bundle is printed as by `tenure who`, and the certificate goes
    to stderr. Unreadable entries are named, and no answer takes them into account, as in the ledger
    of the bundle.

    \b
    Examples:
      tenure verify-export mali-2024 --key KEY
      tenure verify-export mali-2024 --key keys.txt --since mali-2023
      tenure verify-export mali-2024 --key KEY --tsa-certificate tsa-root.pem
      tenure verify-export mali-2024 --who kidal --on 2023-11-14 --json

    Exit codes: 0 sound, or answered; 1 found wrong or unreadable, or refused; 2 misuse.
    """
    if (who is None) != (on is None):
        raise click.UsageError("give --who and --on together")
    if who is None and any(more[name] != unasked for name, unasked in UNASKED.items()):
        raise click.UsageError("as known when, and whose word counts, are for --who")
    if more["known_on"] is not None and more["position"] is not None:
        raise click.UsageError("give --known-on or --position, not both")
    given = given_keys(keys)
    authority = TimestampAuthorities.read(authorities) if authorities else None
    checked = checked_bundle(folder, given, authority)
    findings = list(checked.findings)
    if since is not None:
        before = checked_bundle(since, given, needs_every_key=False)
        findings += [
            replace(each, message=f"in the earlier bundle {since}: {each.message}")
            for each in before.findings
        ]
        findings += [] if _are_wrong(findings) else check_since(before.folder, checked.folder)
    _report(checked, since, findings, as_json=as_json, aside=who is not None)
    if _are_wrong(findings) or (findings and who is None):
        sys.exit(1)
    if who is not None and on is not None:
        slug = slug_of(who, "Location")
        answers = BundleAnswers(checked.folder, slug)
        when = moment_asked(on, more["zone"])
        answer = ask(answers, slug, when.at, **more)
        by = local_words(more["published_by"], more["zone"])
        print_answer(answers, answer, as_json, when.words, by)


def checked_bundle(
    path: Path,
    keys: Sequence[VerifierKey],
    authority: AttestsTime | None = None,
    *,
    needs_every_key: bool = True,
) -> CheckedBundle:
    """The bundle, checked; a bar shows how far. Raises BadBundle."""
    folder = BundleFolder(path)
    # How many there are is what the bundle claims: good enough to draw a bar by.
    claimed = folder.manifest.entries + folder.manifest.tree.size
    with progress(f"Checking {path}", claimed) as advance:
        return check_bundle(
            folder,
            keys,
            needs_every_key=needs_every_key,
            authority=authority,
            progress=advance,
        )


def refuse_findings(checked: CheckedBundle) -> None:
    """Prints the findings on stderr and ends the command, if there are any."""
    _say(checked, checked.findings)
    if checked.findings and not _are_wrong(checked.findings):
        say("What can't be read is not taken into a ledger; nothing was imported.", err=True)
    if checked.findings:
        sys.exit(1)


def _are_wrong(findings: Sequence[Finding]) -> bool:
    """Whether the bundle is altered. A bundle with unreadable entries alone answers as its
    ledger."""
    return any(not each.wrong.is_of_reading for each in findings)


def _report(
    checked: CheckedBundle,
    since: Path | None,
    findings: Sequence[Finding],
    *,
    as_json: bool,
    aside: bool,
) -> None:
    if as_json and not aside:
        say_document(document(checked, since, findings))
    elif not _are_wrong(findings):
        say(*lines(checked, since), err=aside)
    _say(checked, findings)


def _say(checked: CheckedBundle, findings: Sequence[Finding]) -> None:
    for finding in findings:
        say(str(finding), err=True)
    if _are_wrong(findings):
        say(f"{checked.folder.path} is NOT what it should be.", err=True)
