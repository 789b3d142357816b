"""How well does a name answer what somebody asks for?"""

from dataclasses import dataclass
from enum import IntEnum, StrEnum

from infra.spelling import plain, sounding


class Role(StrEnum):
    """What sort of name it is."""

    NAME = "name"
    """The one of its registration, or one that it took later."""
    ALIAS = "alias"
    CODE = "code"
    ID = "id"


class Rank(IntEnum):
    """How well a name answers what was asked for; less is better."""

    NAME = 0
    """It is the name."""
    OTHER_NAME = 1
    """It is an alias, a code or the id."""
    BEGINS = 2
    WORD_BEGINS = 3
    PART = 4
    SOUNDS_ALIKE = 5
    """A word of it begins as what was asked for sounds."""
    MISSPELT = 10
    """Nothing else was found. Each per cent of difference adds one."""


@dataclass(frozen=True, slots=True)
class SearchText:
    """What is asked for, without its spaces."""

    letters: str
    """As it is written, but for case, diacritics and punctuation; empty where nothing is left."""
    sound: str
    """As it sounds; empty where that is too short to tell one name from another."""

    @staticmethod
    def of(text: str) -> "SearchText":
        sound = sounding(text).replace(" ", "")
        return SearchText(
            plain(text).replace(" ", ""), sound if len(sound) >= _SHORTEST_SOUND else ""
        )

    def rank(self, role: str, words: str, sounds: str) -> Rank | None:
        """How well a name answers, given its plain words and how they sound; None: not at all."""
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
    """Whether the text begins so from one of its words on, its spaces left out."""
    each = words.split(" ")
    return any("".join(each[start:]).startswith(beginning) for start in range(len(each)))


_SHORTEST_SOUND = 3
"""Letters; fewer sound like the beginning of too much."""
