"""What will a document cost? Reckoned from prices and counts, before anything runs.

A price stands beside a field's name, in milliseconds of computing. A field costs its own price, and
for each item of its list the price of an item and of the selection below. Prices and lengths may
depend on the arguments of the field and of the fields around, and on counts.

A document is planned once, and the plan is reckoned for the variables of each request. What depends
on neither is summed up in the plan. A plan can be sent to another process.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any, Generic, NamedTuple, TypeVar

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    Undefined,
    VariableNode,
    get_named_type,
    get_nullable_type,
    is_list_type,
    value_from_ast_untyped,
)

from api.graphql.limits import Limits

T = TypeVar("T")


class Asked(NamedTuple, Generic[T]):  # every priced field of a question has one
    """A field as asked for: the arguments, the fields around, the counts, and the type of the
    value."""

    arguments: Mapping[str, Any]
    around: "Asked[T] | None"
    counts: T
    kind: str = ""

    def given(
        self,
        *names: str,
        held: "Callable[[Asked[T]], Mapping[str, Any]]" = attrgetter("arguments"),
    ) -> Any:
        """The nearest value of any of these arguments, at this field or a field around. `held`
        gives the arguments of a field."""
        at: Asked[T] | None = self
        while at is not None:
            arguments = held(at)
            for name in names:
                if (value := arguments.get(name)) is not None:
                    return value
            at = at.around
        return None


Reckoned = float | Callable[[Asked[Any]], float]
"""A number, or a function for the number."""


class Price(NamedTuple):
    """The price of a field in milliseconds."""

    own: Reckoned = 0.0
    length: Reckoned | None = None
    """The number of items, of a list."""
    each: Reckoned = 0.0
    """The price of an item, without the selection below."""


Prices = Mapping[str, Price]
"""By "Type.field"; the fields of an interface count for its types, and "Type.*" for all other lists
of its types."""

LEAF, OBJECT = 0.002, 0.02
"""Milliseconds of a leaf, and of an object without a price."""


NARROWING = ("within", "bbox", "first", "last", "from", "to", "days")
"""The arguments for narrowing a question."""


class Share(NamedTuple):
    """The cost of one field of a document, for all objects with the field."""

    path: str
    cost: float
    narrowing: tuple[str, ...]
    """The arguments for narrowing the question."""


@dataclass(slots=True)
class PlanStep:
    """A field with a selection in a plan."""

    name: str
    price: Price
    arguments: dict[str, Any]
    """The arguments without variables, defaults included."""
    variable: tuple[tuple[str, Any], ...]
    """The arguments that contain variables, as nodes."""
    fixed: float = 0.0
    """The cost of the selection, as far as independent of variables and counts."""
    below: list["PlanStep"] = field(default_factory=list)
    narrowing: tuple[str, ...] = ()
    """The arguments of the field for narrowing."""
    kind: str = ""
    """The type of the field's value, or of the items of a list."""

    @property
    def is_fixed(self) -> bool:
        return not self.below and not any(map(callable, self.price))

    def reckon(self, around: Asked[T] | None, counts: T, variables: Mapping[str, Any]) -> float:
        own, length, each = self.price
        if not self.below and not callable(own) and not callable(length) and not callable(each):
            return own + (1 if length is None else length) * (each + self.fixed)
        asked = Asked(self._given(variables), around, counts, self.kind)
        below = self.fixed
        for step in self.below:
            below += step.reckon(asked, counts, variables)
        return _at(own, asked) + self._times(asked) * (_at(each, asked) + below)

    def shares(
        self, around: Asked[T] | None, counts: T, variables: Mapping[str, Any], over: Share
    ) -> Iterator[Share]:
        """The costs of the field and of every field below, each without its selection. The cost of
        `over` is the number of objects with the field."""
        asked = Asked(self._given(variables), around, counts, self.kind)
        length = self._times(asked)
        path = f"{over.path}.{self.name}" if over.path else self.name
        narrowing = tuple(dict.fromkeys((*over.narrowing, *self.narrowing)))
        alone = _at(self.price.own, asked) + length * (_at(self.price.each, asked) + self.fixed)
        yield Share(path, over.cost * alone, narrowing)
        inside = Share(path, over.cost * length, narrowing)
        for step in self.below:
            yield from step.shares(asked, counts, variables, inside)

    def _times(self, asked: Asked[Any]) -> float:
        length = self.price.length
        return 1.0 if length is None else _at(length, asked)

    def _given(self, variables: Mapping[str, Any]) -> Mapping[str, Any]:
        if not self.variable:
            return self.arguments
        given = dict(self.arguments)
        for name, node in self.variable:
            if isinstance(node, VariableNode):
                value = variables.get(node.name.value, Undefined)
            else:
                value = value_from_ast_untyped(node, dict(variables))
            if value is not Undefined:
                given[name] = value
        return given


