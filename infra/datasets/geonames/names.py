"""The alternate names of GeoNames (alternateNamesV2, 10 columns), for the places of a ledger.

The names of a place stand in several lines. An index in a temporary file gathers the names, so that
an amendment adds all.
"""

import re
import sqlite3
from calendar import monthrange
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple
from weakref import finalize

from domain.events import LocationRegistered, LocationRenamed, ReportFiled, SourceRegistered
from domain.occurred import Instant, Occurred
from domain.values import ExternalCode, Name
from infra.datasets.cells import CellRow, DelimitedFile
from infra.datasets.geonames.rows import with_most_scripts
from infra.datasets.place_index import IndexedPlace, PlaceIndex
from infra.datasets.rows import RefusedRow, Remark, Row, RowSaid, Unfit, made, made_or_doubted
from infra.datasets.scripts import script_of
from infra.datasets.standing import passage_of, said_at_of
from infra.ledger.reader import LedgerReader

COLUMNS = (
    *("alternateNameId", "geonameid", "isolanguage", "alternate name"),
    *("isPreferredName", "isShortName", "isColloquial", "isHistoric", "from", "to"),
)
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")
_LANGUAGES_BY_OTHER_NAMES = {"fr_1793": "fr", "piny": "zh-Latn-pinyin"}
"""French names of the Revolution, and Pinyin."""
_WIKIDATA = "wkdt"
_NUMBER = re.compile("[0-9]{1,12}")
_SCRIPT = re.compile(r"-([A-Z][a-z]{3})(?=-|$)")
_DATE = re.compile(r"(\d{4})(?:-?(\d{2})(?:-?(\d{2}))?)?")


class _Line(NamedTuple):
    line: int
    id: int
    language: str
    text: str
    preferred: int
    colloquial: int
    since: str
    until: str


