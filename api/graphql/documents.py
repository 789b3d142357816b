"""Answers: may this document be executed, and have we checked it before?

Validation takes many times as long as execution, so documents that passed are remembered by
their text, within a number and a weight. What failed is not remembered: anyone can send it. What
a document of our own may cost was weighed when it was written.
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

from api.graphql.limits import Estimate, Limits, count, refuse_above

_INTROSPECTION = re.compile(r"\b__(schema|type)\b")
K = TypeVar("K")
V = TypeVar("V")


class InvalidDocument(Exception):
    """The document cannot be executed against the schema."""

    def __init__(self, errors: list[GraphQLError]) -> None:
        super().__init__(errors)
        self.errors = errors


class Recent(Generic[K, V]):
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
        # What would push out everything else is not worth it.
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
    """A document that was parsed, found affordable, and validated."""

    node: DocumentNode
    kinds: Mapping[str | None, OperationType]
    cost_depends_on_variables: bool
    introspects: bool
    """It asks about the schema, which another version of the server answers differently."""

    def kind(self, operation_name: str | None) -> OperationType | None:
        """What the chosen operation does; nothing when the choice is not clear."""
        return self.kinds.get(operation_name)


class Documents:
    """The documents of one schema; those that are trusted are held to no limit of cost."""

    def __init__(
        self, schema: strawberry.Schema, limits: Limits, trusted: Iterable[str] = ()
    ) -> None:
        self._schema, self._limits, self._trusted = schema._schema, limits, frozenset(trusted)
        self.recent: Recent[str, Document] = Recent(
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
            count(node, self._limits)
            depends_on_variables = self._estimate(node, variables).depends_on_variables
        if errors := self._validate(node):
            raise InvalidDocument(errors)
        introspects = _INTROSPECTION.search(text) is not None
        return Document(node, _kinds(node), depends_on_variables, introspects)

    def _estimate(self, node: DocumentNode, variables: Mapping[str, Any]) -> Estimate:
        estimate = Estimate(self._schema, node, variables, self._limits)
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
