"""The door: everything that comes in over HTTP. Bodies are stored before they are answered, and read afterwards."""

import hashlib
import json
import math
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog
from aiohttp import web

from bot.domain.errors import BotError, TryLater
from bot.services.intake import GroupCommit
from webhooks.pages import LinkPages, RevealPages

log = structlog.stdlib.get_logger(__name__)

BODY_LIMIT = 1024 * 1024  # bytes; the longest real bodies (100 tags, a mirror's log) stay far below
_STORED = json.dumps({"message": "stored"}).encode()
_FOR_PROMETHEUS = {"Content-Type": "text/plain; version=0.0.4; charset=utf-8"}
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}\Z")  # 256 bits, base64url

SlackDoor = Callable[[web.Request], Awaitable[web.StreamResponse]]
Readiness = Callable[[], Awaitable[dict[str, object]]]


def token_hash(token: str) -> str:
    """What is stored of a webhook token: its SHA-256. The token has 256 random bits, so no slow hash is needed."""
    return hashlib.sha256(token.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Door:
    """The handlers of the site."""

    intake: GroupCommit
    readiness: Readiness
    numbers: Callable[[], Awaitable[bytes]]  # for Prometheus

    async def quay(self, request: web.Request) -> web.Response:
        """A notification of Quay: durable when answered. Any body of a known hook is a 200 (quay facts §1.3)."""
        token = request.match_info["token"]
        if not _TOKEN.match(token):
            return _no_such_hook()
        body = await _read(request, BODY_LIMIT)
        if body is None:
            return _answer(413, f"the body is larger than {BODY_LIMIT} bytes", close=True)
        try:
            known = await self.intake.keep(token_hash(token), body)
        except BotError as error:  # the storage is away or full: a line each, for there may be many
            log.error("delivery_not_stored", why=str(error))
            return _later(error)
        except Exception as error:  # whatever it is, Quay tries again after 30 s
            log.exception("delivery_not_stored")
            return _later(error)
        return web.Response(body=_STORED, content_type="application/json") if known else _no_such_hook()

    async def health(self, _: web.Request) -> web.Response:
        """The process is alive."""
        return web.json_response({"status": "ok"})

    async def ready(self, _: web.Request) -> web.Response:
        """The process can do its work; the details say what is waiting."""
        try:
            return web.json_response({"status": "ready", **await self.readiness()})
        except BotError as error:  # the storage is away, or not ours: asked often, so a line each
            log.warning("not_ready", why=str(error))
            return web.json_response({"status": "not ready", "why": error.say}, status=503)
        except Exception:  # whatever is wrong, the answer is "not ready"; the log says what
            log.exception("not_ready")
            return web.json_response({"status": "not ready"}, status=503)

    async def metrics(self, _: web.Request) -> web.Response:
        """The numbers for Prometheus."""
        try:
            return web.Response(body=await self.numbers(), headers=_FOR_PROMETHEUS)
        except BotError as error:  # the storage is away
            return _answer(503, error.say)


def site(door: Door, slack: SlackDoor | None, *pages: RevealPages | LinkPages) -> web.Application:
    """The aiohttp application. `slack` takes POST /slack/events; None when Slack comes through Socket Mode."""
    app = web.Application(client_max_size=BODY_LIMIT)
    app.router.add_post("/webhooks/quay/{token}", door.quay)
    app.router.add_get("/healthz", door.health)
    app.router.add_get("/readyz", door.ready)
    app.router.add_get("/metrics", door.metrics)
    if slack is not None:
        app.router.add_post("/slack/events", slack)
    for page in pages:
        page.add_to(app)
    return app


async def _read(request: web.Request, limit: int) -> bytes | None:
    if request.content_length is not None and request.content_length > limit:
        return None
    try:
        return await request.read()
    except web.HTTPRequestEntityTooLarge:
        return None


def _answer(status: int, words: str, *, close: bool = False) -> web.Response:
    response = web.Response(
        status=status, body=json.dumps({"message": words}).encode(), content_type="application/json"
    )
    if close:
        response.force_close()
    return response


def _later(error: Exception) -> web.Response:
    """Not stored. Quay tries again when it likes; whoever else asks is told after how many seconds to."""
    response = _answer(503, "not stored, please send it again")
    after = error.after if isinstance(error, TryLater) else 0.0
    response.headers["Retry-After"] = str(max(1, math.ceil(after)))
    return response


def _no_such_hook() -> web.Response:
    return _answer(404, "no such webhook")
