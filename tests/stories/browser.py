"""A browser in the stories: it keeps cookies, follows what leads on, fills in forms, and runs the bot's one script."""

import html
import json
import re
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import parse_qs, urljoin, urlsplit

import aiohttp
from pydantic import SecretStr
from yarl import URL

from tests.stories.reading import Json
from tests.stories.scenery import PEOPLE, QUAY_SEES
from tests.stories.world import World

SCOPES = "repo:admin repo:read repo:write user:read"
CALLBACK = "/quay/oauth/callback"


@dataclass
class Form:
    """A form of a page: where it goes, and what is in it already."""

    name: str
    action: str
    fields: dict[str, str] = field(default_factory=dict)


class _Reader(HTMLParser):
    """Forms, where the page moves on to at once, and what its script is told."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.onward, self.told = "", dict[str, str]()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {key: value or "" for key, value in attrs}
        match tag:
            case "form":
                self.forms.append(Form(given.get("id", ""), given.get("action", "")))
            case "input" if self.forms and "name" in given:
                self.forms[-1].fields[given["name"]] = given.get("value", "")
            case "meta" if given.get("http-equiv") == "refresh" and given["content"].startswith("0; url="):
                self.onward = given["content"].removeprefix("0; url=")
            case "body":
                self.told = {key.removeprefix("data-"): value for key, value in given.items()}


@dataclass
class Page:
    """What the browser shows. `url` is what stands in the address bar, the fragment included."""

    status: int
    url: str
    text: str

    @property
    def read(self) -> _Reader:
        return _Reader(self.text)

    @property
    def words(self) -> str:
        """What a person reads."""
        return html.unescape(" ".join(re.sub(r"<[^>]+>", " ", self.text.partition("<body")[2]).split()))

    @property
    def code(self) -> str:
        """The code for Slack."""
        found = re.search(r'class="code"><code>([A-Z0-9-]+)<', self.text)
        return found[1] if found else ""

    def form(self, which: str) -> Form:
        """The form with that id, or for that way."""
        return next(one for one in self.read.forms if which in (one.name, one.fields.get("way")))


@dataclass
class Browser:
    """One browser. `seen` is every address that some server was asked for."""

    http: aiohttp.ClientSession
    seen: list[str] = field(default_factory=list)

    async def opens(self, url: str) -> Page:
        """Go there, and on to wherever that leads."""
        return await self._settled(await self._asks("GET", url))

    async def presses(self, page: Page, which: str, **typed: str) -> Page:
        """Send one of the page's forms."""
        form = page.form(which)
        return await self._settled(await self._asks("POST", urljoin(page.url, form.action), form.fields | typed))

    async def signs_in(self, world: World, name: str) -> None:
        """Sign in to Quay."""
        page = await self.opens(f"{world.quay.url}/signin")
        assert (await self.presses(page, "signin", username=name, password=f"{name}-pass-123")).status == 200

    def cookie(self, world: World) -> dict[str, str]:
        """What the bot's pages know this browser by."""
        return {
            key: one.value for key, one in self.http.cookie_jar.filter_cookies(URL(f"{world.address}/quay/")).items()
        }

    async def _settled(self, page: Page) -> Page:
        while True:
            if page.read.onward:
                page = await self._asks("GET", urljoin(page.url, page.read.onward))
            elif "to" in page.read.told:
                handed = await self._hands_over(page)
                if "next" not in handed:
                    return Page(page.status, page.url.partition("#")[0], f"<body>{handed['say']}")
                page = await self._asks("GET", urljoin(page.url, handed["next"]))
            else:
                return page

    async def _hands_over(self, page: Page) -> dict[str, str]:
        """As `fragment.js` does it."""
        parts, told = urlsplit(page.url), page.read.told
        answer, query = parse_qs(parts.fragment), parse_qs(parts.query)
        if not told["csrf"]:
            return {"say": "This is not the browser in which you began"}
        sent = {"token": answer.get("access_token", [""])[0]}
        sent |= {key: query.get(key, [""])[0] for key in ("state", "scope")}
        headers = {"Content-Type": "application/json", "X-CSRF-Token": told["csrf"], "Sec-Fetch-Site": "same-origin"}
        url = urljoin(page.url, told["to"])
        self.seen.append(url)
        async with self.http.post(url, data=json.dumps(sent), headers=headers) as response:
            found: dict[str, str] = await response.json()
            return found

    async def _asks(self, method: str, url: str, fields: dict[str, str] | None = None) -> Page:
        for _ in range(10):
            asked, _, fragment = url.partition("#")
            self.seen.append(asked)
            origin = {"Origin": "null"} if method == "POST" else {}
            async with self.http.request(
                method, URL(asked, encoded=True), data=fields, headers=origin, allow_redirects=False
            ) as response:
                page = Page(response.status, url, await response.text())
                if response.status not in {301, 302, 303, 307}:
                    return page
                onward = urljoin(asked, response.headers["Location"])
                url = onward if "#" in onward or not fragment else f"{onward}#{fragment}"
                method, fields = "GET", None
        raise AssertionError(f"too many redirects, to {url} in the end")


