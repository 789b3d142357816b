"""What an undoing takes back or reinstates, and the answers that it changes: in lines, and as
JSON."""

from collections.abc import Iterator
from typing import Any

from api.answers.answers import Answers
from api.answers.basis import Answer
from api.answers.undo import Consequences, SupposedChange, Undoing, UndoSelection
from api.commands.print.answer_json import control_as_json, place_as_json
from api.commands.print.many_answers import brief_answer
from domain.occurred import rfc3339
from domain.texts import counted
from domain.values import EventId, ReportId
from infra.intake.revocations import RevocationOutcome

Json = dict[str, Any]
_SHOWN = 50
"""The most places on a page."""
_NAMED = 5
"""The most events named in a line."""


def title_of(undoing: Undoing) -> str:
    """The title of a report on the undoing, in one line."""
    verb = "Reinstated" if undoing.reinstates else "Taken back"
    return f"{verb}: {_meant(undoing)}"


def _meant(undoing: Undoing) -> str:
    """The statements of an undoing, in words."""
    whose = [
        *([f"what {undoing.source} said"] if undoing.source else ()),
        *([f"what the report {undoing.report} said"] if undoing.report else ()),
        *([f"events named by id ({len(undoing.events)})"] if undoing.events else ()),
        *([f"what {undoing.retracted_by} took back"] if undoing.retracted_by else ()),
    ]
    bounds = [
        ("published since", undoing.published_from),
        ("recorded from", undoing.recorded_from),
        ("recorded before", undoing.recorded_to),
    ]
    when = [f"{words} {rfc3339(at)}" for words, at in bounds if at is not None]
    return ", ".join([*whose, *when])


class UndoPage:
    """An undoing before it is recorded, and its outcome."""

    def __init__(self, selection: UndoSelection, when: str) -> None:
        self._selection, self._when = selection, when
        self._answers = selection.answers
        self._consequences = Consequences(selection)
        self._verb = "reinstated" if selection.undoing.reinstates else "taken back"

    @property
    def question(self) -> str:
        number = len(self._selection.statements)
        verb = "Reinstate" if self._selection.undoing.reinstates else "Take back"
        return f"{verb} {_events(number)}?"

    def preview(self) -> Iterator[str]:
        """The number of events, and the places whose answers would change."""
        selection = self._selection
        number, meant = len(selection.statements), _meant(selection.undoing)
        kinds = ", ".join(f"{count:,} {name}" for name, count in selection.types.most_common())
        yield f"{meant[0].upper()}{meant[1:]}: {_events(number)}{f' ({kinds})' if kinds else ''}"
        if selection.already:
            state = "standing" if selection.undoing.reinstates else "taken back"
            yield f"Besides these, already {state}: {_events(selection.already)}."
        if not number:
            return
        changes = self._consequences.changes
        yield f"Places with another answer {self._when}: {len(changes):,}"
        for each in changes[:_SHOWN]:
            yield f"  {self._name(each)}: {self._brief(each)}"
        if (more := len(changes) - _SHOWN) > 0:
            yield f"  and {more:,} more; --json has them all"
        at_any_time = self._consequences.at_any_time
        named = ", ".join(at_any_time[:_SHOWN]) + (", ..." if len(at_any_time) > _SHOWN else "")
        yield f"Places with another answer at some time: {len(at_any_time):,}" + (
            f" ({named})" if named else ""
        )

    def warnings(self) -> Iterator[str]:
        """The events that stay as they are, though they hang together with the undoing."""
        selection = self._selection
        if events := selection.otherwise:
            yield (
                f"left taken back, since corrected, or taken back on another word than that of "
                f"a desk (which --retracted-by would name): {_events(len(events))}: {_ids(events)}"
            )
        if events := selection.revoked:
            yield (
                "left taken back, though on this word alone ('tenure reinstate --event ID' has "
                f"one count again): {_events(len(events))} of other reports: {_ids(events)}"
            )

    def outcome(self, report: ReportId, outcome: RevocationOutcome | None) -> str:
        """The last line of the page."""
        if outcome is None:
            return "Nothing is recorded."
        passed = ""
        if outcome.passed:
            passed = (
                f" ({_events(outcome.passed)} had been {self._verb} by somebody else meanwhile)"
            )
        told = f"{_events(outcome.recorded)} {self._verb} by the report {report}{passed}"
        if self._selection.undoing.reinstates:
            return f"{told}; last position {outcome.position}"
        return (
            f"{told}; last position {outcome.position}. To undo: tenure reinstate "
            f"--retracted-by {report} --reason TEXT"
        )

    def document(self, report: ReportId, outcome: RevocationOutcome | None) -> Json:
        """All of it, with the names of GraphQL's `ControlDifference` for each place."""
        selection, found = self._selection, self._consequences
        has_any = bool(selection.statements)
        return {
            "events": len(selection.statements),
            "types": dict(selection.types),
            "already": selection.already,
            "staying": [*selection.otherwise, *selection.revoked],
            "at": rfc3339(selection.basis.at),
            "position": selection.basis.position,
            "changes": [self._change(each) for each in found.changes] if has_any else [],
            "changedAtSomeTime": list(found.at_any_time) if has_any else [],
            "report": report,
            "recorded": outcome.recorded if outcome else 0,
            "lastPosition": outcome.position if outcome else None,
        }

    def _change(self, change: SupposedChange) -> Json:
        return {
            "location": place_as_json(self._answers, change.before),
            "from": control_as_json(self._answers, change.before),
            "to": _supposed(self._consequences.after, change.after),
        }

    def _name(self, change: SupposedChange) -> str:
        return self._answers.names(change.after.basis).location(change.after.location)

    def _brief(self, change: SupposedChange) -> str:
        before = brief_answer(self._answers, change.before)
        return f"{before}; then {brief_answer(self._consequences.after, change.after)}"


def _supposed(answers: Answers, answer: Answer) -> Json:
    """An answer nobody gave yet: it has no basis, and no token gives it again."""
    told = control_as_json(answers, answer)
    del told["basis"]
    return told


def _events(number: int) -> str:
    return counted(number, "event")


def _ids(events: list[EventId]) -> str:
    more = f", and {len(events) - _NAMED:,} more" if len(events) > _NAMED else ""
    return ", ".join(events[:_NAMED]) + more
