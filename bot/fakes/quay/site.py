"""From a request to an answer: exact slashes, tokens, sessions, CSRF, and only then the endpoint (facts §2.5, §4)."""

import asyncio
import hmac

from aiohttp import web

from bot.fakes.quay import answers
from bot.fakes.quay.call import Call
from bot.fakes.quay.identities import Session, Token
from bot.fakes.quay.records import Request
from bot.fakes.quay.resources import Resource, find
from bot.fakes.quay.routes import COLLECTIONS, RESOURCES
from bot.fakes.quay.routes_web import WEB
from bot.fakes.quay.sessions import COOKIE
from bot.fakes.quay.worker import Worker

_PAGES = ("/repository/", "/organization/")  # the web interface, for people who follow a link
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class Site(Worker):
    """The web server's side of the fake."""

    down: bool = False
    slow: float = 0  # seconds before each answer, by the real clock

    requests: list[Request]

    def application(self) -> web.Application:
        """The site as an aiohttp application."""
        made = web.Application()
        made.router.add_route("*", "/{path:.*}", self._handle)
        return made

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        asks = "Authorization" in request.headers
        if self.slow:
            await asyncio.sleep(self.slow)
        if self.down:
            self.requests.append(Request(request.method, request.path, asks, 0))
            if request.transport is not None:
                request.transport.abort()
            return web.Response()
        session = self.session_of(request)
        try:
            response = await self._answer(request, session)
        except answers.Refusal as refusal:
            response = refusal.response
        _keep(request, response, session)
        self.requests.append(Request(request.method, request.path, asks, response.status))
        return response

    def _token(self, request: web.Request) -> Token | None:
        """The living token of a request; dead, unknown and malformed ones are the same as none (facts §2.5)."""
        word, _, secret = request.headers.get("Authorization", "").partition(" ")
        token = self.tokens.get(secret.strip()) if word.lower() == "bearer" else None
        if token is None or not token.alive(now := self.clock.now()):
            return None
        token.last_accessed = now
        return token

    async def _answer(self, request: web.Request, session: Session) -> web.Response:
        resource, names = _match(request.path)
        method = "GET" if request.method == "HEAD" else request.method
        if resource is None or (method == "GET" and method not in resource.handlers):
            return self._elsewhere(request, method)
        if method == "OPTIONS":
            return answers.html("", 200)
        handler = resource.handlers.get(method)
        if handler is None:
            if resource in WEB:
                return answers.error_page(405)
            raise answers.message(405, "The method is not allowed for the requested URL.")
        token = self._token(request)
        call = Call(self, request, names, token or self.person_of(session), session)
        if token is None and resource.csrf and method not in _SAFE and not await _knows_csrf(call):
            raise answers.csrf(session.user)
        return await handler(call)

    def _elsewhere(self, request: web.Request, method: str) -> web.Response:
        """Paths that are no resource: a slash is added once, then the web interface says 404."""
        if method == "GET" and request.path.startswith(_PAGES):
            return answers.page(request.path)
        slashed = _match(f"{request.path}/")[0]
        if not request.path.endswith("/") and (slashed is not None or method == "GET"):
            query = f"?{request.query_string}" if request.query_string else ""
            return answers.moved(f"http://{request.host}{request.path}/{query}")
        return answers.lost() if method == "GET" else answers.error_page(405)


def _match(path: str) -> tuple[Resource | None, dict[str, str]]:
    """The resource of a path. A collection without its slash is no repository of that name."""
    resource, names = find((*WEB, *RESOURCES), path)
    name = names.get("repository", "").split("/", 1)[-1]
    if resource is RESOURCES[-1] and name.endswith(COLLECTIONS):
        return None, {}
    return resource, names


async def _knows_csrf(call: Call) -> bool:
    """Whether the session's CSRF token came along: in the header, the query or the form."""
    header, query = call.request.headers.get("X-CSRF-Token"), call.request.query.get("_csrf_token")
    given = header or query or (await call.form()).get("_csrf_token", "")
    return bool(call.session.csrf) and hmac.compare_digest(given.encode(), call.session.csrf.encode())


def _keep(request: web.Request, response: web.StreamResponse, session: Session) -> None:
    """Tell the browser which session it has from now on, where that is another one than before."""
    before = request.cookies.get(COOKIE, "")
    if session.id and session.id != before:
        response.set_cookie(COOKIE, session.id, httponly=True, samesite="Lax")
    elif before and not session.id:
        response.del_cookie(COOKIE)
