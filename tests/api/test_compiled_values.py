"""Answers: is a compiled query as exact as graphql-core about values, types and arguments?"""

import asyncio
import enum
import re
from dataclasses import dataclass
from typing import Annotated, Any, NewType

import pytest
import strawberry
from graphql import ExecutionResult
from strawberry.extensions import FieldExtension
from strawberry.schema.config import StrawberryConfig

from api.graphql.documents import Documents
from api.graphql.execution import Execution, Question
from api.graphql.limits import Limits

Odd = NewType("Odd", object)


def odd(value: Any) -> Any:
    if value == "bad":
        raise ValueError("it is bad")
    return None if value == "none" else value


@strawberry.enum
class Colour(enum.Enum):
    RED = "r"
    BLUE = strawberry.enum_value("b", name="AZURE")


@strawberry.interface
class Named:
    name: str


@strawberry.type
class Cat(Named):
    lives: int = 9

    @strawberry.field
    def friends(self) -> list["Named"]:
        return [Dog(name="Rex"), Cat(name=f"{self.name}'s friend")]


@strawberry.type
class Dog(Named):
    @strawberry.field
    def legs(self) -> str:
        return "four"


@strawberry.type
class Stone:
    grams: float | None = None

    @classmethod
    def is_type_of(cls, value: Any, info: Any) -> bool:
        return isinstance(value, Stone | dict)


Anything = Annotated[Cat | Dog | Stone, strawberry.union("Anything")]


@strawberry.input
class Wish:
    name: str
    many: int = 2
    tags: list[str] = strawberry.field(default_factory=lambda: ["x"])
    colour: Colour | None = None
    within: "Wish | None" = None
    maybe: strawberry.Maybe[int | None]


class Louder(FieldExtension):
    def resolve(self, next_: Any, source: Any, info: Any, **given: Any) -> Any:
        return f"{next_(source, info, **given)}!"


@strawberry.type
class Query:
    @strawberry.field
    def text(self, value: str | None = "by default") -> str | None:
        return value

    @strawberry.field
    def needed(self, value: str | None = None) -> str:
        return value  # type: ignore[return-value]

    @strawberry.field
    def number(self, value: int = 3) -> int:
        return value

    @strawberry.field
    def numbers(self, values: list[int | None]) -> list[int | None]:
        values.append(1)
        return values

    @strawberry.field
    def usual(self, values: list[int] = [1, 2]) -> list[int]:  # noqa: B006
        values.append(3)
        return values

    @strawberry.field
    def rows(self, empty: bool = False) -> list[list[str | None] | None]:
        return [["a", None], None, [None if empty else "b"]]

    @strawberry.field
    def strict(self, gap: bool = False) -> list[list[str]] | None:
        return [["a"], [None if gap else "b"]]  # type: ignore[list-item]

    @strawberry.field
    def made(self) -> list[int]:
        return (each for each in (1, 2))  # type: ignore[return-value]

    @strawberry.field
    def pair(self) -> list[str]:
        return ("a", "b")  # type: ignore[return-value]

    @strawberry.field
    def no_list(self) -> list[str] | None:
        return "ab"  # type: ignore[return-value]

    @strawberry.field
    def colours(self, more: list[Colour]) -> list[Colour | None]:
        return [Colour.RED, *more, None]

    @strawberry.field
    def by_value(self, value: str = "b") -> Colour | None:
        return value  # type: ignore[return-value]

    @strawberry.field
    def odd(self, value: str = "well") -> Odd | None:
        return Odd(value)

    @strawberry.field
    def wished(self, wish: Wish) -> str:
        return repr(wish)

    @strawberry.field
    def pets(self) -> list[Named]:
        return [Cat(name="Tom"), Dog(name="Rex"), Cat(name="Kit")]

    @strawberry.field
    def things(self, wrong: bool = False) -> list[Anything | None]:
        return [Stone(grams=1.5), Cat(name="Tom"), None, *([7] if wrong else [])]  # type: ignore[list-item]

    @strawberry.field
    def stone(self, wrong: bool = False) -> Stone | None:
        return 7 if wrong else Stone()  # type: ignore[return-value]

    @strawberry.field
    def fault(self) -> str | None:
        return ValueError("as a value")  # type: ignore[return-value]

    @strawberry.field
    def faults(self) -> list[str | None]:
        return ["a", ValueError("in a list")]  # type: ignore[list-item]

    @strawberry.field
    def broken(self) -> str | None:
        raise ValueError("broken")

    @strawberry.field
    async def later(self) -> str:
        return "later"

    @strawberry.field
    def in_secret(self) -> str:
        return _soon("later")  # type: ignore[return-value]

    @strawberry.field
    def some_in_secret(self) -> list[str]:
        return ["now", _soon("later")]  # type: ignore[list-item]

    @strawberry.field(extensions=[Louder()])
    def loud(self) -> str:
        return "loud"

    @strawberry.field
    def path(self, info: strawberry.Info) -> str:
        return str(info.path.as_list())

    @strawberry.field
    def asker(self, info: strawberry.Info) -> str:
        return str(info.context)

    @strawberry.field
    @staticmethod
    def still() -> str:
        return "still"

    @strawberry.field
    def here(self) -> "Query":
        return Query()


