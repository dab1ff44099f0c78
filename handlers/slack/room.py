"""What Slack sends, over HTTP or Socket Mode: acknowledged at once; the work goes on afterwards.

Bolt's own ways are used where they are good and replaced where they are not: requests are verified before anything
parses them, listeners run before the response (no 10 ms poll), the token is fixed (no auth.test for each request), one
HTTP session serves all, every unknown thing is answered, and an event id has its effect once (slack facts §14).
"""

import asyncio
import re
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

import aiohttp
import structlog
from aiohttp import web
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.errors import BotError
from bot.domain.people import Person
from bot.services.limits import Limits
from handlers import dispatch, home, leaving, payloads, unfurling
from handlers.command import Click, Desk, Errors
from handlers.slack.bolt import AGAIN, new_bolt
from handlers.slack.entrance import Entrance
from handlers.slack.sockets import SocketMode
from handlers.slack.work import Work
from handlers.suggesting import Suggester
from handlers.words import sentence

log = structlog.stdlib.get_logger(__name__)

AT_ONCE = 10  # commands and presses of one person that may run at the same time
STAYS = 2.0  # seconds for which a form may stay open while it is worked off: Slack waits for three
_ANY = re.compile(r".*", re.DOTALL)
_LEAVING = {"user_change", "app_uninstalled", "tokens_revoked"}
FULL = f"{AT_ONCE} of your commands are still running. Please wait until one has answered."
_NOBODY = "Slack does not tell me who you are, so I can do nothing for you here."
T = TypeVar("T")
Next = Callable[[], Awaitable[BoltResponse]]


@dataclass(frozen=True, slots=True)
class Keys:
    """What proves who is who: our tokens, and the secrets that Slack signs with (two while one is rotated)."""

    bot_token: str = field(repr=False)
    signing_secrets: tuple[str, ...] = field(default=(), repr=False)
    app_token: str = field(default="", repr=False)  # set: Socket Mode


