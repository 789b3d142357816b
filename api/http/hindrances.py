"""The reasons against the readiness of a node."""

from typing import NamedTuple

from domain.refusals import Unavailable
from infra.ledger.outages import LedgerUnavailable
from infra.views.outages import ViewsUnavailable

SILENCE = 2.0
"""Seconds after which a silent thread or process counts as hanging."""


class Hindrance(NamedTuple):
    """A reason against readiness: a code for programs, a sentence for people."""

    code: str
    message: str


def hindrance_of(out: Unavailable) -> Hindrance:
    what = "Views" if isinstance(out, ViewsUnavailable) else "Ledger"
    outage = out.outage if isinstance(out, ViewsUnavailable | LedgerUnavailable) else ""
    return Hindrance(f"{what}{outage}", str(out))
