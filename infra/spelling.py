"""Which known names come nearest to what somebody wrote?"""

import re
from collections.abc import Iterable, Mapping
from unicodedata import category, combining, decimal, normalize

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


def misspelt(word: str, words: Iterable[str]) -> list[str]:
    """The words of ours, as the fields of an event, that are nearly what somebody wrote, or begin
    so; the likest first. Parts of them are no names, and so are not compared."""
    from rapidfuzz import fuzz  # paid for only when something was mistyped

    asked = plain(word)
    likeness = {
        known: 100.0
        if asked and plain(known).startswith(asked)
        else fuzz.ratio(asked, plain(known))
        for known in words
    }
    near = sorted(likeness, key=lambda known: (-likeness[known], known))
    return [known for known in near[:_SHOWN] if likeness[known] >= _LIKENESS]


def plain(text: str) -> str:
    """The words of the text for comparing, in the script in which they are written.

    Without case, diacritics, hyphens, apostrophes, and characters that nobody sees (zero-width,
    bidirectional controls, soft hyphens). Digits are those of ASCII. Of Arabic and Persian, vowel
    signs, tatweel and hamza are left out, and letters that are written for each other are one: the
    forms of alef, of yeh and alef maksura, of heh and teh marbuta, of kaf and keheh.
    """
    letters = text.casefold()
    if not letters.isascii():
        # Taken apart before and after: some capitals are found only inside of another sign.
        letters = normalize("NFKD", normalize("NFKD", visible(text)).casefold())
        letters = "".join(filter(None, map(_letter, letters.translate(_ARABIC))))
    return _BETWEEN_WORDS.sub(" ", letters).strip()


def sounding(text: str) -> str:
    """The words of the text as they sound, so that spellings of one name come out alike.

    Names of places and people travel from Tuareg, Arabic and Bambara into French and English
    spelling: Aguelhoc and Aguelhok, Ouagadougou and Wagadugu, Djenné and Jenne, Agadès and Agadez,
    Tchad and Chad; and from Cyrillic: Артёмовск, Artyomovsk and Artemovsk. Other scripts are read
    in Latin letters first, sign by sign. Each rule undoes one habit of spelling; what no rule knows
    stays as it is.
    """
    words = plain(text.translate(_APOSTROPHES))
    if not words.isascii():
        words = _in_latin_letters(words)
    return " ".join(filter(None, map(_as_it_sounds, words.split())))


def _letter(sign: str) -> str | None:
    """The sign as it is compared; None where it isn't."""
    if combining(sign) or category(sign) == "Cf":
        return None
    value = decimal(sign, None)
    return sign if value is None else str(value)


def _in_latin_letters(words: str) -> str:
    from anyascii import anyascii  # paid for only by names in other scripts

    return plain(anyascii(words).translate(_APOSTROPHES))


_ARABIC = str.maketrans(
    {
        "\u0640": None,  # tatweel, which only makes a word longer
        "\u0621": None,  # hamza alone: صنعاء is mostly written صنعا
        "\u0671": "\u0627",  # alef wasla
        "\u0649": "\u064a",  # alef maksura
        "\u06cc": "\u064a",  # Persian yeh
        "\u06d2": "\u064a",  # yeh barree
        "\u0629": "\u0647",  # teh marbuta
        "\u06c1": "\u0647",  # heh goal
        "\u06c3": "\u0647",  # teh marbuta goal
        "\u06be": "\u0647",  # heh with two eyes
        "\u06d5": "\u0647",  # Kurdish and Uyghur e, written as heh
        "\u06a9": "\u0643",  # keheh
        "\u06aa": "\u0643",  # swash kaf
    }
)
"""Letters that are written for each other, once diacritics are taken apart: the rules of Lucene's
ArabicNormalizer and PersianNormalizer, and hamza."""
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
        ("^ye", "e"),  # Yelenovka, Еленовка
        ("(?<=[^aeiou])[iy]o(?=[^aeiouy])", "e"),  # Artyomovsk, Артёмовск
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
