"""Prints JSON documents, indented."""

from typing import Any

import orjson

from domain.texts import escaped_json


def pretty(told: Any) -> str:
    """One JSON document, indented, with a line end; hidden characters as escapes."""
    option = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
    return escaped_json(orjson.dumps(told, option=option).decode())
