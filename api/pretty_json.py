"""Prints JSON documents, indented."""

from typing import Any

import orjson


def pretty(told: Any) -> str:
    """One JSON document, indented, with a line end."""
    return orjson.dumps(told, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE).decode()
