"""Which known ids come nearest to one that is not known?"""

from collections.abc import Iterable, Mapping
from unicodedata import combining, normalize

_SHOWN = 3
_LIKENESS = 60
"""Per cent of likeness below which a suggestion would only mislead."""


def nearest(slug: str, names: Mapping[str, Iterable[str]]) -> list[str]:
    """The ids whose own text or whose names are most like it, the likest first."""
    from rapidfuzz import fuzz  # paid for only when something was mistyped

    asked = plain(slug)
    likeness = {
        known: max((fuzz.WRatio(asked, plain(text)) for text in texts), default=0.0)
        for known, texts in names.items()
    }
    ranked = sorted(likeness, key=lambda known: (-likeness[known], known))
    return [known for known in ranked[:_SHOWN] if likeness[known] >= _LIKENESS]


def plain(text: str) -> str:
    """The text without case, diacritics, hyphens and apostrophes, for comparing names."""
    letters = (each for each in normalize("NFKD", text.casefold()) if not combining(each))
    return "".join(each if each.isalnum() else " " for each in letters).strip()
