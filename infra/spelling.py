"""Spellings of names: the nearest known names, and forms for comparing."""

import re
from collections.abc import Iterable, Mapping
from unicodedata import category, combining, decimal, normalize

from infra.visible_text import visible

_SHOWN = 3
_LIKENESS = 60
"""The least likeness of a suggestion, in per cent; less alike would mislead."""


def nearest(slug: str, names: Mapping[str, Iterable[str]]) -> list[str]:
    """The ids most like a given slug by their own text or their names, the likest first."""
    from rapidfuzz import fuzz  # paid for only when something was mistyped

    asked = plain(slug)
    likeness = {
        known: max((fuzz.WRatio(asked, plain(text)) for text in texts), default=0.0)
        for known, texts in names.items()
    }
    return _likest(likeness)


def misspelt(word: str, words: Iterable[str]) -> list[str]:
    """The known words (for example fields of an event) most like a given word or beginning with the
    given word, the likest first. Unlike names, words are not compared part by part."""
    from rapidfuzz import fuzz  # paid for only when something was mistyped

    asked = plain(word)
    likeness = {
        known: 100.0
        if asked and plain(known).startswith(asked)
        else fuzz.ratio(asked, plain(known))
        for known in words
    }
    return _likest(likeness)


def _likest(likeness: Mapping[str, float]) -> list[str]:
    ranked = sorted(likeness, key=lambda known: (-likeness[known], known))
    return [known for known in ranked[:_SHOWN] if likeness[known] >= _LIKENESS]


def plain(text: str) -> str:
    """The words of the text for comparing, in their own script.

    Without case, diacritics, hyphens, apostrophes, and invisible characters (zero-width,
    bidirectional controls, soft hyphens). Digits become ASCII. Of Arabic and Persian, vowel signs,
    tatweel and hamza are left out, and interchangeable letters become the same: the forms of alef,
    of yeh and alef maksura, of heh and teh marbuta, of kaf and keheh.
    """
    letters = text.casefold()
    if not letters.isascii():
        # Taken apart before and after: some capitals are found only inside of another sign.
        letters = normalize("NFKD", normalize("NFKD", visible(text)).casefold())
        letters = "".join(filter(None, map(_letter, letters.translate(_ARABIC))))
    return _BETWEEN_WORDS.sub(" ", letters).strip()


def sounding(text: str) -> str:
    """The words of the text by sound, so that spellings of a name come out alike.

    Names of places and people travel from Tuareg, Arabic and Bambara into French and English
    spelling: Aguelhoc and Aguelhok, Ouagadougou and Wagadugu, Djenné and Jenne, Agadès and Agadez,
    Tchad and Chad; and from Cyrillic: Артёмовск, Artyomovsk and Artemovsk. Other scripts are read
    in Latin letters first, sign by sign. Each rule undoes a habit of spelling; other spellings stay
    unchanged.
    """
    words = plain(text.translate(_APOSTROPHES))
    if not words.isascii():
        words = _in_latin_letters(words)
    return " ".join(filter(None, map(_as_it_sounds, words.split())))


def _letter(sign: str) -> str | None:
    """The sign for comparing; None of a sign without weight."""
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
"""Interchangeable letters, once diacritics are taken apart: the rules of Lucene's
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
