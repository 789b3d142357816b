"""Files of keys for tests: the token of a key is the subject backwards."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from api.http.auth.keys_file import digest_of


def token_of(subject: str) -> str:
    return subject[::-1]


def write_keys(path: Path, scopes: Mapping[str, Iterable[str]], **more: Any) -> Path:
    """A private file with a key for each subject."""
    keys = {
        digest_of(token_of(subject)): {"subject": subject, "scopes": list(allowed), **more}
        for subject, allowed in scopes.items()
    }
    return write_private(path, json.dumps(keys))


def write_private(path: Path, content: str | bytes) -> Path:
    """A file readable by the owner alone."""
    path.touch(0o600)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path
