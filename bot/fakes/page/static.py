"""The page's own files. They are read once, and only what was read can be asked for: there is no path to traverse."""

from importlib.resources import files

from aiohttp import web

from bot.fakes.page.door import HEADERS, Refused, guarded

TYPES = {"html": "text/html", "css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}


def load() -> dict[str, tuple[bytes, str]]:
    """The content and media type of every file of the page, by name."""
    found = {}
    for entry in files("bot.fakes.page").joinpath("site").iterdir():
        media = TYPES.get(entry.name.rpartition(".")[2])
        if media and entry.is_file():
            found[entry.name] = (entry.read_bytes(), media)
    return found


def routes() -> list[web.RouteDef]:
    """`/` and `/page/{file}`."""
    site = load()

    def serve(name: str) -> web.Response:
        if name not in site:
            raise Refused(404, "There is no such file.")
        body, media = site[name]
        headers = {**HEADERS, "Cache-Control": "no-cache"}
        return web.Response(body=body, content_type=media, charset="utf-8", headers=headers)

    async def index(_request: web.Request) -> web.Response:
        return serve("index.html")

    async def file(request: web.Request) -> web.Response:
        return serve(request.match_info["file"])

    return [web.get("/", guarded(index)), web.get("/page/{file}", guarded(file))]
