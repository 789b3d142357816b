"""Which fields of an object are asked for, and what is each? Collected by graphql-core, once.

What is selected of an object is compiled when the first such object comes: a list that is always
empty costs nothing, and a document as much as its answers need.
"""

from collections.abc import Callable, Hashable
from typing import Any

import strawberry
from graphql import (
    DirectiveNode,
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLField,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    OperationDefinitionNode,
    SchemaMetaFieldDef,
    TypeMetaFieldDef,
    TypeNameMetaFieldDef,
    VariableNode,
    get_named_type,
    is_abstract_type,
    is_enum_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
    is_object_type,
    is_scalar_type,
)
from graphql.execution.collect_fields import (
    FieldDetails,
    FragmentDetails,
    GroupedFieldSet,
    collect_fields,
    collect_subfields,
)
from graphql.execution.values import VariableValues

from api.graphql.compiled import values
from api.graphql.compiled.arguments import ArgumentCompiler
from api.graphql.compiled.common import first_in_common, key_in_common, python_name
from api.graphql.compiled.coverage import NeverCovered, QueryInfo, TypeInfo
from api.graphql.compiled.direct import direct_field
from api.graphql.compiled.resolvers import Field, ResolverCompiler
from api.graphql.compiled.values import Complete, PlainTypes

_DIRECTIVES = ("skip", "include")


class SchemaCompiler:
    """What the compiled queries of one schema share."""

    def __init__(self, schema: strawberry.Schema) -> None:
        self.schema: GraphQLSchema = schema._schema
        self.plain = PlainTypes({bool, int, float, str, bytes, list, tuple, dict})
        has_handlers = bool(schema.schema_converter.exception_handlers)
        self.resolvers = ResolverCompiler(ArgumentCompiler(schema), has_handlers=has_handlers)
        self.leaves: dict[int, Field] = {}
        """The fields without a selection and given arguments, by the ids of their definitions: the
        same in every document."""


class OperationCompiler:
    """Compiles one operation for one choice of what is skipped and included."""

    def __init__(
        self,
        shared: SchemaCompiler,
        document: DocumentNode,
        operation: OperationDefinitionNode,
        conditions: dict[str, Any],
        most_fields: int,
    ) -> None:
        self.shared, self._operation, self._most_fields = shared, operation, most_fields
        self.fields_compiled = 0
        self._variables = VariableValues({}, conditions)
        self._fragments = {
            each.name.value: FragmentDetails(each)
            for each in document.definitions
            if isinstance(each, FragmentDefinitionNode)
        }

    def root(self) -> "SelectedFields":
        kind = self.shared.schema.query_type
        assert kind is not None, "a valid query has a type"
        found = collect_fields(
            self.shared.schema, self._fragments, self._variables, kind, self._operation
        )
        return SelectedFields(self, kind, found.grouped_field_set)

    def below(self, kind: GraphQLObjectType, details: list[FieldDetails]) -> GroupedFieldSet:
        return collect_subfields(
            self.shared.schema, self._fragments, self._variables, self._operation, kind, details
        ).grouped_field_set

    def fields(self, kind: GraphQLObjectType, asked: GroupedFieldSet) -> list[tuple[str, Field]]:
        """Raises NeverCovered."""
        self._count(len(asked))
        return [(name, self._field(kind, details)) for name, details in asked.items()]

    def _count(self, fields: int) -> None:
        self.fields_compiled += fields
        if self.fields_compiled > self._most_fields:
            raise NeverCovered

    def _field(self, parent: GraphQLObjectType, details: list[FieldDetails]) -> Field:
        node = details[0].node
        found = self.shared.schema.get_field(parent, node.name.value)
        if found is TypeNameMetaFieldDef:
            name = parent.name
            return lambda source, info: name
        if found is None or found in (SchemaMetaFieldDef, TypeMetaFieldDef):
            raise NeverCovered
        direct = direct_field(self.shared.schema, parent, details, self.below, self._count)
        if direct is not None:
            return direct
        if node.arguments or not is_leaf_type(get_named_type(found.type)):
            return self._compiled(found, details)
        known = self.shared.leaves.get(id(found))
        if known is None:
            known = self.shared.leaves[id(found)] = self._compiled(found, details)
        return known

    def _compiled(self, found: GraphQLField, details: list[FieldDetails]) -> Field:
        node = details[0].node
        complete = self._completed(found.type, details, node.name.value)
        complete = values.leaf(found.type, complete)
        return self.shared.resolvers.compiled(found, node, complete)

    def _completed(
        self, kind: GraphQLOutputType, details: list[FieldDetails], field: str
    ) -> Complete:
        if is_non_null_type(kind):
            return values.not_null(self._value(kind.of_type, details, field), self.shared.plain)
        return values.nullable(self._value(kind, details, field), self.shared.plain)

    def _value(self, kind: Any, details: list[FieldDetails], field: str) -> Complete:
        if is_scalar_type(kind):
            return values.scalar(kind)
        if is_enum_type(kind):
            return values.enum(kind)
        if is_list_type(kind):
            return values.items(self._completed(kind.of_type, details, field))
        if is_object_type(kind):
            return self._object(kind, details, field)
        assert is_abstract_type(kind), "every output type is one of these"

        def object_named(name: str) -> Complete:
            found = values.possible(self.shared.schema, kind, name)
            return self._object(found, details, field)

        told = TypeInfo(field, kind, self.shared.schema)
        return values.abstract(kind, object_named, told, self.shared.plain)

    def _object(self, kind: GraphQLObjectType, details: list[FieldDetails], field: str) -> Complete:
        told = TypeInfo(field, kind, self.shared.schema)
        return values.object_of(kind, SelectedFields(self, kind, details), told, self.shared.plain)


