"""The page that shows a secret once. Opening it shows nothing yet, so previews and scanners use nothing up."""

import secrets
from dataclasses import dataclass, field
from urllib.parse import parse_qs

import structlog
from aiohttp import web

from bot.domain.errors import BotError, GiveUp, TryLater
from bot.domain.people import Profile
from bot.ports import Directory, Veiled
from bot.rules.link_codes import csrf, same
from bot.services.revealing import PATH, Revealing
from webhooks.pages import reveal_views as views
from webhooks.pages.cookie import Cookie
from webhooks.pages.guard import Guard, Refused, body, with_headers
from webhooks.pages.html import Page

log = structlog.stdlib.get_logger(__name__)

_FORM = "application/x-www-form-urlencoded"
_COOKIE = 32  # bytes


@dataclass(frozen=True, slots=True)
class RevealPages:
    """The handlers of the page. The browser keeps one cookie for all of the bot's pages."""

    revealing: Revealing
    directory: Directory
    guard: Guard = field(init=False)
    cookie: Cookie = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "guard", Guard.of(self.revealing.public_url))
        object.__setattr__(self, "cookie", Cookie.of(self.revealing.public_url))

    def add_to(self, app: web.Application) -> None:
        """Hang the page into the site."""
        pages = web.Application(middlewares=[self.guard.middleware()])
        pages.on_response_prepare.append(with_headers)
        pages.router.add_get("/{ticket:.*}", self.ask)
        pages.router.add_post("/{ticket:.*}", self.show)
        app.add_subapp(PATH, pages)

    async def ask(self, request: web.Request) -> web.Response:
        """What there is to see, and the button. It changes nothing but the browser's cookie."""
        ticket = request.match_info["ticket"]
        try:
            veiled = await self.revealing.look(ticket)
        except BotError as error:
            return self._sorry(error)
        if veiled is None or veiled.shown_at or self.revealing.late(veiled):
            return await self._over(veiled)
        fresh = self.cookie.read(request) or secrets.token_urlsafe(_COOKIE)
        action = f"{self.guard.base}{PATH}/{ticket}"
        who, now = await self._who(veiled), self.revealing.clock.now()
        response = self.guard.page(views.question(veiled, who, now, action, _proof(fresh, ticket)))
        self.cookie.give(response, fresh)
        return response

    async def show(self, request: web.Request) -> web.Response:
        """The secret, for the one who presses first."""
        ticket = request.match_info["ticket"]
        try:
            self._belongs(self.cookie.read(request), ticket, _sent(await body(request, _FORM)))
            reveal = await self.revealing.take(ticket)
            if reveal is None:
                return await self._over(await self.revealing.look(ticket))
        except Refused as error:
            return self._refused(error)
        except BotError as error:
            return self._sorry(error)
        return self.guard.page(views.secret(reveal))

    def _belongs(self, cookie: str, ticket: str, sent: str) -> None:
        if not cookie or not same(_proof(cookie, ticket), sent):
            raise Refused(403, views.STALE)

    async def _over(self, veiled: Veiled | None) -> web.Response:
        """There is nothing to show, or nothing any more."""
        if veiled is None:
            return self.guard.page(views.gone(), 404)
        if veiled.shown_at is None:
            return self.guard.page(views.late(veiled), 410)
        who, now = await self._who(veiled), self.revealing.clock.now()
        return self.guard.page(views.shown_before(veiled, who, now), 410)

    async def _who(self, veiled: Veiled) -> Profile:
        """Whose it is, by name and with their clock; only the id if Slack does not tell."""
        try:
            return await self.directory.profile(veiled.person.user)
        except BotError as error:
            log.info("name_unknown", user=veiled.person.user, why=str(error))
            return Profile(veiled.person.user)

    def _refused(self, error: Refused) -> web.Response:
        response = self.guard.page(views.trouble(error.say), error.status)
        if error.status == 413:  # the rest of the body is not read
            response.force_close()
        return response

    def _sorry(self, error: BotError) -> web.Response:
        log.error("reveal_failed", kind=type(error).__name__, why=str(error))
        status = 503 if isinstance(error, TryLater) else 500 if isinstance(error, GiveUp) else 400
        page: Page = views.trouble(error.say if status == 503 else views.BROKEN)
        return self.guard.page(page, status)


def _sent(form: str) -> str:
    """What the form sent as proof. Raises Refused for what no form of ours sends."""
    try:
        return parse_qs(form, max_num_fields=5).get("csrf", [""])[0]
    except ValueError:
        raise Refused(400, "I cannot read this form.") from None


def _proof(cookie: str, ticket: str) -> str:
    return csrf(cookie, f"reveal {ticket}")
