"""GraphQL documents, parsed, held to the limits, and validated once.

Validation takes many times as long as execution, so valid documents are kept by their text, within
a number and a weight. Invalid documents are not kept: anybody can send any number. Documents of
our own are held to no limit of cost.
"""

import re
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import strawberry
from graphql import (
    DocumentNode,
    GraphQLError,
    OperationDefinitionNode,
    OperationType,
    parse,
    specified_rules,
)
from strawberry.schema.schema import validate_document

from api.graphql.limits import CostEstimate, Limits, refuse_above, refuse_repetition

_INTROSPECTION = re.compile(r"\b__(schema|type)\b")
K = TypeVar("K")
V = TypeVar("V")


class InvalidDocument(Exception):
    """The document cannot be executed against the schema."""

    def __init__(self, errors: list[GraphQLError]) -> None:
        super().__init__(errors)
        self.errors = errors


class Cache(Generic[K, V]):
    """The most recently used values, bounded in number and in weight."""

    def __init__(self, *, number: int, weight: int) -> None:
        self._number, self._weight, self.weight = number, weight, 0
        self._kept: OrderedDict[K, tuple[V, int]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, key: K) -> V | None:
        if key not in self._kept:
            return None
        self._kept.move_to_end(key)
        return self._kept[key][0]

    def keep(self, key: K, value: V, *, weight: int) -> None:
        # A value heavier than the whole cache would push out every other.
        if weight > self._weight:
            return
        if key in self._kept:
            self.weight -= self._kept.pop(key)[1]
        self._kept[key] = (value, weight)
        self.weight += weight
        while self.weight > self._weight or len(self._kept) > self._number:
            self.weight -= self._kept.popitem(last=False)[1][1]


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed and validated document."""

    node: DocumentNode
    kinds: Mapping[str | None, OperationType]
    cost_depends_on_variables: bool
    introspects: bool
    """Whether the document asks about the schema, and so about one version of the server."""

    def kind(self, operation_name: str | None) -> OperationType | None:
        """The kind of the chosen operation; None for an unclear choice."""
        return self.kinds.get(operation_name)


class Documents:
    """The documents of one schema; `trusted` documents are held to no limit of cost."""

    def __init__(
        self, schema: strawberry.Schema, limits: Limits, trusted: Iterable[str] = ()
    ) -> None:
        self._schema, self._limits, self._trusted = schema._schema, limits, frozenset(trusted)
        self.recent: Cache[str, Document] = Cache(
            number=limits.kept_documents, weight=limits.kept_document_bytes
        )

    def prepare(self, text: str, variables: Mapping[str, Any]) -> Document:
        if known := self.recent.get(text):
            if known.cost_depends_on_variables:
                self._estimate(known.node, variables)
            return known
        weight = len(text.encode())
        refuse_above("Bytes of the query", weight, self._limits.query_bytes)
        document = self._checked(text, variables)
        self.recent.keep(text, document, weight=weight)
        return document

    def _checked(self, text: str, variables: Mapping[str, Any]) -> Document:
        # Since graphql-core 3.3 `{node{}}` parses unless it is told otherwise.
        node = parse(text, max_tokens=self._limits.tokens, allow_empty_selection_sets=False)
        depends_on_variables = False
        if text not in self._trusted:
            refuse_repetition(node, self._limits)
            depends_on_variables = self._estimate(node, variables).depends_on_variables
        if errors := self._validate(node):
            raise InvalidDocument(errors)
        introspects = _INTROSPECTION.search(text) is not None
        return Document(node, _kinds(node), depends_on_variables, introspects)

    def _estimate(self, node: DocumentNode, variables: Mapping[str, Any]) -> CostEstimate:
        estimate = CostEstimate(self._schema, node, variables, self._limits)
        estimate.refuse_too_much()
        return estimate

    def _validate(self, node: DocumentNode) -> list[GraphQLError]:
        try:
            return validate_document(self._schema, node, tuple(specified_rules))
        except RecursionError:
            return [GraphQLError("The document is nested too deeply.")]


def _kinds(node: DocumentNode) -> dict[str | None, OperationType]:
    operations = [each for each in node.definitions if isinstance(each, OperationDefinitionNode)]
    kinds: dict[str | None, OperationType] = {
        each.name.value: each.operation for each in operations if each.name
    }
    if len(operations) == 1:
        kinds[None] = operations[0].operation
    return kinds
