"""Is every field of a document known to the schema? One walk, before the dear validation."""

from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    get_named_type,
    is_composite_type,
)
from graphql.pyutils import did_you_mean, suggestion_list


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
