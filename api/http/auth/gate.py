"""Who asks, and with which scopes? Told from the headers of a request."""

from collections.abc import Callable
from datetime import datetime

from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection

from api.http.auth.failed_tokens import FailedTokens
from api.http.auth.jwt_tokens import JwtTokens, TokenNotAccepted
from api.http.auth.keys_file import SCOPES, digest_of, read_keys
from api.http.auth.local_requests import is_of_another_origin, why_not_local
from api.http.auth.reloading import Reloading
from api.schema.context import Principal
from domain.refusals import Refusal
from infra.ledger.ledger import utc_now
from infra.settings import Settings

ANYBODY = Principal("anybody", frozenset({"read"}))
NOBODY = Principal("nobody", frozenset())
_LONGEST_TOKEN = 8_192


class NoReaders(Refusal):
    """Reading is for bearers of tokens alone, and no token is accepted."""

    def __init__(self) -> None:
        super().__init__(
            "TENURE_READ=keys lets bearers of tokens read, and there are none: name a file of keys "
            "in TENURE_KEYS or TENURE_JWT_KEYS"
        )


class Gate:
    """Tells the author of a request, and refuses a request without an acceptable one.

    Without keys every local request comes from the author of the settings, with every scope. With
    keys a bearer token says whose a request is; without a token anybody may read, as far as the
    settings let anybody read. No header of a proxy is trusted.

    A token is looked up by the digest: a guess with the beginning of a true token has nothing in
    common with the true digest, so the time of a look-up tells nothing.
    """

    def __init__(self, settings: Settings, now: Callable[[], datetime] = utc_now) -> None:
        """Raises BadKeys, NotPrivate and NoReaders."""
        self._now, self._failed = now, FailedTokens(now)
        self._origins = settings.cors_origins - {"*"}
        self._serves_every_page = "*" in settings.cors_origins
        self._author, self._read = Principal(settings.author, SCOPES), settings.read
        self._keys = Reloading(settings.keys, read_keys) if settings.keys else None
        self._jwts = JwtTokens(settings) if settings.jwt_keys else None
        if settings.read == "keys" and not self.has_keys:
            raise NoReaders

    @property
    def has_keys(self) -> bool:
        return self._keys is not None or self._jwts is not None

    def reload(self) -> None:
        """Reads the files of keys again."""
        if self._keys:
            self._keys.reload()
        if self._jwts:
            self._jwts.keys.reload()

    def admit(self, asked: HTTPConnection) -> Principal:
        """The author of a request that may read.

        Raises HTTPException: 400 for an unclear host, 401 without an accepted token, 403 without
        the scope or for the WebSocket of another site's page, 403 or 421 without keys for what is
        not local.
        """
        _refuse_unclear_host(asked)
        if asked.scope["type"] == "websocket" and not self._serves_every_page:
            # Browsers ask nobody before a page opens one, and show the page what comes.
            if is_of_another_origin(asked, self._origins):
                raise HTTPException(403, "pages of this origin may read nothing here")
        if not self.has_keys:
            if (why := why_not_local(asked, self._origins)) is not None:
                raise HTTPException(why[0], f"without keys {why[1]}; set TENURE_KEYS")
            return self._author
        given = asked.headers.getlist("authorization")
        principal = self._bearer(asked, given) if given else NOBODY
        if self.may_anybody_read(asked):
            return principal.with_scopes(ANYBODY.scopes) if given else ANYBODY
        if not given:
            raise HTTPException(401, "reading needs a bearer token", {"WWW-Authenticate": "Bearer"})
        require_scope(principal, "read", "reading")
        return principal

    def may_anybody_read(self, asked: HTTPConnection) -> bool:
        """Whether the request would be answered without a token too."""
        return self.is_local(asked) if self._read is None else self._read == "anybody"

    def is_local(self, asked: HTTPConnection) -> bool:
        return why_not_local(asked, self._origins) is None

    def _bearer(self, asked: HTTPConnection, given: list[str]) -> Principal:
        scheme, _, token = given[0].partition(" ")
        try:
            if len(given) > 1 or scheme.lower() != "bearer":
                raise TokenNotAccepted("it is not one bearer token")
            return _completed(self._principal(token.strip()))
        except TokenNotAccepted as bad:
            self._failed.add(asked.client.host if asked.client else "nowhere", token, str(bad))
            raise HTTPException(
                401,
                f"this token is not accepted: {bad}",
                {"WWW-Authenticate": 'Bearer error="invalid_token"'},
            ) from None

    def _principal(self, token: str) -> Principal:
        if not 0 < len(token) <= _LONGEST_TOKEN:
            raise TokenNotAccepted("it is empty or longer than any token")
        key = self._keys.content.get(digest_of(token)) if self._keys else None
        if key is None:
            if self._jwts and token.count(".") == 2:
                return self._jwts.principal(token)
            raise TokenNotAccepted("it is not known")
        if key.expires and key.expires <= self._now():
            raise TokenNotAccepted(f"it expired at {key.expires:%Y-%m-%dT%H:%M:%SZ}")
        return Principal(key.subject, frozenset(key.scopes))


def require_scope(principal: Principal, scope: str, what: str) -> None:
    """Raises HTTPException: 401 for an author without a token, 403 without the scope."""
    if scope in principal.scopes:
        return
    message = f"{what} needs a bearer token whose scopes include {scope!r}"
    if principal is ANYBODY or principal is NOBODY:
        raise HTTPException(401, message, {"WWW-Authenticate": "Bearer"})
    told = {"WWW-Authenticate": f'Bearer error="insufficient_scope", scope="{scope}"'}
    raise HTTPException(403, message, told)


def _completed(principal: Principal) -> Principal:
    """With the scope to read, for whoever may record or audit: both are answered with records."""
    return principal.with_scopes({"read"}) if principal.scopes else principal


def _refuse_unclear_host(asked: HTTPConnection) -> None:
    hosts = [name for name, _ in asked.scope["headers"]].count(b"host")
    if hosts > 1 or (hosts == 0 and asked.scope.get("http_version") != "1.0"):
        raise HTTPException(400, f"a request names one host, and this names {hosts or 'none'}")
