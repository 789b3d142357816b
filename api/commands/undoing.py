"""Taking back, or reinstating, all that a source or a report said: options, preview, recording."""

import sys
from collections.abc import Callable
from dataclasses import dataclass, fields
from itertools import count
from typing import Any

import click

from api.answers.references import registered
from api.answers.undo import Undoing, UndoSelection
from api.commands.environment import node_caught_up, progress, settings_from_environment
from api.commands.print.terminal import hanging, say, say_document
from api.commands.print.undo_page import UndoPage, title_of
from api.commands.question import Command, MomentAsked, moment_asked, moment_now, zone_option
from api.ids import slug_of
from api.node import Node
from api.pretty_json import pretty
from domain.occurred import Instant, Window
from domain.values import EventId, ReportId, SourceId
from infra.intake.revocations import (
    TOGETHER,
    Desk,
    Order,
    RevocationOutcome,
    checked_reason,
    desk_report,
    revoke,
)
from infra.time_zones import resolved

_OPTIONS = (
    click.option("--source", metavar="SOURCE", help="What it said, copies of its word included."),
    click.option("--report", metavar="REPORT", help="What this report said."),
    click.option("--event", "events", metavar="ID", multiple=True, help="This event. Repeatable."),
    click.option("--since", metavar="DATE", help="Only what was published then or later."),
    click.option("--recorded-from", metavar="DATE", help="Only what was recorded then or later."),
    click.option("--recorded-to", metavar="DATE", help="Only what was recorded by then."),
)
_HOW = (
    click.option("--reason", required=True, metavar="TEXT", help="Why; recorded with each event."),
    click.option(
        "--told-by", metavar="REPORT", help="The report that says so. Else a report of this desk."
    ),
    click.option("--on", metavar="DATE", help="Show the answers of that day. Else of now."),
    click.option("--dry-run", is_flag=True, help="Show what would change, and record nothing."),
    click.option("--yes", is_flag=True, help="Don't ask on a terminal."),
    click.option("--json", "as_json", is_flag=True, help="One JSON document."),
)


def undoing_options(*more: Callable[..., Any]) -> Callable[[Command], Command]:
    """Adds the options for the events meant, with `more` of these, and for the undoing."""

    def with_options(command: Command) -> Command:
        for option in reversed((*_OPTIONS, *more, *_HOW, zone_option)):
            command = option(command)
        return command

    return with_options


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoingAsked:
    """The options of an undoing."""

    reinstates: bool
    source: str | None
    report: str | None
    events: tuple[str, ...]
    since: str | None
    recorded_from: str | None
    recorded_to: str | None
    retracted_by: str | None = None
    reason: str
    told_by: str | None
    on: str | None
    zone: str | None
    dry_run: bool
    yes: bool
    as_json: bool

    @property
    def undoing(self) -> Undoing:
        """The events meant. Raises NotAnId, NotATime and UsageError."""
        if not (self.source or self.report or self.events or self.retracted_by):
            others = " or --retracted-by" if self.reinstates else ""
            raise click.UsageError(f"say whose word is meant: --source, --report, --event{others}")
        since, recorded = self._window(self.since), self._window(self.recorded_from)
        until = self._window(self.recorded_to)
        return Undoing(
            source=SourceId(slug_of(self.source, "Source")) if self.source else None,
            report=_report(self.report),
            events=tuple(EventId(slug_of(each, "Event")) for each in self.events),
            published_from=None if since is None else since.earliest,
            recorded_from=None if recorded is None else recorded.earliest,
            recorded_to=None if until is None else until.latest,
            retracted_by=_report(self.retracted_by),
            reinstates=self.reinstates,
        )

    def _window(self, text: str | None) -> Window | None:
        return None if text is None else resolved(text, self.zone).window

    def moment(self, now: Instant) -> MomentAsked:
        """The moment of the answers shown."""
        return moment_now(now, self.zone) if self.on is None else moment_asked(self.on, self.zone)


def _report(given: str | None) -> ReportId | None:
    return ReportId(slug_of(given, "Report")) if given else None


def undo(asked: UndoingAsked) -> None:
    """Takes back, or reinstates, the events that the options mean."""
    undoing = asked.undoing
    with node_caught_up() as node:
        _undo(node, undoing, asked)


def _undo(node: Node, undoing: Undoing, asked: UndoingAsked) -> None:
    answers, reason = node.answers, checked_reason(asked.reason)
    when = asked.moment(node.ledger.now)
    selection = UndoSelection.of(answers, undoing, answers.basis(when.at))
    order = _order(node, selection, reason, asked.told_by)
    page = UndoPage(selection, when.words)
    if not asked.as_json:
        say(*hanging(page.preview()))
    for line in page.warnings():
        say(line, err=True)
    outcome = None
    if selection.statements and not asked.dry_run:
        if sys.stdin.isatty() and not asked.yes:
            click.confirm(page.question, abort=True, err=True)
        outcome = _record(node, selection, order)
    if asked.as_json:
        say_document(pretty(page.document(order.report, outcome)))
    else:
        say(*hanging(["", page.outcome(order.report, outcome)]))


def _order(node: Node, selection: UndoSelection, reason: str, told_by: str | None) -> Order:
    """The order to record. Raises UnknownReference."""
    answers, reinstates = node.answers, selection.undoing.reinstates
    if told_by is not None:
        slug = registered(answers, "report", slug_of(told_by, "Report"), "told_by")
        return Order(ReportId(slug), reason, reinstates)
    desk = _desk(selection, reason, node.ledger.now)
    slug, known, sources = desk.report.report, answers.head, answers.sources
    if sources.report(slug, known=known):  # of an undoing that was interrupted
        return Order(slug, reason, reinstates)
    source, report = desk.statements
    is_known = sources.source(desk.source.source, known=known) is not None
    return Order(slug, reason, reinstates, (report,) if is_known else (source, report))


def _desk(selection: UndoSelection, reason: str, now: Instant) -> Desk:
    """The desk's report: another one where some of the events were told of by the first before."""
    undoing, author = selection.undoing, settings_from_environment().author
    key = [f"{each.name}={getattr(undoing, each.name)}" for each in fields(undoing)]
    for number in count(1):
        desk = desk_report(author, title_of(undoing), [reason, *key], number, now)
        if desk.report.report not in selection.reports_citing:
            return desk
    raise AssertionError("numbers have no end")


def _record(node: Node, selection: UndoSelection, order: Order) -> RevocationOutcome:
    events = [each.event for each in selection.statements]
    author = settings_from_environment().author
    with progress("Recording", len(events), hidden=len(events) <= TOGETHER) as advance:
        return revoke(node.ledger, events, order, by=author, progress=advance)
