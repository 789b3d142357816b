"""When was each content last said? Kept for the answers that begin later."""

from collections.abc import Mapping
from typing import NamedTuple

from domain.control.claims import Claim
from domain.occurred import BEGINNING, Instant

Closes = tuple[Instant, Instant, Instant]
UNHEARD: Closes = (BEGINNING, BEGINNING, BEGINNING)


class LastWords(NamedTuple):
    """The latest closes among claims with the same content, by least weight."""

    claim: Claim
    """Any of the claims."""
    closes: Closes
    """Of claims of each weight or a higher weight."""

    def heard(self, claim: Claim) -> "LastWords":
        """With another claim of the same content."""
        close = claim.occurred.latest
        closes = [
            max(known, close) if weight <= claim.weight else known
            for weight, known in enumerate(self.closes)
        ]
        return LastWords(self.claim, (closes[0], closes[1], closes[2]))


def differing_words(
    former: Mapping[object, LastWords], now: Mapping[object, LastWords]
) -> dict[object, tuple[Closes, LastWords]]:
    """The last words with other closes than before, each with the closes before."""
    if former is now:
        return {}
    found: dict[object, tuple[Closes, LastWords]] = {}
    for key in former.keys() | now.keys():
        before, after = former.get(key), now.get(key)
        if before is None or after is None or before.closes != after.closes:
            known = after or before
            assert known is not None, "the key is of one of both"
            closes = before.closes if before else UNHEARD
            found[key] = closes, after or LastWords(known.claim, UNHEARD)
    return found


def said_instead(
    said: Mapping[object, LastWords], differing: Mapping[object, tuple[Closes, LastWords]]
) -> Mapping[object, LastWords]:
    """The last words with the differing closes, where no later word follows."""
    replaced = dict(said)
    for key, (former, now) in differing.items():
        its = said[key].closes if key in said else UNHEARD
        one, two, three = (
            new if close == old else close
            for close, old, new in zip(its, former, now.closes, strict=True)
        )
        if (one, two, three) == UNHEARD:
            replaced.pop(key, None)
        elif (one, two, three) != its:
            replaced[key] = LastWords(now.claim, (one, two, three))
    return said if replaced == said else replaced
