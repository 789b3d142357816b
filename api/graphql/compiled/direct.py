"""Which fields are told straight from what an object holds, without the objects between?

A type may say so by `DIRECT`: for a field without arguments, the function that tells its part of
the answer, as it stands there. Behind a field with a selection stand the values of some fields of
the objects; any other selection is compiled as it is everywhere.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from graphql import (
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    get_nullable_type,
    is_list_type,
    is_object_type,
)
from graphql.execution.collect_fields import FieldDetails, GroupedFieldSet

from api.graphql.compiled.common import origin_of, python_name
from api.graphql.compiled.coverage import QueryInfo

Tell = Callable[[Any, Any], Any]
"""From the object around and the context of the request to a part of the answer."""


class ToldObjects(NamedTuple):
    """How the objects behind a field are told."""

    tell: Tell
    """The values of these fields by their names in Python, None for no object; of a list, the
    values for each object."""
    fields: frozenset[str]


Direct = Mapping[str, Tell | ToldObjects]
"""By the names of the fields in Python."""


def direct_field(
    schema: GraphQLSchema,
    parent: GraphQLObjectType,
    details: list[FieldDetails],
    below: Callable[[GraphQLObjectType, list[FieldDetails]], GroupedFieldSet],
    count: Callable[[int], None],
) -> Callable[[Any, QueryInfo], Any] | None:
    """The part of the answer for a field; None where the field is not told like that. `count` is
    told how many fields are compiled with it."""
    direct: Direct = getattr(origin_of(parent), "DIRECT", {})
    told = direct.get(python_name(schema, parent, details) or "")
    if told is None:
        return None
    if not isinstance(told, ToldObjects):
        tell = told
        return lambda source, info: tell(source, info.context)
    kind = schema.get_field(parent, details[0].node.name.value).type  # type: ignore[union-attr]
    named = get_named_type(kind)
    if not is_object_type(named):
        return None
    asked = [
        (name, python_name(schema, named, each)) for name, each in below(named, details).items()
    ]
    if any(name not in told.fields for _, name in asked):
        return None
    count(len(asked))
    many = is_list_type(get_nullable_type(kind))
    return _all_told(told.tell, asked) if many else _told(told.tell, asked)


def _told(tell: Tell, asked: list[tuple[str, Any]]) -> Callable[[Any, QueryInfo], Any]:
    def field(source: Any, info: QueryInfo) -> Any:
        values = tell(source, info.context)
        return None if values is None else {shown: values[name] for shown, name in asked}

    return field


def _all_told(tell: Tell, asked: list[tuple[str, Any]]) -> Callable[[Any, QueryInfo], Any]:
    def field(source: Any, info: QueryInfo) -> Any:
        each = tell(source, info.context)
        return [{shown: values[name] for shown, name in asked} for values in each]

    return field