async def _soon(text: str) -> str:
    return text


SCALAR = strawberry.scalar(name="Odd", serialize=odd, parse_value=odd)
SCHEMA = strawberry.Schema(
    Query, types=[Cat, Dog], config=StrawberryConfig(scalar_map={Odd: SCALAR})
)

FRAGMENT = "fragment F on Query { number }"
COMPILED = [
    ('{ a: text b: text(value: null) c: text(value: "x") }', {}),
    ("query ($v: String) { text(value: $v) }", {}),
    ("query ($v: String) { text(value: $v) }", {"v": None}),
    ('query ($v: String = "of the variable") { text(value: $v) }', {}),
    ('query ($v: String = "of the variable") { text(value: $v) }', {"v": None}),
    ("query ($v: Int! = 4) { number(value: $v) }", {}),
    ("query ($v: Int = 4) { number(value: $v) }", {}),
    ("query ($v: Int = 4) { number(value: $v) }", {"v": 5}),
    ("query ($v: [Int]!) { a: numbers(values: $v) b: numbers(values: $v) }", {"v": [1, None]}),
    ("query ($v: [Int]!) { numbers(values: $v) }", {"v": 7}),
    ("query ($v: Int) { numbers(values: [1, $v]) }", {}),
    ("query ($v: Int) { numbers(values: [1, $v]) }", {"v": 6}),
    ("query ($v: [Int]! = [1]) { a: numbers(values: $v) b: numbers(values: $v) }", {}),
    ("{ a: numbers(values: [1]) b: numbers(values: 1) }", {}),
    ("{ usual }", {}),
    ("{ rows strict made pair }", {}),
    ("{ a: rows(empty: true) }", {}),
    ("query ($c: Colour!) { colours(more: [AZURE, $c]) }", {"c": "RED"}),
    ("query ($c: [Colour!]!) { colours(more: $c) byValue }", {"c": ["RED", "AZURE"]}),
    ("{ odd }", {}),
    ('{ wished(wish: {name: "a"}) }', {}),
    ('{ wished(wish: {name: "a", maybe: null, within: {name: "b", maybe: 3}}) }', {}),
    (
        "query ($n: String!, $m: Int) { wished(wish: {name: $n, many: $m, colour: RED}) }",
        {"n": "x"},
    ),
    ("query ($w: Wish!) { wished(wish: $w) }", {"w": {"name": "x", "tags": "y"}}),
    ("query ($w: Wish!) { wished(wish: $w) }", {"w": {"name": "x", "within": {"name": "y"}}}),
    ("{ pets { __typename name ... on Cat { lives } ... on Dog { legs } } }", {}),
    ("{ pets { ... on Named { name } ... on Cat { friends { name ... on Cat { lives } } } } }", {}),
    ("{ pets { ...A ...B } } fragment A on Cat { n: name } fragment B on Named { ...A name }", {}),
    ("{ things { __typename ... on Stone { grams } ... on Named { name } } stone { grams } }", {}),
    ("{ here { b: text a: text here { number } } here { a: text number here { text } } }", {}),
    ("query ($s: Boolean!) { b: text @skip(if: $s) a: text b: text }", {"s": True}),
    ("query ($s: Boolean!) { b: text @skip(if: $s) a: text b: text }", {"s": False}),
    ("query ($s: Boolean! = true) { here { text @include(if: $s) @skip(if: false) } }", {}),
    (
        "query ($s: Boolean!) { ... @skip(if: $s) { text } ...F @include(if: $s) }" + FRAGMENT,
        {"s": True},
    ),
    ("{ asker still __typename }", {}),
]
LEFT = [
    ("{ needed }", {}),
    ("{ here { needed } text }", {}),
    ("query ($v: Int = 4) { number(value: $v) }", {"v": None}),
    ("query ($v: Int!) { number(value: $v) }", {}),
    ("query ($v: Int!) { number(value: $v) }", {"v": "x"}),
    ("query ($v: Int!) { number(value: $v) }", {"v": 2**40}),
    ("query ($v: [Int]!) { numbers(values: $v) }", {"v": [[1]]}),
    ("{ strict(gap: true) }", {}),
    ("{ noList }", {}),
    ('{ byValue(value: "z") }', {}),
    ('{ a: odd(value: "bad") text }', {}),
    ('{ odd(value: "none") }', {}),
    ("query ($w: Wish!) { wished(wish: $w) }", {"w": {"name": "x", "other": 1}}),
    ("query ($w: Wish!) { wished(wish: $w) }", {"w": {"many": 1}}),
    ('query ($n: String = "x") { wished(wish: {name: $n}) }', {"n": None}),
    ("{ things(wrong: true) { __typename } }", {}),
    ("{ stone(wrong: true) { grams } }", {}),
    ("{ fault }", {}),
    ("{ faults }", {}),
    ("{ text broken }", {}),
    ("{ text later }", {}),
    ("{ inSecret }", {}),
    ("{ someInSecret }", {}),
    ("{ loud }", {}),
    ("{ path }", {}),
    ("query ($s: Boolean = true) { text @skip(if: $s) }", {"s": None}),
]


