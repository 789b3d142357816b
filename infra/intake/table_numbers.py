"""Numbers and coordinates as people write them: decimal commas, degrees, hemispheres."""

import re

_NUMBER = r"[+-]?\d+(?:[.,]\d*)?|[+-]?[.,]\d+"
_DEGREES = re.compile(
    rf"({_NUMBER})\s*°?\s*(?:(\d+(?:[.,]\d+)?)\s*['′’]\s*(?:(\d+(?:[.,]\d+)?)\s*(?:\"|″|”|'')\s*)?)?"
)
_COUNT = re.compile(r"\d{1,3}(?:[ \u00a0\u202f,.']\d{3})+|\d+")


def coordinate(text: str, hemispheres: str) -> str:
    """A coordinate in decimal degrees, as "17.5" of "17,5 N"; another text stays as it is.

    `hemispheres` are the letters of the positive half and the negative: NS or EW, and of the West
    O, too, in French and Spanish.
    """
    letters = f"{hemispheres}O" if hemispheres == "EW" else hemispheres
    bare = text.strip().upper()
    half = next((each for each in letters if bare.startswith(each) or bare.endswith(each)), "")
    found = _DEGREES.fullmatch(bare.strip(f"{half} ") if half else bare)
    if not found or (half and found[1].startswith("-")):
        return text
    whole, minutes, seconds = (each and each.replace(",", ".") for each in found.groups())
    if not (half or minutes or "°" in bare):
        return whole
    degrees = abs(float(whole)) + float(minutes or 0) / 60 + float(seconds or 0) / 3600
    is_negative = half == hemispheres[1] or half == "O" or whole.startswith("-")
    return str(round(-degrees if is_negative else degrees, 6))


def count(text: str) -> int | None:
    """A whole number, as 1234 of "1,234", "1 234" or "1234.0"; None of another text."""
    bare = re.sub(r"^(\d+)[.,]0+$", r"\1", text.strip())
    return int(re.sub(r"\D", "", bare)) if _COUNT.fullmatch(bare) else None
