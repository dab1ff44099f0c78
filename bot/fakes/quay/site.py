"""From a request to an answer: exact slashes, tokens, CSRF, and only then the endpoint (facts §2.5, §4)."""

import asyncio

from aiohttp import web

from bot.fakes.quay import answers
from bot.fakes.quay.call import Call
from bot.fakes.quay.records import Request, Token
from bot.fakes.quay.routes import COLLECTIONS, RESOURCES, Resource
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
        try:
            response = await self._answer(request)
        except answers.Refusal as refusal:
            response = refusal.response
        self.requests.append(Request(request.method, request.path, asks, response.status))
        return response

    def _token(self, request: web.Request) -> Token | None:
        """The living token of a request; dead, unknown and malformed ones are the same as none (facts §2.5)."""
        word, _, secret = request.headers.get("Authorization", "").partition(" ")
        token = self.tokens.get(secret.strip()) if word.lower() == "bearer" else None
        return token if token is not None and not token.revoked and token.user.enabled else None

    async def _answer(self, request: web.Request) -> web.Response:
        resource, names = _match(request.path)
        method = "GET" if request.method == "HEAD" else request.method
        if resource is None or (method == "GET" and method not in resource.handlers):
            return self._elsewhere(request, method)
        if method == "OPTIONS":
            return answers.html("", 200)
        handler = resource.handlers.get(method)
        if handler is None:
            raise answers.message(405, "The method is not allowed for the requested URL.")
        who = self._token(request)
        if who is None and method not in _SAFE:
            raise answers.csrf()
        return await handler(Call(self, request, names, who))

    def _elsewhere(self, request: web.Request, method: str) -> web.Response:
        """Paths that are no resource: a slash is added once, then the web interface says 404."""
        if method == "GET" and (request.path == "/" or request.path.startswith(_PAGES)):
            return answers.page(request.path)
        slashed = _match(f"{request.path}/")[0]
        if not request.path.endswith("/") and (slashed is not None or method == "GET"):
            query = f"?{request.query_string}" if request.query_string else ""
            return answers.moved(f"http://{request.host}{request.path}/{query}")
        return answers.lost() if method == "GET" else answers.not_allowed_page()


def _match(path: str) -> tuple[Resource | None, dict[str, str]]:
    """The resource of a path. A collection without its slash is no repository of that name."""
    for resource in RESOURCES:
        found = resource.pattern.fullmatch(path)
        if found is None:
            continue
        names = found.groupdict()
        tail = names.get("repository", "").split("/")[2:]
        if resource is RESOURCES[-1] and tail and tail[-1] in COLLECTIONS:
            return None, {}
        return resource, names
    return None, {}
