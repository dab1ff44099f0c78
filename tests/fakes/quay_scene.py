"""A fake Quay with people in it, a receiver for its webhooks, and a clock that only tests move."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
from aiohttp import web

from bot.fakes.quay import FakeQuay

ALL_SCOPES = "repo:read repo:write repo:admin repo:create user:read user:admin org:admin super:user"
WEB = "/api/v1/repository/acme/web"


class HandClock:
    """Time stands still until somebody moves it; sleeping moves it."""

    def __init__(self) -> None:
        self.time = datetime(2026, 11, 23, 11, 16, 10, tzinfo=UTC)

    def now(self) -> datetime:
        return self.time

    async def sleep(self, seconds: float) -> None:
        self.pass_by(seconds)

    def pass_by(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)


class Receiver:
    """Takes webhooks on 127.0.0.2, as Quay refuses 127.0.0.1. `status` is what it answers."""

    def __init__(self) -> None:
        self.status = 200
        self.got: list[tuple[str, bytes]] = []
        self.headers: list[dict[str, str]] = []
        self.url = ""

    async def handle(self, request: web.Request) -> web.Response:
        if request.path.startswith("/redirect/"):
            return web.Response(status=307, headers={"Location": "/landed"})
        if request.path.startswith("/nowhere/"):
            return web.Response(status=301)
        self.got.append((request.path, await request.read()))
        self.headers.append(dict(request.headers))
        return web.Response(status=self.status)


class Visitor:
    """A browser of one person at the fake: it keeps cookies, sends the CSRF token, and follows no redirects."""

    def __init__(self, url: str, session: aiohttp.ClientSession) -> None:
        self.url, self.session, self.csrf = url, session, ""

    async def ask(
        self, method: str, path: str, *, csrf: bool = True, **more: Any
    ) -> tuple[int, Any, "aiohttp.ClientResponse"]:
        """Status, decoded body and the answer itself. A new CSRF token of the answer is used from then on."""
        headers = {"X-CSRF-Token": self.csrf} if csrf and self.csrf else {}
        headers |= more.pop("headers", {})
        async with self.session.request(
            method, self.url + path, headers=headers, allow_redirects=False, **more
        ) as answer:
            self.csrf = answer.headers.get("X-Next-CSRF-Token", self.csrf)
            is_json = answer.content_type == "application/json" and answer.status != 204
            body = await answer.json() if is_json else await answer.text()
            if path == "/csrf_token":
                self.csrf = body["csrf_token"]
            return answer.status, body, answer

    async def sign_in(self, name: str, password: str = "") -> int:
        """Sign in over the API; the status."""
        await self.ask("GET", "/csrf_token")
        wish = {"username": name, "password": password or f"{name}-pass-123"}
        return (await self.ask("POST", "/api/v1/signin", json=wish))[0]


@asynccontextmanager
async def visitor(quay: FakeQuay, name: str = "") -> AsyncIterator[Visitor]:
    """A new browser, signed in as `name` if there is one."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        made = Visitor(quay.url, session)
        if name:
            assert await made.sign_in(name) == 200
        yield made


class Scene:
    """The fake, its clock, a receiver, and calls as one of the people."""

    def __init__(self, quay: FakeQuay, clock: HandClock, receiver: Receiver, session: aiohttp.ClientSession) -> None:
        self.quay, self.clock, self.receiver, self.session = quay, clock, receiver, session
        self.tokens = {
            "alice": quay.token("alice", ALL_SCOPES),
            "bob": quay.token("bob", ALL_SCOPES),
            "carol": quay.token("carol", "repo:read user:read"),
            "superuser": quay.token("super", ALL_SCOPES),
        }

    async def call(
        self, who: str, method: str, path: str, body: Any = None, **query: Any
    ) -> tuple[int, Any, "aiohttp.ClientResponse"]:
        """Status, decoded body and the answer itself; redirects are not followed."""
        token = self.tokens.get(who, who)
        headers = {} if who == "anonymous" else {"Authorization": f"Bearer {token}"}
        params = {key: str(value) for key, value in query.items()}
        async with self.session.request(
            method, self.quay.url + path, json=body, headers=headers, params=params, allow_redirects=False
        ) as answer:
            is_json = answer.content_type == "application/json" and answer.status != 204
            return answer.status, await answer.json() if is_json else await answer.text(), answer

    async def listen(self, event: str, *, where: str = WEB, path: str = "", **event_config: Any) -> str:
        """Create a webhook notification as alice and return its uuid."""
        slash = "" if "organization" in where else "s"
        ending = "/notification/" if slash else "/notifications"
        wish = {
            "event": event,
            "method": "webhook",
            "config": {"url": f"{self.receiver.url}{path or '/' + event}"},
            "eventConfig": {key.replace("_", "-"): value for key, value in event_config.items()},
        }
        status, made, _ = await self.call("alice", "POST", where + ending, wish)
        assert status == 201, made
        return str(made["uuid"])

    async def build(self, who: str = "alice", **more: Any) -> str:
        """Request a build and return its id."""
        wish = {"archive_url": "https://example.com/src.tar.gz", **more}
        status, made, _ = await self.call(who, "POST", f"{WEB}/build/", wish)
        assert status == 201, made
        return str(made["id"])


@asynccontextmanager
async def scene(seed: int = 0) -> AsyncIterator[Scene]:
    """acme with web (private), pub (public), team/api and mirrored (a mirror); alice is the organization's admin."""
    clock, receiver = HandClock(), Receiver()
    quay = FakeQuay(clock=clock, seed=seed)
    quay.add_organization("acme", admins=["alice"])
    quay.add_user("super", superuser=True)
    for name in ("acme/web", "acme/team/api"):
        quay.add_repository(name)
    quay.add_repository("acme/pub", public=True)
    quay.add_repository("acme/mirrored", state="MIRROR")
    quay.add_robot("acme+ci")
    runner = web.AppRunner(site := web.Application())
    site.router.add_route("*", "/{path:.*}", receiver.handle)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.2", 0).start()
    receiver.url = f"http://127.0.0.2:{runner.addresses[0][1]}"
    await quay.start()
    try:
        async with aiohttp.ClientSession() as session:
            yield Scene(quay, clock, receiver, session)
    finally:
        await quay.stop()
        await runner.cleanup()
