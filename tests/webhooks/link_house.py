"""The pages for linking behind a real socket, and browsers that keep their cookies and follow nothing by themselves."""

import html
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import aiohttp
from aiohttp import web

from bot.app import listening
from bot.domain.people import Person
from bot.services.linking import Linking
from tests.services.linking_desk import ALICE, SITE, World
from webhooks.pages import LinkPages

CALLBACK = "/quay/oauth/callback"
SORRY = re.compile(r"/quay/link/sorry\?why=[a-z_]+#sorry")
HEADERS = {
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
}


@dataclass
class Answer:
    """What came back."""

    status: int
    text: str
    headers: Any
    cookies: Any

    @property
    def words(self) -> str:
        """What a person reads."""
        return html.unescape(" ".join(re.sub(r"<[^>]+>", " ", self.text.partition("<body")[2]).split()))

    @property
    def csrf(self) -> str:
        found = re.search(r'(?:name="csrf" value|data-csrf)="([0-9a-f]*)"', self.text)
        return found[1] if found else ""

    @property
    def onward(self) -> str:
        """Where the page moves on to."""
        found = re.search(r'http-equiv="refresh" content="0; url=([^"]*)"', self.text)
        return html.unescape(found[1]) if found else ""

    @property
    def state(self) -> str:
        return parse_qs(urlsplit(self.onward).query).get("state", [""])[0]

    @property
    def code(self) -> str:
        found = re.search(r'class="code"><code>([A-Z0-9-]+)<', self.text)
        return found[1] if found else ""


@dataclass
class Browser:
    """One browser: it has its own cookies, and says where its requests come from as browsers do."""

    http: aiohttp.ClientSession
    url: str
    site: str = ""
    cookies: dict[str, str] = field(default_factory=dict)

    async def ask(self, method: str, path: str, *, headers: dict[str, str] | None = None, data: Any = None) -> Answer:
        sent = {"Sec-Fetch-Site": "same-origin"} | ({"Origin": "null"} if method == "POST" else {}) | (headers or {})
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        async with self.http.request(
            method, self.url + path, headers=sent, data=data, allow_redirects=False
        ) as response:
            self.cookies |= {name: morsel.value for name, morsel in response.cookies.items()}
            return Answer(response.status, await response.text(), response.headers, response.cookies)

    async def told(self, answer: Answer) -> Answer:
        """The page that says why nothing was linked, if that is where the answer leads; else the answer."""
        to = answer.headers.get("Location", "") if answer.status == 303 else ""
        if SORRY.fullmatch(to.removeprefix(urlsplit(self.site).path.rstrip("/"))) is None:
            return answer
        assert answer.text == ""
        return await self.ask("GET", to.partition("#")[0])

    async def get(self, path: str, **headers: str) -> Answer:
        return await self.ask("GET", path, headers=headers)

    async def go(self, ticket: str, way: str = "code", assignment: str = "", **other: str) -> Answer:
        """Open the link, read, and press the button."""
        page = await self.get(f"/quay/link/{ticket}")
        return await self.press(ticket, {"csrf": page.csrf, "way": way, "assignment": assignment} | other)

    async def press(self, ticket: str, fields: dict[str, str], **headers: str) -> Answer:
        return await self.ask("POST", f"/quay/link/{ticket}", data=fields, headers=headers)

    async def back(self, state: str, code: str = "code-of-alice", **headers: str) -> Answer:
        """Quay sends the browser back with a code."""
        path = f"{CALLBACK}?scope=x&state={state}&code={code}"
        return await self.told(await self.ask("GET", path, headers=headers))

    async def back_with_error(self, error: str, state: str = "") -> Answer:
        """Quay sends the browser back with an error."""
        return await self.told(await self.get(f"{CALLBACK}?error={error}&state={state}"))

    async def hand_over(self, token: str, state: str = "", **headers: str) -> Answer:
        """As the script does, after the page that reads the fragment."""
        page = await self.get(CALLBACK)
        sent = {"X-CSRF-Token": page.csrf, "Content-Type": "application/json"} | headers
        body = f'{{"token": "{token}", "state": "{state}", "scope": "repo:read user:read"}}'
        return await self.ask("POST", "/quay/oauth/token", data=body, headers=sent)


@dataclass
class House:
    """The site, and whoever stands before it."""

    world: World
    linking: Linking
    http: aiohttp.ClientSession
    url: str

    def browser(self) -> Browser:
        return Browser(self.http, self.url, self.linking.public_url)

    async def ticket(self, person: Person = ALICE) -> str:
        return (await self.linking.start(person, "")).rpartition("/")[2]

    async def signed_in(self, browser: Browser, person: Person = ALICE, code: str = "code-of-alice") -> str:
        """Everything up to the code, which is returned."""
        leaving = await browser.go(await self.ticket(person))
        assert (await browser.back(leaving.state, code)).status == 303
        return (await browser.get("/quay/link/code")).code


@asynccontextmanager
async def opened(world: World, site: str = SITE, **other: Any) -> AsyncIterator[House]:
    world.site = site
    linking = world.linking(**other)
    app = web.Application()
    LinkPages(linking).add_to(app)
    jar = aiohttp.DummyCookieJar()
    async with listening(app, "127.0.0.1", 0) as url, aiohttp.ClientSession(cookie_jar=jar) as http:
        yield House(world, linking, http, url)


async def linked(house: House, person: Person = ALICE) -> str | None:
    """The Quay account that somebody ended with."""
    account = await house.world.accounts.of(person)
    return account.username if account else None


def said_in_slack(house: House) -> str:
    """All that was posted in Slack, as JSON."""
    return json.dumps([list(one) for one in house.world.voice.posted])
