"""The tags of an entry, and the words of its text.

An entry about a place has the tag `within:PLACE` of every place around. On a statement the tag has
the window of the statement, so that a chronicle is read in order of time. A row holds from
`known_from`, 0 for the time of recording, until `known_to`. Moving a place closes rows and opens
others.
"""

import sqlite3
from collections.abc import Iterable
from typing import NamedTuple

from domain.events import RecordKeeping, ReportAmended, SituationEvent
from domain.occurred import Instant
from domain.references import references_of
from domain.registry import Statement
from domain.values import LocationId
from infra.ledger.codec import Recorded
from infra.spelling import plain
from infra.views.rows import FOR_EVER, PendingRows, insertion
from projections.entries.conditions import within
from projections.record import Record

_PLACE = "location:"
ANYWHERE = ""
"""The place around all others, in a tag of the chronicle."""

TABLES = ("entry_tag", "entry_text")
SCHEMA = """
    CREATE TABLE entry_tag (
        tag         TEXT    NOT NULL,
        position    INTEGER NOT NULL,
        known_from  INTEGER NOT NULL,
        known_to    INTEGER NOT NULL,
        earliest    INTEGER,
        latest      INTEGER,
        PRIMARY KEY (tag, position, known_from)
    ) WITHOUT ROWID;
    CREATE INDEX entry_tag_chronicle
        ON entry_tag (tag, earliest, latest, position, known_from, known_to)
        WHERE earliest IS NOT NULL;
    CREATE VIRTUAL TABLE entry_text USING fts5 (
        position UNINDEXED, summary, passage, tokenize = "unicode61 remove_diacritics 0"
    );
    """


class TagRow(NamedTuple):
    """An entry under a tag; in a chronicle, with the window of the statement."""

    tag: str
    position: int
    known_from: int = 0
    known_to: int = FOR_EVER
    earliest: Instant | None = None
    latest: Instant | None = None


class TextRow(NamedTuple):
    """The words of a statement for the search."""

    position: int
    summary: str
    passage: str


class Tagging:
    """The unwritten tags and texts."""

    def __init__(self, record: Record) -> None:
        self._record = record
        self._tags = PendingRows(insertion("entry_tag", TagRow._fields))
        self._texts = PendingRows(insertion("entry_text", TextRow._fields))

    def touch(self, db: sqlite3.Connection, recorded: Recorded) -> None:
        """Takes in the tags and the text of an entry."""
        statement, event, position = recorded.statement, recorded.event, recorded.position
        tags, around = self._found_under(db, statement)
        if isinstance(event, RecordKeeping):
            target = self._record.statement(db, event.event)
            more_tags, more_around = self._found_under(db, target)
            tags, around = tags | more_tags, around | more_around
        self._tags.extend(TagRow(tag, position) for tag in tags)
        if isinstance(event, SituationEvent):
            window = event.occurred.window
            spoken = (position, 0, FOR_EVER, window.earliest, window.latest)
            self._tags.extend(TagRow(within(place), *spoken) for place in (ANYWHERE, *around))
            self._add_text(position, event)
        else:
            self._tags.extend(TagRow(within(place), position) for place in around)
        for container in self._record.moved:
            self.write(db)
            _find_again(db, container, position)

    def write(self, db: sqlite3.Connection) -> None:
        self._tags.write(db)
        self._texts.write(db)

    def forget(self) -> None:
        self._tags.forget()
        self._texts.forget()

    def _found_under(
        self, db: sqlite3.Connection, statement: Statement
    ) -> tuple[set[str], set[LocationId]]:
        """The tags of a statement, and all places around the places named."""
        event = statement.event
        if isinstance(event, SituationEvent):  # quicker than `tags`, and the same
            tags = {f"{kind}:{slug}" for kind, slug, _ in references_of(event)}
        else:
            tags = set(statement.tags)
        around: set[LocationId] = set()
        for place in _places(tags):
            around.update(self._record.containers(db, place))
        if isinstance(event, SituationEvent | RecordKeeping | ReportAmended):
            source, _ = self._record.voices(db, event.report)
            tags.add(f"source:{source}")
        return tags, around

    def _add_text(self, position: int, event: SituationEvent) -> None:
        if event.summary or event.passage:
            texts = plain(event.summary or ""), plain(event.passage or "")
            self._texts.add(TextRow(position, *texts))


def _places(tags: Iterable[str]) -> list[LocationId]:
    return [LocationId(tag.removeprefix(_PLACE)) for tag in tags if tag.startswith(_PLACE)]


def _find_again(db: sqlite3.Connection, container: str, position: int) -> None:
    """Closes the rows of entries about places that left the container, and opens rows for the new
    ones."""
    asked = {"place": container, "tag": within(container), "at": position, "ever": FOR_EVER}
    db.execute(_CLOSE, asked)
    db.execute(_OPEN, asked)


_INSIDE = """
    SELECT tag.position FROM containment
    CROSS JOIN entry_tag AS tag ON tag.tag = 'location:' || containment.location
    WHERE containment.container = :place AND containment.known_to = :ever"""
_CLOSE = f"""
    UPDATE entry_tag SET known_to = :at
    WHERE tag = :tag AND known_to = :ever AND position NOT IN ({_INSIDE})"""
_OPEN = f"""
    INSERT INTO entry_tag SELECT :tag, position, :at, :ever, earliest, latest FROM entry JOIN (
        SELECT position FROM ({_INSIDE})
        EXCEPT SELECT position FROM entry_tag WHERE tag = :tag AND known_to = :ever
    ) USING (position)"""
