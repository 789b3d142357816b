"""Answers: is the GraphQL contract what frontends are built against?"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLUnionType,
    build_client_schema,
    build_schema,
    find_schema_changes,
    get_introspection_query,
    is_required_argument,
    is_specified_scalar_type,
)

from api.schema import contract
from domain.events import EVENT_TYPES, RecordKeeping, SituationEvent
from tests.api.server import Server

REQUIRED = (Path(__file__).parent / "required.graphql").read_text()
"""The part of the design's contract that must be there by now."""

SELF_EVIDENT = {
    *("id", "slug", "name", "title", "text", "url", "kind", "reason", "aliases", "codes"),
    *("code", "scheme", "scale", "precision", "language", "script", "latitude", "longitude"),
    "contentHash",
}
"""Fields whose name says it all."""


@pytest.fixture(scope="module")
def ours() -> GraphQLSchema:
    return contract.schema()._schema


@pytest.fixture(scope="module")
def required() -> GraphQLSchema:
    return build_schema(REQUIRED)


def test_the_exported_schema_is_the_schema() -> None:
    exported, meant = contract.FILE.read_text(), f"{contract.schema().as_str()}\n"
    assert exported == meant, "the schema has changed; run: python -m api.schema.contract"


def test_the_exported_schema_can_be_built(ours: GraphQLSchema) -> None:
    built = build_schema(contract.FILE.read_text())
    assert set(built.type_map) == set(ours.type_map)


def test_the_server_tells_its_schema_to_whoever_asks(empty_server: Server) -> None:
    told = build_client_schema(
        empty_server.ask(get_introspection_query(input_value_deprecation=True))
    )
    changes = find_schema_changes(build_schema(contract.FILE.read_text()), told)
    # The exported directive has lost the description that every schema gives it.
    assert [each for each in changes if "@oneOf" not in each.description] == []


def test_scalars_that_others_specify_say_where(ours: GraphQLSchema) -> None:
    told = {
        name: each.specified_by_url
        for name, each in ours.type_map.items()
        if isinstance(each, GraphQLScalarType) and not is_specified_scalar_type(each)
    }
    rfc = "https://www.rfc-editor.org/rfc/rfc3339"
    assert told == {"DateTime": rfc, "Date": rfc, "Moment": None, "When": None, "Count": None}


def test_nothing_of_the_contract_is_missing(ours: GraphQLSchema, required: GraphQLSchema) -> None:
    assert list(_broken_promises(required, ours)) == []


@pytest.mark.parametrize(
    ("weaker", "complaint"),
    [
        ("type Query { a: Int }", "Query.a is Int, not Int!"),
        ("type Query { a: Int! b(c: Int!): Int }", "Query.b(c) is Int!, not Int"),
        ("type Query { a: Int! b(d: Int): Int }", "Query.b(c) is missing"),
        ("type Query { a: Int! b(c: Int, d: Int!): Int }", "Query.b(d) is asked for"),
        ("type Query { b(c: Int): Int }", "Query.a is missing"),
    ],
)
def test_a_broken_promise_is_noticed(weaker: str, complaint: str) -> None:
    promised = build_schema("type Query { a: Int! b(c: Int): Int }")
    assert complaint in list(_broken_promises(promised, build_schema(weaker)))


@pytest.mark.parametrize("name", EVENT_TYPES)
def test_every_event_has_a_type_and_a_mutation(ours: GraphQLSchema, name: str) -> None:
    shown = ours.get_type(name)
    assert isinstance(shown, GraphQLObjectType)
    assert {each.name for each in shown.interfaces} == {"Event", "Node"}
    assert ours.mutation_type is not None
    mutation = ours.mutation_type.fields[_command_for(name)]
    assert str(mutation.args["input"].type) == f"{name}Input!"


def test_every_field_of_an_event_can_be_given_and_is_shown(ours: GraphQLSchema) -> None:
    for name, event_type in EVENT_TYPES.items():
        fields = {_camel(field) for field in event_type.model_fields}
        shown, given = ours.get_type(name), ours.get_type(f"{name}Input")
        assert isinstance(shown, GraphQLObjectType)
        assert isinstance(given, GraphQLInputObjectType)
        assert fields <= set(shown.fields)
        # A correction says itself what replaces the event.
        assert fields - {"replacedBy"} == set(given.fields)


