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


class Settings(BaseModel):
    """Every setting, with a default for a laptop."""

    model_config = ConfigDict(extra="forbid")

    ledger: str = "sqlite:///tenure.db"
    """Where facts are recorded: sqlite:///path, postgresql://…, umadb://host:port, or memory:."""
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
    clock_tolerance: timedelta = timedelta(minutes=5)
    """The tolerated difference between the clocks of machines: 300, 300s, 5m, 2h or 1d."""

    question_cost: float = Field(default=10_000.0, gt=0, allow_inf_nan=False)
    """The dearest question that a server answers, in milliseconds of computing."""
    question_processes: int | None = Field(default=None, ge=1, le=64)
    """How many dear questions a server answers at once, each in a process of its own; by default
    one for each processor, and at least two."""
    compiled_plans: bool = True
    """Whether queries that are asked again are compiled; the answers are the same."""

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> Self:
        """The settings of the environment, and the defaults. Raises ValidationError."""
        named = {name: f"TENURE_{name.upper()}" for name in cls.model_fields}
        return cls.model_validate(
            {name: environment[its] for name, its in named.items() if its in environment}
        )

    @field_validator("keys", "jwt_keys", "signing_key", "witnesses", mode="before")
    @classmethod
    def _is_named(cls, path: Any) -> Any:
        # As a path, an empty text is the working folder.
        if path == "":
            raise ValueError("it names no file; unset it")
        return path

    @field_validator("clock_tolerance", mode="before")
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
