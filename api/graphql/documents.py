"""GraphQL documents, parsed, held to the limits, validated and planned once.

Validation takes many times as long as execution, so valid documents are kept by their text, within
a number and a weight; of refused documents the few errors are kept.
"""

import re
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeVar

import strawberry
from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLError,
    GraphQLFormattedError,
    OperationDefinitionNode,
    OperationType,
    SourceLocation,
    Token,
    parse,
    specified_rules,
    validate,
)
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule

from api.graphql.compiled.document import CompiledQuery, compiled_queries
from api.graphql.compiled.selections import SchemaCompiler
from api.graphql.costs import Plan, Planner, Prices
from api.graphql.floors import Floor, floor_of
from api.graphql.limits import (
    Limits,
    refuse_above,
    refuse_extent,
    refuse_repetition,
    refuse_tokens,
    without_texts,
)
from api.graphql.unknown_fields import names_of, refuse_unknown_names, unknown_field

_RULES = (*specified_rules, MaybeNullValidationRule, OneOfInputValidationRule)
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

    def __contains__(self, key: K) -> bool:
        return key in self._kept

    def get(self, key: K) -> V | None:
        found = self._kept.get(key)
        if found is None:
            return None
        self._kept.move_to_end(key)
        return found[0]

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
class Refused:
    """The errors of a refused document, as another process tells them."""

    told: tuple[GraphQLFormattedError, ...]

    @staticmethod
    def of(invalid: InvalidDocument) -> "Refused":
        return Refused(tuple(each.formatted for each in invalid.errors))

    @property
    def errors(self) -> list[GraphQLError]:
        found = []
        for each in self.told:
            error = GraphQLError(each["message"], extensions=each.get("extensions"))
            error.locations = [SourceLocation(**where) for where in each.get("locations", ())]
            found.append(error)
        return found


@dataclass(frozen=True, slots=True)
class Document:
    """A valid document, with the kind and the plan of each operation."""

    node: DocumentNode | None
    """None for a document that another process has parsed, and is to execute."""
    kinds: Mapping[str | None, OperationType]
    plans: Mapping[str | None, Plan]
    introspects: bool
    """Whether the document asks about the schema, and so about one version of the server."""
    only_introspects: bool
    floors: Mapping[str | None, Floor] = field(default_factory=dict)
    """The least position of each operation with the directive."""
    compiled: Mapping[str | None, CompiledQuery] = field(default_factory=dict, compare=False)
    """The queries, compiled as they are asked again; none in a process that does not execute."""

    def floor(self, operation_name: str | None, variables: Mapping[str, Any]) -> int | None:
        """The position that the views have to reach before the chosen operation is answered."""
        floor = self.floors.get(operation_name)
        return floor.of(variables) if floor else None

    def kind(self, operation_name: str | None) -> OperationType | None:
        """The kind of the chosen operation; None for an unclear choice."""
        return self.kinds.get(operation_name)

    def cost(self, operation_name: str | None, counts: Any, variables: Mapping[str, Any]) -> float:
        """What the chosen operation costs, in milliseconds; nothing for an unclear choice."""
        plan = self.plans.get(operation_name)
        return plan.cost(counts, variables) if plan else 0.0

    @property
    def elsewhere(self) -> "Document":
        """The same document, for a process that does not execute it."""
        return replace(self, node=None, compiled={})


