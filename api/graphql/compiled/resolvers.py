"""How is the resolver of a field called, without the object that Strawberry makes for each call?"""

from collections.abc import Callable
from operator import attrgetter
from typing import Any

from graphql import FieldNode, GraphQLField
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types.field import StrawberryField

from api.graphql.compiled.arguments import ArgumentCompiler, Arguments
from api.graphql.compiled.coverage import NeverCovered, QueryInfo
from api.graphql.compiled.values import Complete

Field = Callable[[Any, QueryInfo], Any]
"""From the object around to the part of the answer for one field."""


class ResolverCompiler:
    """Compiles calls of the resolvers of one schema."""

    def __init__(self, arguments: ArgumentCompiler, *, has_handlers: bool) -> None:
        self._arguments = arguments
        self._has_handlers = has_handlers

    def compiled(self, kind: GraphQLField, node: FieldNode, complete: Complete) -> Field:
        """Raises NeverCovered."""
        field = kind.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF)
        if not isinstance(field, StrawberryField) or not self._is_usual(field):
            raise NeverCovered
        if field.base_resolver is None:
            return _attribute(field, complete)
        given = self._arguments.compiled(field, kind, node)
        return _call(field, given, complete)

    def _is_usual(self, field: StrawberryField) -> bool:
        is_own = type(field).get_result is StrawberryField.get_result
        return is_own and not (
            field.extensions or field.is_async or field.is_subscription or self._has_handlers
        )


def _attribute(field: StrawberryField, complete: Complete) -> Field:
    if field.default_resolver is not getattr:
        raise NeverCovered
    get = attrgetter(field.python_name)

    def resolved(source: Any, info: QueryInfo) -> Any:
        return complete(get(source), info)

    return resolved


def _call(field: StrawberryField, given: Arguments | dict[str, Any], complete: Complete) -> Field:
    resolver = field.base_resolver
    assert resolver is not None, "a field without a resolver is an attribute"
    function, told = resolver.wrapped_func, resolver.info_parameter
    sources = (resolver.parent_parameter, resolver.root_parameter)
    if not callable(function) or any(sources):
        raise NeverCovered
    wants_self, wants_info = resolver.self_parameter is not None, told is not None
    if told is not None and told.name != "info":
        raise NeverCovered
    if callable(given):
        return _with_arguments(function, given, complete, wants_self, wants_info)
    if given:
        return _with_arguments(function, lambda _: {**given}, complete, wants_self, wants_info)
    return _without_arguments(function, complete, wants_self, wants_info)


def _without_arguments(
    function: Callable[..., Any], complete: Complete, wants_self: bool, wants_info: bool
) -> Field:
    if wants_self and wants_info:
        return lambda source, info: complete(function(source, info=info), info)
    if wants_self:
        return lambda source, info: complete(function(source), info)
    if wants_info:
        return lambda source, info: complete(function(info=info), info)
    return lambda source, info: complete(function(), info)


def _with_arguments(
    function: Callable[..., Any],
    given: Arguments,
    complete: Complete,
    wants_self: bool,
    wants_info: bool,
) -> Field:
    if wants_self and wants_info:
        return lambda source, info: complete(function(source, info=info, **given(info)), info)
    if wants_self:
        return lambda source, info: complete(function(source, **given(info)), info)
    if wants_info:
        return lambda source, info: complete(function(info=info, **given(info)), info)
    return lambda source, info: complete(function(**given(info)), info)
