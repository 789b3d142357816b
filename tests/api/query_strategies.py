"""Queries about the scenario, drawn from a schema: any fields, arguments, fragments, directives."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    get_named_type,
    get_nullable_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
    is_required_argument,
    is_required_input_field,
)
from hypothesis import strategies as st

Values = Mapping[str, list[Any]]
"""Values of arguments, by "field.argument", by the name of the argument, or by the type."""
Path = tuple[str, ...]
"""The fields that lead from Query to an object."""
NONSENSE = [None, 7, -1, 2**40, 1.5, True, "", "nonsense", [], ["x"], {}, {"x": 1}]


@dataclass
class Drawn:
    """A document under way."""

    draw: st.DrawFn
    schema: GraphQLSchema
    values: Values
    declared: list[str] = field(default_factory=list)
    variables: dict[str, Any] = field(default_factory=dict)
    fragments: list[str] = field(default_factory=list)
    left: int = 30
    number: int = 0

    def chance(self, one_in: int) -> bool:
        return self.draw(st.integers(1, one_in)) == 1

    def name(self, letter: str) -> str:
        self.number += 1
        return f"{letter}{self.number}"

    # ---- selections --------------------------------------------------------------------------

    def selection(self, kind: Any, depth: int, path: Path = ()) -> str:
        """A selection of the type, along the path first."""
        parts = ["__typename"]
        if path:
            parts.append(self.field(kind, path[0], depth, path[1:]))
        fields = [] if isinstance(kind, GraphQLUnionType) else [*kind.fields]
        for _ in range(self.draw(st.integers(1, 5))):
            if self.left <= 0:
                break
            parts.append(self.part(kind, fields, depth))
        if self.chance(8):
            parts.append(f"{self.name('t')}: __typename")
        return "{ " + " ".join(parts) + " }"

    def part(self, kind: Any, fields: list[str], depth: int) -> str:
        self.left -= 1
        if depth > 0 and (not fields or self.chance(5)):
            return self.fragment(kind, depth)
        if not fields:
            return "__typename"
        asked = self.draw(st.sampled_from(fields))
        if depth <= 0 and not is_leaf_type(get_named_type(kind.fields[asked].type)):
            return "__typename"
        return self.field(kind, asked, depth)

    def field(self, kind: Any, asked: str, depth: int, path: Path = ()) -> str:
        found = kind.fields[asked]
        given = [
            f"{name}: {text}"
            for name, each in found.args.items()
            if is_required_argument(each) or self.chance(3)
            if (text := self.argument(f"{asked}.{name}", each.type)) is not None
        ]
        alias = f"{self.name('a')}: " if given or self.chance(6) else ""
        below = get_named_type(found.type)
        selected = "" if is_leaf_type(below) else self.selection(below, depth - 1, path)
        arguments = f"({', '.join(given)})" if given else ""
        return f"{alias}{asked}{arguments}{self.directive()} {selected}"

    def fragment(self, kind: Any, depth: int) -> str:
        on = self.draw(st.sampled_from(self._fitting(kind)))
        selected = self.selection(on, depth - 1)
        if self.chance(2):
            return f"... on {on.name}{self.directive()} {selected}"
        name = self.name("F")
        self.fragments.append(f"fragment {name} on {on.name} {selected}")
        again = f" ...{name}" if self.chance(3) else ""
        return f"...{name}{self.directive()}{again}"

    def _fitting(self, kind: Any) -> list[Any]:
        if isinstance(kind, GraphQLInterfaceType | GraphQLUnionType):
            concrete = [*self.schema.get_possible_types(kind)]
            shared = {each for one in concrete for each in one.interfaces}
            return [*concrete, *sorted(shared, key=lambda each: each.name)]
        return [kind, *kind.interfaces]

    def directive(self) -> str:
        if not self.chance(8):
            return ""
        word = self.draw(st.sampled_from(["skip", "include"]))
        if self.chance(3):
            return f" @{word}(if: {self.draw(st.sampled_from(['true', 'false']))})"
        name = self.name("v")
        self.declared.append(f"${name}: Boolean!")
        if not self.chance(40):
            self.variables[name] = self.draw(st.booleans())
        return f" @{word}(if: ${name})"

    # ---- arguments ---------------------------------------------------------------------------

    def argument(self, where: str, kind: Any) -> str | None:
        """The text of a value: a literal, a variable, or a literal with variables in it."""
        if self.chance(2):
            return self.variable(where, kind)
        inner: Any = get_nullable_type(kind)
        if not is_non_null_type(kind) and self.chance(12):
            return "null"
        is_known = where in self.values or where.split(".")[-1] in self.values
        if isinstance(inner, GraphQLInputObjectType) and not is_known:
            given = [
                f"{name}: {text}"
                for name, each in inner.fields.items()
                if is_required_input_field(each) or self.chance(4)
                if (text := self.argument(f"{where}.{name}", each.type)) is not None
            ]
            return "{" + ", ".join(given) + "}"
        if is_list_type(inner) and not is_known:
            times = self.draw(st.integers(0, 2))
            items = [self.argument(where, inner.of_type) for _ in range(times)]
            return f"[{', '.join(each for each in items if each is not None)}]"
        return literal(self.value(where, inner), inner)

    def variable(self, where: str, kind: Any) -> str:
        name, optional = self.name("v"), not is_non_null_type(kind)
        declared = f"${name}: {kind}"
        value = self.value(where, kind)
        if self.chance(8) and is_leaf_type(get_nullable_type(kind)):
            declared = (
                f"${name}: {get_nullable_type(kind)} = {literal(value, get_nullable_type(kind))}"
            )
            optional = True
        self.declared.append(declared)
        if self.chance(80):
            value = self.draw(st.sampled_from(NONSENSE))
        if not (optional and self.chance(4)):
            self.variables[name] = None if optional and self.chance(6) else value
        return f"${name}"

    def value(self, where: str, kind: Any) -> Any:
        """A value as JSON."""
        inner: Any = get_nullable_type(kind)
        for key in (where, where.split(".")[-1]):
            if key in self.values:
                return self.draw(st.sampled_from(self.values[key]))
        if is_list_type(inner):
            return [self.value(where, inner.of_type) for _ in range(self.draw(st.integers(0, 2)))]
        if isinstance(inner, GraphQLInputObjectType):
            return {
                name: self.value(f"{where}.{name}", each.type)
                for name, each in inner.fields.items()
                if is_required_input_field(each) or self.chance(4)
            }
        if isinstance(inner, GraphQLEnumType):
            return self.draw(st.sampled_from([*inner.values]))
        return self.draw(st.sampled_from(self.values[inner.name]))


def literal(value: Any, kind: Any) -> str:
    """The value as GraphQL writes it."""
    inner: Any = get_nullable_type(kind)
    if value is None:
        return "null"
    if is_list_type(inner) and isinstance(value, list):
        return f"[{', '.join(literal(each, inner.of_type) for each in value)}]"
    if isinstance(inner, GraphQLInputObjectType):
        given = (
            f"{name}: {literal(each, inner.fields[name].type)}" for name, each in value.items()
        )
        return "{" + ", ".join(given) + "}"
    return str(value) if isinstance(inner, GraphQLEnumType) else json.dumps(value)


@dataclass(frozen=True)
class Query:
    text: str
    variables: dict[str, Any]
    path: Path


def queries(schema: GraphQLSchema, values: Values) -> st.SearchStrategy[Query]:
    """Queries that lead to every kind of object, and from there anywhere."""
    paths = sorted(set(paths_to(schema).values()))

    @st.composite
    def query(draw: st.DrawFn) -> Query:
        drawn = Drawn(draw, schema, values)
        path = draw(st.sampled_from(paths))
        selected = drawn.selection(schema.query_type, len(path) + 2, path)
        declared = f"({', '.join(drawn.declared)})" if drawn.declared else ""
        text = "\n".join([f"query {declared} {selected}", *drawn.fragments])
        return Query(text, drawn.variables, path)

    return query()


def paths_to(schema: GraphQLSchema) -> dict[str, Path]:
    """The shortest way from Query to each type of objects."""
    assert schema.query_type is not None
    found: dict[str, Path] = {schema.query_type.name: ()}
    waiting: list[Any] = [schema.query_type]
    for kind in waiting:
        below = [(name, get_named_type(each.type)) for name, each in kind.fields.items()]
        for name, each in below:
            if (
                isinstance(each, GraphQLObjectType | GraphQLInterfaceType)
                and each.name not in found
            ):
                found[each.name] = (*found[kind.name], name)
                waiting.append(each)
    return found


def every_field(schema: GraphQLSchema, values: Values, path: Path) -> str:
    """All leaves of all objects at the end of a path, and of the objects right below."""
    kinds: list[Any] = [schema.query_type]
    for name in path:
        kinds.append(get_named_type(kinds[-1].fields[name].type))
    text = _leaves(schema, values, kinds[-1], depth=1)
    for kind, name in zip(reversed(kinds[:-1]), reversed(path), strict=True):
        text = f"{{ {_call(values, kind, name)} {text} }}"
    return text


def _leaves(schema: GraphQLSchema, values: Values, kind: Any, *, depth: int) -> str:
    parts = ["__typename"]
    is_many = isinstance(kind, GraphQLInterfaceType | GraphQLUnionType)
    if isinstance(kind, GraphQLUnionType) and not depth:
        return "{ __typename }"
    for on in schema.get_possible_types(kind) if is_many and depth else (kind,):
        found = []
        for name, each in on.fields.items():
            below = get_named_type(each.type)
            alias = f"{on.name}_{name}: "
            if is_leaf_type(below):
                found.append(f"{alias}{_call(values, on, name)}")
            elif depth:
                inner = _leaves(schema, values, below, depth=depth - 1)
                found.append(f"{alias}{_call(values, on, name)} {inner}")
        if found:
            parts.append(f"... on {on.name} {{ {' '.join(found)} }}")
    return "{ " + " ".join(parts) + " }"


def _call(values: Values, kind: Any, name: str) -> str:
    """The field, with the first value of every argument that it needs, and of the length."""
    given = []
    for argument, each in kind.fields[name].args.items():
        if is_required_argument(each) or argument == "first":
            given.append(f"{argument}: {_first(values, f'{name}.{argument}', each.type)}")
    return f"{name}({', '.join(given)})" if given else name


def _first(values: Values, where: str, kind: Any) -> str:
    inner: Any = get_nullable_type(kind)
    if isinstance(inner, GraphQLInputObjectType) and where not in values:
        needed = {
            name: each for name, each in inner.fields.items() if is_required_input_field(each)
        }
        given = [
            f"{name}: {_first(values, f'{where}.{name}', each.type)}"
            for name, each in needed.items()
        ]
        return "{" + ", ".join(given) + "}"
    for key in (where, where.split(".")[-1], str(inner)):
        if key in values:
            return literal(values[key][0], inner)
    raise KeyError(where)
