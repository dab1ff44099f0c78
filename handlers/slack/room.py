"""What Slack sends, over HTTP or Socket Mode: acknowledged at once; the work goes on afterwards.

Bolt's own ways are used where they are good and replaced where they are not: requests are verified before anything
parses them, listeners run before the response (no 10 ms poll), the token is fixed (no auth.test for each request), one
HTTP session serves all, every unknown thing is answered, and an event id has its effect once (slack facts §14).
"""

import asyncio
import json
import logging
import re
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

import aiohttp
import structlog
from aiohttp import web
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.errors import BotError
from bot.domain.messages import Modal
from bot.domain.people import Person
from handlers import dispatch, payloads
from handlers.answering import answer
from handlers.command import Ask, Click, Desk, Errors, Reply, Submission
from handlers.signing import genuine
from handlers.slack.sockets import SocketMode

log = structlog.stdlib.get_logger(__name__)

AT_ONCE = 10  # commands of one person that may run at the same time
_ANY = re.compile(r".*", re.DOTALL)
_JSON = "application/json"
_FORM = "application/x-www-form-urlencoded"
Next = Callable[[], Awaitable[BoltResponse]]


@dataclass(frozen=True, slots=True)
class Keys:
    """What proves who is who: our tokens, and the secrets that Slack signs with (two while one is rotated)."""

    bot_token: str = field(repr=False)
    signing_secrets: tuple[str, ...] = field(default=(), repr=False)
    app_token: str = field(default="", repr=False)  # set: Socket Mode


class _Bolt(AsyncApp):
    """Bolt, but every genuine request is a 200: Slack can do nothing with another answer, and asks again after it."""

    async def async_dispatch(self, req: AsyncBoltRequest) -> BoltResponse:
        """As Bolt does it, over HTTP and in Socket Mode."""
        try:
            response = await super().async_dispatch(req)
        except Exception:  # Bolt itself stumbles over payloads that lack what it takes for granted
            log.exception("slack_request_odd", kind=str(req.body.get("type") or ""))
            return BoltResponse(status=200, body="")
        if response.status == 404:
            log.warning("slack_request_unknown", kind=str(req.body.get("type") or ""))
            return BoltResponse(status=200, body="")
        return response


