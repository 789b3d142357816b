"""Global ids, which name a thing of any kind, and slugs, which name a thing of a known kind.

A client keeps an object under its global id. Within an answer about a past moment, or about the
knowledge of a position, the same place may go by another name: there it is another object, so its
id carries the moment and the position.
"""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any, NamedTuple

from domain.refusals import NotUnderstood
from infra.visible_text import visible

KINDS = frozenset({"Location", "Actor", "Source", "Report", "Event"})
LONGEST = 250
"""No slug and no global id is longer."""


class NotAnId(NotUnderstood):
    """The text is neither a slug nor a global id of that kind."""

    def __init__(self, given: str, what: str) -> None:
        super().__init__(f"{given[:60]!r} is not the id of {what}")


class GlobalId(NamedTuple):
    """A thing, and the pins of the answer in which it was shown."""

    kind: str
    slug: str
    at: int | None = None
    """The instant of the names, in microseconds since 1970; None for the latest."""
    position: int | None = None
    """The last known position; None for whatever is known."""

    def __str__(self) -> str:
        return global_id(*self)


def global_id(kind: str, slug: str, at: int | None = None, position: int | None = None) -> str:
    """The id of a thing of that kind, unique among all kinds; without pins, as it is now."""
    text = f"{kind}:{slug}"
    if at is not None:
        text += f"@{at}"
    if position is not None:
        text += f"#{position}"
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


def with_plain_ids(answer: Any) -> Any:
    """The answer with ids that name things alone: where nobody keeps objects by their ids."""
    if isinstance(answer, list):
        return [with_plain_ids(each) for each in answer]
    if not isinstance(answer, dict):
        return answer
    return {
        name: _plain(value) if name == "id" else with_plain_ids(value)
        for name, value in answer.items()
    }


def _plain(given: str) -> str:
    parts = parts_of(given)
    return global_id(parts.kind, parts.slug) if parts else given


def parts_of(given: str) -> GlobalId | None:
    """The parts of a global id; None for any other text, a slug too."""
    if len(given) > LONGEST:
        return None
    try:
        text = urlsafe_b64decode(given + "=" * (-len(given) % 4)).decode()
    except ValueError:
        return None
    form = _FORM.fullmatch(text)
    if form is None or form["kind"] not in KINDS:
        return None
    at, position = (None if each is None else int(each) for each in form.group("at", "position"))
    found = GlobalId(form["kind"], form["slug"], at, position)
    return found if str(found) == given else None


def slug_of(given: str, kind: str) -> str:
    """The slug behind a slug or a global id of that kind, whatever the pins. Raises NotAnId."""
    if len(given) > LONGEST:
        raise NotAnId(given, _one(kind))
    given = visible(given)
    # A global id has capitals, since every kind does; a slug has none.
    parts = None if given == given.lower() else parts_of(given)
    if parts is None:
        return given
    if parts.kind != kind:
        raise NotAnId(given, f"{_one(kind)} but of {_one(parts.kind)}")
    return parts.slug


def _one(kind: str) -> str:
    return f"{'an' if kind[0] in 'AE' else 'a'} {kind.lower()}"


_FORM = re.compile(
    r"(?P<kind>[A-Z][a-z]+):(?P<slug>[^@#]*)"
    r"(?:@(?P<at>-?[0-9]{1,18}))?(?:#(?P<position>[0-9]{1,18}))?",
    re.ASCII | re.DOTALL,
)
