"""`GET /demo/file/{id}?user=U…`: a file that somebody was sent, for whoever sees the conversation that it is in."""

from urllib.parse import quote

from aiohttp import web

from bot.fakes.page.door import HEADERS, Refused, guarded
from bot.fakes.page.state import acting, visible
from bot.fakes.page.world import DemoWorld


def route(demo: DemoWorld) -> web.RouteDef:
    """The download. It is never shown as a page, whatever is in it."""

    async def get(request: web.Request) -> web.Response:
        user = acting(demo.slack, request.query.get("user"))
        file = next((one for one in demo.slack.files if one["id"] == request.match_info["file"]), None)
        places = [demo.slack.channels[name] for name in (file or {}).get("channels", ()) if name in demo.slack.channels]
        if file is None or not any(visible(place, user) for place in places):
            raise Refused(404, "There is no such file.")
        name = f"attachment; filename*=UTF-8''{quote(str(file['name']), safe='')}"
        return web.Response(
            body=file["content"],
            content_type="application/octet-stream",
            headers={**HEADERS, "Content-Disposition": name},
        )

    return web.get("/demo/file/{file}", guarded(get))
