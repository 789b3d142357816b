"""Which files does a browser get for the console? The page, and what was built for it.

The page names files by the digest of their content, so that every cache may keep them for ever; the
page itself is asked for anew. A content security policy keeps it from asking any other server than
this one, and those of the map that the settings name.
"""

import gzip
import mimetypes
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from html import escape
from pathlib import Path
from urllib.parse import urlsplit

import orjson
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route

from infra.settings import Settings

BUILT = Path(__file__).parent / "built"
PATH, FILES = "/", "/console/"
TILES = f"{FILES}map.pmtiles"
MANIFEST = "documents.json"
"""The documents that the page asks for by the digests of their texts."""
_FOR_EVER = "public, immutable, max-age=31536000"
_SETTINGS = '<script type="application/json" id="settings">{}</script>'
_NOT_BUILT = (
    "The console was not built: `make demo` builds it, and so does `python -m api.console.build`.\n"
)
_COMPRESSED = frozenset({".js", ".css", ".json", ".html", ".svg"})


@dataclass(frozen=True)
class Console:
    """The page and its files. Where none were built the page says so, and how to build them."""

    settings: Settings
    built: Path = BUILT

    @property
    def routes(self) -> list[Route]:
        files = [Route(path, self._file, methods=["GET"]) for path in self._files]
        return [Route(PATH, self._page, methods=["GET"]), *files]

    @property
    def public_paths(self) -> frozenset[str]:
        """What is answered without a token: the page holds no answers, it asks for them."""
        return frozenset({PATH, *self._files} - {TILES})

    @property
    def manifest(self) -> Path | None:
        path = self.built / MANIFEST
        return path if path.is_file() else None

    @cached_property
    def _files(self) -> dict[str, Path]:
        """The files by their paths; none is served that was not there at the start."""
        found = {f"{FILES}{each.name}": each for each in sorted(self.built.glob("*"))}
        for name in ("index.html", MANIFEST):
            found.pop(f"{FILES}{name}", None)
        if self.settings.map_tiles is not None:
            found[TILES] = self.settings.map_tiles
        return found

    @cached_property
    def _made(self) -> tuple[bytes, str] | None:
        """The page with the settings of this node, and its ETag."""
        try:
            page = (self.built / "index.html").read_text(encoding="utf-8")
        except FileNotFoundError:
            return None
        told = orjson.dumps(self._told).decode().replace("<", "\\u003c")
        assert _SETTINGS in page, "the page has a place for the settings"
        made = page.replace(_SETTINGS, _SETTINGS.replace("{}", told)).encode()
        return made, f'"{blake2b(made, digest_size=16).hexdigest()}"'

    @cached_property
    def _told(self) -> dict[str, str]:
        told = {}
        if self.settings.map_style is not None:
            told["mapStyle"] = self.settings.map_style
        if self.settings.map_tiles is not None:
            told["mapTiles"] = TILES
        return told

    @cached_property
    def _policy(self) -> str:
        style = self.settings.map_style
        parts = urlsplit(style) if style else None
        elsewhere = f" {escape(parts.scheme)}://{escape(parts.netloc)}" if parts else ""
        return "; ".join(
            (
                "default-src 'none'",
                "script-src 'self'",
                "style-src 'self'",
                f"img-src 'self' data: blob:{elsewhere}",
                f"connect-src 'self'{elsewhere}",
                "worker-src 'self'",
                "base-uri 'none'",
                "form-action 'none'",
                "frame-ancestors 'none'",
            )
        )

    async def _page(self, request: Request) -> Response:
        if self._made is None:
            return PlainTextResponse(_NOT_BUILT, 503, {"Cache-Control": "no-store"})
        page, etag = self._made
        headers = {
            "Cache-Control": "no-cache",
            "Content-Security-Policy": self._policy,
            "Cross-Origin-Opener-Policy": "same-origin",
            "ETag": etag,
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
        }
        if etag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        return Response(page, headers=headers, media_type="text/html")

    async def _file(self, request: Request) -> Response:
        path = self._files[request.url.path]
        # A worker is held by the policy of its own file, not by that of the page.
        headers = {"Content-Security-Policy": self._policy, "X-Content-Type-Options": "nosniff"}
        if request.url.path == TILES:
            return FileResponse(path, headers={**headers, "Cache-Control": "no-cache"})
        headers |= {"Cache-Control": _FOR_EVER, "Vary": "Accept-Encoding"}
        media, _ = mimetypes.guess_type(path.name)
        if path.suffix in _COMPRESSED and "gzip" in request.headers.get("accept-encoding", ""):
            headers["Content-Encoding"] = "gzip"
            return Response(self._compressed(path), headers=headers, media_type=media)
        return FileResponse(path, headers=headers, media_type=media)

    def _compressed(self, path: Path) -> bytes:
        kept = self._smaller.get(path)
        if kept is None:
            kept = self._smaller[path] = gzip.compress(path.read_bytes(), mtime=0)
        return kept

    @cached_property
    def _smaller(self) -> dict[Path, bytes]:
        return {}
