"""The pages' own files. They are read once, and only what was read can be asked for: there is no path to traverse."""

from importlib.resources import files

from aiohttp import web

_TYPES = {"css": "text/css", "js": "text/javascript"}
_KEPT = {"Cache-Control": "public, max-age=3600"}


def routes() -> list[web.RouteDef]:
    """A route for each file."""
    found = [entry for entry in files("webhooks.pages").joinpath("files").iterdir() if entry.is_file()]
    return [_route(entry.name, entry.read_bytes()) for entry in found if _type(entry.name)]


def _route(name: str, content: bytes) -> web.RouteDef:
    async def serve(_: web.Request) -> web.Response:
        return web.Response(body=content, content_type=_type(name), charset="utf-8", headers=_KEPT)

    return web.get(f"/link/{name}", serve)


def _type(name: str) -> str:
    return _TYPES.get(name.rpartition(".")[2], "")
