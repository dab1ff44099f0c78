"""Reading HTTP requests: arguments however they come, tokens, the bytes of files; and cutting a connection."""

from collections.abc import Mapping
from typing import Any

from aiohttp import web

from bot.fakes.slack.model import Refused


async def arguments(request: web.Request) -> tuple[dict[str, Any], bool]:
    """The arguments from the query string and from a form or JSON body, and whether the body was JSON."""
    args: dict[str, Any] = dict(request.query)
    if request.method == "GET" or not request.body_exists:
        return args, False
    if request.content_type == "application/json":
        try:
            body = await request.json()
        except ValueError:
            raise Refused("invalid_json") from None
        if not isinstance(body, dict):
            raise Refused("json_not_object")
        return {**args, **body}, True
    form = await request.post()
    return {**args, **{name: value for name, value in form.items() if isinstance(value, str)}}, False


def token(request: web.Request, args: Mapping[str, Any], *, in_json: bool, header_only: bool) -> str:
    """The token: from the header, or an argument `token` unless the body is JSON (Slack ignores it there)."""
    kind, _, found = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() == "bearer" and found:
        return found.strip()
    return "" if in_json or header_only else str(args.get("token", ""))


async def uploaded(request: web.Request) -> bytes:
    """The bytes of an upload, sent bare or as the one file of a multipart form."""
    if not request.content_type.startswith("multipart/"):
        return await request.read()
    form = await request.post()
    for value in form.values():
        if isinstance(value, web.FileField):
            return value.file.read()
    return b""


def drop(request: web.Request) -> web.Response:
    """Cut the connection without a word."""
    if request.transport:
        request.transport.abort()
    return web.Response()
