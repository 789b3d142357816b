"""In which script is a name written?"""

from functools import lru_cache
from unicodedata import category, name

_SCRIPTS = {
    "ADLAM": "Adlm",
    "ARABIC": "Arab",
    "ARMENIAN": "Armn",
    "BALINESE": "Bali",
    "BENGALI": "Beng",
    "BOPOMOFO": "Bopo",
    "CANADIAN": "Cans",
    "CHEROKEE": "Cher",
    "CJK": "Hani",
    "CYRILLIC": "Cyrl",
    "DEVANAGARI": "Deva",
    "ETHIOPIC": "Ethi",
    "GEORGIAN": "Geor",
    "GREEK": "Grek",
    "GUJARATI": "Gujr",
    "GURMUKHI": "Guru",
    "HANGUL": "Hang",
    "HEBREW": "Hebr",
    "HIRAGANA": "Hira",
    "JAVANESE": "Java",
    "KANNADA": "Knda",
    "KATAKANA": "Kana",
    "KHMER": "Khmr",
    "LAO": "Laoo",
    "LATIN": "Latn",
    "MALAYALAM": "Mlym",
    "MEETEI": "Mtei",
    "MONGOLIAN": "Mong",
    "MYANMAR": "Mymr",
    "NKO": "Nkoo",
    "OL": "Olck",
    "ORIYA": "Orya",
    "SINHALA": "Sinh",
    "SYRIAC": "Syrc",
    "TAMIL": "Taml",
    "TELUGU": "Telu",
    "THAANA": "Thaa",
    "THAI": "Thai",
    "TIBETAN": "Tibt",
    "TIFINAGH": "Tfng",
    "VAI": "Vaii",
    "YI": "Yiii",
}
"""The first word of the name of a letter in Unicode, and the code of its script in ISO 15924."""


def script_of(text: str) -> str | None:
    """The code of the only script in a text, by its letters; None of several scripts, and of none.

    Kana with or without Chinese characters is Jpan, Hangul with them Kore.
    """
    if text.isascii():
        return "Latn" if any(map(str.isalpha, text)) else None
    found = {_script(letter) for letter in text if category(letter)[0] == "L"} - {""}
    if len(found) == 1:
        return next(iter(found)) or None
    if found <= {"Hira", "Kana", "Hani"} and found:
        return "Jpan"
    return "Kore" if found == {"Hang", "Hani"} else None


@lru_cache(maxsize=20_000)
def _script(letter: str) -> str | None:
    """The script of a letter; empty for a letter of every script, None where it is not known."""
    if category(letter) == "Lm":
        return ""
    words = name(letter, "").removeprefix("HALFWIDTH ").removeprefix("FULLWIDTH ").split()
    return _SCRIPTS.get(words[0]) if words else None