class GeoNamesNames:
    """The names for each place of the ledger with a code of GeoNames."""

    def __init__(
        self,
        path: Path,
        ledger: LedgerReader,
        source: SourceRegistered,
        published: Occurred | None,
    ) -> None:
        """`published` is the day of the dump; dated names are recorded as renamings with it."""
        self._path, self._source, self._published = path, source, published
        self._index = PlaceIndex(ledger)
        self._db = sqlite3.connect("", isolation_level=None)
        finalize(self, self._db.close)
        self._file = self._opened()
        self.no_names: Counter[str] = Counter()
        """The lines without a name, counted by their code."""
        self.elsewhere = 0
        """The number of lines about places outside the ledger."""

    @property
    def bytes_read(self) -> int:
        return self._file.bytes_read

    def rows(self) -> Iterator[Row]:
        self._file = self._opened()
        self.no_names.clear()
        self.elsewhere = 0
        self._db.executescript(_TABLES)
        self._db.execute("BEGIN")
        for row in self._file:
            if refused := self._note(row):
                yield refused
        self._db.execute("COMMIT")
        for (place,) in self._db.execute("SELECT DISTINCT place FROM name ORDER BY place"):
            yield self._said(place)

    def _opened(self) -> DelimitedFile:
        # Older dumps have no from and to.
        return DelimitedFile(self._path, delimiter="\t", quoting=False, columns=COLUMNS, older=8)

    # ---- lines -------------------------------------------------------------------------------

    def _note(self, row: CellRow) -> RefusedRow | None:
        """Takes in a line; an unreadable line is refused alone."""
        cells = row.cells
        if row.faults:
            return RefusedRow(row.line, f"line {row.line}", row.faults)
        for column in ("alternateNameId", "geonameid"):
            if not _NUMBER.fullmatch(cells[column]):
                why = Remark(column, cells[column], "it is no number of GeoNames")
                return RefusedRow(row.line, f"line {row.line}", (why,))
        code = cells["isolanguage"]
        if code != _WIKIDATA and _language_of(code) is None:
            self.no_names[code] += 1
        elif not self._index.coded(_code_of(int(cells["geonameid"]))):
            self.elsewhere += 1
        else:
            self._db.execute(
                "INSERT INTO name VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    *(int(cells["geonameid"]), row.line, int(cells["alternateNameId"]), code),
                    cells["alternate name"].strip(),
                    *(cells[each] == "1" for each in ("isPreferredName", "isColloquial")),
                    *(cells[each].strip() for each in ("from", "to")),
                ),
            )
        return None

    def _lines(self, place: int) -> list[_Line]:
        """The lines of a place, in the same order for every file."""
        asked = (
            "SELECT line, id, language, text, preferred, colloquial, since, until FROM name "
            "WHERE place = ? ORDER BY id, line"
        )
        return [_Line._make(row) for row in self._db.execute(asked, (place,))]

    # ---- places ------------------------------------------------------------------------------

    def _said(self, number: int) -> Row:
        lines = self._lines(number)
        key = f"names of {number}"
        place, *_ = self._index.coded(_code_of(number))
        doubts: list[Remark] = []
        fields: dict[str, Any] = {
            "location": place.location,
            "name": place.name,
            "kind": place.kind,
        }
        if codes := _wikidata(lines, doubts):
            fields["codes"] = codes
        names = [*_fit(lines, doubts)]
        if aliases := _aliases(names, place, doubts):
            fields["aliases"] = aliases
        renamings = _renamings(names, place, doubts)
        if renamings and self._published is None:
            why = "its time is left out: --published, the day of the dump, makes it a renaming"
            doubts += [Remark("from", line.since or line.until, why) for line, *_ in renamings]
            renamings = []
        try:
            kept = made(LocationRegistered, fields, {"codes": "alternate name"}, {})
            return self._row(lines[0].line, key, kept, renamings, doubts)
        except Unfit as unfit:
            return RefusedRow(lines[0].line, key, unfit.why)

    def _row(
        self,
        line: int,
        key: str,
        kept: LocationRegistered,
        renamings: Sequence["_TakenName"],
        doubts: Sequence[Remark],
    ) -> RowSaid:
        told = tuple(dict.fromkeys(doubts))
        if self._published is None:
            return RowSaid(line, key, _UNDATED, keeps_current=(kept,), doubts=told)
        day = self._published
        fields = {
            "report": f"{self._source.source}-names-{day.text}",
            "source": self._source.source,
            "published": day,
            "title": f"Alternate names of GeoNames, as of {day.written}",
            "url": "https://download.geonames.org/export/dump/",
        }
        report = made(ReportFiled, fields, {}, {})
        events = tuple(
            LocationRenamed(
                location=kept.location,
                occurred=each.since,
                report=report.report,
                credibility=6,
                passage=passage_of(key),
                name=each.name,
            )
            for each in renamings
        )
        registers = (self._source, report)
        said_at = said_at_of(day)
        return RowSaid(line, key, said_at, registers, (kept,), events, told)