@asynccontextmanager
async def a_browser() -> AsyncIterator[Browser]:
    """A browser of one's own."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:
        yield Browser(http)


async def wake_with_pages(world: World, **changes: object) -> None:
    """Start the bot with an OAuth application at Quay (of the organization acme), and pages."""
    with socket.create_server((QUAY_SEES, 0)) as door:
        port = door.getsockname()[1]
    site = f"http://{QUAY_SEES}:{port}"
    client, secret = world.quay.add_application("acme", "quaybot", f"{site}{CALLBACK}")
    world.secrets.append(secret)
    own = {"public_url": site, "port": port, "quay_client_id": client, "quay_client_secret": SecretStr(secret)}
    await world.wake(**own, **changes)


async def ticket(world: World, name: str) -> str:
    """Somebody types `/quay link`: the address of their page."""
    return address(await world.hears(name, "/quay link"))


def address(message: Json) -> str:
    """Where the button "Open the linking page" leads to."""
    rows = [block["elements"] for block in message["blocks"] if block["type"] == "actions"]
    return next(str(one["url"]) for row in rows for one in row if one["action_id"] == "link_open")


async def with_code(browser: Browser, url: str, world: World, account: str) -> Page:
    """Through Quay's own page as `account`, to the page with the code."""
    await browser.signs_in(world, account)
    return await _agrees(browser, await browser.presses(await browser.opens(url), "code"))


async def with_assigned(browser: Browser, url: str, world: World, account: str) -> Page:
    """Through an assignment for `account`, whose number they have, to the page with the code."""
    await browser.signs_in(world, account)
    uuid = world.quay.assign(world.settings.quay_client_id, account, SCOPES)
    return await _agrees(browser, await browser.presses(await browser.opens(url), "assigned", assignment=uuid))


async def with_found(browser: Browser, url: str, world: World, account: str, scopes: str = SCOPES) -> Page:
    """Through an assignment that `account` finds in Quay itself, to the page with the code. Its link has no state."""
    await browser.signs_in(world, account)
    client = world.settings.quay_client_id
    uuid = world.quay.assign(client, account, scopes)
    assert "Authorize it in Quay" in (await browser.presses(await browser.opens(url), "assigned")).text
    asked = await browser.opens(
        f"{world.quay.url}/oauth/authorize?response_type=token&client_id={client}&assignment_uuid={uuid}"
        f"&redirect_uri={world.address}{CALLBACK}&scope={scopes.replace(' ', '%20')}"
    )
    return await _agrees(browser, asked)


async def _agrees(browser: Browser, page: Page) -> Page:
    """Quay does not ask whoever has said yes to all of it before."""
    asked = any(form.name == "authorize" for form in page.read.forms)
    return await browser.presses(page, "authorize") if asked else page


async def enters(world: World, name: str, code: str) -> None:
    """Press "Enter the code" below the newest private message, and send the form."""
    message = await world.told(name, "Was that you?")
    await world.slack.click(PEOPLE[name], world.slack.im(PEOPLE[name]), message["ts"], "link_code")
    await world.window(name, "your own")
    await world.slack.submit(PEOPLE[name], {"code": {"code": code}})
