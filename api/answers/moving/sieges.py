"""When was each place besieged, as far as sources say?"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from api.answers.moving.cells import Siege
from domain.occurred import Instant
from domain.situation.ties import Word, standing

Sieges = Sequence[tuple[Instant, Siege]]
"""The instants from which a place is besieged, or is no longer; not besieged before the first."""


def sieges_of_places(words: Iterable[Word]) -> dict[str, Sieges]:
    """The sieges of every place with a word on one; `words` are on sieges only, live as known."""
    of_place: dict[str, list[Word]] = defaultdict(list)
    of_anything: dict[str, list[Word]] = defaultdict(list)
    for word in words:
        if word.tie.object:
            of_place[word.tie.object].append(word)
        else:
            of_anything[word.tie.subject].append(word)
    found = {}
    for place, said in of_place.items():
        besiegers = {word.tie.subject for word in said}
        ended = [word for actor in besiegers | {""} for word in of_anything.get(actor, ())]
        found[place] = _sieges([*said, *ended])
    return found


def _sieges(words: Sequence[Word]) -> Sieges:
    turns = {turn for word in words for turn in _turns_of(word)}
    return [(turn, _siege_at(words, turn)) for turn in sorted(turns)]


def _turns_of(word: Word) -> tuple[Instant, Instant]:
    return word.occurred.earliest, Instant(word.occurred.latest - 1)


def _siege_at(words: Sequence[Word], at: Instant) -> Siege:
    found = standing(words, at)
    if any(each.certain for each in found):
        return Siege.CERTAIN
    return Siege.POSSIBLE if found else Siege.NONE
