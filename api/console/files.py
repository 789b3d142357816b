"""Which files does a browser get for the console? The page, and what was built for it.

None of them holds an answer: the page asks for answers, with a token where one is needed. The
content security policy keeps it from asking any other server than this one, and that of the map
style in the settings.
"""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit

import orjson
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route

from api.console.built_files import MANIFEST, PAGE, BuiltFile, files_in
from api.console.page import HtmlPage, policy
from infra.settings import Settings

BUILT = Path(__file__).parent / "built"
PATH, FILES = "/", "/console/"
TILES = f"{FILES}map.pmtiles"
APP, GRAPHIQL = "app", "graphiql"
_SETTINGS = '<script type="application/json" id="settings">{}</script>'
_NOT_BUILT = (
    "The console was not built: `make demo` builds it, and so does `python -m api.console.build`. "
    "Start the server again then. All else is served.\n"
)


def is_built() -> bool:
    return (BUILT / APP / PAGE).is_file()


@dataclass(frozen=True)
class Console:
    """The page and its files. Where none were built the page says so, and how to build them."""

    settings: Settings
    built: Path = BUILT

    @property
    def routes(self) -> list[Route]:
        return [
            Route(PATH, self._answer_page, methods=["GET"]),
            Route(f"{FILES}{{name:path}}", self._answer_file, methods=["GET"]),
        ]

    @property
    def public_paths(self) -> frozenset[str]:
        """What is answered without a token; a path without a file is not."""
        tiles = {TILES} if self.settings.map_tiles else set()
        return frozenset({PATH, *self._files, *tiles})

    @property
    def manifest(self) -> Path | None:
        path = self._folder / MANIFEST
        return path if path.is_file() else None

    @cached_property
    def graphiql(self) -> HtmlPage | None:
        """GraphiQL's page. Its editors write styles, which no other page here may."""
        allowed = {
            "script-src": "'self'",
            "style-src": "'self' 'unsafe-inline'",
            "img-src": "'self' data:",
            "font-src": "'self' data:",
            "connect-src": "'self'",
        }
        return HtmlPage.read(self.built / GRAPHIQL, policy(allowed))

    @property
    def _folder(self) -> Path:
        return self.built / APP

    @cached_property
    def _files(self) -> dict[str, BuiltFile]:
        """The files by their paths; none is served that was not there at the start."""
        found = {f"{FILES}{each.name}": BuiltFile(each) for each in files_in(self._folder)}
        for each in files_in(self.built / GRAPHIQL):
            found[f"{FILES}{GRAPHIQL}/{each.name}"] = BuiltFile(each)
        return found

    @cached_property
    def _page(self) -> HtmlPage | None:
        """The page with the settings of this node."""
        told = orjson.dumps(self._told).decode().replace("<", "\\u003c")
        filled = {_SETTINGS: _SETTINGS.replace("{}", told)}
        return HtmlPage.read(self._folder, self._policy, filled)

    @property
    def _told(self) -> dict[str, str]:
        told = {}
        if self.settings.map_style is not None:
            told["mapStyle"] = self.settings.map_style
        if self.settings.map_tiles is not None:
            told["mapTiles"] = TILES
        return told

    @property
    def _policy(self) -> str:
        style = self.settings.map_style
        parts = urlsplit(style) if style else None
        elsewhere = f" {parts.scheme}://{parts.netloc}" if parts else ""
        return policy(
            {
                "script-src": "'self'",
                "style-src": "'self'",
                "img-src": f"'self' data: blob:{elsewhere}",
                "connect-src": f"'self'{elsewhere}",
                "worker-src": "'self'",
            }
        )

    async def _answer_page(self, request: Request) -> Response:
        if self._page is None:
            return PlainTextResponse(_NOT_BUILT, 503, {"Cache-Control": "no-store"})
        return self._page.answer(request)

    async def _answer_file(self, request: Request) -> Response:
        path = request.scope["path"]
        if path == TILES and (tiles := self.settings.map_tiles) and tiles.is_file():
            headers = {"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}
            return FileResponse(tiles, headers=headers, media_type="application/octet-stream")
        try:
            answer = await self._files[path].answer(request)
        except (KeyError, FileNotFoundError):
            raise HTTPException(404) from None
        # A worker is held by the policy of its own file, not by that of the page.
        if not path.startswith(f"{FILES}{GRAPHIQL}/"):
            answer.headers["Content-Security-Policy"] = self._policy
        return answer
