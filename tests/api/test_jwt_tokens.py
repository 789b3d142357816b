"""Answers: which JWTs are accepted, and can any be forged?"""

import json
import time
from base64 import urlsafe_b64encode
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st
from jwt.algorithms import HMACAlgorithm, OKPAlgorithm, RSAAlgorithm
from pydantic import ValidationError

from api.http.auth.jwt_keys import read_jwt_keys
from api.http.auth.jwt_tokens import JwtTokens, TokenNotAccepted
from api.http.auth.keys_file import BadKeys
from api.schema.context import Principal
from infra.settings import Settings
from tests.keys import write_private

ISSUER, AUDIENCE = "https://login.example.org", "tenure"
SECRET = b"0123456789abcdef0123456789abcdef"
ED, OTHER_ED = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
RSA, SHORT_RSA = generate_private_key(65537, 2048), generate_private_key(65537, 1024)
Signer = Ed25519PrivateKey | RSAPrivateKey | bytes


def claims(**changed: Any) -> dict[str, Any]:
    """Claims of a sound token; None leaves a claim out."""
    until = int(time.time()) + 300
    sound = {"iss": ISSUER, "aud": AUDIENCE, "sub": "ana", "exp": until, "scope": "record"}
    return {name: value for name, value in (sound | changed).items() if value is not None}


def token(by: Signer, algorithm: str, kid: str | None = None, **changed: Any) -> str:
    """A signed token."""
    return signed(by, {"alg": algorithm} | ({} if kid is None else {"kid": kid}), **changed)


def signed(by: Signer, header: dict[str, Any], **changed: Any) -> str:
    """A token that no library refuses to write."""
    text = ".".join(encoded(json.dumps(part).encode()) for part in (header, claims(**changed)))
    if isinstance(by, bytes):
        signature = HMACAlgorithm(HMACAlgorithm.SHA256).sign(text.encode(), by)
    elif isinstance(by, RSAPrivateKey):
        signature = RSAAlgorithm(RSAAlgorithm.SHA256).sign(text.encode(), by)
    else:
        signature = by.sign(text.encode())
    return f"{text}.{encoded(signature)}"


def encoded(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode()


def public(key: Ed25519PrivateKey | RSAPrivateKey, **more: Any) -> dict[str, Any]:
    """The public key as an issuer publishes it."""
    if isinstance(key, RSAPrivateKey):
        return RSAAlgorithm.to_jwk(key.public_key(), as_dict=True) | more
    return OKPAlgorithm.to_jwk(key.public_key(), as_dict=True) | more


def accepting(folder: Path, content: bytes | list[dict[str, Any]]) -> JwtTokens:
    held = content if isinstance(content, bytes) else json.dumps({"keys": content}).encode()
    path = write_private(folder / "jwt-keys", held)
    return JwtTokens(Settings(jwt_keys=path, jwt_issuer=ISSUER, jwt_audience=AUDIENCE))


@pytest.fixture(scope="module")
def tokens(tmp_path_factory: pytest.TempPathFactory) -> JwtTokens:
    """Of an issuer with a key of each kind."""
    keys = [public(ED, kid="ed"), public(RSA, kid="rsa", use="sig", alg="RS256")]
    return accepting(tmp_path_factory.mktemp("jwt"), keys)


def refusal(tokens: JwtTokens, given: str) -> str:
    with pytest.raises(TokenNotAccepted) as refused:
        tokens.principal(given)
    return str(refused.value)


def test_the_subject_and_the_scopes_are_those_of_the_claims(tokens: JwtTokens) -> None:
    principal = tokens.principal(token(ED, "EdDSA", "ed", scope="openid read record admin"))
    assert principal == Principal("ana", frozenset({"read", "record"}))
    several = token(RSA, "RS256", "rsa", aud=["another", AUDIENCE])
    assert tokens.principal(several).subject == "ana"


@pytest.mark.parametrize(
    ("given", "scopes"),
    [
        ({"scope": None}, set()),
        ({"scope": ""}, set()),
        ({"scope": 5}, set()),
        ({"scope": {"audit": True}}, set()),
        ({"scope": "email", "scp": "audit"}, set()),
        ({"scope": None, "scp": ["audit", 5, "email"]}, {"audit"}),
        ({"scope": None, "scp": "read  audit"}, {"read", "audit"}),
    ],
)
def test_words_of_other_services_are_no_scopes(
    tokens: JwtTokens, given: dict[str, Any], scopes: set[str]
) -> None:
    assert tokens.principal(token(ED, "EdDSA", "ed", **given)).scopes == scopes


def test_the_secret_of_hs256_is_accepted_alone_and_whole(tmp_path: Path) -> None:
    tokens = accepting(tmp_path, SECRET + b"\n")
    assert tokens.principal(token(SECRET, "HS256")).subject == "ana"
    assert "signature" in refusal(tokens, token(SECRET[:-1] + b"x", "HS256"))
    for other in (token(SECRET, "HS512"), token(ED, "EdDSA")):
        assert refusal(tokens, other) == "its algorithm is not that of its key"


NOW = int(time.time())


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"exp": NOW - 61}, "expired"),
        ({"exp": None}, "lacks the claim 'exp'"),
        ({"exp": "soon"}, "not well-formed"),
        ({"exp": float("nan")}, "not well-formed"),
        ({"exp": float("inf")}, "not well-formed"),
        ({"exp": True}, "expired"),
        ({"nbf": NOW + 3_000}, "not valid yet"),
        ({"iat": NOW + 3_000}, "not valid yet"),
        ({"aud": "another"}, "another audience"),
        ({"aud": None}, "lacks the claim 'aud'"),
        ({"aud": []}, "aud"),
        ({"iss": "https://evil.example"}, "another issuer"),
        ({"iss": f"{ISSUER}/"}, "another issuer"),
        ({"iss": [ISSUER]}, "issuer"),
        ({"sub": None}, "lacks the claim 'sub'"),
        ({"sub": 5}, "not well-formed"),
        ({"sub": ""}, "can't be recorded"),
        ({"sub": "ana\nbo"}, "can't be recorded"),
        ({"sub": "\u202eana"}, "can't be recorded"),
        ({"sub": "\ud800"}, "can't be recorded"),
        ({"sub": "x" * 201}, "can't be recorded"),
    ],
)
def test_a_token_with_wrong_claims_is_refused(
    tokens: JwtTokens, changed: dict[str, Any], why: str
) -> None:
    assert why in refusal(tokens, token(ED, "EdDSA", "ed", **changed))


