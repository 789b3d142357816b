"""How does the value of a resolver become part of the answer?

Scalars and enums by the schema's own serialisers, objects by their fields. An exception, an
awaitable, and null where none may be raise NotCovered: they are graphql-core's.
"""

from collections.abc import AsyncIterable, Callable
from inspect import iscoroutine
from math import isfinite
from types import GeneratorType
from typing import Any

from graphql import (
    GRAPHQL_MAX_INT,
    GRAPHQL_MIN_INT,
    GraphQLAbstractType,
    GraphQLBoolean,
    GraphQLEnumType,
    GraphQLFloat,
    GraphQLID,
    GraphQLInt,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLString,
    Undefined,
    get_nullable_type,
    is_object_type,
)
from graphql.pyutils import is_iterable
from strawberry.execution.is_awaitable import optimized_is_awaitable
from strawberry.schema.schema_converter import CustomGraphQLEnumType, GraphQLCoreConverter
from strawberry.types.cast import TYPE_CAST_ATTRIBUTE

from api.graphql.compiled.coverage import NeverCovered, NotCovered, QueryInfo, TypeInfo

Complete = Callable[[Any, QueryInfo], Any]
"""From the value of a resolver to its part of the answer."""
_AS_THEY_ARE = {GraphQLString: str, GraphQLID: str, GraphQLBoolean: bool}
"""The scalars of GraphQL that leave these values as they are."""
_DEFINITION = GraphQLCoreConverter.DEFINITION_BACKREF


class PlainTypes(set[type]):
    """The types of values seen so far that are neither exceptions nor awaitable."""

    def look_at(self, value: Any) -> None:
        """Raises NotCovered and NeverCovered."""
        if isinstance(value, Exception):
            raise NotCovered
        if optimized_is_awaitable(value):
            if iscoroutine(value):
                value.close()  # else Python warns that nobody awaited it
            raise NeverCovered
        if not isinstance(value, GeneratorType):
            self.add(type(value))


def nullable(complete: Complete, plain: PlainTypes) -> Complete:
    def completed(value: Any, info: QueryInfo) -> Any:
        if value is None or value is Undefined:
            return None
        if type(value) not in plain:
            plain.look_at(value)
        return complete(value, info)

    return completed


def not_null(complete: Complete, plain: PlainTypes) -> Complete:
    def completed(value: Any, info: QueryInfo) -> Any:
        if value is None or value is Undefined:
            raise NotCovered
        if type(value) not in plain:
            plain.look_at(value)
        return complete(value, info)

    return completed


def leaf(kind: Any, complete: Complete) -> Complete:
    """The same, for values that a scalar of GraphQL leaves as they are without a further look."""
    as_it_is = _AS_THEY_ARE.get(get_nullable_type(kind))
    if as_it_is is None:
        return complete

    def completed(value: Any, info: QueryInfo) -> Any:
        return value if type(value) is as_it_is else complete(value, info)

    return completed


def scalar(kind: Any) -> Complete:
    coerce = kind.coerce_output_value
    if kind is GraphQLFloat:
        return _float
    if kind is GraphQLInt:
        return _int

    def completed(value: Any, info: QueryInfo) -> Any:
        found = coerce(value)
        if found is None or found is Undefined:
            raise NotCovered
        return found

    return completed


def _int(value: Any, info: QueryInfo) -> Any:
    if type(value) is int and GRAPHQL_MIN_INT <= value <= GRAPHQL_MAX_INT:
        return value
    found = GraphQLInt.coerce_output_value(value)
    if found is None or found is Undefined:
        raise NotCovered
    return found


def _float(value: Any, info: QueryInfo) -> Any:
    if type(value) is float and isfinite(value):
        return value
    found = GraphQLFloat.coerce_output_value(value)
    if found is None or found is Undefined:
        raise NotCovered
    return found


def enum(kind: GraphQLEnumType) -> Complete:
    """The schema's serialiser searches a member among all; its finds are kept here."""
    if not isinstance(kind, CustomGraphQLEnumType):
        return scalar(kind)
    members: type[Any] = kind.wrapped_cls
    coerce = scalar(kind)
    names: dict[str, Any] = {}

    def completed(value: Any, info: QueryInfo) -> Any:
        if type(value) is not members:
            return coerce(value, info)
        found = names.get(value._name_)
        if found is None:
            found = names[value._name_] = coerce(value, info)
        return found

    return completed


def items(complete: Complete) -> Complete:
    """A list; `complete` judges each item."""

    def completed(value: Any, info: QueryInfo) -> Any:
        if type(value) is not list and type(value) is not tuple:
            if isinstance(value, AsyncIterable):
                raise NeverCovered
            if not is_iterable(value):
                raise NotCovered
        return [complete(each, info) for each in value]

    return completed


def object_of(
    kind: GraphQLObjectType, select: Complete, told: TypeInfo, plain: PlainTypes
) -> Complete:
    """An object; where the schema can tell whether the value is one, it is asked once for each
    class of values."""
    is_type_of = kind.is_type_of
    if is_type_of is None:
        return select
    definition = kind.extensions.get(_DEFINITION)
    is_by_class = definition is not None and definition.is_type_of is None
    known: set[type] = set()

    def completed(value: Any, info: QueryInfo) -> Any:
        if type(value) not in known or hasattr(value, TYPE_CAST_ATTRIBUTE):
            is_one: Any = is_type_of(value, told)  # type: ignore[arg-type]
            if is_one is not True:
                plain.look_at(is_one)
                raise NotCovered
            if is_by_class and not hasattr(value, TYPE_CAST_ATTRIBUTE):
                known.add(type(value))
        return select(value, info)

    return completed


def abstract(
    kind: GraphQLAbstractType,
    object_named: Callable[[str], Complete],
    told: TypeInfo,
    plain: PlainTypes,
) -> Complete:
    """An interface or a union; what is selected of each type is compiled when the first such value
    comes."""
    resolve = kind.resolve_type
    if resolve is None:
        raise NeverCovered
    definition = kind.extensions.get(_DEFINITION)
    is_by_class = getattr(definition, "resolve_type", None) is None
    base = getattr(definition, "origin", object)
    by_class: dict[type, Complete] = {}
    by_name: dict[str, Complete] = {}

    def completed(value: Any, info: QueryInfo) -> Any:
        known = by_class.get(type(value))
        if known is not None and not hasattr(value, TYPE_CAST_ATTRIBUTE):
            return known(value, info)
        name: Any = resolve(value, told, kind)  # type: ignore[arg-type]
        if not isinstance(name, str):
            plain.look_at(name)
            raise NotCovered
        if name not in by_name:
            by_name[name] = object_named(name)
        if is_by_class and isinstance(value, base) and _is_told_by_class(value):
            by_class[type(value)] = by_name[name]
        return by_name[name](value, info)

    return completed


def _is_told_by_class(value: Any) -> bool:
    """Whether any other value of the class is of the same type."""
    definition = getattr(type(value), "__strawberry_definition__", None)
    if definition is None or hasattr(value, TYPE_CAST_ATTRIBUTE):
        return False
    return definition.origin is type(value) and not definition.is_graphql_generic


def possible(schema: GraphQLSchema, kind: GraphQLAbstractType, name: str) -> GraphQLObjectType:
    """The type of that name, if values of the abstract type may have it. Raises NotCovered."""
    found = schema.get_type(name)
    if not is_object_type(found) or not schema.is_sub_type(kind, found):
        raise NotCovered
    return found
