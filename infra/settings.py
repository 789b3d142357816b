"""The settings of Tenure: environment variables with the prefix TENURE_, read once."""

import os
import re
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from domain.values import Author

_SECONDS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}
_STYLE = r"^https?://([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?([/?]\S*)?$"
"""Host and port stand in a header, so they are ASCII."""


class Settings(BaseModel):
    """Every setting, with a default for a laptop."""

    model_config = ConfigDict(extra="forbid")

    ledger: str = "sqlite:///tenure.db"
    """Where facts are recorded: sqlite:///path, postgresql://…, umadb://host:port, or memory:."""
    ledger_replica: str | None = Field(default=None, min_length=1)
    """The URL of a streaming replica of a ledger in PostgreSQL: a node follows the replica, and
    records on the primary, the ledger."""
    views: Path = Path("tenure-views.db")
    """The local file of the views; a deleted file is built again from the ledger."""
    author: Author = "local"
    """The author of records without authentication: from the command line, and from a server on
    loopback without keys."""
    keys: Path | None = None
    """A JSON file of bearer tokens, by their digests; made by 'tenure token'."""
    jwt_keys: Path | None = None
    """The keys of an issuer of bearer JWTs: a JWKS file, or the secret of HS256."""
    jwt_issuer: str | None = Field(default=None, min_length=1)
    """The issuer (`iss`) whose JWTs are accepted."""
    jwt_audience: str | None = Field(default=None, min_length=1)
    """The audience (`aud`) by which the issuer means this node."""
    read: Literal["anybody", "keys"] | None = None
    """Who may read: anybody, or bearers of tokens alone. Without a word, anybody on loopback."""
    signing_key: Path | None = None
    """The file of the log's signing key, made by 'tenure keygen'; without a file nothing is
    signed."""
    witnesses: Path | None = None
    """A file with the verifier keys of accepted witnesses, a key on each line, and behind a key the
    address to which checkpoints are submitted."""
    documents: Path | None = None
    """The documents of frontends, to be asked for by their ids: a manifest as graphql-codegen,
    relay-compiler or Apollo's tools write it, or a folder of manifests."""
    documents_only: bool = False
    """Whether a server answers the documents that it was given and no others."""
    cors_origins: frozenset[str] = frozenset()
    """The origins whose pages may read the answers of a server, or `*`; a list with commas."""
    map_style: str | None = Field(default=None, pattern=_STYLE, max_length=2_000)
    """The address of a MapLibre style for the map of the console, instead of the one it brings. All
    that the style names has to be on the same host."""
    map_tiles: Path | None = None
    """A PMTiles archive for the map of the console, instead of the map that it brings."""
    graphiql: bool | None = None
    """Whether /graphql gives a browser GraphiQL; without a word, on loopback alone."""
    clock_tolerance: timedelta = timedelta(minutes=5)
    """The tolerated difference between the clocks of machines: 300, 300s, 5m, 2h or 1d."""

    question_cost: float = Field(default=10_000.0, gt=0, allow_inf_nan=False)
    """The dearest question that a server answers, in milliseconds of computing."""
    question_processes: int | None = Field(default=None, ge=1, le=64)
    """How many dear questions a server answers at once, each in a process of its own; by default
    one for each processor, and at least two."""
    compiled_plans: bool = True
    """Whether queries that are asked again are compiled; the answers are the same."""

    metrics: Literal["bearers", "anybody"] = "bearers"
    """Who may read /metrics: with keys, bearers of tokens that may read; or anybody."""
    access_log: str | None = Field(default=None, max_length=4_096)
    """A file for a line about each request, or - for stderr."""
    draining: timedelta = Field(default=timedelta(), le=timedelta(hours=1))
    """How long a server that is told to end says so on /readyz, and still takes requests."""
    stopping: timedelta = Field(default=timedelta(seconds=7), le=timedelta(hours=1))
    """How long open requests may take then."""

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> Self:
        """The settings of the environment, and the defaults. Raises ValidationError."""
        named = {name: f"TENURE_{name.upper()}" for name in cls.model_fields}
        return cls.model_validate(
            {name: environment[its] for name, its in named.items() if its in environment}
        )

    @field_validator(
        *("keys", "jwt_keys", "signing_key", "witnesses", "access_log", "documents", "map_tiles"),
        mode="before",
    )
    @classmethod
    def _is_named(cls, path: Any) -> Any:
        # As a path, an empty text is the working folder.
        if path == "":
            raise ValueError("it names no file; unset it")
        return path

    @field_validator("cors_origins", mode="before")
    @classmethod
    def _are_origins(cls, given: Any) -> Any:
        if not isinstance(given, str):
            return given
        origins = frozenset(given.replace(",", " ").split())
        for each in sorted(origins - {"*"}):
            if why := _why_no_origin(each):
                raise PydanticCustomError("no_origin", "{why}", {"why": why})
        if "*" in origins and len(origins) > 1:
            raise PydanticCustomError("no_origin", "* stands for all: name no other beside it")
        return origins

    @field_validator("clock_tolerance", "draining", "stopping", mode="before")
    @classmethod
    def _is_a_duration(cls, given: Any) -> Any:
        if not isinstance(given, str):
            return given
        form = re.fullmatch(r"([0-9]{1,9})([smhd]?)", given.strip())
        if form is None:
            raise PydanticCustomError("no_duration", "write seconds, or a number with s, m, h or d")
        return timedelta(seconds=int(form[1]) * _SECONDS[form[2] or "s"])

    @model_validator(mode="after")
    def _has_all_of_jwts(self) -> Self:
        given = (self.jwt_keys, self.jwt_issuer, self.jwt_audience)
        if any(given) and not all(given):
            raise ValueError(
                "TENURE_JWT_KEYS, TENURE_JWT_ISSUER and TENURE_JWT_AUDIENCE are set together"
            )
        return self

    @model_validator(mode="after")
    def _has_keys_before_all_pages(self) -> Self:
        if "*" in self.cors_origins and self.keys is None and self.jwt_keys is None:
            raise ValueError(
                "TENURE_CORS_ORIGINS=* needs TENURE_KEYS or TENURE_JWT_KEYS: without keys whoever "
                "reaches the server may do everything, and so might every page in a browser here"
            )
        return self

    @model_validator(mode="after")
    def _has_a_primary(self) -> Self:
        if self.ledger_replica and not self.ledger.startswith("postgresql://"):
            raise ValueError(
                "TENURE_LEDGER_REPLICA is a replica of the PostgreSQL server in TENURE_LEDGER, "
                "which names none"
            )
        return self

    @property
    def questions_at_once(self) -> int:
        return self.question_processes or max(2, os.cpu_count() or 1)

    @property
    def ledger_file(self) -> Path | None:
        """The file of a ledger in SQLite; None for any other."""
        scheme, _, path = self.ledger.partition("sqlite:///")
        return (
            Path(path) if not scheme and path and path != ":memory:" and "\0" not in path else None
        )

    @property
    def log(self) -> Path:
        """The local file of the log, beside the views."""
        return self.views.with_name(f"{self.views.stem}-log.db")


_ORIGIN = re.compile(r"([a-z][a-z0-9+.-]*)://([a-z0-9._-]+|\[[0-9a-f:.]+\])(?::([0-9]{1,5}))?")
_USUAL_PORTS = {"http": "80", "https": "443"}


def _why_no_origin(given: str) -> str | None:
    """Why no browser would ever send the text as an origin; None for an origin."""
    shown, form = given[:80], _ORIGIN.fullmatch(given)
    if form is None:
        return (
            f"{shown!r} is no origin: write scheme, host and port in small letters, as "
            "https://map.example.org, without a path or a slash at the end"
        )
    if form[3] is not None and form[3] == _USUAL_PORTS.get(form[1]):
        return f"{shown!r} is no origin: browsers leave out the port {form[3]}"
    return None
