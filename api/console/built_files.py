"""How is a built file sent? Smaller where the browser takes gzip, with its digest, for ever.

Built files are named by the digest of their content, so every cache may keep them.
"""

import gzip
import mimetypes
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from pathlib import Path

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response

PAGE, MANIFEST, LICENSES = "index.html", "documents.json", "licenses.md"
"""The page, the documents that it asks for by the digests of their texts, and the licences of the
libraries in it."""
_COMPRESSED = frozenset({".js", ".css", ".json", ".svg"})
_FOR_EVER = "public, immutable, max-age=31536000"


def files_in(folder: Path) -> Iterator[Path]:
    """The files that a browser asks for after the page."""
    for each in sorted(folder.glob("*")):
        is_hidden = each.name.startswith(".") or each.name in (PAGE, MANIFEST, LICENSES)
        if each.is_file() and not is_hidden:
            yield each


@dataclass(frozen=True)
class BuiltFile:
    """A file, read once somebody asks for it."""

    path: Path

    async def answer(self, request: Request) -> Response:
        """Raises FileNotFoundError where the page was built anew since the start."""
        is_smaller = self.path.suffix in _COMPRESSED and takes_gzip(request)
        body = await to_thread.run_sync(lambda: self._smaller if is_smaller else self._content)
        etag = etag_of(body)
        headers = {
            "Cache-Control": _FOR_EVER,
            "ETag": etag,
            "Vary": "Accept-Encoding",
            "X-Content-Type-Options": "nosniff",
        }
        if is_known(request, etag):
            return Response(status_code=304, headers=headers)
        if is_smaller:
            headers["Content-Encoding"] = "gzip"
        media, _ = mimetypes.guess_type(self.path.name)
        return Response(body, headers=headers, media_type=media or "application/octet-stream")

    @cached_property
    def _content(self) -> bytes:
        return self.path.read_bytes()

    @cached_property
    def _smaller(self) -> bytes:
        return gzip.compress(self._content, mtime=0)


def etag_of(body: bytes) -> str:
    return f'"{blake2b(body, digest_size=16).hexdigest()}"'


def is_known(request: Request, etag: str) -> bool:
    """Whether the client has the very bytes; a proxy that compresses marks their tag as weak."""
    given = request.headers.get("if-none-match", "")
    return etag in (each.strip().removeprefix("W/") for each in given.split(","))


def takes_gzip(request: Request) -> bool:
    for each in request.headers.get("accept-encoding", "").lower().split(","):
        name, _, weight = each.partition(";")
        if name.strip() == "gzip":
            return weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False
