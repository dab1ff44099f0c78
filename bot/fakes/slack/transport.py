"""The Web API over HTTP: reads arguments however they come, checks the token, the limits and the planned faults."""

import asyncio
import contextlib
import json
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from bot.fakes.slack import answers
from bot.fakes.slack.arguments import Arguments
from bot.fakes.slack.limits import Limits
from bot.fakes.slack.methods import METHODS, SCOPES, T3
from bot.fakes.slack.model import AFTER, BEFORE, Call, Fault, Json, Refused
from bot.fakes.slack.sockets import Sockets
from bot.fakes.slack.state import Workspace, im_id
from bot.fakes.slack.trouble import Trouble
from bot.fakes.slack.wire import arguments, drop, token, uploaded

CONNECT = "apps.connections.open"
RESPOND, UPLOAD = "response_url", "upload_url"
PLAIN: Mapping[str, Mapping[str, int]] = {
    RESPOND: {"expired_url": 404, "used_url": 404, "invalid_url": 404},
    UPLOAD: {"file_not_found": 404, "wrong_length": 400},
}
"""Where refusals have a status of their own; everywhere else they are a 200."""
BODY_LIMIT = 20 * 1024**2


class Transport:
    """The routes. `calls` is what was asked of them, `trouble` what shall go wrong."""

    def __init__(self, workspace: Workspace, sockets: Sockets, bot_token: str, app_token: str) -> None:
        self._workspace = workspace
        self._sockets = sockets
        self._tokens = {"bot": bot_token, "app": app_token}
        self.limits = Limits()
        self.trouble = Trouble()
        self.calls: list[Call] = []
        self.scopes = set(SCOPES)
        self.closing = asyncio.Event()

    def application(self) -> web.Application:
        """The site."""
        app = web.Application(client_max_size=BODY_LIMIT)
        app.router.add_route("*", "/api/{method}", self._api)
        app.router.add_post("/response/{team}/{name}", self._response)
        app.router.add_post("/upload/v1/{file}", self._upload)
        app.router.add_get("/link", self._sockets.serve)
        return app

    async def _api(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        try:
            args, in_json = await arguments(request)
        except Refused as refusal:
            return self._reply(method, {}, refusal.reply())
        given = token(request, args, in_json=in_json, header_only=method == CONNECT)
        shown = {name: value for name, value in args.items() if name != "token"}

        def work() -> Json:
            self._authorise(method, given)
            return self._run(method, Arguments(shown))

        warning = "missing_charset" if in_json and not request.charset else ""
        return await self._faulty(request, method, shown, work, warning)

    async def _response(self, request: web.Request) -> web.StreamResponse:
        raw = await request.read()
        try:
            payload = json.loads(raw)
        except ValueError:
            payload = None

        def work() -> Json:
            return answers.speak(self._workspace, answers.use(self._workspace, request.match_info["name"]), payload)

        shown = payload if isinstance(payload, dict) else {}
        return await self._faulty(request, RESPOND, shown, work)

    async def _upload(self, request: web.Request) -> web.StreamResponse:
        """The bytes of a promised file. The address is the right to send them: no token belongs here (facts §10)."""
        upload = self._workspace.uploads.get(request.match_info["file"])
        content = await uploaded(request)

        def work() -> Json:
            if not upload:
                raise Refused("file_not_found")
            if len(content) != upload.length:
                raise Refused("wrong_length")
            upload.content = content
            return {"ok": True}

        return await self._faulty(request, UPLOAD, {"length": len(content)}, work)

    def _authorise(self, method: str, token: str) -> None:
        """Slack tells unknown methods first, then looks at the token."""
        if method not in METHODS and method != CONNECT:
            raise Refused("unknown_method", req_method=method)
        if not token:
            raise Refused("not_authed")
        if token not in self._tokens.values():
            raise Refused("invalid_auth")
        if token != self._tokens["app" if method == CONNECT else "bot"]:
            raise Refused("not_allowed_token_type")
        needed = METHODS[method].scopes if method != CONNECT else ()
        if needed and not self.scopes.intersection(needed):
            raise Refused("missing_scope", needed=needed[0], provided=",".join(sorted(self.scopes)))

    def _run(self, method: str, args: Arguments) -> Json:
        """Count the call, then do it."""
        channel = args.text("channel")
        channel = im_id(channel) if channel in self._workspace.users else channel
        tier = METHODS[method].tier if method in METHODS else T3
        if seconds := self.limits.wait(method, tier, self._workspace.clock.now(), channel):
            raise Refused("ratelimited", retry_after=seconds)
        if method == CONNECT:
            return {"ok": True, "url": self._sockets.ticket()}
        return METHODS[method].run(self._workspace, args)

    async def _faulty(
        self, request: web.Request, method: str, args: Mapping[str, Any], work: Any, warning: str = ""
    ) -> web.StreamResponse:
        """Do the work unless something goes wrong before it; answer unless something goes wrong after it."""
        if self.trouble.down:
            self._note(method, args, 503, "down")
            return _page(503, "Slack is down")
        fault = self.trouble.next(method, str(args.get("channel", "")))
        kind = fault.kind if fault else ""
        if fault and kind in BEFORE:
            return self._before(request, method, args, fault)
        try:
            body = Refused(kind.removeprefix("error:")).reply() if kind.startswith("error:") else work()
        except Refused as refusal:
            body = refusal.reply()
        if fault and kind in AFTER:
            return await self._after(request, method, args, fault)
        if warning:
            body["warning"] = ",".join(filter(None, (body.get("warning"), warning)))
            warnings = body.setdefault("response_metadata", {}).setdefault("warnings", [])
            warnings.append(warning)
        return self._reply(method, args, body)

    def _before(self, request: web.Request, method: str, args: Mapping[str, Any], fault: Fault) -> web.StreamResponse:
        if fault.kind == "429":
            return self._reply(method, args, {"ok": False, "error": "ratelimited", "retry_after": fault.retry_after})
        self._note(method, args, 500 if fault.kind == "500" else 0, fault.kind)
        return _page(500, "Server Error") if fault.kind == "500" else drop(request)

    async def _after(
        self, request: web.Request, method: str, args: Mapping[str, Any], fault: Fault
    ) -> web.StreamResponse:
        self._note(method, args, 500 if fault.kind == "500_after" else 0, fault.kind)
        if fault.kind == "500_after":
            return _page(500, "Server Error")
        if fault.kind == "timeout":
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.closing.wait(), fault.hang)
        return drop(request)

    def _reply(self, method: str, args: Mapping[str, Any], body: Json) -> web.Response:
        error = str(body.get("error") or "")
        status, headers = PLAIN.get(method, {}).get(error, 200), {"X-OAuth-Scopes": ",".join(sorted(self.scopes))}
        if error == "ratelimited":
            status = 429
            headers["Retry-After"] = str(body.pop("retry_after", 30))
        self._note(method, args, status, error or None)
        if method == UPLOAD:
            return web.Response(status=status, text=error or f"OK - {args['length']}", headers=headers)
        return web.json_response(body, status=status, headers=headers)

    def _note(self, method: str, args: Mapping[str, Any], status: int, error: str | None) -> None:
        self.calls.append(Call(method, dict(args), status, error, self._workspace.clock.now()))
        self._workspace.changed()


def _page(status: int, words: str) -> web.Response:
    """What a server in trouble shows."""
    return web.Response(status=status, text=f"<html><body>{words}</body></html>", content_type="text/html")
