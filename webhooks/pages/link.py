"""The pages on which somebody links their Quay account: consent, the way back from Quay, and the code for Slack."""

import json
from dataclasses import dataclass, field
from urllib.parse import parse_qs

import structlog
from aiohttp import web

from bot.domain.errors import BotError
from bot.domain.people import Way
from bot.ports import LinkStage
from bot.rules.link_codes import csrf, same
from bot.services.linking import Linking, NoAssignment, Over, Visit
from webhooks.pages import consent, outcome, sorry, static
from webhooks.pages.cookie import Cookie
from webhooks.pages.guard import Guard, Refused, body, with_headers, worded
from webhooks.pages.html import Page

CODE = "/quay/link/code"
TOKEN = "/quay/oauth/token"  # noqa: S105 - an address
STATUS = "/quay/link/status"
SORRY = "/quay/link/sorry"
_TICKET = "/link/{ticket:[A-Za-z0-9_-]{43}}"
_WAYS = {"code": Way.CODE, "assigned": Way.ASSIGNED}
_STALE = "This page is too old, or your browser keeps no cookies. Open the link from Slack again."


log = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class LinkPages:
    """The handlers of the pages. Nothing that a GET of the link does can be noticed, so previews do no harm."""

    linking: Linking
    guard: Guard = field(init=False)
    cookie: Cookie = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "guard", Guard.of(self.linking.public_url))
        object.__setattr__(self, "cookie", Cookie.of(self.linking.public_url))

    def add_to(self, app: web.Application) -> None:
        """Hang the pages into the site."""
        pages = web.Application(middlewares=[self.guard.middleware()])
        pages.on_response_prepare.append(with_headers)
        pages.add_routes(static.routes())
        pages.router.add_get("/link/code", self.code)
        pages.router.add_get("/link/status", self.status)
        pages.router.add_get("/link/sorry", self.sorry)
        pages.router.add_get(_TICKET, self.ask)
        pages.router.add_post(_TICKET, self.go)
        pages.router.add_get("/oauth/callback", self.back, allow_head=False)  # a code works once: no trial runs
        pages.router.add_post("/oauth/token", self.token)
        app.add_subapp("/quay", pages)

    async def ask(self, request: web.Request) -> web.Response:
        """The page behind a link: who asks for what. It changes nothing but the browser's cookie."""
        ticket, cookie = request.match_info["ticket"], self.cookie.read(request)
        visit = await self.linking.visit(ticket, cookie)
        if visit is None:
            return self.guard.page(outcome.gone(), 410)
        if visit.attempt.stage is LinkStage.CONFIRM:
            return self._onward(CODE) if visit.here else self.guard.page(outcome.taken(), 409)
        fresh = cookie or self.linking.secret()
        response = self.guard.page(self._consent(visit, ticket, fresh))
        self.cookie.give(response, fresh)
        return response

    async def go(self, request: web.Request) -> web.Response:
        """The person has read who asks, and goes on to Quay."""
        ticket, cookie = request.match_info["ticket"], self.cookie.read(request)
        try:
            fields = parse_qs(await body(request, "application/x-www-form-urlencoded"), max_num_fields=20)
        except ValueError:
            raise Refused(400, "I cannot read this form.") from None
        self._belongs(cookie, f"consent {ticket}", fields.get("csrf", [""])[0])
        typed = fields.get("assignment", [""])[0]
        way = _WAYS.get(fields.get("way", [""])[0])
        if way is None:
            raise Refused(400, "There is no such way.")
        try:
            departure = await self.linking.leave(ticket, way, typed)
        except Over:
            return self.guard.page(outcome.gone(), 410)
        except NoAssignment as error:
            visit = await self.linking.visit(ticket, cookie)
            if visit is None:
                return self.guard.page(outcome.gone(), 410)
            return self.guard.page(self._consent(visit, ticket, cookie, (typed, error.say)), 400)
        response = self.guard.page(consent.leaving(departure, self.linking.host))
        self.cookie.give(response, departure.cookie)
        return response

    async def back(self, request: web.Request) -> web.Response:
        """Quay has sent the browser back: with an error, a code, or something behind the `#`."""
        query, cookie = request.query, self.cookie.read(request)
        try:
            if "error" in query:
                why = sorry.known(query["error"])
                await self.linking.arrive_without(query.get("state", ""), f"Quay: {why}")
                return self._sorry(why)
            if "code" in query:
                await self.linking.arrive_with_code(query.get("state", ""), cookie, query["code"])
                return self._onward(CODE)
            return await self._fragment(query.get("state", ""), cookie)
        except BotError as error:
            return self._sorry(sorry.word(error))
        except Exception:  # whatever it is, code and state must not stay in the address bar
            log.exception("link_page_failed")
            return self._sorry(sorry.BROKEN)

    async def sorry(self, request: web.Request) -> web.Response:
        """Why nothing was linked. The address holds one known word, and nothing of what Quay had sent."""
        return self.guard.page(*sorry.page(request.query.get("why", ""), self.linking.callback))

    async def token(self, request: web.Request) -> web.Response:
        """The page's script hands over what stood behind the `#`."""
        cookie = self.cookie.read(request)
        try:
            self._belongs(cookie, "token", request.headers.get("X-CSRF-Token", ""))
            told = _told(await body(request, "application/json"))
            await self.linking.arrive_with_token(cookie, told["state"], told["token"], told["scope"])
        except BotError as error:
            status, _, say = worded(error)
            response = web.json_response({"say": say.replace("`", "")}, status=status)
            if status == 413:  # the rest of the body is not read
                response.force_close()
            return response
        return web.json_response({"next": self.guard.base + CODE})

    async def code(self, request: web.Request) -> web.Response:
        """The code for Slack, or how it ended."""
        waiting = await self.linking.waiting(self.cookie.read(request))
        if waiting is None:
            return self.guard.page(outcome.nothing(), 410)
        if not waiting.code:
            return self.guard.page(outcome.done(waiting, self.linking.host))
        return self.guard.page(outcome.code(waiting, self.linking.host, self.guard.base + STATUS))

    async def status(self, request: web.Request) -> web.Response:
        """How far the browser's attempt has come, for the page with the code."""
        stage = await self.linking.stage(self.cookie.read(request))
        return web.json_response({"stage": stage.value if stage else "over"})

    def _consent(self, visit: Visit, ticket: str, cookie: str, wrong: tuple[str, str] = ("", "")) -> Page:
        """The page with the forms; `wrong` is what was typed as an assignment, and why it is none."""
        quay = self.linking.host, self.linking.quay_url
        form = f"{self.guard.base}/quay/link/{ticket}", csrf(cookie, f"consent {ticket}")
        return consent.consent(visit, self.linking.ways(), quay, form, wrong)

    def _belongs(self, cookie: str, purpose: str, sent: str) -> None:
        if not cookie or not same(csrf(cookie, purpose), sent):
            raise Refused(403, _STALE)

    async def _fragment(self, state: str, cookie: str) -> web.Response:
        """The page that reads what stands behind the `#`, and takes it away. For other browsers it does only that."""
        mine = await self.linking.here(state, cookie) if state else bool(cookie)
        allowed = csrf(cookie, "token") if mine else ""
        whose = None if state else await self.linking.whose(cookie)
        return self.guard.page(outcome.fragment(allowed, self.guard.base + TOKEN, whose, self.linking.host))

    def _sorry(self, why: str) -> web.Response:
        """To the page that says why, so that the address bar and the history keep nothing that is worth stealing."""
        return web.Response(status=303, headers={"Location": f"{self.guard.base}{SORRY}?why={why}#sorry"})

    def _onward(self, path: str) -> web.Response:
        """To another page of ours: the address bar keeps nothing of the one before, not even what follows a `#`."""
        return web.Response(status=303, headers={"Location": f"{self.guard.base}{path}#code"})


def _told(text: str) -> dict[str, str]:
    """What the script sent: three texts. Raises Refused for anything else."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    names = ("token", "state", "scope")
    if not isinstance(found, dict) or not all(isinstance(found.get(name, ""), str) for name in names):
        raise Refused(400, "I cannot read this.")
    return {name: found.get(name, "") for name in names}
