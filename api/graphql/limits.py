"""The limits of a GraphQL document: depth, repeats and cost.

*Depth* counts nested selection sets, fragments included. *Repeats* counts the pairs of fields with
one response name: validation compares each pair.

*Cost* estimates the number of fields in an answer. A field costs one, plus the selection below
times the length of the list. The length is given by `first` or `last` (a literal, a variable or a
default), and handed through a connection to the lists directly below; by default the length is
`list_length`. `@skip` and `@include` are not believed.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLCompositeType,
    GraphQLError,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    NamedTypeNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    ValueNode,
    VariableNode,
    get_named_type,
    get_nullable_type,
    is_composite_type,
    is_list_type,
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
    cost: int = 100_000
    list_length: int = 10

    # A parsed document takes 200 to 300 times the memory of its text.
    kept_documents: int = 1_000
    kept_document_bytes: int = 250_000
    kept_answers: int = 10_000
    kept_answer_bytes: int = 16_000_000


class TooMuch(GraphQLError):
    """The request is over a limit."""

    def __init__(self, what: str, number: int, limit: int) -> None:
        message = f"{what}: {number}; the limit is {limit}."
        super().__init__(message, extensions={"code": "TooMuch"})


def refuse_above(what: str, number: int, limit: int) -> None:
    if number > limit:
        raise TooMuch(what, number, limit)


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
    cost: int


class CostEstimate:
    """Depth and cost of a document; each fragment is walked once for all its spreads."""

    def __init__(
        self,
        schema: GraphQLSchema,
        document: DocumentNode,
        variables: Mapping[str, Any],
        limits: Limits,
    ) -> None:
        self.depends_on_variables = False
        self._schema, self._limits, self._variables = schema, limits, variables
        self._walked: dict[tuple[str, int], Size] = {}
        self._fragments: dict[str, FragmentDefinitionNode] = {}
        self._operations: list[OperationDefinitionNode] = []
        for definition in document.definitions:
            if isinstance(definition, FragmentDefinitionNode):
                self._fragments[definition.name.value] = definition
            elif isinstance(definition, OperationDefinitionNode):
                self._operations.append(definition)

    def refuse_too_much(self) -> None:
        """Holds every operation to the limit: a request may name any."""
        for operation in self._operations:
            refuse_above("Estimated cost of the request", self._cost(operation), self._limits.cost)

    def _cost(self, operation: OperationDefinitionNode) -> int:
        self._defaults = {
            definition.variable.name.value: definition.default_value
            for definition in operation.variable_definitions or ()
        }
        # Two operations may give one variable different defaults.
        self._walked.clear()
        root = self._schema.get_root_type(operation.operation)
        return self._selections(operation.selection_set, root, self._limits.list_length, 1).cost

    def _selections(
        self,
        selection_set: SelectionSetNode,
        parent: GraphQLCompositeType | None,
        length: int,
        level: int,
    ) -> Size:
        refuse_above("Levels of nesting in the document", level, self._limits.depth)
        depth = cost = 0
        for selection in selection_set.selections:
            below = self._selection(selection, parent, length, level)
            depth, cost = max(depth, below.depth), cost + below.cost
        return Size(depth + 1, cost)

    def _selection(
        self, node: SelectionNode, parent: GraphQLCompositeType | None, length: int, level: int
    ) -> Size:
        if isinstance(node, FieldNode):
            return self._field(node, parent, length, level)
        if isinstance(node, InlineFragmentNode):
            on = self._type(node.type_condition) if node.type_condition else parent
            return self._selections(node.selection_set, on, length, level + 1)
        assert isinstance(node, FragmentSpreadNode)
        return self._spread(node.name.value, length, level)

    def _spread(self, name: str, length: int, level: int) -> Size:
        fragment, key = self._fragments.get(name), (name, length)
        if fragment is None:
            return Size(0, 0)
        if key in self._walked:
            deepest = level + self._walked[key].depth
            refuse_above("Levels of nesting in the document", deepest, self._limits.depth)
            return self._walked[key]
        # A fragment that spreads itself finds this, and is left for validation to refuse.
        self._walked[key] = Size(0, 0)
        on = self._type(fragment.type_condition)
        self._walked[key] = self._selections(fragment.selection_set, on, length, level + 1)
        return self._walked[key]

    def _field(
        self, node: FieldNode, parent: GraphQLCompositeType | None, length: int, level: int
    ) -> Size:
        if node.selection_set is None:
            return Size(0, 1)
        field = self._definition(parent, node.name.value)
        asked = self._asked(node, field)
        is_list = field is not None and is_list_type(get_nullable_type(field.type))
        times = 1 if not is_list else length if asked is None else asked
        handed = self._limits.list_length if is_list or asked is None else asked
        named = get_named_type(field.type) if field else None
        inner = named if is_composite_type(named) else None
        below = self._selections(node.selection_set, inner, handed, level + 1)
        return Size(below.depth, 1 + times * below.cost)

    def _asked(self, node: FieldNode, field: GraphQLField | None) -> int | None:
        """The number of items given by `first` or `last`, if any."""
        given = {argument.name.value: argument.value for argument in node.arguments or ()}
        numbers = [self._number(given[name]) for name in ("first", "last") if name in given]
        if field is not None and not any(name in given for name in ("first", "last")):
            numbers = [
                _whole(field.args[name].default_value)
                for name in ("first", "last")
                if name in field.args
            ]
        return max((number for number in numbers if number is not None), default=None)

    def _number(self, value: ValueNode | None) -> int | None:
        if isinstance(value, IntValueNode):
            return _whole(int(value.value))
        if not isinstance(value, VariableNode):
            return None
        self.depends_on_variables = True
        name = value.name.value
        if name in self._variables:
            return _whole(self._variables[name])
        default = self._defaults.get(name)
        return None if isinstance(default, VariableNode) else self._number(default)

    def _definition(self, parent: GraphQLCompositeType | None, name: str) -> GraphQLField | None:
        if parent is not None and name.startswith("__"):
            return self._schema.get_field(parent, name)
        if not isinstance(parent, (GraphQLObjectType, GraphQLInterfaceType)):
            return None
        field: GraphQLField | None = parent.fields.get(name)
        return field

    def _type(self, node: NamedTypeNode) -> GraphQLCompositeType | None:
        named = self._schema.type_map.get(node.name.value)
        return named if is_composite_type(named) else None


def _whole(value: object) -> int | None:
    """A length of at least one: even an empty list has a cost."""
    return max(int(value), 1) if isinstance(value, int | float) else None