class SlackRoom:
    """Everything that Slack sends, over HTTP or Socket Mode."""

    def __init__(
        self,
        *,
        desk: Desk,
        keys: Keys,
        api_url: str,
        session: aiohttp.ClientSession,
        limits: Limits,
        stays: float = STAYS,
    ) -> None:
        self._desk = desk
        self._limits = limits
        self._stays = stays
        self._keys = keys
        self._api_url = api_url
        self._session = session
        self._work = Work(desk)
        self._suggester = Suggester(desk)
        self._running: Counter[Person] = Counter()  # commands and presses, by whose they are
        self._socket: SocketMode | None = None
        self._app = self._bolt()
        self._entrance = Entrance(self._app, keys.signing_secrets, desk.clock)

    # --- HTTP ---

    async def http(self, request: web.Request) -> web.Response:
        """POST /slack/events."""
        return await self._entrance.post(request)

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
        await self._suggester.close()
        await self._work.end(patience)

    # --- Bolt ---

    def _bolt(self) -> AsyncApp:
        app = new_bolt(self._keys.bot_token, self._api_url, self._session)
        app.use(self._only_once)
        app.command(_ANY)(self._on_command)
        app.action(_ANY)(self._on_action)
        app.view(_ANY)(self._on_view)
        app.view_closed(_ANY)(self._on_nothing)
        app.options(_ANY)(self._on_options)
        app.shortcut(_ANY)(self._on_shortcut)
        app.event("app_mention")(self._on_mention)
        app.event("app_home_opened")(self._on_home)
        app.event("link_shared")(self._on_links)
        app.event("user_change")(self._on_user_change)
        app.event(re.compile("app_uninstalled|tokens_revoked"))(self._on_uninstalled)
        app.event(_ANY)(self._on_nothing)
        app.error(self._on_error)
        return app

    async def _only_once(self, body: dict[str, Any], next: Next) -> BoltResponse:  # noqa: A002 - Bolt's own name
        # (Forgetting somebody twice is no harm, and Slack may be asked to send that again.)
        event, event_id = body.get("event"), body.get("event_id")
        if not isinstance(event, Mapping) or str(event.get("type")) in _LEAVING or not isinstance(event_id, str):
            return await next()
        if await self._desk.once.first(f"slack:{event_id}", self._desk.clock.now()):
            return await next()
        return BoltResponse(status=200, body="")

    async def _on_command(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        if not str(body.get("command", "")).startswith("/quay"):
            await ack("I only answer to /quay. Try `/quay help`.")
            return
        text, ask = payloads.command(body)
        if not _somebody(ask.person):
            await ack(_NOBODY)
            return
        if refusal := self._refusal(ask.person):
            await ack(refusal)
            return
        await ack()
        self._begin(self._work.ran(text, ask), ask.person)

    async def _on_mention(self, body: dict[str, Any]) -> None:
        text, ask = payloads.mention(body)
        if not _somebody(ask.person):  # a workflow, a webhook or another app: nobody who could act or be answered
            return
        if refusal := self._refusal(ask.person):
            self._work.begin(self._work.told(sentence(refusal), ask.origin, ask.person, thread=ask.thread))
            return
        self._begin(self._work.ran(text, ask), ask.person)

    async def _on_action(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        for action_id, click in payloads.clicks(body):
            self._clicked(action_id, click, at_home=payloads.at_home(body))

    def _clicked(self, action_id: str, click: Click, *, at_home: bool = False) -> None:
        if not _somebody(click.person):
            return
        if refusal := self._refusal(click.person):
            self._work.begin(self._work.told(sentence(refusal), click.origin, click.person))
            return
        self._begin(self._work.clicked(action_id, click, at_home=at_home), click.person)

    async def _on_home(self, body: dict[str, Any]) -> None:
        person = payloads.visitor(body)
        if person.user and _somebody(person) and not self._refusal(person):
            self._begin(home.refresh(person, self._desk), person)

    async def _on_links(self, body: dict[str, Any]) -> None:
        shared = payloads.shared(body)
        if shared.urls and _somebody(shared.person) and not self._refusal(shared.person):
            self._begin(unfurling.unfurled(shared, self._desk), shared.person)

    async def _on_view(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        callback, sent = payloads.submission(body)
        if not _somebody(sent.person):
            await ack()
            return
        refusal = self._refusal(sent.person)
        if refusal and not sent.values:  # errors stand below fields, and it has none
            await ack()
            self._work.begin(self._work.told(sentence(refusal), sent.origin, sent.person))
            return
        wrong = dict.fromkeys(list(sent.values)[:1], refusal) if refusal else dispatch.check(callback, sent)
        if wrong:
            await ack(response_action="errors", errors=wrong)
            return
        work = self._begin(dispatch.submit(callback, sent, self._desk), sent.person)
        if dispatch.stays(callback):
            await asyncio.wait({work}, timeout=self._stays)
        if work.done() and isinstance(result := work.result(), Errors):
            await ack(response_action="errors", errors=dict(result.fields))
            return
        await ack()
        self._work.begin(self._work.submitted(work, callback, sent))

    async def _on_user_change(self, body: dict[str, Any]) -> BoltResponse | None:
        return await self._forgot(leaving.forget(payloads.gone(body), self._desk))

    async def _on_uninstalled(self, body: dict[str, Any]) -> BoltResponse | None:
        return await self._forgot(leaving.uninstalled(payloads.uninstalled(body), self._desk))

    async def _forgot(self, work: Awaitable[None]) -> BoltResponse | None:
        try:
            await work
        except BotError as error:
            log.warning("not_forgotten", why=str(error), then="Slack is asked to tell it again")
            return BoltResponse(status=AGAIN, body="")
        return None

    async def _on_shortcut(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        self._clicked(*payloads.shortcut(body, self._desk.quay_url))

    async def _on_options(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        person, action_id, typed, memory = payloads.seeking(body)
        found = await self._suggester.options(person, action_id, typed, memory) if _somebody(person) else []
        await ack(options=found)

    async def _on_nothing(self, ack: AsyncAck) -> None:
        await ack()

    async def _on_error(self, error: Exception, body: Mapping[str, Any]) -> BoltResponse:
        log.error("slack_request_failed", kind=str(body.get("type") or "command"), exc_info=error)
        return BoltResponse(status=200, body="Something went wrong on my side. Please try again.")

    def _refusal(self, person: Person) -> str:
        """Why not now; "" if it may be begun. Nobody types that fast: work is bounded, answers are not."""
        return self._limits.take(person) or (FULL if self._running[person] >= AT_ONCE else "")

    def _begin(self, work: Coroutine[Any, Any, T], person: Person) -> asyncio.Task[T]:
        """Go on with what somebody typed, pressed or sent, which counts as long as it runs."""
        self._running[person] += 1
        task = self._work.begin(work)
        task.add_done_callback(lambda _: self._ended(person))
        return task

    def _ended(self, person: Person) -> None:
        self._running[person] -= 1
        if not self._running[person]:
            del self._running[person]


def _somebody(person: Person) -> bool:
    """Is it a person? Whatever names none of a team must never stand for one, nor for all of them."""
    known = bool(person.team and person.user)
    if not known:
        log.warning("nobody_asked", team=person.team)
    return known
