"""Files of keys: written for their owner alone, read with care."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from infra.log.key_state import KeyState, first_state
from infra.log.regular_files import small_text
from infra.log.signed_notes import BadKey, KeyType, SignerKey, VerifierKey
from infra.log.witness_files import Witness, read_witnesses
from infra.private_files import NotPrivate, read_private

_LONGEST_KEY = 10_000


@dataclass(frozen=True)
class Keys:
    """The keys of a node: the log's own, and the witnesses' for cosignatures; read at the first
    use."""

    signing: Path | None = None
    witnessing: Path | None = None

    @cached_property
    def signer(self) -> SignerKey | None:
        """None on a node that doesn't sign. Raises BadKey."""
        key = read_signer_key(self.signing) if self.signing else None
        if key and key.type is not KeyType.NOTE:
            raise BadKey(f"the key in {self.signing} is a witness's; a log signs with another")
        return key

    @cached_property
    def state(self) -> KeyState | None:
        """The memory beside the log's own key."""
        return KeyState(self.signing) if self.signing else None

    @cached_property
    def witnesses(self) -> list[VerifierKey]:
        """Raises BadKey."""
        return [each.key for each in self.addressed_witnesses]

    @cached_property
    def addressed_witnesses(self) -> list[Witness]:
        """The witnesses with their addresses. Raises BadKey."""
        return read_witnesses(self.witnessing) if self.witnessing else []


def write_signer_key(path: Path, key: SignerKey) -> None:
    """Writes a key into a new file, readable by the owner alone; beside a log's key, its first
    state. Raises BadKey and BadState."""
    if checkout := _checkout_around(path):
        raise BadKey(
            f"{path} lies in a git checkout ({checkout}), where a key is soon committed; "
            "choose a place outside"
        )
    state = KeyState(path)
    if state.path.exists() and not path.exists():
        raise BadKey(
            f"{state} is the state of a key that was there before; move it away, or choose another "
            "place"
        )
    try:
        made = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise BadKey(f"{path} exists, and a key is never overwritten; choose another") from None
    except OSError as refused:
        raise BadKey(f"no key can be written to {path}: {_why(refused)}") from None
    with os.fdopen(made, "w", encoding="utf-8") as file:
        file.write(key.secret())
        file.flush()
        os.fsync(made)
    if key.type is KeyType.NOTE:
        state.write(first_state(key))


def read_signer_key(path: Path) -> SignerKey:
    """The key in a file. Raises BadKey."""
    try:
        return SignerKey.parse(
            read_private(path, longest=_LONGEST_KEY, group_may_read=True).decode()
        )
    except NotPrivate as shared:
        raise BadKey(str(shared)) from None
    except (OSError, UnicodeDecodeError) as unreadable:
        raise BadKey(f"the key in {path} can't be read: {_why(unreadable)}") from None


def read_verifier_keys(path: Path) -> list[VerifierKey]:
    """The keys in a file, each on a line; lines with # at the start are comments. Raises BadKey."""
    try:
        lines = small_text(path).splitlines()
    except (OSError, UnicodeDecodeError) as unreadable:
        raise BadKey(f"the keys in {path} can't be read: {_why(unreadable)}") from None
    keys = []
    for number, line in enumerate(lines, 1):
        if line.strip() and not line.startswith("#"):
            try:
                keys.append(VerifierKey.parse(line))
            except BadKey as bad:
                raise BadKey(f"{path}:{number}: {bad}") from None
    if not keys:
        raise BadKey(f"there is no key in {path}")
    return keys


def given_keys(given: Iterable[str]) -> list[VerifierKey]:
    """The keys of a command line, each a verifier key or the path of a file with some.

    Raises BadKey.
    """
    return [key for each in given for key in _keys_in(each)]


def _keys_in(given: str) -> list[VerifierKey]:
    # A key has two plus signs; anything else is the path of a file.
    try:
        return [VerifierKey.parse(given)]
    except BadKey:
        if given.count("+") >= 2 and not _is_there(Path(given)):
            raise
        return read_verifier_keys(Path(given))


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:  # a key with a long name is too long for a path
        return False


def _checkout_around(path: Path) -> Path | None:
    folders = path.absolute().resolve().parents
    if _is_ignored(folders[0]):
        return None
    return next((folder for folder in folders if (folder / ".git").exists()), None)


def _is_ignored(folder: Path) -> bool:
    """Whether the folder keeps all its files out of git."""
    try:
        return (folder / ".gitignore").read_bytes().strip() == b"*"
    except OSError:
        return False


def _why(error: OSError | UnicodeDecodeError) -> str:
    return (isinstance(error, OSError) and error.strerror) or str(error)