def test_clocks_may_differ_by_a_minute(tokens: JwtTokens) -> None:
    now = int(time.time())
    skewed = token(ED, "EdDSA", "ed", exp=now - 30, nbf=now + 30, iat=now + 30)
    assert tokens.principal(skewed).subject == "ana"


# ---- Forgeries -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["none", "None", "NONE", "", None, [], {}, 5])
def test_a_token_without_a_signature_is_refused(tokens: JwtTokens, name: Any) -> None:
    for header in ({"alg": name, "kid": "ed"}, {"alg": name}, {"kid": "ed"}, {}):
        text = signed(ED, header).rpartition(".")[0]
        assert refusal(tokens, f"{text}.")
        assert refusal(tokens, text)


@pytest.mark.parametrize(("key", "kid"), [(RSA, "rsa"), (ED, "ed")])
@pytest.mark.parametrize("encoding", [Encoding.PEM, Encoding.DER, Encoding.OpenSSH])
def test_a_public_key_is_no_secret_of_hs256(
    tmp_path: Path,
    tokens: JwtTokens,
    key: RSAPrivateKey | Ed25519PrivateKey,
    kid: str,
    encoding: Encoding,
) -> None:
    is_openssh = encoding is Encoding.OpenSSH
    form = PublicFormat.OpenSSH if is_openssh else PublicFormat.SubjectPublicKeyInfo
    known = key.public_key().public_bytes(encoding, form)
    forged = refusal(tokens, token(known, "HS256", kid))
    assert forged == "its algorithm is not that of its key"
    with pytest.raises(BadKeys, match="public key"):
        accepting(tmp_path, known)


@pytest.mark.parametrize(
    "more", [{"crit": ["exp"]}, {"crit": []}, {"b64": False}, {"crit": ["b64"], "b64": False}]
)
def test_a_header_that_changes_the_reading_is_refused(
    tokens: JwtTokens, more: dict[str, Any]
) -> None:
    assert refusal(tokens, signed(ED, {"alg": "EdDSA", "kid": "ed", **more}))


def test_a_key_in_the_header_counts_for_nothing(tokens: JwtTokens) -> None:
    for more in ({"jwk": public(OTHER_ED)}, {"jku": "https://evil.example/jwks"}):
        forged = signed(OTHER_ED, {"alg": "EdDSA", "kid": "ed", **more})
        assert refusal(tokens, forged) == "its signature is not right"


