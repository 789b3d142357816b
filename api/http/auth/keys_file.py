"""The file of keys: subject, scopes and expiry of each token, by the SHA-256 of the token."""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    StringConstraints,
    TypeAdapter,
    ValidationError,
)

from domain.refusals import Refusal
from domain.values import Author
from infra.private_files import read_private

LONGEST_FILE = 1_000_000
Scope = Literal["read", "record", "audit"]
SCOPES: frozenset[str] = frozenset(get_args(Scope))
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)")
_EMPTY = {sha256(nothing).hexdigest() for nothing in (b"", b"\n", b"\r\n")}


class BadKeys(Refusal):
    """The file of keys can't be used; the message gives the reason, and repeats no token."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"the keys in {path} can't be used: {why}")


def digest_of(token: str) -> str:
    """The name of a token in the file of keys."""
    return sha256(token.encode()).hexdigest()


def expiry(written: Any) -> datetime:
    """The first moment after the life of a key; a date counts to the end of the day in UTC."""
    try:
        if isinstance(written, str) and _DATE.fullmatch(written):
            return datetime.combine(date.fromisoformat(written), time(), UTC) + timedelta(days=1)
        if isinstance(written, str) and _INSTANT.fullmatch(written):
            return datetime.fromisoformat(written).astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise ValueError("write a date, as 2027-01-31, or an instant, as 2027-01-31T18:00:00Z")


def _known_scope(given: Any) -> Any:
    if given == "admin":
        raise ValueError("there is no scope 'admin' any more, and it never allowed anything")
    return given


def _of_some_token(digest: str) -> str:
    if digest in _EMPTY:
        raise ValueError("it is the digest of an empty token")
    return digest


class Key(BaseModel):
    """The owner, the scopes and the expiry of a token."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    subject: Author
    scopes: frozenset[Annotated[Scope, BeforeValidator(_known_scope)]]
    expires: Annotated[datetime, BeforeValidator(expiry)] | None = None


_Digest = Annotated[
    str, StringConstraints(pattern=r"^[0-9a-f]{64}$"), AfterValidator(_of_some_token)
]
_FILE = TypeAdapter(dict[_Digest, Key])


def read_keys(path: Path) -> Mapping[str, Key]:
    """The keys by the digests of their tokens. Raises BadKeys and NotPrivate."""
    try:
        content = read_private(path, longest=LONGEST_FILE)
    except OSError as unreadable:
        raise BadKeys(path, unreadable.strerror or str(unreadable)) from None
    return parse_keys(path, content)


def parse_keys(path: Path, content: bytes) -> Mapping[str, Key]:
    """The keys of the content of a file. Raises BadKeys."""
    try:
        keys = _FILE.validate_json(content)
        refuse_duplicates(content)
    except ValidationError as wrong:
        first = wrong.errors(include_url=False, include_input=False)[0]
        raise BadKeys(path, _words(first["loc"], first["msg"], content)) from None
    except ValueError as wrong:
        raise BadKeys(path, str(wrong)) from None
    return keys


def refuse_duplicates(content: bytes) -> Any:
    """The JSON value. Raises ValueError where a name stands twice in one object, or for other
    faults."""

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len(made := dict(pairs)) < len(pairs):
            raise ValueError("a name stands twice in one object; which of both counts is not said")
        return made

    try:
        return json.loads(content, object_pairs_hook=unique)
    except RecursionError:
        raise ValueError("the JSON is nested too deeply") from None


def _words(place: Sequence[int | str], message: str, content: bytes) -> str:
    """The fault and the place. A token in place of a digest is not repeated."""
    if not place:
        return message
    number = list(json.loads(content)).index(place[0]) + 1
    fields = [str(each) for each in place[1:] if isinstance(each, int) or each in Key.model_fields]
    if place[1:] == ("[key]",):
        if "empty token" not in message:
            message = (
                "its name is no digest of a token (SHA-256 in 64 lower-case hexadecimal digits); "
                "'tenure token' makes a token and its digest"
            )
        fields = []
    return f"key {number}{''.join(f', {each}' for each in fields)}: {message}"
