"""Names of several actors, one or more of whom are meant: "A and/or B"."""

import re

from infra.visible_text import matching_form

_AND_OR = re.compile(r"\band\s*/\s*or\b", re.IGNORECASE)
_FORCES = re.compile(r"(?:Military|Police)\s(Forces of\s.*)", re.IGNORECASE)
_SHORTENED = re.compile(r"Military|Police", re.IGNORECASE)


def alternatives(name: str) -> tuple[str, ...]:
    """The names between "and/or"; empty for a name without "and/or".

    Between brackets "and/or" is part of a name, as in "Civilians (Mali and/or Niger)". "Military
    and/or Police Forces of Mali" are two forces of Mali; no other name is completed.
    """
    cuts = [each for each in _AND_OR.finditer(name) if not _is_in_brackets(name, each.start())]
    if not cuts:
        return ()
    starts = [0, *(each.end() for each in cuts)]
    ends = [*(each.start() for each in cuts), len(name)]
    between = (name[start:end].strip(" ,;") for start, end in zip(starts, ends, strict=True))
    apart: dict[str, str] = {}
    for part in _completed([each for each in between if each]):
        apart.setdefault(matching_form(part), part)
    return tuple(apart.values())


def _is_in_brackets(name: str, index: int) -> bool:
    is_balanced = name.count("(") == name.count(")")
    return is_balanced and name.count("(", 0, index) > name.count(")", 0, index)


def _completed(parts: list[str]) -> list[str]:
    forces = _FORCES.match(parts[-1]) if parts else None
    return [
        f"{each} {forces[1]}" if forces and _SHORTENED.fullmatch(each) else each for each in parts
    ]
