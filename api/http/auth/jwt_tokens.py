"""Bearer JWTs (RFC 7519): tokens signed by an issuer, in no file of keys."""

from typing import Any

import jwt
from pydantic import TypeAdapter, ValidationError

from api.http.auth.jwt_keys import JwtKeys, read_jwt_keys
from api.http.auth.keys_file import SCOPES
from api.http.auth.reloading import Reloading
from api.schema.context import Principal
from domain.values import Author
from infra.settings import Settings

_SKEW_SECONDS = 60
_REQUIRED = ["exp", "iss", "aud", "sub"]
_NOT_UNDERSTOOD = {"crit", "b64", "zip"}
"""Headers with an effect on the reading of the rest."""
_SUBJECT: TypeAdapter[str] = TypeAdapter(Author)
_REASONS: list[tuple[type[jwt.PyJWTError], str]] = [
    (jwt.ExpiredSignatureError, "it has expired"),
    (jwt.ImmatureSignatureError, "it is not valid yet"),
    (jwt.InvalidAudienceError, "it is for another audience"),
    (jwt.InvalidIssuerError, "it is of another issuer"),
    (jwt.InvalidAlgorithmError, "its algorithm is not that of its key"),
    (jwt.InvalidSignatureError, "its signature is not right"),
]


class TokenNotAccepted(Exception):
    """A refused token; the message gives the reason, and repeats nothing of the token."""


class JwtTokens:
    """Tells the author of a JWT, by the keys, the issuer and the audience of the settings."""

    def __init__(self, settings: Settings) -> None:
        """Raises BadKeys and NotPrivate."""
        assert settings.jwt_keys, "the settings name the file"
        self.keys: Reloading[JwtKeys] = Reloading(settings.jwt_keys, read_jwt_keys)
        self._issuer, self._audience = settings.jwt_issuer, settings.jwt_audience

    def principal(self, token: str) -> Principal:
        """Raises TokenNotAccepted."""
        try:
            claims = self._claims(token)
            subject = _SUBJECT.validate_python(claims["sub"])
        except ValidationError:
            raise TokenNotAccepted("its subject can't be recorded as it is") from None
        except jwt.MissingRequiredClaimError as missing:
            raise TokenNotAccepted(f"it lacks the claim {missing.claim!r}") from None
        except (jwt.PyJWTError, ValueError, RecursionError) as wrong:
            raise TokenNotAccepted(_reason(wrong)) from None
        return Principal(subject, _scopes(claims))

    def _claims(self, token: str) -> dict[str, Any]:
        header = jwt.get_unverified_header(token)
        if strange := _NOT_UNDERSTOOD & set(header):
            raise TokenNotAccepted(f"its header has {min(strange)!r}, which is not supported")
        if (key := self.keys.content.get(header.get("kid"))) is None:
            raise TokenNotAccepted("no key with its kid is known")
        return jwt.decode(
            token,
            key.key,
            algorithms=[key.algorithm],
            audience=self._audience,
            issuer=self._issuer,
            leeway=_SKEW_SECONDS,
            options={"require": _REQUIRED},
        )


def _reason(wrong: Exception) -> str:
    found = (words for kind, words in _REASONS if isinstance(wrong, kind))
    return next(found, "it is not well-formed")


def _scopes(claims: dict[str, Any]) -> frozenset[str]:
    """The scopes of the claim `scope` (RFC 9068), or of `scp`; words of other services are none."""
    given = claims.get("scope", claims.get("scp", ""))
    words = given.split() if isinstance(given, str) else given
    if not isinstance(words, list):
        return frozenset()
    return SCOPES.intersection(each for each in words if isinstance(each, str))
