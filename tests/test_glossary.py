"""Does docs/glossary.md name what the code has? Each name exists, and stands for one word."""

import re
from collections import Counter
from importlib import import_module
from typing import Any, NamedTuple

import pytest

from tests.pages import PAGES
from tests.plain_words import LAYERS

_NAME = rf"`((?:{'|'.join(LAYERS)})\.[\w.]+)`"


class Term(NamedTuple):
    """A row of the page."""

    word: str
    meaning: str
    names: list[str]


def terms() -> list[Term]:
    rows = re.findall(r"^\| (.+?) \| (.+?) \| (`.+?`) \|$", PAGES["docs/glossary.md"], re.MULTILINE)
    return [Term(word, meaning, re.findall(_NAME, names)) for word, meaning, names in rows]


TERMS = terms()


def named(path: str) -> Any:
    """The module, class, function or field of that dotted name. Raises ImportError."""
    module, _, rest = path.partition(".")
    found: Any = import_module(module)
    for name in rest.split("."):
        module = f"{module}.{name}"
        if hasattr(found, name):
            found = getattr(found, name)
        else:  # a field without a default is no attribute of its class
            found = name if name in fields_of(found) else import_module(module)
    return found


def fields_of(found: Any) -> set[str]:
    return {*getattr(found, "model_fields", ()), *getattr(found, "__annotations__", ())}


@pytest.mark.parametrize("page", PAGES)
def test_every_name_in_the_code_exists_where_it_is_said_to_be(page: str) -> None:
    for name in re.findall(_NAME, PAGES[page]):
        found = named(name)
        if isinstance(found, type) and found.__module__.startswith(LAYERS):
            assert name == f"{found.__module__}.{found.__qualname__}"


def test_every_word_is_explained_once_and_has_a_name_in_the_code() -> None:
    rows = re.findall(
        r"^\| (?!word \| meaning|---)(.+?) \|", PAGES["docs/glossary.md"], re.MULTILINE
    )
    assert [word for word, count in Counter(rows).items() if count > 1] == []
    assert [term.word for term in TERMS] == rows
    assert all(term.names for term in TERMS)


def test_every_name_stands_for_one_word() -> None:
    counted = Counter(name for term in TERMS for name in term.names)
    assert [name for name, count in counted.items() if count > 1] == []


@pytest.mark.parametrize("term", TERMS, ids=lambda term: term.word)
def test_a_meaning_is_one_sentence(term: Term) -> None:
    assert term.meaning.endswith(".")
    assert not re.search(r"\. [A-Z]", term.meaning)
