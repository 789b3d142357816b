"""Which actor is meant by a name of ACLED's, by the file of a user."""

from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError

from domain.values import ActorId, ActorKind, ShortText, Value
from infra.field_errors import in_plain_words
from infra.intake.problems import BadInput, Problem
from infra.intake.yaml_records import Located, spelled_path, yaml_records
from infra.visible_text import matching_form


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
