"""The meaning of each field of an event or a row: the docstring below the field in the source.

Read only for making a schema: reading at the start of every command took a sixth of its time.
"""

import ast
import inspect
import sys
from collections.abc import Iterator
from functools import cache

from domain.values import Value


def meanings_of(kind: type[Value]) -> dict[str, str]:
    """The meanings of the fields of a class, inherited fields too, by name."""
    found = docstrings_of(kind, Value)
    described = {name: field.description for name, field in kind.model_fields.items()}
    return found | {name: text for name, text in described.items() if text}


def docstrings_of(kind: type, base: type) -> dict[str, str]:
    """The docstrings of the fields of a class and of its bases below `base`, by name."""
    found: dict[str, str] = {}
    for each in reversed(kind.__mro__):
        if issubclass(each, base):
            for name in inspect.get_annotations(each):
                found.pop(name, None)
            found |= _in_source(each.__module__).get(each.__name__, {})
    return found


@cache
def _in_source(module: str) -> dict[str, dict[str, str]]:
    """The docstrings of the fields of each class of the module."""
    tree = ast.parse(inspect.getsource(sys.modules[module]))
    classes = (each for each in tree.body if isinstance(each, ast.ClassDef))
    return {each.name: dict(_documented(each)) for each in classes}


def _documented(made: ast.ClassDef) -> Iterator[tuple[str, str]]:
    for field, below in zip(made.body, made.body[1:], strict=False):
        match field, below:
            case (
                ast.AnnAssign(target=ast.Name(id=name)),
                ast.Expr(value=ast.Constant(value=str(text))),
            ):
                yield name, inspect.cleandoc(text)