_UNDATED = Instant(0)
_TABLES = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
DROP TABLE IF EXISTS name;
CREATE TABLE name (
    place INTEGER NOT NULL, line INTEGER NOT NULL, id INTEGER NOT NULL, language TEXT NOT NULL,
    text TEXT NOT NULL, preferred INTEGER NOT NULL, colloquial INTEGER NOT NULL,
    since TEXT NOT NULL, until TEXT NOT NULL
);
CREATE INDEX name_of_place ON name (place);
"""


class _TakenName(NamedTuple):
    line: _Line
    name: str
    since: Occurred


def _language_of(code: str) -> str | None:
    """The BCP 47 tag; empty where the language is not known, None of what is no language."""
    if code in _LANGUAGES_BY_OTHER_NAMES:
        return _LANGUAGES_BY_OTHER_NAMES[code]
    if not code:
        return ""
    if not _LANGUAGE.fullmatch(code):
        return None
    first, dash, rest = code.partition("-")
    return f"{first.lower()}{dash}{rest}"


def _code_of(number: int) -> ExternalCode:
    return ExternalCode(scheme="geonames", code=str(number))


def _fit(lines: Iterable[_Line], doubts: list[Remark]) -> Iterator[_Line]:
    """The lines with names that can be recorded."""
    for line in lines:
        if line.language != _WIKIDATA:
            fields = {"text": line.text}
            left_out = f"line {line.line} is left out"
            if made_or_doubted(Name, fields, "alternate name", line.text, doubts, left_out):
                yield line


def _wikidata(lines: Iterable[_Line], doubts: list[Remark]) -> tuple[ExternalCode, ...]:
    found: dict[str, ExternalCode] = {}
    for line in lines:
        if line.language == _WIKIDATA:
            if re.fullmatch("Q[1-9][0-9]{0,11}", line.text):
                found[line.text] = ExternalCode(scheme="wikidata", code=line.text)
            else:
                why = f"line {line.line}: it is no number of Wikidata, and is left out"
                doubts.append(Remark("alternate name", line.text, why))
    return tuple(found.values())


def _aliases(lines: Iterable[_Line], place: IndexedPlace, doubts: list[Remark]) -> tuple[Name, ...]:
    """The names with language and script, each text once: a text of several languages has none."""
    languages: dict[str, list[_Line]] = {}
    for line in lines:
        if line.text != place.name:
            languages.setdefault(line.text, []).append(line)
    names: list[Name] = []
    for text, same in languages.items():
        tags = {tag for line in same if (tag := _language_of(line.language))}
        tag = next(iter(tags)) if len(tags) == 1 else None
        told = _SCRIPT.search(tag) if tag else None
        script = told[1] if told else script_of(text)
        fields = {"text": text, "language": tag, "script": script}
        left_out = f"line {same[0].line} is left out"
        name = made_or_doubted(Name, fields, "alternate name", text, doubts, left_out)
        if name:
            names.append(name)
    return with_most_scripts(names, "alternate name", doubts)


# ---- times -----------------------------------------------------------------------------------


def _renamings(
    lines: Iterable[_Line], place: IndexedPlace, doubts: list[Remark]
) -> list[_TakenName]:
    """The names taken by the place in time: at each `from` a name; at the last `to` the present
    name."""
    begun: dict[str, list[_Line]] = {}
    ended: list[tuple[Occurred, _Line]] = []
    for line in lines:
        since, until = _day_of(line, "from", doubts), _day_of(line, "to", doubts)
        if since and until and until.window.earliest < since.window.earliest:
            why = f"line {line.line}: the name ends before it begins; it is an other name alone"
            doubts.append(Remark("to", line.until, why))
            continue
        if since and not line.colloquial:
            begun.setdefault(since.text, []).append(line)
        if since and until:
            ended.append((until, line))
    named = {since: min(same, key=lambda line: _rank(line, place)) for since, same in begun.items()}
    found = [_TakenName(line, line.text, Occurred.parse(since)) for since, line in named.items()]
    found.sort(key=lambda one: (one.since.window.latest, one.since.window.earliest))
    if found and (over := [until for until, line in ended if line is found[-1].line]):
        if found[-1].name != place.name and over[0].text != found[-1].since.text:
            found.append(_TakenName(found[-1].line, place.name, over[0]))
    return found


def _rank(line: _Line, place: IndexedPlace) -> tuple[Any, ...]:
    """The order of names since a day, of which the first is taken: the present name, a preferred
    name, then by language: without a language first, then English."""
    language = _language_of(line.language)
    by_language = {"": 0, "en": 1}.get(language or "", 2)
    return (line.text != place.name, not line.preferred, by_language, language, line.id)


def _day_of(line: _Line, column: str, doubts: list[Remark]) -> Occurred | None:
    """The time in a cell: a year, a month or a day; anything else is a doubt."""
    text = line.since if column == "from" else line.until
    if not text:
        return None
    found = _DATE.fullmatch(text)
    year, month, day = (int(each or 0) for each in found.groups()) if found else (0, 0, 0)
    is_month = not month or 1 <= month <= 12
    if year and is_month and (not day or day <= monthrange(year, month)[1]):
        parts = [f"{year:04}", *(f"{each:02}" for each in (month, day) if each)]
        return Occurred.parse("-".join(parts))
    why = f"line {line.line}: it is no date, and is left out; the name is kept"
    doubts.append(Remark(column, text, why))
    return None
