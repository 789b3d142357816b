"""What of a query is left to graphql-core, and what resolvers are told of a query."""

from typing import Any

from graphql import GraphQLAbstractType, GraphQLSchema
from strawberry.execution.is_awaitable import optimized_is_awaitable


class NotCovered(Exception):
    """This execution is graphql-core's: it has an error, or a value of a rare kind."""


class NeverCovered(NotCovered):
    """Every execution of this operation is graphql-core's."""


class QueryInfo:
    """Strawberry's `Info`, as far as resolvers need it here: the context of the request.

    Any other attribute raises AttributeError, and so the query is left to graphql-core.
    """

    __slots__ = ("common", "context", "given")

    def __init__(self, context: Any, given: dict[str, Any]) -> None:
        self.context = context
        self.given = given
        """The coerced variables."""
        self.common: dict[Any, dict[Any, tuple[Any, dict[str, Any]]]] = {}
        """The parts of the answer that many objects have in common, by selection."""


class TypeInfo:
    """What a resolver of types may ask about its field; anything else raises AttributeError."""

    __slots__ = ("field_name", "return_type", "schema")

    def __init__(
        self, field_name: str, return_type: GraphQLAbstractType | Any, schema: GraphQLSchema
    ) -> None:
        self.field_name, self.return_type, self.schema = field_name, return_type, schema

    def is_awaitable(self, value: Any) -> bool:
        return optimized_is_awaitable(value)
