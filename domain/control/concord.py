"""Which claims can matter to the answer at one instant?

Where all sources say the same for a long time, most sightings leave no trace at other times: an
earlier sighting of the source outweighs other words just as well, and a later sighting takes over.
"""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from operator import attrgetter

from domain.control.claims import Claim, ControlStatus, Weight
from domain.control.perspective import Admitted
from domain.occurred import BEGINNING, END, THIRTY_DAYS, Instant
from domain.values import EventId, SourceId

_SETTLED = (ControlStatus.HELD, ControlStatus.VACANT)


@dataclass(slots=True, eq=False)
class _Concord:
    """A stretch of sightings of the same, whatever their weight."""

    begins: Instant
    """The close of all earlier claims."""
    what: object = None
    """None for a claim in no concord."""
    claims: list[Claim] = field(default_factory=list)
    """In their order."""
    ends: Instant = END
    """Until then no other claim opens."""

    def is_plain(self, claim: Claim) -> bool:
        """Whether the claim is firm, and within the stretch."""
        window = claim.occurred
        is_within = self.begins <= window.earliest and window.latest <= self.ends
        return is_within and claim.weight is Weight.FIRM


def bearing_at(admitted: Admitted, at: Instant) -> Admitted:
    """The admitted claims without the sightings that make no difference to the answer at an
    instant; for a place where no named actor has any lineage."""
    spared = {by for _, by in admitted.copies} | _said_again(admitted.claims)
    left_out: set[EventId] = set()
    for concord in _concords(sorted(admitted.claims, key=attrgetter("order")), at):
        left_out.update(claim.event for claim in _without_trace(concord, spared))
    kept = tuple(claim for claim in admitted.claims if claim.event not in left_out)
    return Admitted(kept, admitted.copies, admitted.taken_back)


def _said_again(claims: Iterable[Claim]) -> set[EventId]:
    """The claims of origins that made several on the same window."""
    many = Counter(claim.subject for claim in claims)
    return {claim.event for claim in claims if many[claim.subject] > 1}


def _concords(claims: Sequence[Claim], at: Instant) -> Iterator[_Concord]:
    """The stretches before and after an instant."""
    concord, closing, is_past = _Concord(BEGINNING), BEGINNING, False
    for claim in claims:
        opening, said = claim.occurred.earliest, claim.asserts
        is_sighting = not said.is_transition and said.status in _SETTLED
        what = said.what if is_sighting else None
        if opening > at and not is_past:
            concord.ends, is_past, closing = at, True, max(closing, Instant(at + 1))
        elif what is None or what != concord.what:
            concord.ends = min(opening, END if is_past else at)
        if concord.ends < END:
            yield concord
            concord = _Concord(closing, what)
        concord.claims.append(claim)
        closing = max(closing, claim.occurred.latest)
    if not is_past:
        concord.ends = at
    yield concord


def _without_trace(concord: _Concord, spared: set[EventId]) -> Iterator[Claim]:
    """The sightings between others of the same origin, by which the same words are silenced."""
    if concord.what is None or len(concord.claims) < 3:
        return
    own: dict[SourceId, list[Claim]] = defaultdict(list)
    for claim in concord.claims:
        own[claim.origin].append(claim)
    turns = _turns(concord, own.values())
    for words in own.values():
        plain = [it.event not in spared and concord.is_plain(it) for it in words]
        last: dict[object, int] = {}
        for index in range(len(words)):
            if plain[index]:
                last[words[index].grade] = index
        before: dict[object, Claim] = {}
        for index, claim in enumerate(words):
            if not plain[index]:
                continue
            former = before.get(claim.grade)
            before[claim.grade] = claim
            is_between = 0 < index < len(words) - 2 and plain[index - 1] and plain[index + 1]
            if is_between and former and last[claim.grade] != index:
                if _is_as_good(former, claim, turns):
                    yield claim


def _turns(concord: _Concord, own: Iterable[Sequence[Claim]]) -> list[Instant]:
    """The instants after which the first sightings count: since the beginning, and since the last
    words of each origin; and 30 days later, when a word is old."""
    found = {concord.begins}
    for words in own:
        for claim in words[-3:]:
            found |= {claim.occurred.earliest, claim.occurred.latest}
    late = {each + THIRTY_DAYS for each in found}
    return sorted(Instant(turn + more) for turn in found | late for more in (0, 1))


def _is_as_good(former: Claim, claim: Claim, turns: Sequence[Instant]) -> bool:
    """Whether no turn parts two sightings, and neither window lies within the other."""
    one, other = former.occurred, claim.occurred
    return (
        one.earliest < other.earliest
        and one.latest < other.latest
        and bisect_right(turns, one.earliest) == bisect_right(turns, other.earliest)
        and bisect_right(turns, one.latest) == bisect_right(turns, other.latest)
    )
