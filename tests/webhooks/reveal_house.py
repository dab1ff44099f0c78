"""The page that shows a secret once, behind a real socket, with a robot's token behind it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
from aiohttp import web

from bot.app import listening
from bot.domain.errors import TryLater
from bot.domain.people import Person, Profile
from bot.ports import Reveals
from bot.rules.robot_snippets import snippets
from bot.services.revealing import Revealing, Where
from tests.fakes.quay_scene import HandClock
from tests.webhooks.link_house import Browser
from webhooks.pages import RevealPages

SITE = "https://bot.example"
ALICE = Person("T1", "U-ALICE")
TOKEN = "R0B0TT0KEN" * 6 + "ABCD"


@dataclass
class Names:
    """Slack, as far as it knows names. `away`: it does not answer."""

    away: bool = False

    async def profile(self, user: str) -> Profile:
        if self.away:
            raise TryLater("Slack is away.")
        return Profile(user, "Alice <A>", zone="Europe/Berlin")


@dataclass
class House:
    """The page, and whoever stands before it."""

    revealing: Revealing
    clock: HandClock
    http: aiohttp.ClientSession
    url: str

    def browser(self) -> Browser:
        return Browser(self.http, self.url, self.revealing.public_url)

    async def path(self, robot: str = "acme+ci", token: str = TOKEN) -> str:
        """The path of a page with that robot's token."""
        title = f"The token of the robot account {robot} on quay.example"
        ticket = await self.revealing.keep(ALICE, title, snippets("quay.example", robot, token))
        return f"/quay/reveal/{ticket}"


@asynccontextmanager
async def opened(store: Reveals, site: str = SITE, names: Any = None) -> AsyncIterator[House]:
    clock = HandClock()
    revealing = Revealing(store, clock, site, Where.PAGE)
    app = web.Application()
    RevealPages(revealing, names or Names()).add_to(app)
    jar = aiohttp.DummyCookieJar()
    async with listening(app, "127.0.0.1", 0) as url, aiohttp.ClientSession(cookie_jar=jar) as http:
        yield House(revealing, clock, http, url)
