"""Which fields have the same values for many objects of a list?

A type may say so by `COMMON_FIELDS`, attributes and resolvers without arguments that follow from
few values, and by `common_key`, which makes from their names the function that tells objects apart.
Such fields are worked out once for each key in an answer, where they are the last ones asked.
"""

from collections.abc import Callable, Hashable, Sequence, Set
from typing import Any

from graphql import GraphQLObjectType, GraphQLSchema
from graphql.execution.collect_fields import FieldDetails
from strawberry.schema.schema_converter import GraphQLCoreConverter

_DEFINITION = GraphQLCoreConverter.DEFINITION_BACKREF


def python_name(
    schema: GraphQLSchema, kind: GraphQLObjectType, details: list[FieldDetails]
) -> str | None:
    """The name of the field in Python; None of a field of GraphQL's own."""
    found = schema.get_field(kind, details[0].node.name.value)
    field = found.extensions.get(_DEFINITION) if found else None
    return getattr(field, "python_name", None)


def first_in_common(kind: GraphQLObjectType, names: Sequence[str | None]) -> int:
    """From which field on all are common."""
    common: Set[str | None] = getattr(origin_of(kind), "COMMON_FIELDS", frozenset())
    first = len(names)
    while first and names[first - 1] in common:
        first -= 1
    return first


def key_in_common(
    kind: GraphQLObjectType, names: Sequence[str | None]
) -> Callable[[Any], Hashable]:
    key: Callable[[Any], Hashable] = origin_of(kind).common_key(names)
    return key


def origin_of(kind: GraphQLObjectType) -> Any:
    return getattr(kind.extensions.get(_DEFINITION), "origin", None)
