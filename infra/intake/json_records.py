"""The records of a JSON lines file."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, NoReturn

from infra.intake.problems import CONTROL_CHARACTER, Problem, control_character_message
from infra.intake.yaml_records import Located, Mark, Path
from infra.visible_text import quoted, visible


def json_records(lines: Iterable[str], file: str) -> Iterator[Located]:
    """A record for each line, without blank lines."""
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield _record(line, number, file)


class _LineRefused(Exception):
    """JSON that a record can't hold; the message says why."""


def _record(line: str, number: int, file: str) -> Located:
    marks: dict[Path, Mark] = {(): Mark(number, None)}
    try:
        value = _DECODER.decode(line)
        _refuse_controls(value)
    except json.JSONDecodeError as error:
        message = f"this is not JSON: {error.msg.lower()}; each line is one object"
        problem = Problem(file, number, error.colno, "", message)
    except _LineRefused as refused:
        problem = Problem(file, number, None, "", str(refused))
    except (ValueError, RecursionError):
        message = "a number is too long, or values are nested too deeply"
        problem = Problem(file, number, None, "", message)
    else:
        return Located(value, marks)
    return Located(None, marks, (problem,))


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = {visible(key): value for key, value in pairs}
    if len(found) < len(pairs):
        (twice, _), *_ = Counter(visible(key) for key, _ in pairs).most_common(1)
        raise _LineRefused(f"{quoted(twice)} is given twice; keep one of the two")
    return found


def _refuse_constant(name: str) -> NoReturn:
    raise _LineRefused(f"{name} is not a number that JSON knows")


def _refuse_controls(value: Any) -> None:
    # An escape can write what the text of the file itself does not hold.
    if isinstance(value, str):
        if found := CONTROL_CHARACTER.search(value):
            raise _LineRefused(control_character_message(found[0]))
    elif isinstance(value, dict):
        _refuse_controls(list(value.items()))
    elif isinstance(value, list | tuple):
        for each in value:
            _refuse_controls(each)


_DECODER = json.JSONDecoder(object_pairs_hook=_without_repeats, parse_constant=_refuse_constant)