_WHOLE = Share("", 1.0, ())


def _at(reckoned: Reckoned, asked: Asked[Any]) -> float:
    return reckoned(asked) if callable(reckoned) else reckoned


@dataclass(frozen=True, slots=True)
class Plan:
    """The steps of one operation."""

    steps: tuple[PlanStep, ...]
    fixed: float
    defaults: Mapping[str, Any]
    """The defaults of variables."""

    def cost(self, counts: Any, variables: Mapping[str, Any]) -> float:
        """Milliseconds of computing, about."""
        given = {**self.defaults, **variables} if self.defaults else variables
        return self.fixed + sum([step.reckon(None, counts, given) for step in self.steps])

    def dearest(self, counts: Any, variables: Mapping[str, Any]) -> Share:
        """The field with the largest share of the cost."""
        given = {**self.defaults, **variables}
        found = (s for each in self.steps for s in each.shares(None, counts, given, _WHOLE))
        return max(found, key=lambda share: share.cost)


class Planner:
    """Makes the plans of valid documents against one schema."""

    def __init__(self, schema: GraphQLSchema, prices: Prices, limits: Limits) -> None:
        self._schema, self._limits = schema, limits
        self._prices = {**_introspection(schema), **prices}

    def plans(self, document: DocumentNode) -> dict[str | None, Plan]:
        """A plan for each operation, by name; also by None for a single one."""
        fragments = {
            each.name.value: each
            for each in document.definitions
            if isinstance(each, FragmentDefinitionNode)
        }
        plans: dict[str | None, Plan] = {}
        for each in document.definitions:
            if isinstance(each, OperationDefinitionNode):
                plan = _Planning(self._schema, self._prices, self._limits, fragments).plan(each)
                plans[each.name.value if each.name else None] = plan
        if len(plans) == 1:
            (plans[None],) = plans.values()
        return plans


