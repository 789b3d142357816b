"""The limits of a GraphQL document before validation: depth, repeats and fields.

*Depth* counts nested selection sets, fragments included. *Repeats* counts the pairs of fields with
one response name: validation compares each pair. *Fields* counts every field, with a fragment's
fields at each of its spreads: validation and execution visit each.

For the cost of an answer, see `costs`.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
)


@dataclass(frozen=True)
class Limits:
    """The limits of one request, and of the caches between requests."""

    body_bytes: int = 100_000
    query_bytes: int = 20_000
    variables_bytes: int = 50_000
    tokens: int = 2_000
    depth: int = 25
    aliases: int = 50
    repeats: int = 10_000
    fields: int = 5_000
    errors: int = 5
    """The number of errors for one document: the search for more is dear."""
    error_length: int = 500
    """The number of letters in one error."""

    cost: float = 10_000.0
    """The computing of one request, in milliseconds."""
    inline: float = 5.0
    """The dearest computing on the event loop, in milliseconds."""
    list_length: int = 10
    """The number of items in a list without a price."""
    checked_inline: int = 500
    """The longest document for a check on the event loop, in letters."""
    cost_of_writing: float = 250.0
    """The computing of a mutation's selection, in milliseconds."""
    writers: int = 1
    """The number of mutations at once: each computing thread delays every question of the event
    loop."""
    queued_writers: int = 64

    compiles: bool = True
    """Whether queries that are asked again are compiled."""

    # A parsed document takes 200 to 500 times the memory of its text; compiled, as much again, and
    # twice as much for many kinds of events.
    kept_documents: int = 1_000
    kept_document_bytes: int = 250_000
    kept_refusals: int = 1_000
    kept_refusal_bytes: int = 4_000_000
    kept_answers: int = 10_000
    kept_answer_bytes: int = 16_000_000
    """Of answers for ever, and as much again of answers of what is known now; an answer heavier
    than an eighth is not kept."""


class TooMuch(GraphQLError):
    """The request is over a limit."""

    def __init__(self, message: str, **more: object) -> None:
        super().__init__(message, extensions={"code": "TooMuch", **more})


def refuse_above(what: str, number: int, limit: int) -> None:
    if number > limit:
        raise TooMuch(f"{what}: {number}; the limit is {limit}.")


def refuse_tokens(code: str, limit: int) -> None:
    """Refuses a long document, or a number without end, before the document is parsed: parsing is
    the dearest part of a refusal."""
    tokens = _TOKEN.findall(code)
    refuse_above("Tokens of the document", len(tokens), limit)
    digits = max((len(each) for each in tokens if each[0].isdigit()), default=0)
    refuse_above("Digits of a number in the document", digits, _DIGITS)


def without_texts(text: str) -> str:
    """The text of a document, without comments and quoted texts."""
    return _IGNORED.sub(" ", text)


_DIGITS = 100
_IGNORED = re.compile(r'"""(?:[^"\\]|\\.|"(?!""))*(?:"""|\Z)|"(?:[^"\\\n]|\\.)*"?|#[^\n]*')
"""Comments, and texts in quotes, which are a token each at most. An unclosed text reaches to the
end: to look for its close again and again would take time in squares."""
_TOKEN = re.compile(r"[A-Za-z0-9_.]+|[!$&()\[\]{}:=@|]")


def refuse_repetition(document: DocumentNode, limits: Limits) -> None:
    """Refuses aliases and repeats in a number that makes validation expensive."""
    fields = list(_fields(document))
    named = Counter((field.alias or field.name).value for field in fields)
    aliases = sum(field.alias is not None for field in fields)
    repeats = sum(times * (times - 1) // 2 for times in named.values())
    refuse_above("Aliases in the document", aliases, limits.aliases)
    refuse_above("Pairs of fields with the same name in the document", repeats, limits.repeats)


def _fields(document: DocumentNode) -> Iterator[FieldNode]:
    waiting: list[Any] = list(document.definitions)
    while waiting:
        node = waiting.pop()
        if isinstance(node, FieldNode):
            yield node
        if selection_set := getattr(node, "selection_set", None):
            waiting.extend(selection_set.selections)


class Size(NamedTuple):
    depth: int
    fields: int


def refuse_extent(document: DocumentNode, limits: Limits) -> None:
    """Refuses a document too deep or too wide once its fragments are spread."""
    extent = _Extent(document, limits)
    for definition in document.definitions:
        if isinstance(definition, OperationDefinitionNode):
            fields = extent.selections(definition.selection_set, 1).fields
            refuse_above("Fields of the document, its fragments spread", fields, limits.fields)


class _Extent:
    """Depth and fields of a document; each fragment is walked once for all its spreads."""

    def __init__(self, document: DocumentNode, limits: Limits) -> None:
        self._limits = limits
        self._walked: dict[str, Size] = {}
        self._fragments = {
            each.name.value: each
            for each in document.definitions
            if isinstance(each, FragmentDefinitionNode)
        }

    def selections(self, selection_set: SelectionSetNode, level: int) -> Size:
        refuse_above("Levels of nesting in the document", level, self._limits.depth)
        depth = fields = 0
        for selection in selection_set.selections:
            below = self._selection(selection, level)
            depth, fields = max(depth, below.depth), fields + below.fields
        return Size(depth + 1, fields)

    def _selection(self, node: SelectionNode, level: int) -> Size:
        if isinstance(node, FragmentSpreadNode):
            return self._spread(node.name.value, level)
        assert isinstance(node, FieldNode | InlineFragmentNode)
        own = 1 if isinstance(node, FieldNode) else 0
        if node.selection_set is None:
            return Size(0, own)
        below = self.selections(node.selection_set, level + 1)
        return Size(below.depth, own + below.fields)

    def _spread(self, name: str, level: int) -> Size:
        fragment = self._fragments.get(name)
        if fragment is None:
            return Size(0, 0)
        if name in self._walked:
            deepest = level + self._walked[name].depth
            refuse_above("Levels of nesting in the document", deepest, self._limits.depth)
            return self._walked[name]
        # A fragment that spreads itself finds this, and is left for validation to refuse.
        self._walked[name] = Size(0, 0)
        self._walked[name] = self.selections(fragment.selection_set, level + 1)
        return self._walked[name]
