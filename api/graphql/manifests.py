"""Which documents do frontends ship? Read from the manifests that their compilers write.

Three forms are taken: a JSON object of texts by their ids, as graphql-codegen and relay-compiler
write it, and the list of operations that Apollo's tools write.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson

from api.graphql.documents import Documents, InvalidDocument
from domain.refusals import Refusal

LONGEST_FILE = 20_000_000
LONGEST_ID = 200
_BY_DIGEST = "sha256:"
_SHOWN = 50
"""The most problems told at once."""


class BadDocuments(Refusal):
    """Manifests, or documents in them, that can't be served: one line for each."""

    def __init__(self, problems: list[str]) -> None:
        more = len(problems) - _SHOWN
        told = problems[:_SHOWN] + ([f"and {more:,} more"] if more > 0 else [])
        self._lines = ["the documents of TENURE_DOCUMENTS can't be served:", *told]
        super().__init__("\n".join(self._lines))

    @property
    def lines(self) -> list[str]:
        return self._lines


@dataclass(frozen=True, slots=True)
class Shipped:
    """A document of a manifest."""

    file: Path
    id: str
    text: str

    @property
    def digest(self) -> str:
        return sha256(self.text.encode()).hexdigest()


def documents_in(
    path: Path, documents: Documents, ours: Mapping[str, str] | None = None
) -> dict[str, str]:
    """The documents of a manifest, or of every `*.json` in a folder, by their ids; each valid, and
    none under an id of `ours`.

    Raises BadDocuments with all that is wrong.
    """
    problems: list[str] = []
    texts: dict[str, str] = {**(ours or {})}
    for shipped in _shipped(path, problems):
        why = _why_not(shipped, texts.get(shipped.id), documents)
        problems += [f"{shipped.file}, {shipped.id[:LONGEST_ID]}: {each}" for each in why]
        texts[shipped.id] = shipped.text
    if problems:
        raise BadDocuments(problems)
    return texts


def _shipped(path: Path, problems: list[str]) -> Iterator[Shipped]:
    files = sorted(path.glob("*.json")) if path.is_dir() else [path]
    if not files:
        problems.append(f"{path}: there is no manifest in this folder, no file *.json")
    for file in files:
        try:
            yield from [Shipped(file, id, text) for id, text in _entries(_content(file))]
        except OSError as error:
            problems.append(f"{file}: {(error.strerror or str(error)).lower()}")
        except ValueError as error:
            problems.append(f"{file}: {error}")


def _content(file: Path) -> Any:
    with file.open("rb") as opened:
        content = opened.read(LONGEST_FILE + 1)
    if len(content) > LONGEST_FILE:
        raise ValueError(f"a manifest has {LONGEST_FILE:,} bytes at most")
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise ValueError(f"it is not JSON: {error}") from None


def _entries(manifest: Any) -> list[tuple[str, str]]:
    """The ids and texts. Raises ValueError for a manifest of another form."""
    if not isinstance(manifest, dict):
        raise ValueError("a manifest is a JSON object of documents by their ids")
    operations = manifest.get("operations")
    pairs = [*manifest.items()] if not isinstance(operations, list) else map(_of_apollo, operations)
    found = [(id, text) for id, text in pairs if isinstance(id, str) and isinstance(text, str)]
    if len(found) < len(operations if isinstance(operations, list) else manifest):
        raise ValueError("each document of a manifest has an id and a text")
    return found


def _of_apollo(operation: Any) -> tuple[Any, Any]:
    return (operation.get("id"), operation.get("body")) if isinstance(operation, dict) else (0, 0)


def _why_not(shipped: Shipped, other: str | None, documents: Documents) -> list[str]:
    """What is wrong with the document; nothing of a good one."""
    if not (0 < len(shipped.id) <= LONGEST_ID and shipped.id.isprintable()):
        return [f"an id has 1 to {LONGEST_ID} letters"]
    if other is not None and other != shipped.text:
        return ["another document has the same id"]
    if shipped.id.startswith(_BY_DIGEST) and shipped.id != f"{_BY_DIGEST}{shipped.digest}":
        return [f"its text has another digest, {shipped.digest}"]
    try:
        documents.prepare(shipped.text)
    except InvalidDocument as invalid:
        return [each.message for each in invalid.errors]
    return []
