"""The page's own files: their types and headers, nothing beside them, and nothing fetched from elsewhere."""

import re
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from yarl import URL

from bot.fakes.page import HAPPENINGS, routes
from bot.fakes.page.static import load
from tests.fakes.page_world import ScriptedWorld

Client = TestClient[web.Request, web.Application]


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    app = web.Application()
    app.add_routes(routes(ScriptedWorld()))
    async with TestClient(TestServer(app)) as client:
        yield client


@pytest.mark.parametrize(
    ("path", "media"),
    [
        ("/", "text/html"),
        ("/page/page.css", "text/css"),
        ("/page/page.js", "text/javascript"),
        ("/page/icon.svg", "image/svg+xml"),
    ],
)
async def test_the_page_comes_with_its_type_and_a_strict_policy(client: Client, path: str, media: str) -> None:
    async with client.get(path) as response:
        assert (response.status, response.content_type) == (200, media)
        policy = response.headers["Content-Security-Policy"]
        assert policy == (
            "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
            "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        )
        assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "path",
    [
        "/page/../world.py",
        "/page/..%2fworld.py",
        "/page/%2e%2e%2fworld.py",
        "/page/world.py",
        "/page/",
        "/page//etc/passwd",
    ],
)
async def test_nothing_but_the_pages_own_files_can_be_read(client: Client, path: str) -> None:
    async with client.get(URL(path, encoded=True)) as response:
        assert response.status == 404


def test_the_page_asks_nobody_else_for_anything_and_never_parses_markup() -> None:
    for name, (content, _) in load().items():
        text = content.decode()
        for word in (
            "innerHTML",
            "outerHTML",
            "insertAdjacentHTML",
            "document.write",
            "eval(",
            "new Function",
            "@import",
            "url(",
        ):
            assert word not in text or name == "icon.svg", f"{name} has {word}"
        assert set(re.findall(r"https?://[\w.]+|//[\w.-]+\.[a-z]+", text)) <= {"http://www.w3.org"}, name


def test_the_page_has_no_inline_script_or_style_which_its_policy_would_forbid() -> None:
    html = load()["index.html"][0].decode()
    assert "<style" not in html
    assert " style=" not in html
    assert "onclick" not in html
    assert html.count("<script") == html.count('<script type="module" src="/page/')


def test_every_button_has_an_icon_of_its_own() -> None:
    icons = load()["icons.js"][0].decode()
    assert [one.name for one in HAPPENINGS if f"  {one.icon}: " not in icons] == []
    assert len({one.name for one in HAPPENINGS}) == len(HAPPENINGS)


def test_every_module_that_a_module_imports_is_there() -> None:
    site = load()
    for name, (content, _) in site.items():
        imported = re.findall(r'from "\./([\w.]+)"|"/page/([\w.]+)"', content.decode())
        assert {one or other for one, other in imported} <= set(site), name