@pytest.mark.parametrize(("text", "variables"), COMPILED)
def test_what_is_compiled_answers_as_graphql_core_does(
    text: str, variables: dict[str, Any]
) -> None:
    told = both(text, variables)
    assert told.compiled is not None
    assert not told.expected.errors
    assert list(told.compiled.items()) == list((told.expected.data or {}).items())
    assert str(told.compiled) == str(told.expected.data), "the order of keys too"


@pytest.mark.parametrize(("text", "variables"), LEFT)
def test_the_rest_is_left_to_graphql_core(text: str, variables: dict[str, Any]) -> None:
    assert both(text, variables).compiled is None
    asked = Question(text, variables, None, None, b"application/json", by_url=False)
    compiling, plain = (execution(compiles=each) for each in (True, False))
    expected = without_ids(plain.answer(asked, "you").body)
    for _ in range(4):
        assert without_ids(compiling.answer(asked, "you").body) == expected


@dataclass
class Both:
    compiled: dict[str, Any] | None
    expected: ExecutionResult


def both(text: str, variables: dict[str, Any]) -> Both:
    """The compiled answer, the third time that it is asked for, and that of graphql-core."""
    compiling, plain = (execution(compiles=each) for each in (True, False))
    query = compiling.documents.prepare(text).compiled[None]
    compiled = [query.data(variables, "you") for _ in range(3)][-1]
    question = Question(text, variables, None, None, b"application/json", by_url=False)
    expected = plain.execute(plain.documents.prepare(text), question, "you")
    if not isinstance(expected, ExecutionResult):
        expected = asyncio.run(_awaited(expected))
    return Both(compiled, expected)


def execution(*, compiles: bool) -> Execution[str]:
    limits = Limits(compiles=compiles)
    return Execution(SCHEMA, Documents(SCHEMA, limits, {}), limits, lambda _: None)


def without_ids(body: bytes) -> bytes:
    return re.sub(rb"Internal error [0-9a-f]+", b"Internal error", body)


async def _awaited(expected: Any) -> Any:
    return await expected
