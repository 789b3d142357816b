"""A timestamp authority of the tests' own: a root, and tokens as RFC 3161 has them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from asn1crypto import algos, cms, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

TSA = "https://tsa.example.org"
"""The address of the authority in examples."""
STAMPED_AT = datetime(2024, 3, 20, 12, 0, 5, tzinfo=UTC)
_BEGAN = datetime(2020, 1, 1, tzinfo=UTC)
_YEARS = timedelta(days=3650)


@dataclass(frozen=True)
class Signer:
    """A key with its certificate."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def root_of(common: str) -> Signer:
    """A root that signed itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = (
        x509.CertificateBuilder()
        .subject_name(_name(common))
        .issuer_name(_name(common))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(_BEGAN)
        .not_valid_after(_BEGAN + 2 * _YEARS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=1), critical=True)
        .sign(key, hashes.SHA256())
    )
    return Signer(key, certificate)


def signer_of(
    root: Signer,
    common: str = "Clock of the tests",
    *,
    purpose: x509.ObjectIdentifier = ExtendedKeyUsageOID.TIME_STAMPING,
    is_critical: bool = True,
    until: datetime = _BEGAN + _YEARS,
) -> Signer:
    """A certificate below a root, for timestamps unless another purpose is given."""
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = (
        x509.CertificateBuilder()
        .subject_name(_name(common))
        .issuer_name(root.certificate.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(_BEGAN)
        .not_valid_after(until)
        .add_extension(x509.ExtendedKeyUsage([purpose]), critical=is_critical)
        .sign(root.key, hashes.SHA256())
    )
    return Signer(key, certificate)


def response(
    signer: Signer,
    digest: bytes,
    *,
    at: datetime = STAMPED_AT,
    algorithm: str = "sha256",
    nonce: int | None = None,
    status: str = "granted",
    has_certificate: bool = True,
) -> bytes:
    """A response with a token over a digest, signed at a time."""
    info = tsp.TSTInfo(
        {
            "version": "v1",
            "policy": "1.2.3.4.1",
            "message_imprint": {
                "hash_algorithm": {"algorithm": algorithm},
                "hashed_message": digest,
            },
            "serial_number": 7,
            "gen_time": at,
            **({} if nonce is None else {"nonce": nonce}),
        }
    ).dump()
    certificate = asn1_x509.Certificate.load(signer.der)
    signed_attributes = cms.CMSAttributes(
        [
            _attribute("content_type", "tst_info"),
            _attribute("message_digest", sha256(info).digest()),
            _attribute(
                "signing_certificate_v2",
                tsp.SigningCertificateV2({"certs": [{"cert_hash": sha256(signer.der).digest()}]}),
            ),
        ]
    )
    signature = signer.key.sign(signed_attributes.dump(), ec.ECDSA(hashes.SHA256()))
    signed = cms.SignedData(
        {
            "version": "v3",
            "digest_algorithms": [{"algorithm": "sha256"}],
            "encap_content_info": {
                "content_type": "tst_info",
                "content": cms.ParsableOctetString(info),
            },
            "certificates": [certificate] if has_certificate else [],
            "signer_infos": [
                {
                    "version": "v1",
                    "sid": cms.IssuerAndSerialNumber(
                        {
                            "issuer": certificate.issuer,
                            "serial_number": certificate.serial_number,
                        }
                    ),
                    "digest_algorithm": {"algorithm": "sha256"},
                    "signed_attrs": signed_attributes,
                    "signature_algorithm": algos.SignedDigestAlgorithm(
                        {"algorithm": "sha256_ecdsa"}
                    ),
                    "signature": signature,
                }
            ],
        }
    )
    token = cms.ContentInfo({"content_type": "signed_data", "content": signed})
    whole = tsp.TimeStampResp({"status": {"status": status}, "time_stamp_token": token})
    found: bytes = whole.dump()
    return found


REJECTED = bytes.fromhex("30053003020102")
"""A response without a token: the request was rejected."""


def _attribute(kind: str, value: object) -> cms.CMSAttribute:
    return cms.CMSAttribute({"type": kind, "values": [value]})


ROOT = root_of("Root of the tests")
CLOCK = signer_of(ROOT)
ROOT_PEM = ROOT.certificate.public_bytes(Encoding.PEM)


def answered(request: bytes, signer: Signer = CLOCK) -> bytes:
    """The response to a request."""
    asked = tsp.TimeStampReq.load(request).native
    return response(signer, asked["message_imprint"]["hashed_message"], nonce=asked["nonce"])


@contextmanager
def authority() -> Iterator[str]:
    """The address of the authority on loopback; below /broken it answers with an error."""

    class Authority(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            request = self.rfile.read(int(self.headers["Content-Length"]))
            is_asked = self.headers["Content-Type"] == "application/timestamp-query"
            self.send_response(200 if is_asked and self.path == "/" else 503)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.end_headers()
            self.wfile.write(answered(request))

        def log_message(self, *_args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Authority) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()
