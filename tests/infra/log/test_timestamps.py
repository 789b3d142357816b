"""Is a timestamp believed only if an authority that is trusted made it, of this checkpoint?"""

from datetime import UTC, datetime
from hashlib import sha256, sha512
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID
from rfc3161_client import decode_timestamp_response

from domain.occurred import rfc3339
from infra.findings import Findings
from infra.log.checkpoints import Checkpoint
from infra.log.timestamp_authority import (
    BadAuthority,
    TimestampAuthorities,
    stamped_digest,
    timestamp_request,
)
from infra.log.timestamps import LONGEST_TOKEN, BadTimestamp, Timestamp, check_timestamps
from tests.timestamp_authority import (
    CLOCK,
    REJECTED,
    ROOT,
    STAMPED_AT,
    response,
    root_of,
    signer_of,
)

CHECKPOINT = Checkpoint("example.com/tenure", 7, bytes(32))
TEXT = CHECKPOINT.text
DIGEST = sha256(TEXT.encode()).digest()
TRUSTED = TimestampAuthorities([ROOT.certificate])
TOKEN = response(CLOCK, DIGEST)


def test_a_genuine_token_tells_its_time_and_its_authority() -> None:
    at, by = TRUSTED.attestation(TEXT, TOKEN)
    assert (rfc3339(at), by) == ("2024-03-20T12:00:05Z", "CN=Clock of the tests")


def test_the_time_is_told_to_the_second() -> None:
    token = response(CLOCK, DIGEST, at=STAMPED_AT.replace(microsecond=250_000))
    assert b"20240320120005.25Z" in token
    assert rfc3339(TRUSTED.attestation(TEXT, token).at) == "2024-03-20T12:00:05Z"


def test_one_of_several_authorities_is_enough() -> None:
    both = TimestampAuthorities([root_of("Another root").certificate, ROOT.certificate])
    assert both.attestation(TEXT, TOKEN)


def altered(old: bytes, new: bytes) -> bytes:
    assert TOKEN.count(old) >= 1
    return TOKEN.replace(old, new)


@pytest.mark.parametrize(
    ("token", "words"),
    [
        (altered(b"20240320120005Z", b"20230320120005Z"), "not genuine: digest failure"),
        (altered(DIGEST, sha256(b"forged").digest()), "of another text"),
        (response(CLOCK, sha256(b"another checkpoint").digest()), "of another text"),
        (response(CLOCK, sha512(TEXT.encode()).digest(), algorithm="sha512"), "of another text"),
        (response(CLOCK, DIGEST, algorithm="sha3_256"), "of another text"),
        (response(signer_of(root_of("Root of the tests")), DIGEST), "not genuine"),
        (response(signer_of(root_of("Another root")), DIGEST), "certificate verify error"),
        (response(ROOT, DIGEST), "not genuine"),
        (
            response(signer_of(ROOT, purpose=ExtendedKeyUsageOID.SERVER_AUTH), DIGEST),
            "certificate verify error",
        ),
        (response(signer_of(ROOT, is_critical=False), DIGEST), "not genuine"),
        (
            response(signer_of(ROOT, until=datetime(2024, 1, 1, tzinfo=UTC)), DIGEST),
            "certificate verify error",
        ),
        (response(CLOCK, DIGEST, has_certificate=False), "not genuine"),
        (response(CLOCK, DIGEST, status="granted_with_mods"), "PKIStatus is not GRANTED"),
        (REJECTED, "."),
        (TOKEN[:-1], "no response with a token"),
        (TOKEN + b"x", "no response with a token"),
        (b"", "no response with a token"),
        (b"0" * LONGEST_TOKEN + b"0", "has at most"),
    ],
)
def test_a_token_that_proves_nothing_is_refused(token: bytes, words: str) -> None:
    with pytest.raises(BadTimestamp, match=words):
        TRUSTED.attestation(TEXT, token)


def test_no_flipped_bit_moves_the_time_or_the_text() -> None:
    genuine = TRUSTED.attestation(TEXT, TOKEN)
    for at in range(0, len(TOKEN), 3):
        flipped = bytearray(TOKEN)
        flipped[at] ^= 1 << at % 8
        try:
            assert TRUSTED.attestation(TEXT, bytes(flipped)) == genuine  # bytes that say nothing
        except BadTimestamp:
            continue


def test_a_request_asks_for_the_digest_of_the_text() -> None:
    request = timestamp_request(TEXT)
    assert DIGEST in request
    assert request != timestamp_request(TEXT)  # a nonce each
    assert stamped_digest(TOKEN) == DIGEST
    assert decode_timestamp_response(TOKEN).tst_info.gen_time == STAMPED_AT
    with pytest.raises(BadTimestamp):
        stamped_digest(REJECTED)


def test_certificates_are_read_from_pem_and_der(tmp_path: Path) -> None:
    pem, der = tmp_path / "root.pem", tmp_path / "root.der"
    another = root_of("Another root").certificate.public_bytes(Encoding.PEM)
    pem.write_bytes(another + ROOT.certificate.public_bytes(Encoding.PEM))
    der.write_bytes(ROOT.der)
    for path in (pem, der):
        assert TimestampAuthorities.read([path]).attestation(TEXT, TOKEN)
    pem.write_text("Dear all,\n")
    for path in (pem, tmp_path / "nowhere", tmp_path):
        with pytest.raises(BadAuthority):
            TimestampAuthorities.read([path])


# ---- Lines ------------------------------------------------------------------------------------


def test_a_line_is_read_as_it_is_written() -> None:
    timestamp = Timestamp(CHECKPOINT, TOKEN)
    assert Timestamp.parse(timestamp.line) == timestamp


LINE = Timestamp(CHECKPOINT, TOKEN).line


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"\n",
        b"[]\n",
        b'{"checkpoint":7,"token":""}\n',
        LINE.removesuffix(b"\n"),
        LINE.replace(b'"token":', b'"token": '),
        LINE.replace(b'{"checkpoint"', b'{"a":1,"checkpoint"'),
        LINE.replace(b"\\n7\\n", b"\\n07\\n"),
        LINE.replace(b'"token":"', b'"token":"*'),
        b"[" * 100_000,
        b"\xff\n",
    ],
)
def test_a_line_in_another_form_is_refused(line: bytes) -> None:
    with pytest.raises(BadTimestamp):
        Timestamp.parse(line)


def test_every_timestamp_that_proves_nothing_is_a_finding_with_its_line() -> None:
    forged = Timestamp(CHECKPOINT, altered(b"20240320120005Z", b"20230320120005Z")).line
    findings = Findings()
    stamped = check_timestamps([LINE, forged, b"x\n"], TRUSTED, findings, file="timestamps.jsonl")
    assert [each.signed.checkpoint for each in stamped] == [CHECKPOINT]
    assert [(each.wrong.value, each.line) for each in findings] == [
        ("timestamp invalid", 2),
        ("timestamp invalid", 3),
    ]


def test_no_timestamp_at_all_is_a_finding() -> None:
    findings = Findings()
    assert check_timestamps([], TRUSTED, findings) == []
    assert [each.wrong.value for each in findings] == ["not timestamped"]
