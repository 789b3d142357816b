"""Which processes work for a server: those for dear questions, and one for maps."""

from collections.abc import Callable
from dataclasses import dataclass

import strawberry

from api.graphql.helpers import HelperLimits, Helpers, HelperThread
from api.graphql.limits import Limits
from api.http.question_process import carry_for, opened_for_questions
from api.node import Node
from infra.settings import Settings

_SMALLEST = "{ __typename }"
_MAP_SECONDS = 300.0
"""The longest time of a task about maps: a map of a large ledger takes longer than a question."""
_MAP_NICENESS = 0
"""Many questions wait for one map: on a busy machine a process that yields would keep them waiting
ten times as long. It takes one processor at most."""


@dataclass(frozen=True)
class NodeHelpers:
    """The helpers of a server; open between `start` and `close`."""

    questions: Helpers
    maps: Helpers
    """One process, so that a map is built once."""

    @staticmethod
    def of(
        node_of: Callable[[], Node], settings: Settings, made: strawberry.Schema, limits: Limits
    ) -> "NodeHelpers":
        def helpers(its: HelperLimits) -> Helpers:
            if settings.ledger == "memory:":  # no other process can read it
                return Helpers(lambda: HelperThread(carry_for(node_of(), made, limits)), its)
            return Helpers.of(opened_for_questions(settings, limits), its)

        return NodeHelpers(
            helpers(HelperLimits(at_once=settings.questions_at_once)),
            helpers(HelperLimits(at_once=1, seconds=_MAP_SECONDS, niceness=_MAP_NICENESS)),
        )

    def start(self) -> None:
        self.questions.start()
        self.maps.start()

    def close(self) -> None:
        """Ends every helper, at work or not."""
        self.questions.close()
        self.maps.close()

    async def warm(self) -> None:
        """Starts every process, those for questions first."""
        await self.questions.warm(_SMALLEST)
        await self.maps.warm(_SMALLEST)
