"""Is every field of a document known to the schema? Two looks, before the dear validation.

The first is at the text alone: to parse hundreds of unknown fields takes twice the time that a
refusal may cost.
"""

import re
from collections.abc import Iterator
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLEnumType,
    GraphQLError,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    get_named_type,
    is_composite_type,
)
from graphql.pyutils import did_you_mean, suggestion_list

_FEW = 20
"""A text with so few unknown names is parsed: the error then says what was meant."""
_KEYWORDS = frozenset(
    ["query", "mutation", "subscription", "fragment", "on", "true", "false", "null"]
)
_OWN = re.compile(r"\.\.\.\s*\w+|\b(?:query|mutation|subscription|fragment)\s+\w+|\$\s*\w+|\w+\s*:")
"""Names that a document gives itself, and those of arguments."""
_NAME = re.compile(r"\b[A-Za-z_]\w*")


def names_of(schema: GraphQLSchema) -> frozenset[str]:
    """Every name that may stand in a document of the schema."""
    return frozenset(_names(schema)) | _KEYWORDS


def _names(schema: GraphQLSchema) -> Iterator[str]:
    yield from ("__typename", "__schema", "__type")
    yield from (each.name for each in schema.directives)
    for name, each in schema.type_map.items():
        yield name
        if isinstance(each, GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType):
            yield from each.fields
        elif isinstance(each, GraphQLEnumType):
            yield from each.values


def refuse_unknown_names(code: str, known: frozenset[str]) -> None:
    """Refuses a document, without comments and quoted texts, with many names unknown to the schema.
    Raises GraphQLError."""
    unknown = [name for name in _NAME.findall(_OWN.sub(" ", code)) if name not in known]
    if len(unknown) > _FEW:
        raise GraphQLError(
            f"The schema has no {unknown[0][:60]!r}, and {len(unknown) - 1:,} more names of the "
            "document are unknown too; ask for fields of the schema."
        )


def unknown_field(schema: GraphQLSchema, document: DocumentNode) -> GraphQLError | None:
    """The first unknown field, if any; one error costs little, six hundred cost half a second.

    What stands below a wrong type or fragment is left to validation.
    """
    waiting: list[tuple[Any, Any]] = []
    for each in document.definitions:
        if isinstance(each, OperationDefinitionNode):
            waiting.append((each.selection_set, schema.get_root_type(each.operation)))
        elif isinstance(each, FragmentDefinitionNode):
            waiting.append((each.selection_set, _named(schema, each.type_condition.name.value)))
    while waiting:
        selected, parent = waiting.pop()
        if parent is None or selected is None:
            continue
        for node in selected.selections:
            if isinstance(node, FieldNode):
                found = schema.get_field(parent, node.name.value)
                if found is None:
                    return _error(node, parent)
                inner = get_named_type(found.type)
                waiting.append((node.selection_set, inner if is_composite_type(inner) else None))
            elif isinstance(node, InlineFragmentNode):
                condition = node.type_condition
                on = _named(schema, condition.name.value) if condition else parent
                waiting.append((node.selection_set, on))
    return None


def _named(schema: GraphQLSchema, name: str) -> Any:
    found = schema.type_map.get(name)
    return found if is_composite_type(found) else None


def _error(node: FieldNode, parent: Any) -> GraphQLError:
    name = node.name.value
    hint = did_you_mean(suggestion_list(name[:60], list(getattr(parent, "fields", ()))))
    return GraphQLError(f"Cannot query field {name[:60]!r} on type {parent.name!r}.{hint}", node)
