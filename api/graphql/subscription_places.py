"""How many subscriptions may there be, and is there a place for one more?"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import orjson

from api.graphql.execution import Question
from api.graphql.messages import Busy


@dataclass(frozen=True)
class SubscriptionLimits:
    """The bounds of subscriptions; times in seconds."""

    in_all: int = 10_000
    of_one_subject: int = 5_000
    of_one_connection: int = 32
    sockets: int = 10_000
    sockets_before_init: int = 500
    """The WebSockets without a `connection_init`; of more, the oldest is closed."""
    init_seconds: float = 10.0
    admission_seconds: float = 5.0
    """Between two looks whether a token still admits its bearer."""
    send_seconds: float = 20.0
    """The longest time for a client to take a message."""
    heartbeat_seconds: float = 15.0
    """Between two signs of life on a silent event stream."""
    results: int = 200
    """The results of a page."""
    page_bytes: int = 64_000
    """The bytes of a page after which no further result is begun."""
    page_cost: float = 250.0
    """The computing of a page by a helper, in milliseconds."""
    kept_page_bytes: int = 8_000_000
    question_bytes: int = 64_000_000
    """The texts and variables of all subscriptions."""
    questions: int = 500
    """The questions and mutations over all WebSockets at once."""


class SubscriptionPlaces:
    """The places for subscriptions of one server, for the questions over WebSockets, and for the
    WebSockets themselves."""

    def __init__(self, limits: SubscriptionLimits) -> None:
        self._limits = limits
        self._of_subject: Counter[str] = Counter()
        self.open = 0
        """How many subscriptions are open."""
        self.tell_open: Callable[[int], object] = lambda number: None
        """Told how many are open, whenever that changes."""
        self._bytes = self._questions = 0
        self.sockets = 0
        """How many WebSockets are open."""

    @contextmanager
    def for_subscription(self, subject: str, question: Question) -> Iterator[None]:
        """Inside the block the subject has one subscription more. Raises Busy."""
        size = question_size(question)
        is_full = self.open >= self._limits.in_all
        if is_full or self._bytes + size > self._limits.question_bytes:
            raise Busy("All places for subscriptions are taken; try again later.")
        if self._of_subject[subject] >= self._limits.of_one_subject:
            raise Busy("You have as many subscriptions as anybody may have; end one of them.")
        self.open += 1
        self.tell_open(self.open)
        self._bytes += size
        self._of_subject[subject] += 1
        try:
            yield
        finally:
            self.open -= 1
            self.tell_open(self.open)
            self._bytes -= size
            self._of_subject[subject] -= 1
            if not self._of_subject[subject]:
                del self._of_subject[subject]

    @contextmanager
    def for_question(self) -> Iterator[None]:
        """Inside the block one question more is answered over WebSocket. Raises Busy."""
        if self._questions >= self._limits.questions:
            raise Busy("Too many questions wait already; try again in a moment.")
        self._questions += 1
        try:
            yield
        finally:
            self._questions -= 1


def question_size(question: Question) -> int:
    """The bytes of a question that is kept, about."""
    variables = len(orjson.dumps(question.variables)) if question.variables else 0
    return 1_000 + len(question.text) + 2 * variables
