"""Views built anew where their file is damaged: beside it, and then put in its place."""

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from domain.refusals import Refusal
from infra.ledger.ledger import Ledger
from infra.ledger.outages import Outage, is_outage, outage_of
from infra.ledger.sqlite.header import start_of
from infra.views.file import (
    NotAViewFile,
    Progress,
    Projection,
    ViewFile,
    temporary_views,
)
from infra.views.outages import ViewsUnavailable
from infra.views.projector import Projector, Rebuilt

_MAGIC, _LOOKED_AT = b"SQLite format 3\0", 1 << 16
Parts = Callable[[ViewFile], Sequence[Projection]]


@dataclass(frozen=True, slots=True)
class Mended:
    """The findings of a rebuild, and of the file before."""

    rebuilt: Rebuilt
    damage: str | None
    """The damage of the file that was replaced."""


def rebuild(ledger: Ledger, path: Path, parts: Parts, progress: Progress | None = None) -> Mended:
    """Builds every view anew beside the live views, compares, and switches; damaged views are
    replaced by the file beside. Raises NotAViewFile, ForeignViews and ViewsUnavailable."""
    try:
        with closing(ViewFile(path)) as live:
            if damage := live.damage():
                return replace(ledger, path, parts, progress, damage)
            return Mended(Projector(ledger, live, parts(live)).rebuild(progress), None)
    except Exception as error:
        damage = _damage_in(error)
        if damage is None or not _was_ours(path):
            raise
    return replace(ledger, path, parts, progress, damage)


def build_in_place(
    ledger: Ledger, path: Path, parts: Parts, progress: Progress | None = None
) -> int:
    """Builds the views where their file is missing, beside the path, and puts the file there once
    it is whole; the position reached."""
    with temporary_views(path, "again", keep_as=path) as fresh:  # 'tenure rebuild' has another
        return Projector(ledger, fresh, parts(fresh)).fill(progress=progress)


def replace(
    ledger: Ledger, path: Path, parts: Parts, progress: Progress | None, damage: str
) -> Mended:
    """Puts views built anew in the place of a file."""
    with temporary_views(path, keep_as=path) as fresh:
        projections = parts(fresh)
        position = Projector(ledger, fresh, projections).fill(progress=progress)
        digests = {each.name: fresh.digest(each) for each in projections}
    return Mended(Rebuilt(position, (), digests), " ".join(damage.split()))


def _damage_in(error: Exception) -> str | None:
    """The damage behind an error; None of other refusals, and of a file of another kind."""
    if isinstance(error, ViewsUnavailable):
        return str(error) if error.outage is Outage.DAMAGED else None
    cause = error.__cause__ if isinstance(error, NotAViewFile) else error
    if isinstance(cause, sqlite3.DatabaseError):
        is_damage = is_outage(cause) and hasattr(cause, "sqlite_errorcode")
        outage, why = outage_of(cause)
        return why if is_damage and outage is Outage.DAMAGED else None
    if isinstance(error, Refusal | OSError | sqlite3.Error):
        return None
    return f"there is something in it that Tenure never writes ({type(error).__name__}: {error})"


def _was_ours(path: Path) -> bool:
    """Whether a damaged file was one of views, and not somebody's letter."""
    start = start_of(path, _LOOKED_AT)
    return start.startswith(_MAGIC) or b"CREATE TABLE followed" in start