class Documents:
    """The documents of one schema."""

    def __init__(self, schema: strawberry.Schema, limits: Limits, prices: Prices) -> None:
        self._schema, self._limits = schema._schema, limits
        self._planner = Planner(schema._schema, prices, limits)
        self._names = names_of(schema._schema)
        self._compiler = SchemaCompiler(schema) if limits.compiles else None
        self.recent: Cache[str, Document] = Cache(
            number=limits.kept_documents, weight=limits.kept_document_bytes
        )
        self._refused: Cache[str, list[GraphQLError]] = Cache(
            number=limits.kept_refusals, weight=limits.kept_refusal_bytes
        )

    def prepare(self, text: str) -> Document:
        """The document of the text. Raises InvalidDocument."""
        if known := self.known(text):
            return known
        weight = len(text.encode())
        try:
            refuse_above("Bytes of the query", weight, self._limits.query_bytes)
            code = without_texts(text)
            refuse_tokens(code, self._limits.tokens)
            refuse_unknown_names(code, self._names)
            document = self._checked(text)
        except (GraphQLError, InvalidDocument) as refused:
            errors = refused.errors if isinstance(refused, InvalidDocument) else [refused]
            self.refuse(text, errors)
            raise InvalidDocument(errors) from None
        self.keep(text, document)
        return document

    def parsed(self, text: str) -> Document:
        """The document, to be executed in this process. Raises InvalidDocument."""
        document = self.prepare(text)
        return document if document.node else replace(document, node=self._parsed(text))

    def known(self, text: str) -> Document | None:
        """The document, if seen lately. Raises InvalidDocument for one that was refused lately."""
        if errors := self._refused.get(text):
            raise InvalidDocument(errors)
        return self.recent.get(text)

    def keep(self, text: str, document: Document) -> None:
        self.recent.keep(text, document, weight=len(text.encode()))

    def refuse(self, text: str, errors: list[GraphQLError]) -> None:
        """Keeps the errors of a text. A text over the limit is told at once, and is not kept."""
        if len(text) <= self._limits.query_bytes:
            told = sum(len(error.message) for error in errors)
            self._refused.keep(text, errors, weight=len(text.encode()) + told + 500)

    def _checked(self, text: str) -> Document:
        node = self._parsed(text)
        refuse_repetition(node, self._limits)
        refuse_extent(node, self._limits)
        if errors := self._errors(node):
            raise InvalidDocument([self._brief(error) for error in errors])
        kinds, plans = _kinds(node), self._planner.plans(node)
        introspects = _INTROSPECTION.search(text) is not None
        compiled: Mapping[str | None, CompiledQuery] = {}
        if self._compiler and not introspects:
            compiled = compiled_queries(self._compiler, node, len(text))
        only, floors = _only_introspects(node), _floors(node)
        return Document(node, kinds, plans, introspects, only, floors, compiled)

    def _parsed(self, text: str) -> DocumentNode:
        # Since graphql-core 3.3 `{node{}}` parses unless it is told otherwise.
        node = parse(text, max_tokens=self._limits.tokens, allow_empty_selection_sets=False)
        _unlink(node.loc.end_token if node.loc else None)
        return node

    def _errors(self, node: DocumentNode) -> list[GraphQLError]:
        if found := unknown_field(self._schema, node):
            return [found]
        try:
            return validate(self._schema, node, _RULES, max_errors=self._limits.errors)
        except RecursionError:
            return [GraphQLError("The document is nested too deeply.")]

    def _brief(self, error: GraphQLError) -> GraphQLError:
        return brief(error, self._limits.error_length)


def brief(error: GraphQLError, length: int) -> GraphQLError:
    """The error with a message of a bounded length."""
    if len(error.message) <= length:
        return error
    message = f"{error.message[:length]} …"
    return GraphQLError(message, error.nodes, path=error.path, extensions=error.extensions)


def _unlink(token: Token | None) -> None:
    """Cuts the links from each token back to the one before.

    With links both ways only the cycle collector frees a document: in a flood of new documents it
    stopped the event loop for 75 ms at a time.
    """
    while token:
        token.prev, token = None, token.prev


def _kinds(node: DocumentNode) -> dict[str | None, OperationType]:
    operations = _operations(node)
    kinds: dict[str | None, OperationType] = {
        each.name.value: each.operation for each in operations if each.name
    }
    if len(operations) == 1:
        kinds[None] = operations[0].operation
    return kinds


def _floors(node: DocumentNode) -> dict[str | None, Floor]:
    operations = _operations(node)
    found = {each.name.value if each.name else None: floor_of(each) for each in operations}
    if len(operations) == 1:
        found[None] = floor_of(operations[0])
    return {name: floor for name, floor in found.items() if floor}


def _only_introspects(node: DocumentNode) -> bool:
    """Whether nothing but the schema is asked about, without fragments at the root."""
    asked = [each for one in _operations(node) for each in one.selection_set.selections]
    return all(isinstance(each, FieldNode) and each.name.value[:2] == "__" for each in asked)


def _operations(node: DocumentNode) -> list[OperationDefinitionNode]:
    return [each for each in node.definitions if isinstance(each, OperationDefinitionNode)]
