"""Global ids, which name a thing of any kind, and slugs, which name a thing of a known kind."""

from base64 import urlsafe_b64decode, urlsafe_b64encode

from domain.refusals import NotUnderstood
from infra.visible_text import visible

KINDS = frozenset({"Location", "Actor", "Source", "Report", "Event"})
LONGEST = 200
"""No slug and no global id is longer."""


class NotAnId(NotUnderstood):
    """The text is neither a slug nor a global id of that kind."""

    def __init__(self, given: str, what: str) -> None:
        super().__init__(f"{given[:60]!r} is not the id of {what}")


def global_id(kind: str, slug: str) -> str:
    """The id of a thing of that kind, unique among all kinds."""
    return urlsafe_b64encode(f"{kind}:{slug}".encode()).decode().rstrip("=")


def parts_of(given: str) -> tuple[str, str] | None:
    """Kind and slug of a global id; None for any other text, a slug too."""
    try:
        text = urlsafe_b64decode(given + "=" * (-len(given) % 4)).decode()
    except ValueError:
        return None
    kind, _, slug = text.partition(":")
    return (kind, slug) if kind in KINDS and global_id(kind, slug) == given else None


def slug_of(given: str, kind: str) -> str:
    """The slug behind a slug or a global id of that kind. Raises NotAnId."""
    if len(given) > LONGEST:
        raise NotAnId(given, _one(kind))
    given = visible(given)
    # A global id has capitals, since every kind does; a slug has none.
    parts = None if given == given.lower() else parts_of(given)
    if parts is None:
        return given
    if parts[0] != kind:
        raise NotAnId(given, f"{_one(kind)} but of {_one(parts[0])}")
    return parts[1]


def _one(kind: str) -> str:
    return f"{'an' if kind[0] in 'AE' else 'a'} {kind.lower()}"
