"""Errors of pydantic in plain words.

pydantic says an input should match a pattern; a person wants to know the right form.
"""

from collections.abc import Callable
from typing import Any, get_args

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from domain.offsets import ZONE_OR_OFFSET
from infra.spelling import misspelt
from infra.visible_text import quoted

Context = dict[str, Any]


def in_plain_words(error: ErrorDetails, event_type: type[BaseModel]) -> str:
    """The error in plain words, with advice."""
    kind, context = error["type"], error.get("ctx", {})
    if kind == "missing":
        return f"it is missing; {_model_at(error['loc'][:-1], event_type).__name__} needs it"
    if kind == "extra_forbidden":
        return _unknown_field(error["loc"], event_type)
    if kind == "value_error":
        return str(context["error"])
    if kind in _WORDS:
        return _WORDS[kind](error["input"], context)
    if kind in _WORDS_ABOUT_A_VALUE:
        return f"{quoted(error['input'])} {_WORDS_ABOUT_A_VALUE[kind].format(**context)}"
    return f"{quoted(error['input'])} can't be taken here: {error['msg'].lower()}"


def _unknown_field(loc: tuple[int | str, ...], event_type: type[BaseModel]) -> str:
    model = _model_at(loc[:-1], event_type)
    fields = list(model.model_fields)
    if loc[-1] == "zone" and "occurred" in fields:
        return (
            f"no field of {model.__name__} has that name; write the zone behind the time, as in "
            'occurred: "2021-08-15[Asia/Kabul]"'
        )
    near = misspelt(str(loc[-1])[:100], fields)
    hint = f"did you mean {' or '.join(near)}?" if near else f"there are {', '.join(fields)}"
    return f"no field of {model.__name__} has that name; {hint}"


def _model_at(loc: tuple[int | str, ...], model: type[BaseModel]) -> type[BaseModel]:
    """The model of the field at the end of the path."""
    for part in loc:
        if isinstance(part, str) and part in model.model_fields:
            model = _models_in(model.model_fields[part].annotation)[0]
    return model


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in get_args(annotation) for model in _models_in(part)]


def _unlike_pattern(given: Any, context: Context) -> str:
    pattern = context["pattern"]
    return f"{quoted(given)} {PATTERNS.get(pattern, f'does not match {pattern}')}"


def _not_one_of(given: Any, context: Context) -> str:
    expected = context["expected"].replace("'", "")
    words = expected.replace(" or ", ", ").split(", ")
    near = misspelt(str(given)[:100], words) if len(words) > 1 else []
    hint = f"; did you mean {near[0]}?" if near else ""
    return f"{quoted(given)} is not one of the words that stand here: {expected}{hint}"


def _too_long(given: Any, context: Context) -> str:
    return f"it is {len(given):,} characters long; the most is {context['max_length']:,}"


def _too_few(given: Any, context: Context) -> str:
    least = context["min_length"]
    if not given:
        return "it is empty; name at least one"
    if len(given) < least:
        return f"it names only {len(given)}; name at least {least}"
    return f"too few of its entries can be taken; {least} or more must be right"


_WORDS: dict[str, Callable[[Any, Context], str]] = {
    "string_pattern_mismatch": _unlike_pattern,
    "string_too_short": lambda given, context: "it is empty; write something, or leave it out",
    "string_too_long": _too_long,
    "unfit_text": lambda given, context: str(context["fault"]),
    "too_short": _too_few,
    "too_long": lambda given, context: (
        f"it has more entries than the {context['max_length']} that fit"
    ),
    "enum": _not_one_of,
    "literal_error": _not_one_of,
}
"""The words for each type of error of pydantic."""

_NO_NUMBER = "is not a number; write one, without quotes"
_NO_WHOLE_NUMBER = "is not a whole number; write one, without quotes"
_NO_TRUTH = "is neither true nor false"
_WORDS_ABOUT_A_VALUE = {
    "string_unicode": "holds half a character; leave that out",
    "string_type": "is no text; write a text here",
    "tuple_type": "is not a list; write one, as in [a, b]",
    "greater_than_equal": "is too small; the least is {ge:g}",
    "less_than_equal": "is too large; the most is {le:g}",
    "int_type": _NO_WHOLE_NUMBER,
    "int_from_float": _NO_WHOLE_NUMBER,
    "float_type": _NO_NUMBER,
    "float_parsing": _NO_NUMBER,
    "finite_number": _NO_NUMBER,
    "bool_type": _NO_TRUTH,
    "bool_parsing": _NO_TRUTH,
    "model_type": "is not a mapping; write its fields, each with a name",
}
"""The words after the value, for other types of errors."""

PATTERNS = {
    r"^[a-z0-9]+(-[a-z0-9]+)*$": (
        "is not an id; write lower-case letters, digits and single hyphens, as in minusma-camp"
    ),
    r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$": (
        "is not the id of an event; write the UUID under which it was recorded"
    ),
    r"^https?://\S+$": "is not a web address; write one that begins with https:// or http://",
    r"^sha256:[0-9a-f]{64}$": "is not a hash; write sha256: and 64 hexadecimal digits",
    r"^[a-z]{2,3}(-[A-Za-z0-9]+)*$": "is not a language; write its BCP 47 tag, as in fr or ar",
    ZONE_OR_OFFSET: (
        "is not a time zone; write an IANA name (Asia/Kabul) or an offset from UTC (+04:30)"
    ),
    r"^[A-Z][a-z]{3}$": "is not a script; write its ISO 15924 code, as in Latn or Arab",
}
"""The words for a text against a pattern, by the pattern."""
