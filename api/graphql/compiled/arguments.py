"""How do the arguments of a field and the variables of a request become Python values?

Coercion is that of graphql-core and of the schema's scalars, conversion that of Strawberry. What
depends on no variable is coerced once.
"""

from collections.abc import Callable
from enum import Enum
from typing import Any

import strawberry
from graphql import (
    FieldNode,
    GraphQLArgument,
    GraphQLField,
    GraphQLSchema,
    ListValueNode,
    ObjectValueNode,
    OperationDefinitionNode,
    Undefined,
    ValueNode,
    VariableDefinitionNode,
    VariableNode,
    get_nullable_type,
    is_input_object_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
    is_required_argument,
)
from graphql.execution.get_variable_signature import (
    GraphQLVariableSignature,
    get_variable_signature,
)
from graphql.execution.values import VariableValues, input_is_nested_too_deeply
from graphql.utilities import coerce_input_literal, coerce_input_value
from graphql.utilities.coerce_input_value import coerce_default_value
from strawberry.types.arguments import StrawberryArgument, convert_argument
from strawberry.types.field import StrawberryField

from api.graphql.compiled.coverage import NeverCovered, NotCovered, QueryInfo

Given = Callable[[QueryInfo], Any]
"""The value of one argument; Undefined where there is none."""
Arguments = Callable[[QueryInfo], dict[str, Any]]
Coerced = Callable[[dict[str, Any], dict[str, Any]], None]
"""Coerces one variable of a request into the coerced variables."""


# ---- variables -------------------------------------------------------------------------------


class Variables:
    """The variables of one operation."""

    def __init__(self, schema: GraphQLSchema, operation: OperationDefinitionNode) -> None:
        """Raises NeverCovered."""
        defined = operation.variable_definitions or ()
        self.names = frozenset(each.variable.name.value for each in defined)
        self._each = tuple(_variable(schema, one) for one in defined)

    def coerced(self, inputs: dict[str, Any]) -> dict[str, Any]:
        """The coerced values. Raises NotCovered, and what scalars raise."""
        found: dict[str, Any] = {}
        for each in self._each:
            each(inputs, found)
        return found


def _variable(schema: GraphQLSchema, defined: VariableDefinitionNode) -> Coerced:
    signature = get_variable_signature(schema, defined)
    if not isinstance(signature, GraphQLVariableSignature) or defined.directives:
        raise NeverCovered
    name, needed = signature.name, is_non_null_type(signature.type)
    coerce, default = _input(signature.type), _default_of(signature, defined.default_value)

    def coerced(inputs: dict[str, Any], found: dict[str, Any]) -> None:
        value = inputs.get(name, Undefined)
        if value is Undefined:
            if default is not None:
                found[name] = default()
            elif needed:
                raise NotCovered
        elif value is not None:
            value = coerce(value)
            if value is Undefined:
                raise NotCovered
            found[name] = value
        elif needed:
            raise NotCovered
        else:
            found[name] = None

    return coerced


def _default_of(
    signature: GraphQLVariableSignature, node: ValueNode | None
) -> Callable[[], Any] | None:
    if node is None:
        return None
    kind = signature.type
    value = coerce_input_literal(node, kind)
    if value is Undefined:
        raise NeverCovered
    return (lambda: value) if is_constant(value) else (lambda: coerce_input_literal(node, kind))


def _input(kind: Any) -> Callable[[Any], Any]:
    leaf = get_nullable_type(kind)
    if is_leaf_type(leaf):
        coerce: Callable[[Any], Any] = leaf.coerce_input_value
        return coerce

    def coerced(value: Any) -> Any:
        if input_is_nested_too_deeply(value, kind):
            raise NotCovered
        return coerce_input_value(value, kind)

    return coerced


# ---- arguments -------------------------------------------------------------------------------


