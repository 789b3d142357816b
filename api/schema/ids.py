"""What names a thing, from anywhere? A slug where its kind is known, a global id elsewhere."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error


class NotAnId(ValueError):
    """The text is neither a slug nor an id that we gave out."""

    def __init__(self, given: str, kind: str) -> None:
        super().__init__(f"{given[:60]!r} is not the id of a {kind}")


def global_id(kind: str, slug: str) -> str:
    """The id of a thing of that kind, unique among all kinds."""
    return urlsafe_b64encode(f"{kind}:{slug}".encode()).decode().rstrip("=")


def parts_of(given: str) -> tuple[str, str] | None:
    """Kind and slug of a global id; None for anything else, a slug too."""
    try:
        text = urlsafe_b64decode(given + "=" * (-len(given) % 4)).decode()
    except (Error, ValueError):
        return None
    kind, colon, slug = text.partition(":")
    return (kind, slug) if colon and kind.isidentifier() else None


def slug_of(given: str, kind: str) -> str:
    """The slug behind a slug or a global id of that kind. Raises NotAnId."""
    # A global id has capitals, since every kind does; a slug has none.
    if given == given.lower():
        return given
    parts = parts_of(given)
    if parts is None or parts[0] != kind:
        raise NotAnId(given, kind.lower())
    return parts[1]
