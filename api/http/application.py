"""The server: which way does a request take through the layers?"""

from fastapi import FastAPI
from starlette.types import Receive, Scope, Send

from api.http.kept_first import KeptFirst
from api.http.short_way import ShortWay


class Application(FastAPI):
    """Kept answers are given first; other questions take the short way, everything else the whole
    way."""

    kept_first: KeptFirst | None = None
    short_way: ShortWay | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = self.kept_first.find(scope) if self.kept_first else None
        if self.kept_first and found:
            await self.kept_first.give(found, scope, send)
        elif self.short_way and self.short_way.takes(scope):
            await self.short_way(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)
