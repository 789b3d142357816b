"""Signed notes and their keys: C2SP signed-note and tlog-cosignature.

A note is a text, an empty line, and a line for each signature. A key is a name and an Ed25519 key,
with an id from a hash over both and the type. Two types are known: a signature of the text itself,
and a witness's timestamped cosignature.

* BadNote     the text is no signed note
* BadKey      the text is no key, or no usable one
* Forged      a signature names a known key, and was not made with the key

The signing library is imported at the first signature or check: the command line has to be quick.
"""

import re
from base64 import b64decode, b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING

from domain.refusals import Refusal

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

_ID_BYTES = 4
_TIME_BYTES = 8
_LATEST = 2**63 - 1
_MOST_SIGNATURES = 100
LONGEST_NOTE = 100_000  # bytes
_SIGNS = "PRIVATE+KEY"
"""The first word of a signing key, here and elsewhere."""


class BadNote(Refusal):
    """The text is not a signed note; the message says why."""


class BadKey(Refusal):
    """The text is no key, or no usable key; the message says why."""


class Forged(Refusal):
    """A signature names a known key, and was not made with the key."""

    def __init__(self, name: str) -> None:
        super().__init__(f"the signature under the name {name} was not made with its key")


class KeyType(IntEnum):
    """The kind of message under a key's signatures."""

    NOTE = 0x01
    """The text of the note."""
    COSIGNATURE = 0x04
    """The text of a checkpoint, and the time of the witness."""


@dataclass(frozen=True, slots=True)
class Signature:
    """A line under a note: the name and id of a key, and the signature."""

    name: str
    key_id: bytes
    made: bytes

    @property
    def witnessed_at(self) -> int:
        """The second since 1970 at which a witness saw the checkpoint."""
        return int.from_bytes(self.made[:_TIME_BYTES])

    def __str__(self) -> str:
        return f"— {self.name} {b64encode(self.key_id + self.made).decode()}"


@dataclass(frozen=True, slots=True)
class SignedNote:
    """A text that ends in a line break, and the signatures below."""

    text: str
    signatures: tuple[Signature, ...]

    @staticmethod
    def parse(note: str) -> "SignedNote":
        """Raises BadNote."""
        if len(note.encode(errors="replace")) > LONGEST_NOTE:
            raise BadNote(f"a note has at most {LONGEST_NOTE:,} bytes")
        if _CONTROL.search(note):
            raise BadNote("a note has no control characters but line breaks")
        text, separator, lines = note.rpartition("\n\n")
        if not separator or not lines.endswith("\n"):
            raise BadNote("a note is a text, an empty line, and signatures, each on a whole line")
        signatures = tuple(map(_signature_in, lines.removesuffix("\n").split("\n")))
        if len(signatures) > _MOST_SIGNATURES:
            raise BadNote(f"a note has at most {_MOST_SIGNATURES} signatures")
        return SignedNote(f"{text}\n", signatures)

    def __str__(self) -> str:
        return "\n".join([self.text, *map(str, self.signatures), ""])

    def verified(self, keys: Iterable["VerifierKey"]) -> tuple[Signature, ...]:
        """The signatures that these keys made; other keys' signatures are passed over.

        Raises Forged where a signature names one of the keys and was not made with the key.
        """
        made, forged = self.checked(keys)
        for each in forged:
            raise each
        return tuple(made)

    def checked(self, keys: Iterable["VerifierKey"]) -> tuple[list[Signature], list[Forged]]:
        """The signatures that these keys made, and the forged ones."""
        by_name = {(key.name, key.id): key for key in keys}
        made, forged = [], []
        for signature in self.signatures:
            if key := by_name.get((signature.name, signature.key_id)):
                if key.made(signature, self.text):
                    made.append(signature)
                else:
                    forged.append(Forged(key.name))
        return made, forged


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """The public half of a key, with its name and type."""

    name: str
    type: KeyType
    public: bytes

    @staticmethod
    def parse(line: str) -> "VerifierKey":
        """The key in a line such as `example.com/log+530d903a+AekyeRrm…`. Raises BadKey."""
        name, _, rest = line.strip().partition("+")
        id_, _, material = rest.partition("+")
        key_type, public = _material(material)
        key = VerifierKey(checked_name(name), key_type, public)
        if key.id.hex() != id_:
            raise BadKey(f"the id in the key of {name} is {id_[:20]!r}; its content gives another")
        return key

    @property
    def id(self) -> bytes:
        named = self.name.encode() + b"\n" + bytes([self.type]) + self.public
        return sha256(named).digest()[:_ID_BYTES]

    def __str__(self) -> str:
        material = b64encode(bytes([self.type]) + self.public).decode()
        return f"{self.name}+{self.id.hex()}+{material}"

    def made(self, signature: Signature, text: str) -> bool:
        """Whether this key made the signature under a text."""
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

        message, signed = text.encode(), signature.made
        if self.type is KeyType.COSIGNATURE:
            if signature.witnessed_at > _LATEST:
                return False
            message, signed = _witnessed(text, signature.witnessed_at), signed[_TIME_BYTES:]
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signed, message)
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True)
class SignerKey:
    """A key for signing, never shown."""

    name: str
    type: KeyType
    _seed: bytes

    @staticmethod
    def generate(name: str | None = None, key_type: KeyType = KeyType.NOTE) -> "SignerKey":
        """A new key; an unnamed key is named after its id. Raises BadKey for a bad name."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        seed = Ed25519PrivateKey.generate().private_bytes_raw()
        unnamed = SignerKey("", key_type, seed)
        name = f"tenure/{unnamed.verifier.id.hex()}" if name is None else checked_name(name)
        return SignerKey(name, key_type, seed)

    @staticmethod
    def parse(line: str) -> "SignerKey":
        """The key in a line by `secret`. Raises BadKey."""
        form = _SECRET_LINE.fullmatch(line.strip())
        if form is None:
            raise BadKey("that is no key that signs; 'tenure keygen' makes one")
        key = SignerKey(checked_name(form["name"]), *_material(form["material"]))
        if key.verifier.id.hex() != form["id"]:
            raise BadKey(f"the key of {key.name} was altered: its id and its content differ")
        return key

    @cached_property
    def _private(self) -> "Ed25519PrivateKey":
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        return Ed25519PrivateKey.from_private_bytes(self._seed)

    @cached_property
    def verifier(self) -> VerifierKey:
        return VerifierKey(self.name, self.type, self._private.public_key().public_bytes_raw())

    def __repr__(self) -> str:
        return f"SignerKey({self.name!r})"

    def secret(self) -> str:
        """The line in the file of the key."""
        material = b64encode(bytes([self.type]) + self._seed).decode()
        return f"{_SIGNS}+{self.name}+{self.verifier.id.hex()}+{material}\n"

    def sign(self, text: str) -> Signature:
        """The signature under a text that ends in a line break."""
        assert self.type is KeyType.NOTE
        return Signature(self.name, self.verifier.id, self._private.sign(text.encode()))

    def cosign(self, text: str, *, at: int) -> Signature:
        """A witness's signature under a checkpoint, at a second since 1970."""
        assert self.type is KeyType.COSIGNATURE
        made = at.to_bytes(_TIME_BYTES) + self._private.sign(_witnessed(text, at))
        return Signature(self.name, self.verifier.id, made)


