"""The JSON Schema of a record in a situation file, generated from the types of the events.

`python -m infra.intake.schema` writes the schema file.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, models_json_schema

from domain.events import EVENT_TYPES, EventRetracted, SituationEvent
from domain.values import Name, Value
from infra.field_meanings import meanings_of
from infra.intake.situation_file import CORRECTION

FILE = Path(__file__).with_name("situation.schema.json")
_REFERENCE = "#/$defs/{model}"


def schema_text() -> str:
    """The schema as printed and stored."""
    return json.dumps(record_schema(), indent=2, ensure_ascii=False) + "\n"


def record_schema() -> dict[str, Any]:
    """The JSON Schema of a record."""
    _, found = models_json_schema(
        [(kind, "validation") for kind in EVENT_TYPES.values()], ref_template=_REFERENCE
    )
    definitions: dict[str, Any] = found["$defs"]
    for kind in _values(Value):
        if kind.__name__ in definitions:
            _describe(definitions[kind.__name__]["properties"], meanings_of(kind))
    for name in EVENT_TYPES:
        definitions[name] = _record(name, definitions[name])
    definitions[Name.__name__] = _or_plain_text(definitions[Name.__name__])
    definitions[CORRECTION] = _correction(definitions[EventRetracted.__name__])
    for schema in _inside(definitions):
        _untangle(schema)
    return {
        "$schema": GenerateJsonSchema.schema_dialect,
        "title": "A record of a situation file of Tenure",
        "description": "One event under its own name, or a correction.",
        "oneOf": [_reference(name) for name in (*EVENT_TYPES, CORRECTION)],
        "$defs": dict(sorted(definitions.items())),
    }


def _values(kind: type[Value]) -> Iterator[type[Value]]:
    """The class and all its descendants."""
    yield kind
    for each in kind.__subclasses__():
        yield from _values(each)


def _describe(properties: dict[str, Any], meanings: dict[str, str]) -> None:
    for name, schema in properties.items():
        if name in meanings:
            described = {**schema, "description": meanings[name]}
            properties[name] = dict(sorted(described.items()))


def _record(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    """The schema of an event as a record, with the name of the event in `type`."""
    properties = {"type": {"const": name}, **schema["properties"]}
    return schema | {"properties": properties, "required": ["type", *schema["required"]]}


def _correction(retraction: dict[str, Any]) -> dict[str, Any]:
    properties = {**retraction["properties"], "type": {"const": CORRECTION}}
    del properties["replaced_by"]
    properties["corrected"] = {
        "description": "The event as it should have been.",
        "oneOf": [
            _reference(name)
            for name, kind in EVENT_TYPES.items()
            if issubclass(kind, SituationEvent)
        ],
    }
    return retraction | {
        "title": CORRECTION,
        "description": "An earlier event is taken back, and the right one takes its place.",
        "properties": properties,
        "required": [*retraction["required"], "corrected"],
    }


def _or_plain_text(name: dict[str, Any]) -> dict[str, Any]:
    """A plain text stands for a name of any language."""
    description = name.pop("description")
    return {"description": description, "anyOf": [name["properties"]["text"], name]}


def _reference(name: str) -> dict[str, str]:
    return {"$ref": _REFERENCE.format(model=name)}


def _inside(schema: Any) -> Iterator[dict[str, Any]]:
    """The schema and every nested schema."""
    if isinstance(schema, dict):
        yield schema
        schema = list(schema.values())
    if isinstance(schema, list):
        for each in schema:
            yield from _inside(each)


def _untangle(schema: dict[str, Any]) -> None:
    """Moves limits on the length of a list from the union of list and name to the list."""
    for branch in schema.get("anyOf", ()):
        if branch.get("type") == "array":
            for length, items in (("minLength", "minItems"), ("maxLength", "maxItems")):
                if length in schema:
                    branch[items] = schema.pop(length)


if __name__ == "__main__":
    FILE.write_text(schema_text(), encoding="utf-8")
