"""The settings of Tenure: environment variables with the prefix TENURE_, read once."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator


class Settings(BaseModel):
    """Every setting, with a default for a laptop."""

    model_config = ConfigDict(extra="forbid")

    ledger: str = "sqlite:///tenure.db"
    """Where facts are recorded: sqlite:///path, postgresql://…, umadb://host:port, or memory:."""
    views: Path = Path("tenure-views.db")
    """The local file of the views; a deleted file is built again from the ledger."""
    author: str = Field(default="local", min_length=1, max_length=200)
    """The author of records without authentication: from the command line, and from a server on
    loopback without keys."""
    keys: Path | None = None
    """A JSON file of bearer tokens: by the SHA-256 of each token, its subject and scopes."""
    signing_key: Path | None = None
    """The file of the log's signing key, made by 'tenure keygen'; without a file nothing is
    signed."""
    witnesses: Path | None = None
    """A file with the verifier keys of accepted witnesses, a key on each line."""

    question_cost: float = Field(default=10_000.0, gt=0, allow_inf_nan=False)
    """The dearest question that a server answers, in milliseconds of computing."""
    question_processes: int | None = Field(default=None, ge=1, le=64)
    """How many dear questions a server answers at once, each in a process of its own; by default
    one for each processor, and at least two."""

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> Self:
        """The settings of the environment, and the defaults. Raises ValidationError."""
        named = {name: f"TENURE_{name.upper()}" for name in cls.model_fields}
        return cls.model_validate(
            {name: environment[its] for name, its in named.items() if its in environment}
        )

    @field_validator("keys", "signing_key", "witnesses", mode="before")
    @classmethod
    def _is_named(cls, path: Any) -> Any:
        # As a path, an empty text is the working folder.
        if path == "":
            raise ValueError("it names no file; unset it")
        return path

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
