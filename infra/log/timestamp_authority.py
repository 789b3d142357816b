"""Trusted timestamp authorities, by their root certificates: RFC 3161."""

import re
from collections.abc import Iterable
from datetime import UTC
from hashlib import sha256
from pathlib import Path

from cryptography import x509
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from domain.occurred import instant_of
from domain.refusals import Refusal
from infra.log.timestamps import LONGEST_TOKEN, Attestation, BadTimestamp

_SHA256 = x509.ObjectIdentifier("2.16.840.1.101.3.4.2.1")
_REASON = re.compile(r'reason: "([^"]+)"')
_LONGEST_FILE = 1024 * 1024  # bytes


class BadAuthority(Refusal):
    """The file holds no certificate of an authority; the message says why."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"{path} holds no certificate of a timestamp authority: {why}")


class TimestampAuthorities:
    """The root certificates of trusted authorities."""

    def __init__(self, roots: Iterable[x509.Certificate]) -> None:
        self._roots = list(dict.fromkeys(roots))

    @staticmethod
    def read(paths: Iterable[Path]) -> "TimestampAuthorities":
        """The certificates in files of PEM or DER. Raises BadAuthority."""
        return TimestampAuthorities([each for path in paths for each in _certificates(path)])

    def attestation(self, text: str, token: bytes) -> Attestation:
        """The time and signer in a genuine response about a text. Raises BadTimestamp."""
        if len(token) > LONGEST_TOKEN:
            raise BadTimestamp(f"a token has at most {LONGEST_TOKEN:,} bytes")
        try:
            response = decode_timestamp_response(token)
            verifier = VerifierBuilder(roots=self._roots).build()
            imprint = response.tst_info.message_imprint
            if imprint.hash_algorithm != _SHA256 or imprint.message != digest_of(text):
                raise BadTimestamp("the token is of another text than this checkpoint's")
            verifier.verify(response, digest_of(text))
            at = response.tst_info.gen_time.replace(tzinfo=UTC)
            return Attestation(instant_of(at), _signer(response))
        except VerificationError as refused:
            raise BadTimestamp(f"the token is not genuine: {_reason(refused)}") from None
        except (ValueError, OverflowError) as unreadable:
            raise BadTimestamp(f"that is no response with a token: {unreadable}") from None


def digest_of(text: str) -> bytes:
    """The digest of a checkpoint's text, for an authority to stamp."""
    return sha256(text.encode()).digest()


def timestamp_request(text: str) -> bytes:
    """The request for a timestamp of a checkpoint's text, in DER."""
    builder = TimestampRequestBuilder(text.encode(), HashAlgorithm.SHA256)
    return builder.build().as_bytes()


def stamped_digest(token: bytes) -> bytes:
    """The stamped digest in a response. Raises BadTimestamp."""
    try:
        return decode_timestamp_response(token).tst_info.message_imprint.message
    except ValueError as unreadable:
        raise BadTimestamp(f"that is no response with a token: {unreadable}") from None


def _certificates(path: Path) -> list[x509.Certificate]:
    try:
        with path.open("rb") as file:
            content = file.read(_LONGEST_FILE)
        if b"-----BEGIN" in content:
            return x509.load_pem_x509_certificates(content)
        return [x509.load_der_x509_certificate(content)]
    except OSError as refused:
        raise BadAuthority(path, refused.strerror or str(refused)) from None
    except ValueError as bad:
        raise BadAuthority(path, str(bad)) from None


def _signer(response: TimeStampResponse) -> str:
    """The subject of the certificate behind a verified response."""
    signed = response.signed_data
    (info,) = signed.signer_infos
    for each in map(x509.load_der_x509_certificate, signed.certificates):
        if each.issuer == info.issuer and each.serial_number == info.serial_number:
            name = each.subject.rfc4514_string()
            return name if name.isprintable() else repr(name)
    raise BadTimestamp("the certificate of the signer is not in the token")


def _reason(error: VerificationError) -> str:
    """The reason in short, without the places in the code of OpenSSL."""
    found = _REASON.search(str(error))
    return found[1] if found else str(error)