def checked_name(name: str) -> str:
    """The name, if a key may have such a name. Raises BadKey."""
    if not name or re.search(r"[\s+]", name) or _CONTROL.search(name):
        raise BadKey(
            f"a key can't be called {name[:60]!r}: the name is a text without spaces and '+', best "
            "an address that is yours, such as example.com/tenure"
        )
    return name


_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")
_SIGNATURE_LINE = re.compile(r"— (?P<name>[^\s+]+) (?P<made>[A-Za-z0-9+/=]+)")
_SECRET_LINE = re.compile(
    rf"{re.escape(_SIGNS)}\+(?P<name>[^\s+]+)\+(?P<id>[0-9a-f]{{8}})\+(?P<material>\S+)"
)


def _signature_in(line: str) -> Signature:
    form = _SIGNATURE_LINE.fullmatch(line)
    made = _base64(form["made"]) if form else None
    if form is None or made is None or len(made) <= _ID_BYTES:
        raise BadNote(f"{line[:60]!r} is no signature: an em dash, a name, and base64")
    return Signature(form["name"], made[:_ID_BYTES], made[_ID_BYTES:])


def _material(text: str) -> tuple[KeyType, bytes]:
    material = _base64(text)
    if not material or len(material) != 1 + 32:
        raise BadKey(f"{text[:60]!r} is not the base64 of an Ed25519 key and its type")
    try:
        return KeyType(material[0]), material[1:]
    except ValueError:
        known = ", ".join(f"{each:#04x}" for each in KeyType)
        raise BadKey(f"keys of type {material[0]:#04x} are not known here; {known} are") from None


def _base64(text: str) -> bytes | None:
    try:
        found = b64decode(text, validate=True)
    except ValueError:
        return None
    # One signature has one spelling.
    return found if b64encode(found).decode() == text else None


def _witnessed(text: str, at: int) -> bytes:
    return f"cosignature/v1\ntime {at}\n{text}".encode()
