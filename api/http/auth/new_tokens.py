"""New tokens, and the addition of a key to the file of keys."""

import json
import secrets
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from api.http.auth.keys_file import LONGEST_FILE, Key, digest_of, parse_keys
from domain.refusals import Refusal
from infra.durable_files import replace_durably, replacement_of
from infra.private_files import read_private

_BYTES = 32


class NotAdded(Refusal):
    """A key can't be added to the file of keys; the file is unchanged."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"no key is added to {path}: {why}")


def add_token(path: Path, key: Mapping[str, Any], now: datetime) -> str:
    """A new token. The key (`subject`, `scopes`, `expires`) is added to the file, and the token is
    kept nowhere.

    Raises BadKeys, NotAdded and NotPrivate.
    """
    try:
        expires = Key.model_validate(key).expires
    except ValidationError as wrong:
        first = wrong.errors(include_url=False)[0]
        raise NotAdded(path, f"{first['loc'][0]}: {first['msg']}") from None
    if expires and expires <= now:
        raise NotAdded(path, f"it would have expired at {expires:%Y-%m-%dT%H:%M:%SZ}")
    token = secrets.token_urlsafe(_BYTES)
    try:
        _replace(path, _with(path, digest_of(token), key))
    except OSError as refused:
        raise NotAdded(path, refused.strerror or str(refused)) from None
    return token


def _with(path: Path, digest: str, key: Mapping[str, Any]) -> bytes:
    """The content of the file with one key more, in the order of the file."""
    held = read_private(path, longest=LONGEST_FILE) if path.exists() else b"{}"
    parse_keys(path, held)
    return json.dumps({**json.loads(held), digest: key}, ensure_ascii=False, indent=1).encode()


def _replace(path: Path, content: bytes) -> None:
    """Puts the content into the place of the file, whole or not at all."""
    place = path.resolve()  # a link stays a link
    try:
        replace_durably(place, content + b"\n", mode=0o600, is_alone=True)
    except FileExistsError:
        beside = replacement_of(place)
        raise NotAdded(
            path, f"{beside} is there: another 'tenure token' is at work, or one was interrupted"
        ) from None
