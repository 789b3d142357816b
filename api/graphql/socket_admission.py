"""Is the client of a WebSocket admitted, and still, and as the same author?"""

from collections.abc import Mapping
from time import monotonic
from typing import Any, Generic, TypeVar

from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection
from starlette.types import Scope

from api.graphql.socket_messages import Closing
from api.graphql.subscriptions import Subscriptions

C = TypeVar("C")
_LONGEST_CREDENTIAL = 10_000


class SocketAdmission(Generic[C]):
    """The admission of one connection, from its `connection_init` on."""

    def __init__(self, subscriptions: Subscriptions[C], scope: Scope) -> None:
        self._source, self._scope = subscriptions.source, scope
        self._seconds = subscriptions.limits.admission_seconds
        self._admitted_at = monotonic()
        self.author: Any = None
        """Who was admitted; None before `connection_init`."""

    def admit(self, payload: Mapping[str, Any]) -> None:
        """Admits the client, by its headers or by the payload. Raises Closing."""
        self._take_credentials(payload)
        self.author = self._source.author_of(self._admitted())

    def context(self) -> C:
        """A context for the client. Raises Closing for whoever is not admitted any longer, or is
        somebody else by now."""
        context = self._admitted()
        if self._source.author_of(context) != self.author:
            raise Closing(4403, "Forbidden: the token has other rights by now")
        return context

    def look_again(self) -> None:
        """Looks whether the client is admitted still, if that was long ago. Raises Closing."""
        if monotonic() - self._admitted_at >= self._seconds:
            self.context()

    def _admitted(self) -> C:
        try:
            context = self._source.admit(HTTPConnection(self._scope))
        except HTTPException as refused:
            raise Closing(4403, f"Forbidden: {refused.detail}") from None
        self._admitted_at = monotonic()
        return context

    def _take_credentials(self, payload: Mapping[str, Any]) -> None:
        """What stands as Authorization in the payload counts as a header: browsers send none."""
        named = {name.lower(): value for name, value in payload.items()}
        given = named.get("authorization")
        if given is None:
            return
        if not isinstance(given, str) or len(given) > _LONGEST_CREDENTIAL:
            raise Closing(4400, "Invalid message: Authorization must be a text like a header's")
        header = (b"authorization", given.encode("utf-8", "replace"))
        others = [each for each in self._scope["headers"] if each[0] != b"authorization"]
        self._scope = {**self._scope, "headers": [*others, header]}
