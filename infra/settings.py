"""The settings of Tenure: environment variables with the prefix TENURE_, read once."""

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
    """A file with the verifier keys of accepted witnesses, a key on each line, and behind a key the
    address to which checkpoints are submitted."""

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