class ArgumentCompiler:
    """Compiles the arguments of fields of one schema."""

    def __init__(self, schema: strawberry.Schema) -> None:
        self._config = schema.config
        self._registry = schema.schema_converter.scalar_registry

    def compiled(
        self, field: StrawberryField, kind: GraphQLField, node: FieldNode
    ) -> Arguments | dict[str, Any]:
        """The arguments as Python's, by the names of Python; a dict where they are constant.

        Raises NeverCovered.
        """
        nodes = {each.name.value: each.value for each in node.arguments or ()}
        constant: dict[str, Any] = {}
        varying: list[tuple[str, Given]] = []
        for each in field.arguments:
            name = self._config.name_converter.from_argument(each)
            given = self._converted(each, name, _given(kind.args[name], nodes.get(name)))
            if callable(given):
                varying.append((each.python_name, given))
            elif given[0] is not Undefined:
                constant[each.python_name] = given[0]
        return _all_of(constant, varying) if varying else constant

    def _converted(
        self, argument: StrawberryArgument, name: str, given: Given | tuple[Any]
    ) -> Given | tuple[Any]:
        """A tuple of the value, where it is constant."""
        kind, registry, config = argument.type, self._registry, self._config

        def converted(value: Any, info: Any = None) -> Any:
            return convert_argument(value, kind, registry, config, info, path=(name,))

        if _changes_nothing(converted):
            return given
        if not callable(given):
            value = given[0]
            if value is Undefined or is_constant(made := converted(value)):
                return (value if value is Undefined else made,)
            return lambda info: converted(value, info)

        def convert(info: QueryInfo) -> Any:
            value = given(info)
            return value if value is Undefined else converted(value, info)

        return convert


def _changes_nothing(converted: Callable[[Any], Any]) -> bool:
    """Whether Strawberry hands the value on as it is: that of a scalar or an enum."""
    probe = object()
    try:
        return converted(probe) is probe
    except Exception:  # noqa: BLE001 - a list or an object is expected
        return False


def _all_of(constant: dict[str, Any], varying: list[tuple[str, Given]]) -> Arguments:
    def arguments(info: QueryInfo) -> dict[str, Any]:
        found = {**constant}
        for name, given in varying:
            if (value := given(info)) is not Undefined:
                found[name] = value
        return found

    return arguments


def _given(argument: GraphQLArgument, node: ValueNode | None) -> Given | tuple[Any]:
    if argument.out_name is not None:
        raise NeverCovered
    default, needed = coerce_default_value(argument), is_required_argument(argument)
    if node is None:
        if needed:
            raise NeverCovered
        return (default,)
    if isinstance(node, VariableNode):
        return _variable_given(node.name.value, default, argument, needed=needed)
    if not _has_variables(node):
        value = coerce_input_literal(node, argument.type)
        if value is Undefined:
            raise NeverCovered
        if is_constant(value):
            return (value,)
    return _literal_given(node, argument.type)


def _variable_given(name: str, default: Any, argument: GraphQLArgument, *, needed: bool) -> Given:
    not_null = is_non_null_type(argument.type)

    def given(info: QueryInfo) -> Any:
        value = info.given.get(name, Undefined)
        if value is Undefined:
            if needed:
                raise NotCovered
            return default
        if value is None and not_null:
            raise NotCovered
        return value

    return given


def _literal_given(node: ValueNode, kind: Any) -> Given:
    _refuse_variables_in_scalars(node, kind)

    def given(info: QueryInfo) -> Any:
        value = coerce_input_literal(node, kind, VariableValues({}, info.given))
        if value is Undefined:
            raise NotCovered
        return value

    return given


def _refuse_variables_in_scalars(node: ValueNode, kind: Any) -> None:
    """graphql-core writes the value of such a variable as a literal first. Raises NeverCovered."""
    inner: Any = get_nullable_type(kind)
    if is_list_type(inner):
        for each in node.values if isinstance(node, ListValueNode) else (node,):
            _refuse_variables_in_scalars(each, inner.of_type)
    elif is_input_object_type(inner) and isinstance(node, ObjectValueNode):
        for pair in node.fields:
            if pair.name.value in inner.fields:
                _refuse_variables_in_scalars(pair.value, inner.fields[pair.name.value].type)
    elif not isinstance(node, VariableNode) and _has_variables(node):
        raise NeverCovered


def _has_variables(node: ValueNode) -> bool:
    waiting: list[Any] = [node]
    while waiting:
        each = waiting.pop()
        if isinstance(each, VariableNode):
            return True
        waiting += getattr(each, "values", None) or ()
        waiting += [pair.value for pair in getattr(each, "fields", None) or ()]
    return False


def is_constant(value: Any) -> bool:
    """Whether the value can be given to every request, since nobody can change it."""
    return value is None or isinstance(value, str | int | float | bytes | Enum)
