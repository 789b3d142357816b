"""Which actor is meant by a name of ACLED's: a file that the importer drafts and a user edits."""

import json
from collections.abc import Iterable, Iterator, Mapping
from io import StringIO
from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError

from domain.values import ActorId, ActorKind, ShortText, Value
from infra.datasets.acled.names import (
    NameSeen,
    NamesSeen,
    actor_id,
    has_regime,
    is_either,
    without_regime,
)
from infra.field_errors import in_plain_words
from infra.intake.problems import BadInput, Problem
from infra.intake.yaml_records import Located, spelled_path, yaml_records
from infra.visible_text import matching_form

_HEAD = """\
# Which actor is meant by each name, for `tenure import acled --actors FILE`.
# actor: the id in the ledger. names: ACLED's names of this actor. Edit both as you know better:
# give an actor of the ledger its id, split an entry whose names are not one actor, join others.
# An entry that is left out is an actor of its own for each name.
"""
_SPLIT = (
    "# One army under several governments? ACLED names it anew with each regime. Split the entry "
    "where the\n# army is another one, as that of Afghanistan before and since 2021.\n"
)
_EITHER = "# One of two, and ACLED does not say which: it stays an actor of its own.\n"


class MappedActor(Value):
    """An actor, and the names that ACLED has for it."""

    actor: ActorId
    names: Annotated[tuple[ShortText, ...], Field(min_length=1, max_length=500)]
    name: ShortText | None = None
    """The name to register; else the first of the names, without the years of its regime."""
    kind: ActorKind | None = None


class _WholeText(StringIO):
    def begin_record(self) -> None:
        """A short file has no limits for a record."""


def read_actor_map(path: Path) -> dict[str, MappedActor]:
    """The actors of a file by the matching form of each name. Raises BadInput."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise BadInput.at(path, None, f"it can't be read: {why}") from None
    except UnicodeDecodeError:
        raise BadInput.at(path, None, "it is not UTF-8") from None
    found: dict[str, MappedActor] = {}
    problems: list[Problem] = []
    for record in yaml_records(_WholeText(text), str(path)):
        problems += _learn(record, found, path)
    if problems:
        raise BadInput(problems)
    return found


def _learn(record: Located, found: dict[str, MappedActor], path: Path) -> Iterator[Problem]:
    if record.problems:
        yield from record.problems
        return
    try:
        mapped = MappedActor.model_validate(record.value)
    except ValidationError as invalid:
        for error in invalid.errors(include_url=False):
            mark = record.mark(error["loc"])
            where = spelled_path(error["loc"])
            message = in_plain_words(error, MappedActor)
            yield Problem(str(path), mark.line, mark.column, where, message)
        return
    for number, name in enumerate(mapped.names):
        if (before := found.setdefault(matching_form(name), mapped)) is not mapped:
            mark = record.mark(("names", number))
            message = f"this name is among those of {before.actor} too; keep one of the two"
            yield Problem(str(path), mark.line, mark.column, f"names[{number}]", message)


def drafted(names: NamesSeen, known: Mapping[str, ActorId]) -> Iterator[str]:
    """The text of a first file. `known` has the actors of the ledger by the matching form of their
    names."""
    yield _HEAD
    for base, seen in sorted(_by_actor(names).items()):
        yield "\n"
        yield from _entry(base, seen, known)


def _by_actor(names: NamesSeen) -> dict[str, list[NameSeen]]:
    found: dict[str, list[NameSeen]] = {}
    for seen in names:
        base = without_regime(seen.name) if has_regime(seen.name) else seen.name
        found.setdefault(base, []).append(seen)
    return found


def _entry(base: str, seen: list[NameSeen], known: Mapping[str, ActorId]) -> Iterator[str]:
    names = sorted(each.name for each in seen)
    held = {known[form] for form in map(matching_form, (*names, base)) if form in known}
    if len(names) > 1:
        yield _SPLIT
    if is_either(base):
        yield _EITHER
    if len(held) == 1:
        yield "# The ledger has an actor of this name.\n"
    yield f"- actor: {min(held) if len(held) == 1 else actor_id(base)}\n"
    yield f"  name: {_written(base)}\n"
    yield f"  kind: {kind_of(seen)}\n"
    yield "  names:\n"
    yield from (f"    - {_written(name)}\n" for name in names)


def kind_of(seen: Iterable[NameSeen]) -> ActorKind:
    """The kind of an actor with several names: of most rows, else the first by name."""
    rows: dict[ActorKind, int] = {}
    for each in seen:
        rows[each.kind] = rows.get(each.kind, 0) + each.rows
    return min(rows, key=lambda kind: (-rows[kind], kind))


def _written(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
