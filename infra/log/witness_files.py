"""The lists of witnesses and of watched logs: files with a verifier key on each line."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from infra.log.regular_files import small_text
from infra.log.signed_notes import BadKey, KeyType, VerifierKey

Item = TypeVar("Item")
WatchedLogs = Mapping[str, Sequence[VerifierKey]]
"""The keys of each watched log, by the origin in its checkpoints."""


@dataclass(frozen=True, slots=True)
class Witness:
    """A witness whose cosignatures are taken."""

    key: VerifierKey
    url: str | None = None
    """The address below which checkpoints are submitted; None for cosignatures by hand."""


def read_witnesses(path: Path) -> list[Witness]:
    """The witnesses in a file: a verifier key a line, and after a space an address.

    Raises BadKey.
    """
    found = _each_line(path, _witness)
    names = [(each.key.name, each.key.id) for each in found]
    for number, name in enumerate(names):
        if name in names[:number]:
            raise BadKey(f"the witness {name[0]} stands in {path} twice")
    return found


def read_watched_logs(path: Path) -> WatchedLogs:
    """The logs in a file: a verifier key a line, and after a space the log's origin, if the name of
    the key is another. Raises BadKey."""
    logs: dict[str, list[VerifierKey]] = {}
    for origin, key in _each_line(path, _watched):
        logs.setdefault(origin, []).append(key)
    return logs


def _each_line(path: Path, read: Callable[[VerifierKey, str], Item]) -> list[Item]:
    try:
        lines = small_text(path).splitlines()
    except (OSError, UnicodeDecodeError) as unreadable:
        why = getattr(unreadable, "strerror", None) or str(unreadable)
        raise BadKey(f"the keys in {path} can't be read: {why}") from None
    found = []
    for number, line in enumerate(lines, 1):
        key, _, rest = line.strip().partition(" ")
        if key and not key.startswith("#"):
            try:
                found.append(read(VerifierKey.parse(key), rest.strip()))
            except BadKey as bad:
                raise BadKey(f"{path}:{number}: {bad}") from None
    if not found:
        raise BadKey(f"there is no key in {path}")
    return found


def _witness(key: VerifierKey, url: str) -> Witness:
    if key.type is not KeyType.COSIGNATURE:
        raise BadKey(f"the key of {key.name} is not a witness's; tenure keygen --witness makes one")
    if url and not _is_address(url):
        raise BadKey(f"{url[:100]!r} is no address of a witness, such as https://example.org/w")
    return Witness(key, url.rstrip("/") or None)


def _watched(key: VerifierKey, origin: str) -> tuple[str, VerifierKey]:
    if key.type is not KeyType.NOTE:
        raise BadKey(f"the key of {key.name} is a witness's; a log signs with another")
    return origin or key.name, key


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return False
    is_plain = not (parts.query or parts.fragment or parts.username or parts.password)
    # A space or control character would end the line of an HTTP request.
    is_printed = url.isascii() and url.isprintable() and " " not in url
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and is_plain and is_printed
