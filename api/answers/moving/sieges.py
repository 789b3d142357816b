"""When was each place besieged, as far as sources say?"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from api.answers.answers import Answers
from api.answers.basis import Basis
from api.answers.moving.axes import TimeAxis, merged
from api.answers.moving.cells import Siege
from api.answers.perspective import StatementFilter
from domain.control.timeline import BEGINNING
from domain.occurred import Instant
from domain.situation.ties import TieKind, Word, standing
from domain.values import EventId

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


@dataclass(frozen=True, slots=True)
class _SiegeWord:
    """A word on a siege, with its publication and the revocations of its event."""

    word: Word
    published: Instant
    revoked: Sequence[tuple[int, Instant, bool]]
    """The position and publication of each, and whether it reinstates."""

    def stands_at(self, published: Instant) -> bool:
        """Whether the word counts by an instant of publication."""
        if self.published > published:
            return False
        said = [each for each in self.revoked if each[1] <= published]
        return not said or max(said)[2]


class SiegesPublished:
    """The sieges by what had been published until any instant."""

    def __init__(self, answers: Answers, basis: Basis) -> None:
        self._heard = list(_heard(answers, basis))

    def along(self, axis: TimeAxis) -> dict[str, Sieges]:
        """The sieges of every place with a word on one, along the axis."""
        of_place: dict[str, list[_SiegeWord]] = defaultdict(list)
        for each in self._heard:
            of_place[each.word.tie.object].append(each)
        of_anything = of_place.pop("", [])
        found = {}
        for place, said in of_place.items():
            besiegers = {each.word.tie.subject for each in said} | {""}
            ended = [each for each in of_anything if each.word.tie.subject in besiegers]
            found[place] = _along(axis, [*said, *ended])
        return found


def _along(axis: TimeAxis, heard: Sequence[_SiegeWord]) -> Sieges:
    turns = merged(
        (axis.on_valid(turn) for each in heard for turn in _turns_of(each.word)),
        (axis.on_published(each.published) for each in heard),
        (axis.on_published(it[1]) for each in heard for it in each.revoked),
        [BEGINNING],
    )
    found = []
    for turn in turns:
        point = axis.point(turn)
        words = [each.word for each in heard if each.stands_at(point.published)]
        found.append((turn, _siege_at(words, point.at)))
    return found


def _heard(answers: Answers, basis: Basis) -> Iterator[_SiegeWord]:
    """The words on sieges that the perspective admits, with their admitted revocations."""
    known = basis.position
    words = answers.ties_view.words(
        known=known, kinds=[TieKind.BESIEGES], counting=lambda events: events
    )
    judged = StatementFilter(answers.entries, answers.sources, basis)
    entries = answers.entries.many({word.event for word in words}, known=known)
    revoked: dict[EventId, list[tuple[int, Instant, bool]]] = defaultdict(list)
    for each in judged.revocations(entries.values()):
        revoked[each.event].append((each.position, each.word.published, each.reinstates))
    published = judged.published(entries.values())
    for word in words:
        if (when := published.get(word.event)) is not None:
            yield _SiegeWord(word, when, revoked.get(word.event, ()))


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
