"""The HTTP side of the room: what Slack sends is verified first, then understood, and has its effect once."""

from collections.abc import Mapping, Sequence

import structlog
from aiohttp import web
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest

from bot.ports import Clock
from handlers.signing import genuine
from handlers.slack.bolt import JSON, only_asks, well_formed
from handlers.slack.replays import Replays

log = structlog.stdlib.get_logger(__name__)


class Entrance:
    """Lets in what Slack has signed."""

    def __init__(self, app: AsyncApp, secrets: Sequence[str], clock: Clock) -> None:
        self._app = app
        self._secrets = tuple(secrets)
        self._clock = clock
        self._replays = Replays()

    async def post(self, request: web.Request) -> web.Response:
        """Malformed bodies are 400, unsigned ones 401."""
        body = await request.read()
        if body == b"ssl_check=1" or body.startswith(b"ssl_check=1&"):
            return web.Response()
        headers = request.headers
        if not genuine(
            self._secrets,
            headers.get("X-Slack-Request-Timestamp", ""),
            headers.get("X-Slack-Signature", ""),
            body,
            self._clock.now().timestamp(),
        ):
            return web.json_response({"error": "not signed by Slack"}, status=401)
        if not well_formed(request.content_type, body):
            return web.json_response({"error": "malformed body"}, status=400)
        # Events may come again: they have ids of their own, and some are asked for again (see SlackRoom).
        if request.content_type != JSON and not only_asks(request.content_type, body) and self._replayed(headers):
            return web.Response()
        given: dict[str, str | Sequence[str]] = dict(headers.items())
        try:
            asked = AsyncBoltRequest(body=body.decode(), headers=given)
        except Exception:  # see bolt.py
            log.exception("slack_request_odd")
            return web.Response()
        response = await self._app.async_dispatch(asked)
        return web.Response(
            status=response.status,
            body=response.body.encode(),
            content_type=JSON if response.body[:1] in {"{", "["} else "text/plain",
            charset="utf-8",
        )

    def _replayed(self, headers: Mapping[str, str]) -> bool:
        if self._replays.first(headers["X-Slack-Signature"], self._clock.now()):
            return False
        log.warning("slack_request_replayed")
        return True
