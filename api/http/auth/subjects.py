"""Subjects: the names of authenticated authors, as kept in `recorded_by`."""

from typing import Annotated
from unicodedata import category

from pydantic import AfterValidator, StringConstraints

from infra.visible_text import storable_name, visible

_LINES = {"Cc", "Cs", "Zl", "Zp"}
"""The general categories of control characters, lone surrogates and line breaks."""


def _is_one_visible_line(subject: str) -> str:
    if any(category(each) in _LINES for each in subject) or storable_name(subject) != subject:
        raise ValueError("a subject has no line breaks, control or invisible characters")
    if not visible(subject).strip():
        raise ValueError("a subject has something visible in it")
    return subject


Subject = Annotated[
    str, StringConstraints(min_length=1, max_length=200), AfterValidator(_is_one_visible_line)
]
