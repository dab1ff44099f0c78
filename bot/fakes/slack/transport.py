"""The Web API over HTTP: reads arguments however they come, checks the token, the limits and the planned faults."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from bot.fakes.slack import answers
from bot.fakes.slack.arguments import Arguments
from bot.fakes.slack.limits import Limits
from bot.fakes.slack.methods import METHODS, SCOPES, T3
from bot.fakes.slack.model import Call, Fault, Json, Refused
from bot.fakes.slack.sockets import Sockets
from bot.fakes.slack.state import Workspace, im_id

CONNECT = "apps.connections.open"
RESPOND = "response_url"
BEFORE = ("429", "500", "reset")
BODY_LIMIT = 20 * 1024**2


class Transport:
    """The routes. `calls` is what was asked of them, `faults` what shall go wrong."""

    def __init__(self, workspace: Workspace, sockets: Sockets, bot_token: str, app_token: str) -> None:
        self._workspace = workspace
        self._sockets = sockets
        self._tokens = {"bot": bot_token, "app": app_token}
        self.limits = Limits()
        self.calls: list[Call] = []
        self.faults: list[Fault] = []
        self.scopes = set(SCOPES)
        self.down = False
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
            args, in_json = await _arguments(request)
        except Refused as refusal:
            return self._reply(method, {}, refusal.reply())
        token = _token(request, args, in_json=in_json)
        shown = {name: value for name, value in args.items() if name != "token"}

        def work() -> Json:
            self._authorise(method, token)
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
        upload = self._workspace.uploads.get(request.match_info["file"])
        content = await _uploaded(request)
        if not upload or self.down:
            return web.Response(status=503 if self.down else 404, text="no such upload")
        if len(content) != upload.length:
            return web.Response(status=400, text="the size is not the one that was promised")
        upload.content = content
        return web.Response(text=f"OK - {len(content)}")

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

    def _fault(self, method: str, channel: str) -> Fault | None:
        """The first planned fault that fits, with one of its times used up."""
        for fault in self.faults:
            if fault.method in (method, "*") and fault.channel in (None, channel):
                fault.times -= 1
                if fault.times <= 0:
                    self.faults.remove(fault)
                return fault
        return None

    async def _faulty(
        self, request: web.Request, method: str, args: Mapping[str, Any], work: Any, warning: str = ""
    ) -> web.StreamResponse:
        """Do the work unless something goes wrong before it; answer unless something goes wrong after it."""
        if self.down:
            self._note(method, args, 503, "down")
            return web.Response(status=503, text="<html><body>Slack is down</body></html>", content_type="text/html")
        fault = self._fault(method, str(args.get("channel", "")))
        kind = fault.kind if fault else ""
        if fault and kind in BEFORE:
            return self._before(request, method, args, fault)
        try:
            body = Refused(kind.removeprefix("error:")).reply() if kind.startswith("error:") else work()
        except Refused as refusal:
            body = refusal.reply()
        if kind in ("timeout", "reset_after"):
            self._note(method, args, 0, kind)
            if kind == "timeout":
                await self.closing.wait()
            return _drop(request)
        if warning:
            body["warning"] = ",".join(filter(None, (body.get("warning"), warning)))
            warnings = body.setdefault("response_metadata", {}).setdefault("warnings", [])
            warnings.append(warning)
        return self._reply(method, args, body)

    def _before(self, request: web.Request, method: str, args: Mapping[str, Any], fault: Fault) -> web.StreamResponse:
        if fault.kind == "429":
            return self._reply(method, args, {"ok": False, "error": "ratelimited", "retry_after": fault.retry_after})
        self._note(method, args, 500 if fault.kind == "500" else 0, fault.kind)
        if fault.kind == "500":
            return web.Response(status=500, text="<html><body>Server Error</body></html>", content_type="text/html")
        return _drop(request)

    def _reply(self, method: str, args: Mapping[str, Any], body: Json) -> web.Response:
        error = body.get("error")
        status, headers = 200, {"X-OAuth-Scopes": ",".join(sorted(self.scopes))}
        if error == "ratelimited":
            status = 429
            headers["Retry-After"] = str(body.pop("retry_after", 30))
        elif method == RESPOND and error in ("expired_url", "used_url", "invalid_url"):
            status = 404
        self._note(method, args, status, error)
        return web.json_response(body, status=status, headers=headers)

    def _note(self, method: str, args: Mapping[str, Any], status: int, error: str | None) -> None:
        self.calls.append(Call(method, dict(args), status, error, self._workspace.clock.now()))
        self._workspace.changed()


def _drop(request: web.Request) -> web.Response:
    """Cut the connection without a word."""
    if request.transport:
        request.transport.abort()
    return web.Response()


async def _arguments(request: web.Request) -> tuple[dict[str, Any], bool]:
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


def _token(request: web.Request, args: Mapping[str, Any], *, in_json: bool) -> str:
    """The token: from the header, or an argument `token` unless the body is JSON (Slack ignores it there)."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() == "bearer" and token:
        return token.strip()
    return "" if in_json or request.path.endswith(CONNECT) else str(args.get("token", ""))


async def _uploaded(request: web.Request) -> bytes:
    """The bytes of an upload, sent bare or as the one file of a multipart form."""
    if not request.content_type.startswith("multipart/"):
        return await request.read()
    form = await request.post()
    for value in form.values():
        if isinstance(value, web.FileField):
            return value.file.read()
    return b""
