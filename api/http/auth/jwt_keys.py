"""The file of keys for JWTs: a JWKS of public keys, or the secret of HS256.

The type of a key gives the algorithm: a token chooses a key and never an algorithm.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key
from jwt import PyJWK, PyJWTError

from api.http.auth.keys_file import LONGEST_FILE, BadKeys, refuse_duplicates
from infra.private_files import read_private

_SHORTEST_SECRET = 32
_SHORTEST_RSA = 2048
_NO_SECRET = (b"[", b"-----", b"ssh-", b"ecdsa-")
"""The beginnings of lists and public keys."""
_ALGORITHMS = {("RSA", None): "RS256", ("OKP", "Ed25519"): "EdDSA"}
"""The algorithm of a public key, by its type and curve."""
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class JwtKey:
    """A key with its only algorithm."""

    algorithm: str
    key: PyJWK | bytes


class JwtKeys:
    """The keys of an issuer of JWTs, by their ids (`kid`)."""

    def __init__(self, keys: Mapping[str | None, JwtKey]) -> None:
        self._keys = keys

    def get(self, kid: str | None) -> JwtKey | None:
        """The key with the id. A token need not name the only key, and can't name one without."""
        if len(self._keys) == 1 and (kid is None or None in self._keys):
            return next(iter(self._keys.values()))
        return None if kid is None else self._keys.get(kid)


def read_jwt_keys(path: Path) -> JwtKeys:
    """Raises BadKeys and NotPrivate."""
    try:
        content = read_private(path, longest=LONGEST_FILE).removeprefix(_BYTE_ORDER_MARK)
    except OSError as unreadable:
        raise BadKeys(path, unreadable.strerror or str(unreadable)) from None
    try:
        if content.lstrip().startswith(b"{"):
            return JwtKeys(dict(_public_keys(content)))
        return JwtKeys({None: _secret(content)})
    except (ValueError, PyJWTError) as wrong:
        raise BadKeys(path, str(wrong)) from None


def _secret(content: bytes) -> JwtKey:
    secret = content.rstrip(b"\r\n")
    # Whoever knows the "secret" of HS256 can forge every token.
    if secret.lstrip().startswith(_NO_SECRET) or _is_public_key(content):
        raise ValueError("that is a public key or a list; write public keys as a JWKS")
    if len(secret) < _SHORTEST_SECRET:
        raise ValueError(
            f"a secret has at least {_SHORTEST_SECRET} bytes, and this has {len(secret)}"
        )
    return JwtKey("HS256", secret)


def _is_public_key(content: bytes) -> bool:
    try:
        load_der_public_key(content)
    except (ValueError, UnsupportedAlgorithm):
        return False
    return True


def _public_keys(content: bytes) -> Iterator[tuple[str | None, JwtKey]]:
    listed = refuse_duplicates(content).get("keys")
    if not isinstance(listed, list) or not all(isinstance(each, dict) for each in listed):
        raise ValueError('a JWKS is {"keys": [...]}, with an object for each key')
    seen: set[str | None] = set()
    for number, written in enumerate(listed, 1):
        if "d" in written or written.get("kty") == "oct":
            raise ValueError(f"key {number} is secret, and a JWKS holds public keys alone")
        if (algorithm := _algorithm_of(written)) is None:
            continue
        kid = written.get("kid")
        if not isinstance(kid, str | None) or kid in seen:
            raise ValueError(f"key {number} needs a kid of its own")
        seen.add(kid)
        yield kid, JwtKey(algorithm, _public_key(written, algorithm, number))
    if not seen:
        raise ValueError("none of its keys is for RS256 (RSA) or EdDSA (Ed25519) signatures")


def _algorithm_of(written: Mapping[str, Any]) -> str | None:
    """None for a key of another kind or use, as issuers publish beside others."""
    kind, curve = written.get("kty"), written.get("crv")
    algorithm = _ALGORITHMS.get((str(kind), None if curve is None else str(curve)))
    operations = written.get("key_ops", ["verify"])
    if not isinstance(operations, list) or "verify" not in operations:
        return None
    if written.get("use", "sig") != "sig":
        return None
    return algorithm if written.get("alg", algorithm) == algorithm else None


def _public_key(written: dict[str, Any], algorithm: str, number: int) -> PyJWK:
    try:
        key = PyJWK(written, algorithm)
    except Exception as bad:  # noqa: BLE001 - numbers that are none fail in many ways
        raise ValueError(f"key {number} can't be read: {type(bad).__name__}") from None
    if isinstance(key.key, RSAPublicKey) and key.key.key_size < _SHORTEST_RSA:
        raise ValueError(f"key {number} has fewer than {_SHORTEST_RSA} bits")
    return key
