"""How well does a name match a search?"""

from dataclasses import dataclass
from enum import IntEnum, StrEnum

from infra.spelling import plain, sounding


class Role(StrEnum):
    """The sort of a name."""

    NAME = "name"
    """The name in the registration, or a later name."""
    ALIAS = "alias"
    CODE = "code"
    ID = "id"


class Rank(IntEnum):
    """How well a name matches a search; less is better."""

    NAME = 0
    """The name itself."""
    OTHER_NAME = 1
    """An alias, a code or the id."""
    BEGINS = 2
    WORD_BEGINS = 3
    PART = 4
    SOUNDS_ALIKE = 5
    """A word of the name begins as the search sounds."""
    MISSPELT = 10
    """The last resort. Each per cent of difference adds 1."""


@dataclass(frozen=True, slots=True)
class SearchText:
    """The text of a search, without spaces."""

    letters: str
    """The written letters without case, diacritics and punctuation; may be empty."""
    sound: str
    """The sound of the text; empty where too short to tell names apart."""

    @staticmethod
    def of(text: str) -> "SearchText":
        sound = sounding(text).replace(" ", "")
        return SearchText(
            plain(text).replace(" ", ""), sound if len(sound) >= _SHORTEST_SOUND else ""
        )

    def rank(self, role: str, words: str, sounds: str) -> Rank | None:
        """How well a name matches, by plain words and by sound; None for no match."""
        letters = words.replace(" ", "")
        if letters == self.letters:
            return Rank.NAME if role == Role.NAME else Rank.OTHER_NAME
        if letters.startswith(self.letters):
            return Rank.BEGINS
        if _has_a_word_with(self.letters, words):
            return Rank.WORD_BEGINS
        if self.letters in letters:
            return Rank.PART
        if self.sound and _has_a_word_with(self.sound, sounds):
            return Rank.SOUNDS_ALIKE
        return None


def _has_a_word_with(beginning: str, words: str) -> bool:
    """Whether the text from some word on begins so, spaces left out."""
    each = words.split(" ")
    return any("".join(each[start:]).startswith(beginning) for start in range(len(each)))


_SHORTEST_SOUND = 3
"""Letters; fewer sound like the beginning of too much."""