def test_every_mutation_is_answered_by_a_union_of_its_own(ours: GraphQLSchema) -> None:
    assert ours.mutation_type is not None
    for name, field in ours.mutation_type.fields.items():
        union = field.type  # null where it is not known what became of the request
        assert isinstance(union, GraphQLUnionType)
        assert union.name == f"{name[0].upper()}{name[1:]}Result"
        assert [each.name for each in union.types] == ["Recorded", "Refused"]


def test_everything_is_described_in_a_sentence(ours: GraphQLSchema) -> None:
    silent = [
        place
        for place, name, description in _descriptions(ours)
        if name not in SELF_EVIDENT and not _is_a_sentence(description)
    ]
    assert silent == []


def _broken_promises(required: GraphQLSchema, ours: GraphQLSchema) -> Iterator[str]:
    for name, promised in required.type_map.items():
        if name.startswith("__"):
            continue
        found = ours.type_map.get(name)
        if not isinstance(found, type(promised)):
            yield f"{name} is missing"
            continue
        yield from _broken_in(promised, found)


def _broken_in(promised: GraphQLNamedType, found: Any) -> Iterator[str]:
    name = promised.name
    match promised:
        case GraphQLEnumType():
            yield from (
                f"{name} lacks {value}" for value in promised.values if value not in found.values
            )
        case GraphQLUnionType():
            if [each.name for each in promised.types] != [each.name for each in found.types]:
                yield f"{name} is another union"
        case GraphQLInputObjectType():
            yield from _broken_inputs(name, promised.fields, found.fields, "{}.{}")
        case GraphQLObjectType() | GraphQLInterfaceType():
            interfaces = {each.name for each in found.interfaces}
            yield from (
                f"{name} is no {each.name}"
                for each in promised.interfaces
                if each.name not in interfaces
            )
            yield from _broken_fields(promised, found)


def _broken_fields(promised: Any, found: Any) -> Iterator[str]:
    for name, field in promised.fields.items():
        place = f"{promised.name}.{name}"
        if name not in found.fields:
            yield f"{place} is missing"
            continue
        if not _gives(str(found.fields[name].type), str(field.type)):
            yield f"{place} is {found.fields[name].type}, not {field.type}"
        arguments = found.fields[name].args
        yield from _broken_inputs(place, field.args, arguments, "{}({})")
        for argument in arguments.keys() - field.args.keys():
            if is_required_argument(arguments[argument]):
                yield f"{place}({argument}) is asked for"


def _broken_inputs(place: str, promised: Any, found: Any, form: str) -> Iterator[str]:
    for name, given in promised.items():
        where = form.format(place, name)
        if name not in found:
            yield f"{where} is missing"
        elif not _gives(str(given.type), str(found[name].type)):
            yield f"{where} is {found[name].type}, not {given.type}"


def _gives(what: str, where: str) -> bool:
    """Whether a value of that type can stand where the other is expected."""
    if where.endswith("!"):
        return what.endswith("!") and _gives(what[:-1], where[:-1])
    what = what.removesuffix("!")
    if where.startswith("["):
        return what.startswith("[") and _gives(what[1:-1], where[1:-1])
    return what == where


def _descriptions(ours: GraphQLSchema) -> Iterator[tuple[str, str, str | None]]:
    standard = {"Int", "Float", "String", "Boolean", "ID"}
    for name, each in ours.type_map.items():
        if name.startswith("__") or name in standard:
            continue
        yield name, name, each.description
        for field, shown in getattr(each, "fields", {}).items():
            yield f"{name}.{field}", field, shown.description
            for argument, given in getattr(shown, "args", {}).items():
                yield f"{name}.{field}({argument})", argument, given.description


def _is_a_sentence(text: str | None) -> bool:
    return bool(text) and text.strip()[0].isupper() and text.strip()[-1] in '.…")?'  # type: ignore[union-attr]


def _command_for(name: str) -> str:
    event_type = EVENT_TYPES[name]
    if issubclass(event_type, SituationEvent):
        return f"record{name}"
    verbs = {"Registered": "register", "Regraded": "regrade", "Filed": "file", "Ended": "end"}
    verbs["Amended"] = "amend"
    if issubclass(event_type, RecordKeeping):
        verbs = {"Retracted": "retract", "Reinstated": "reinstate"}
    ((past, verb),) = ((past, verb) for past, verb in verbs.items() if name.endswith(past))
    return f"{verb}{name.removesuffix(past)}"


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)