def test_a_token_names_its_key_where_there_are_several(tmp_path: Path, tokens: JwtTokens) -> None:
    unknown = "no key with its kid is known"
    assert refusal(tokens, token(ED, "EdDSA", "other")) == unknown
    assert refusal(tokens, token(ED, "EdDSA")) == unknown
    assert "algorithm" in refusal(tokens, token(ED, "EdDSA", "rsa"))
    single = accepting(tmp_path, [public(ED, kid="ed")])
    assert single.principal(token(ED, "EdDSA")).subject == "ana"
    assert refusal(single, token(ED, "EdDSA", "other")) == unknown


def test_a_changed_letter_anywhere_is_refused(tokens: JwtTokens) -> None:
    sound = token(ED, "EdDSA", "ed")
    for at in range(0, len(sound), 5):
        for letter in "A.=":
            changed = sound[:at] + letter + sound[at + 1 :]
            assert changed == sound or refusal(tokens, changed)


@given(st.text(max_size=200) | st.lists(st.binary(max_size=60), min_size=3, max_size=3))
def test_any_other_text_is_refused_and_breaks_nothing(
    tokens: JwtTokens, given: str | list[bytes]
) -> None:
    assert refusal(tokens, given if isinstance(given, str) else ".".join(map(encoded, given)))


def test_a_deeply_nested_header_is_refused(tokens: JwtTokens) -> None:
    for deep in (b"[" * 5_000, b'{"a":' * 1_500, b'{"alg":"EdDSA","kid":' + b"[" * 4_000):
        assert refusal(tokens, f"{encoded(deep)}.e30.e30")


# ---- Files -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "at least 32 bytes, and this has 0"),
        (b"short\n", "at least 32 bytes"),
        (b"{", "can't be used"),
        (b'{"a": ' * 100_000, "nested too deeply"),
        (b'\xef\xbb\xbf{"kid": "a"}', "for each key"),
        (b'{"keys": []}', "none of its keys"),
        (b'{"keys": {}}', "for each key"),
        (b'{"keys": [], "keys": []}', "stands twice"),
        (b'[{"kty": "OKP"}]' * 4, "write public keys as a JWKS"),
        ([public(ED, kid="a"), public(OTHER_ED, kid="a")], "kid of its own"),
        ([public(ED), public(OTHER_ED)], "kid of its own"),
        ([public(ED, kid=5)], "kid of its own"),
        ([public(ED, kid=[])], "kid of its own"),
        ([public(ED, d="AAAA")], "key 1 is secret"),
        ([{"kty": "oct", "k": "A" * 60}], "key 1 is secret"),
        ([public(ED, x="!")], "key 1 can't be read"),
        ([public(ED, x=5)], "key 1 can't be read"),
        ([public(RSA, n="AQAB")], "key 1"),
        ([public(SHORT_RSA)], "fewer than 2048 bits"),
        ([public(ED, use="enc"), public(RSA, alg="RS512")], "none of its keys"),
        ([public(ED, crv="Ed448")], "none of its keys"),
        ([public(ED, key_ops=["sign"])], "none of its keys"),
        ([public(ED, key_ops=5)], "none of its keys"),
    ],
)
def test_a_file_that_holds_no_sound_key_is_refused(
    tmp_path: Path, content: bytes | list[dict[str, Any]], says: str
) -> None:
    with pytest.raises(BadKeys, match=says):
        accepting(tmp_path, content)


def test_keys_of_other_uses_are_passed_over(tmp_path: Path) -> None:
    others = [public(OTHER_ED, kid="e", use="enc"), {"kty": "EC", "crv": "P-256"}]
    tokens = accepting(tmp_path, [*others, public(ED, kid="ed")])
    assert tokens.principal(token(ED, "EdDSA", "ed")).subject == "ana"
    assert read_jwt_keys(tmp_path / "jwt-keys").get("e") is None


@pytest.mark.parametrize("missing", ["jwt_keys", "jwt_issuer", "jwt_audience"])
def test_issuer_and_audience_have_to_be_set(tmp_path: Path, missing: str) -> None:
    given: dict[str, Any] = {"jwt_keys": tmp_path, "jwt_issuer": ISSUER, "jwt_audience": AUDIENCE}
    with pytest.raises(ValidationError, match="are set together"):
        Settings(**{name: value for name, value in given.items() if name != missing})
