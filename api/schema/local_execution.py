"""A GraphQL document, executed on this machine for a command."""

from collections.abc import Mapping
from typing import Any

from graphql import execute_sync, parse

from api.ids import with_plain_ids
from api.node import Node
from api.schema.context import Context, Principal
from api.schema.contract import schema
from api.schema.queries import TARGETS


def executed(
    node: Node, document: str, variables: Mapping[str, Any], *, scopes: frozenset[str] = frozenset()
) -> dict[str, Any]:
    """The data of the answer, with plain ids. Raises the first refusal."""
    answer = execute_sync(
        schema()._schema,
        parse(document),
        context_value=Context(node, Principal("command line", scopes), TARGETS),
        variable_values={**variables},
    )
    if answer.errors:
        raise answer.errors[0].original_error or answer.errors[0]
    assert answer.data is not None, "a document without errors has data"
    found: dict[str, Any] = with_plain_ids(answer.data)
    return found
