"""The actors of a ledger by UCDP id."""

from collections.abc import Iterable
from typing import Any, Literal

from domain.events import ActorRegistered
from domain.values import ActorId, ActorKind, ExternalCode
from infra.datasets.registered import registrations_as_amended
from infra.intake.controllers import slug_of
from infra.ledger.reader import LedgerReader

SCHEME: Literal["ucdp"] = "ucdp"
_LONGEST = 80
"""The most characters of a name in an id."""


class UcdpActors:
    """The registered actors with a UCDP id, as amended."""

    def __init__(self, ledger: LedgerReader) -> None:
        self._by_code: dict[str, ActorRegistered] = {}
        for actor in registrations_as_amended(ledger, ActorRegistered):
            for code in codes_of(actor.codes):
                self._by_code.setdefault(code, actor)

    def find(self, code: str) -> ActorRegistered | None:
        """The actor as amended; of several with one id the actor registered first."""
        return self._by_code.get(code)


def codes_of(codes: Iterable[ExternalCode]) -> Iterable[str]:
    """The ids in UCDP's lists."""
    return (each.code for each in codes if each.scheme == SCHEME)


def id_for(name: str, code: str) -> ActorId:
    """The id of a new actor: a readable name, and the id of UCDP."""
    begin = slug_of(name)[:_LONGEST].strip("-")
    return ActorId("-".join(filter(None, (begin, SCHEME, code))))


def fields_of_new(name: str, code: str, kind: ActorKind) -> dict[str, Any]:
    """The fields of an actor with a name and a UCDP id."""
    codes = (ExternalCode(scheme=SCHEME, code=code),)
    return {"actor": id_for(name, code), "name": name, "kind": kind, "codes": codes}