class SelectedFields:
    """The fields asked of the objects of one type, at one place of a query."""

    __slots__ = ("_asked", "_common", "_fields", "_key", "_kind", "compiler")

    def __init__(
        self,
        compiler: OperationCompiler,
        kind: GraphQLObjectType,
        asked: GroupedFieldSet | list[FieldDetails],
    ) -> None:
        self.compiler, self._kind, self._asked = compiler, kind, asked
        self._fields: list[tuple[str, Field]] | None = None
        self._common: list[tuple[str, Field]] = []
        """The last fields, where many objects have the same values of them, told by the key."""
        self._key: Callable[[Any], Hashable] = id

    def __call__(self, source: Any, info: QueryInfo) -> dict[str, Any]:
        """The part of the answer. Raises NotCovered, and what resolvers raise."""
        fields = self._fields
        if fields is None:
            fields = self._fields = self._compiled()
        found = {}
        for name, field in fields:  # a comprehension would be one call more
            found[name] = field(source, info)
        if self._common:
            found.update(self._in_common(source, info))
        return found

    def _in_common(self, source: Any, info: QueryInfo) -> dict[str, Any]:
        """Made once for all objects of the answer with the same key."""
        known = info.common.get(self)
        if known is None:
            known = info.common[self] = {}
        key = self._key(source)
        made = known.get(key)
        if made is None:
            # The object is kept too: a key may hold identities of what it holds.
            made = known[key] = source, {name: field(source, info) for name, field in self._common}
        return made[1]

    def _compiled(self) -> list[tuple[str, Field]]:
        asked = self._asked
        if isinstance(asked, list):
            asked = self.compiler.below(self._kind, asked)
        fields = self.compiler.fields(self._kind, asked)
        names = [
            python_name(self.compiler.shared.schema, self._kind, each) for each in asked.values()
        ]
        first = first_in_common(self._kind, names)
        if first < len(names) - 1:
            key = key_in_common(self._kind, names[first:])
            self._common, self._key, fields = fields[first:], key, fields[:first]
        return fields


def conditions_of(document: DocumentNode, operation: OperationDefinitionNode) -> tuple[str, ...]:
    """The variables that say what is skipped and included. Raises NeverCovered for any other
    directive."""
    names: dict[str, None] = {}
    if operation.directives:
        raise NeverCovered
    for node in _selected(document):
        for directive in node.directives or ():
            names |= dict.fromkeys(_variables_of(directive))
    return tuple(names)


def _variables_of(directive: DirectiveNode) -> list[str]:
    if directive.name.value not in _DIRECTIVES:
        raise NeverCovered
    given = [each.value for each in directive.arguments or ()]
    return [each.name.value for each in given if isinstance(each, VariableNode)]


def _selected(document: DocumentNode) -> list[Any]:
    """Every field, spread and fragment of the document."""
    found: list[Any] = []
    for definition in document.definitions:
        if isinstance(definition, FragmentDefinitionNode):
            if definition.variable_definitions or definition.directives:
                raise NeverCovered
        waiting: list[Any] = [definition]
        while waiting:
            selected = getattr(waiting.pop(), "selection_set", None)
            below = selected.selections if selected else ()
            found += below
            waiting += below
    return found