class SlackRoom:
    """Everything that Slack sends, over HTTP or Socket Mode."""

    def __init__(self, *, desk: Desk, keys: Keys, api_url: str, session: aiohttp.ClientSession) -> None:
        self._desk = desk
        self._keys = keys
        self._api_url = api_url
        self._session = session
        self._work: set[asyncio.Task[None]] = set()
        self._running: Counter[Person] = Counter()  # commands by who typed them
        self._socket: SocketMode | None = None
        self._app = self._bolt()

    # --- HTTP ---

    async def http(self, request: web.Request) -> web.Response:
        """POST /slack/events: verified first, then understood. Malformed bodies are 400, unsigned ones 401."""
        body = await request.read()
        if body == b"ssl_check=1" or body.startswith(b"ssl_check=1&"):
            return web.Response()
        headers = request.headers
        if not genuine(
            self._keys.signing_secrets,
            headers.get("X-Slack-Request-Timestamp", ""),
            headers.get("X-Slack-Signature", ""),
            body,
            self._desk.clock.now().timestamp(),
        ):
            return web.json_response({"error": "not signed by Slack"}, status=401)
        if not _well_formed(request.content_type, body):
            return web.json_response({"error": "malformed body"}, status=400)
        given: dict[str, str | Sequence[str]] = dict(headers.items())
        try:
            asked = AsyncBoltRequest(body=body.decode(), headers=given)
        except Exception:  # see _Bolt
            log.exception("slack_request_odd")
            return web.Response()
        response = await self._app.async_dispatch(asked)
        return web.Response(
            status=response.status,
            body=response.body.encode(),
            content_type=_JSON if response.body[:1] in {"{", "["} else "text/plain",
            charset="utf-8",
        )

    # --- life ---

    async def open(self) -> None:
        """Connect through Socket Mode, if there is an app token."""
        if self._keys.app_token:
            client = AsyncWebClient(token=self._keys.app_token, base_url=self._api_url, session=self._session)
            self._socket = SocketMode(self._app, self._keys.app_token, client, self._desk.clock)
            self._socket.open()

    async def close(self, *, patience: float = 10.0) -> None:
        """Take nothing new, and let what people asked for finish."""
        if self._socket is not None:
            await self._socket.close()
        if self._work:
            _, late = await asyncio.wait(self._work, timeout=patience)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._work.add(task)
        task.add_done_callback(self._work.discard)

    # --- Bolt ---

    def _bolt(self) -> AsyncApp:
        async def authorize() -> AuthorizeResult:
            return AuthorizeResult(enterprise_id=None, team_id=None, bot_token=self._keys.bot_token)

        app = _Bolt(
            client=AsyncWebClient(base_url=self._api_url, session=self._session),
            authorize=authorize,
            logger=_bolt_log(),
            process_before_response=True,
            request_verification_enabled=False,  # done before; Socket Mode needs none
            ssl_check_enabled=False,
        )
        app.use(self._only_once)
        app.command(_ANY)(self._on_command)
        app.action(_ANY)(self._on_action)
        app.view(_ANY)(self._on_view)
        app.view_closed(_ANY)(self._on_nothing)
        app.options(_ANY)(self._on_options)
        app.shortcut(_ANY)(self._on_nothing)
        app.event("app_mention")(self._on_mention)
        app.event(_ANY)(self._on_nothing)
        app.error(self._on_error)
        return app

    async def _only_once(self, body: dict[str, Any], next: Next) -> BoltResponse:  # noqa: A002 - Bolt's own name
        event_id = body.get("event_id") if body.get("type") == "event_callback" else None
        if isinstance(event_id, str) and not await self._desk.once.first(f"slack:{event_id}", self._desk.clock.now()):
            return BoltResponse(status=200, body="")
        return await next()

    async def _on_command(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        if not str(body.get("command", "")).startswith("/quay"):
            await ack("I only answer to /quay. Try `/quay help`.")
            return
        text, ask = payloads.command(body)
        if self._running[ask.person] >= AT_ONCE:  # nobody types that fast: work is bounded, answers are not
            await ack(f"{AT_ONCE} of your commands are still running. Please wait until one has answered.")
            return
        self._running[ask.person] += 1
        await ack()
        self._spawn(self._counted(text, ask))

    async def _on_mention(self, body: dict[str, Any]) -> None:
        text, ask = payloads.mention(body)
        self._spawn(self._ran(text, ask))

    async def _on_action(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        for action_id, click in payloads.clicks(body):
            self._spawn(self._clicked(action_id, click))

    async def _on_view(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        callback, sent = payloads.submission(body)
        if wrong := dispatch.check(callback, sent):
            await ack(response_action="errors", errors=wrong)
            return
        await ack()
        self._spawn(self._submitted(callback, sent))

    async def _on_options(self, ack: AsyncAck) -> None:
        await ack(options=[])

    async def _on_nothing(self, ack: AsyncAck) -> None:
        await ack()

    async def _on_error(self, error: Exception, body: Mapping[str, Any]) -> BoltResponse:
        log.error("slack_request_failed", kind=str(body.get("type") or "command"), exc_info=error)
        return BoltResponse(status=200, body="Something went wrong on my side. Please try again.")

    # --- the work, after the acknowledgement ---

    async def _counted(self, text: str, ask: Ask) -> None:
        try:
            await self._ran(text, ask)
        finally:
            self._running[ask.person] -= 1
            if not self._running[ask.person]:
                del self._running[ask.person]

    async def _ran(self, text: str, ask: Ask) -> None:
        reply = await dispatch.run(text, ask, self._desk)
        if reply is not None:
            await answer(reply, ask.origin, ask.person, self._desk.voice, thread=ask.thread)

    async def _clicked(self, action_id: str, click: Click) -> None:
        reply = await dispatch.click(action_id, click, self._desk)
        if reply is not None:
            await answer(reply, click.origin, click.person, self._desk.voice)

    async def _submitted(self, callback: str, sent: Submission) -> None:
        result = await dispatch.submit(callback, sent, self._desk)
        if isinstance(result, Modal):
            try:
                await self._desk.voice.update_view(sent.view, result)
            except BotError as error:
                log.warning("view_not_updated", callback=callback, why=str(error))
        elif isinstance(result, Errors):
            log.error("late_form_errors", callback=callback, fields=sorted(result.fields))
        elif isinstance(result, Reply):
            await answer(result, sent.origin, sent.person, self._desk.voice)


def _bolt_log() -> logging.Logger:
    # Bolt warns of environment variables that are ours, and slack_sdk writes a page for each try to connect; what
    # matters of both is answered and logged here.
    logger = logging.getLogger("slack_bolt")
    logger.setLevel(logging.CRITICAL)
    return logger


def _well_formed(content_type: str, body: bytes) -> bool:
    try:
        text = body.decode()
        if content_type == _JSON:
            return isinstance(json.loads(text), dict)
        if content_type != _FORM:
            return False
        fields = parse_qs(text, keep_blank_values=True, max_num_fields=100)
        if "payload" in fields:
            return isinstance(json.loads(fields["payload"][0]), dict)
        return "command" in fields
    except (ValueError, RecursionError):
        return False
