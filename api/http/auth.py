"""The authors of requests, and their scopes."""

from hashlib import sha256
from pathlib import Path
from typing import Literal

from fastapi import HTTPException, Request
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from api.schema.context import Principal
from domain.refusals import Refusal
from domain.values import Author
from infra.settings import Settings

Scope = Literal["read", "record", "audit", "admin"]
ANYBODY = Principal("anybody", frozenset({"read"}))
_ALL: frozenset[str] = frozenset({"read", "record", "audit", "admin"})


_LOOPBACK = {"127.0.0.1", "localhost", "[::1]"}


class BadKeys(Refusal):
    """The file of keys can't be used; the message says why."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"the keys in {path} can't be used: {why}")


class Key(BaseModel):
    """The owner of a token, and the scopes of the token."""

    model_config = ConfigDict(extra="forbid")

    subject: Author
    scopes: frozenset[Scope]


_FILE = TypeAdapter(dict[str, Key])


class Gate:
    """Tells the author of a request.

    Without keys, and on loopback only, everybody is the author of the settings with every scope.
    With keys, anybody may read, and a bearer token gives further scopes. Only the SHA-256 of each
    token is kept.
    """

    def __init__(self, settings: Settings) -> None:
        """Raises BadKeys."""
        self._author = Principal(settings.author, _ALL)
        self._keys = None if settings.keys is None else _read(settings.keys)

    def admit(self, request: Request) -> Principal:
        """The author of the request.

        Raises HTTPException: 401 for an unknown token, 421 without keys for a host that is not
        loopback.
        """
        if self._keys is None:
            # Any page in a browser can point a name of its own at loopback, and post to it.
            if _host(request) not in _LOOPBACK:
                raise HTTPException(421, "without keys only loopback is served; set TENURE_KEYS")
            return self._author
        given = request.headers.get("authorization")
        if given is None:
            return ANYBODY
        scheme, _, token = given.partition(" ")
        key = self._keys.get(sha256(token.strip().encode()).hexdigest())
        if scheme.lower() != "bearer" or key is None:
            raise HTTPException(401, "this token is not known", {"WWW-Authenticate": "Bearer"})
        return Principal(key.subject, frozenset(key.scopes))


def _host(request: Request) -> str:
    host = request.headers.get("host", "")
    return host if host.endswith("]") else host.rpartition(":")[0] or host


def _read(path: Path) -> dict[str, Key]:
    try:
        return _FILE.validate_json(path.read_bytes())
    except OSError as unreadable:
        raise BadKeys(path, unreadable.strerror or str(unreadable)) from None
    except ValidationError as wrong:
        first = wrong.errors(include_url=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise BadKeys(path, f"{place}: {first['msg']}" if place else first["msg"]) from None
