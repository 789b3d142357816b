"""Events on a page, each with its source and its id."""

from collections.abc import Iterator, Sequence

from api.answers.answers import Answers
from api.answers.basis import Basis
from api.answers.sources import testimony_of
from api.commands.print.terminal import wrapped
from domain.events import Event, RecordKeeping
from domain.references import amended_by, subject_of
from domain.texts import in_one_line
from domain.words.explanation import Testimony, spoken_time
from projections.entries import EntryRow


def event_lines(answers: Answers, entries: Sequence[EntryRow], basis: Basis) -> Iterator[str]:
    """Two lines for each event: what is said by whom, behind the position; then the ids."""
    told = testimony_of(answers, (entry.id for entry in entries), basis)
    width = max((len(f"{entry.position}") for entry in entries), default=0)
    margin = " " * (width + 2)
    for entry in entries:
        first = f"{entry.position:>{width}}  "
        testimony = told.get(entry.id)
        said = _spoken(testimony) if testimony else _kept(entry.event)
        yield from wrapped(said, first, f"{margin}  ")
        yield from wrapped(_ids(entry), margin, f"{margin}  ")


def _spoken(testimony: Testimony) -> str:
    when, published = spoken_time(testimony.event.occurred), spoken_time(testimony.published)
    via = f", by way of {testimony.via}" if testimony.via else ""
    by = f"{testimony.source} ({testimony.grade}{via}, published {published})"
    return f"{testimony.said} {when}: {by}"


def _kept(event: Event) -> str:
    """An event other than a statement: its type, and what it is about."""
    if isinstance(event, RecordKeeping):
        return f"{type(event).__name__} {event.event}: {in_one_line(event.reason)}"
    about = subject_of(event) or amended_by(event)
    slug = about.slug if about else getattr(event, "source", "")
    return f"{type(event).__name__} {slug}".rstrip()


def _ids(entry: EntryRow) -> str:
    report = getattr(entry.event, "report", None)
    by = f", report {report}" if report else ""
    return f"event {entry.id}{by}{'; taken back' if entry.retracted else ''}"
