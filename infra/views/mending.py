"""Views built anew where their file is damaged: beside it, and then put in its place."""

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from domain.refusals import Refusal
from infra.ledger.ledger import Ledger
from infra.ledger.outages import Outage, is_outage, outage_of
from infra.ledger.sqlite.header import has_content, header_of
from infra.views.file import (
    NotAViewFile,
    Progress,
    Projection,
    ViewFile,
    temporary_views,
)
from infra.views.outages import ViewsUnavailable
from infra.views.projector import Projector, Rebuilt

Parts = Callable[[ViewFile], Sequence[Projection]]


@dataclass(frozen=True, slots=True)
class Mended:
    """The findings of a rebuild, and of the file before."""

    rebuilt: Rebuilt
    damage: str | None
    """The damage of the file that was replaced."""
    kept_as: Path | None = None
    """Where the old file is, if nothing showed that it was a file of views."""


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
        if damage is None:
            raise
    return replace(ledger, path, parts, progress, damage)


def replace(
    ledger: Ledger, path: Path, parts: Parts, progress: Progress | None, damage: str
) -> Mended:
    """Puts views built anew in the place of a file."""
    kept_as = _set_aside(path)
    with temporary_views(path, keep_as=path) as fresh:
        projections = parts(fresh)
        position = Projector(ledger, fresh, projections).fill(progress=progress)
        digests = {each.name: fresh.digest(each) for each in projections}
    return Mended(Rebuilt(position, (), digests), damage, kept_as)


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


def _set_aside(path: Path) -> Path | None:
    """Keeps a file that may be somebody's letter, as `NAME.damaged`."""
    if header_of(path) or not has_content(path):
        return None
    return path.replace(path.with_name(f"{path.name}.damaged"))
