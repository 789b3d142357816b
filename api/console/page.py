"""How is a page sent, and what may its scripts do? Only what its security policy allows."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from api.console.built_files import PAGE, etag_of, is_known

_NOTHING = {
    "default-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
}


def policy(allowed: Mapping[str, str]) -> str:
    """The policy that allows these and nothing else."""
    return "; ".join(f"{what} {whence}" for what, whence in {**_NOTHING, **allowed}.items())


@dataclass(frozen=True)
class HtmlPage:
    """A built page with its policy; each browser asks whether it has changed."""

    body: bytes
    policy: str

    @classmethod
    def read(
        cls, folder: Path, policy: str, given: Mapping[str, str] | None = None
    ) -> "HtmlPage | None":
        """The page with texts put in place of others; None where no page was built."""
        try:
            text = (folder / PAGE).read_text(encoding="utf-8")
        except FileNotFoundError:
            return None
        for place, filled in (given or {}).items():
            assert place in text, f"the page has the place {place}"
            text = text.replace(place, filled)
        return cls(text.encode(), policy)

    @cached_property
    def _etag(self) -> str:
        return etag_of(self.body)

    def answer(self, request: Request) -> Response:
        headers = {
            "Cache-Control": "no-cache",
            "Content-Security-Policy": self.policy,
            "Cross-Origin-Opener-Policy": "same-origin",
            "ETag": self._etag,
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
        }
        if is_known(request, self._etag):
            return Response(status_code=304, headers=headers)
        return Response(self.body, headers=headers, media_type="text/html")
