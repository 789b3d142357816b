"""Which known names come nearest to what somebody wrote?"""

import re
from collections.abc import Iterable, Mapping
from unicodedata import combining, normalize

from infra.visible_text import visible

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
    """The words of the text without case, diacritics, hyphens, apostrophes and characters that
    show nothing, for comparing."""
    letters = text.casefold()
    if not letters.isascii():
        # Taken apart before and after: some capitals are found only inside of another sign.
        letters = normalize("NFKD", normalize("NFKD", visible(text)).casefold())
        letters = "".join(each for each in letters if not combining(each))
    return _BETWEEN_WORDS.sub(" ", letters).strip()


def sounding(text: str) -> str:
    """The words of the text as they sound, so that spellings of one name come out alike.

    Names of places and people travel from Tuareg, Arabic and Bambara into French and English
    spelling: Aguelhoc and Aguelhok, Ouagadougou and Wagadugu, Djenné and Jenne, Agadès and Agadez,
    Tchad and Chad. Each rule undoes one habit of spelling; what no rule knows stays as it is.
    """
    words = plain(text.translate(_APOSTROPHES)).split()
    return " ".join(filter(None, map(_as_it_sounds, words)))


_BETWEEN_WORDS = re.compile(r"[\W_\u02b0-\u02ff]+")
"""The modifier letters among them stand for the Arabic ayn and hamza, as an apostrophe does."""
_APOSTROPHES = str.maketrans("", "", "'’‘`´ʼʻʾʿ")

_SPELLINGS = [
    (re.compile(pattern), sound)
    for pattern, sound in (
        ("ou(?=[aeiouy])", "w"),  # Ouagadougou, Wagadugu
        ("ou|oo", "u"),
        ("x", "ks"),
        ("t?[cs]h", "x"),  # Tchad, Chad; Cheikh, Sheikh
        ("gu(?=[eiy])", "g"),  # Aguelhok, Agelhok
        ("ph", "f"),
        ("dj", "j"),  # Djenné, Jenne
        ("c(?=[eiy])|z", "s"),
        ("ck|qu?|c", "k"),
        ("v", "w"),
        ("y", "i"),  # Tilemsy, Tilemsi
        ("h", ""),  # Khalil, Kalil; Hombori, Ombori
        ("n(?=[bp])", "m"),
        (r"(.)\1+", r"\1"),
        ("(?<=..[^aeiou])e$", ""),  # Tessalite, Tessalit
    )
]


def _as_it_sounds(word: str) -> str:
    for spelling, sound in _SPELLINGS:
        word = spelling.sub(sound, word)
    return word