@dataclass
class _Planning:
    """One operation on its way to a plan; a fragment on one type is planned once."""

    schema: GraphQLSchema
    prices: Prices
    limits: Limits
    fragments: Mapping[str, FragmentDefinitionNode]
    _planned: dict[tuple[str, str], tuple[float, list[PlanStep]]] = field(default_factory=dict)

    def plan(self, operation: OperationDefinitionNode) -> Plan:
        root = self.schema.get_root_type(operation.operation)
        assert root is not None, "a valid operation has a type"
        fixed, steps = self._selections(operation.selection_set, root)
        defaults = {
            each.variable.name.value: value_from_ast_untyped(each.default_value)
            for each in operation.variable_definitions or ()
            if each.default_value is not None
        }
        return Plan(tuple(steps), fixed, defaults)

    def _selections(self, selected: SelectionSetNode, parent: Any) -> tuple[float, list[PlanStep]]:
        fixed, steps = 0.0, list[PlanStep]()
        for node in selected.selections:
            if isinstance(node, FieldNode):
                step = self._field(node, parent)
                if step is None:
                    fixed += LEAF
                elif step.is_fixed:
                    fixed += step.reckon(None, None, {})
                else:
                    steps.append(step)
                continue
            more, others = self._fragment(node, parent)
            fixed += more
            steps += others
        return fixed, steps

    def _fragment(self, node: Any, parent: Any) -> tuple[float, list[PlanStep]]:
        if isinstance(node, InlineFragmentNode):
            named = node.type_condition
            on = self.schema.type_map[named.name.value] if named else parent
            return self._selections(node.selection_set, on)
        assert isinstance(node, FragmentSpreadNode)
        fragment = self.fragments[node.name.value]
        key = (node.name.value, parent.name)
        if key not in self._planned:
            on = self.schema.type_map[fragment.type_condition.name.value]
            self._planned[key] = self._selections(fragment.selection_set, on)
        return self._planned[key]

    def _field(self, node: FieldNode, parent: Any) -> PlanStep | None:
        found = self.schema.get_field(parent, node.name.value)
        assert found is not None, "a valid document names fields of the schema"
        price = self._price(parent, node.name.value, found)
        if node.selection_set is None and price is None:
            return None
        shown = (node.alias or node.name).value
        fixed, below = LEAF, list[PlanStep]()
        kind = get_named_type(found.type)
        if node.selection_set:
            fixed, below = self._selections(node.selection_set, kind)
        given, variable = _arguments(node, found)
        usual = Price(OBJECT) if price is None else price
        narrowing = tuple(name for name in NARROWING if name in found.args)
        return PlanStep(shown, usual, given, variable, fixed, below, narrowing, kind.name)

    def _price(self, parent: Any, name: str, found: GraphQLField) -> Price | None:
        for each in (parent, *getattr(parent, "interfaces", ())):
            if price := self.prices.get(f"{each.name}.{name}"):
                return price
        if is_list_type(get_nullable_type(found.type)):
            for each in getattr(parent, "interfaces", ()):
                if price := self.prices.get(f"{each.name}.*"):
                    return price
            return Price(0.0, self.limits.list_length, LEAF)
        return None


def _arguments(
    node: FieldNode, found: GraphQLField
) -> tuple[dict[str, Any], tuple[tuple[str, Any], ...]]:
    given = {
        name: each.default_value
        for name, each in found.args.items()
        if each.default_value is not Undefined
    }
    variable = []
    for argument in node.arguments or ():
        name = argument.name.value
        value = value_from_ast_untyped(argument.value, None)
        if "variable" in _kinds(argument.value):
            variable.append((name, argument.value))
        else:
            given[name] = value
    return given, tuple(variable)


def _kinds(node: Any) -> set[str]:
    """The kinds of the values in a value."""
    found: set[str] = set()
    waiting = [node]
    while waiting:
        each = waiting.pop()
        found.add(each.kind)
        waiting += getattr(each, "values", None) or ()
        waiting += [pair.value for pair in getattr(each, "fields", None) or ()]
    return found


def _introspection(schema: GraphQLSchema) -> Prices:
    """The prices of questions about the schema, from its size."""
    types = list(schema.type_map.values())
    having = [each for each in types if isinstance(each, GraphQLObjectType | GraphQLInterfaceType)]
    fields = sum(len(each.fields) for each in having)
    arguments = sum(len(one.args) for each in having for one in each.fields.values())
    return {
        "__Schema.types": Price(0.1, len(types), OBJECT),
        "__Schema.directives": Price(0.1, len(schema.directives), OBJECT),
        "__Type.fields": Price(LEAF, max(1.0, fields / len(types)), OBJECT),
        "__Type.inputFields": Price(LEAF, 3, OBJECT),
        "__Type.interfaces": Price(LEAF, 1, OBJECT),
        "__Type.possibleTypes": Price(LEAF, 2, OBJECT),
        "__Type.enumValues": Price(LEAF, 2, OBJECT),
        "__Field.args": Price(LEAF, max(0.1, arguments / max(fields, 1)), OBJECT),
        "__Directive.args": Price(LEAF, 2, OBJECT),
        "__Directive.locations": Price(LEAF, 5, LEAF),
    }
