"""The door: durable when answered, small bodies only, and nothing told to whoever does not know the address."""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from structlog.testing import capture_logs

from bot.adapters.store import SqlStore
from bot.app import listening
from bot.domain.errors import TryLater
from bot.services.intake import GroupCommit
from tests.fakes.slack_desk import HandClock
from tests.plugins.databases import ONLY_SQLITE
from webhooks.server import BODY_LIMIT, Door, site, token_hash

TOKEN = "kN0wn-t0ken_of-43-characters_AAAAAAAAAAAAAAA"[:43]
OTHER = "B" * 43


@dataclass
class Shelf:
    """An intake that remembers what it was asked for; only TOKEN is known."""

    kept: list[tuple[str, bytes]] = field(default_factory=list)
    error: Exception | None = None

    async def keep(self, batch: Sequence[tuple[str, bytes]], now: datetime) -> list[bool]:
        if self.error:
            raise self.error
        self.kept += batch
        return [token == token_hash(TOKEN) for token, _ in batch]


@dataclass
class House:
    """The site behind a real socket."""

    shelf: Any
    http: aiohttp.ClientSession
    url: str
    port: int
    ready: list[dict[str, object] | Exception]

    async def post(self, path: str = f"/webhooks/quay/{TOKEN}", data: Any = b"{}", **how: Any) -> tuple[int, Any]:
        async with self.http.post(self.url + path, data=data, **how) as response:
            return response.status, await response.json(content_type=None)

    async def asks(self, method: str, path: str) -> int:
        async with self.http.request(method, self.url + path) as response:
            return response.status


async def slack_door(_: web.Request) -> web.StreamResponse:
    return web.Response(text="slack")


@asynccontextmanager
async def opened(intake: Any, *, slack: bool = True) -> AsyncIterator[House]:
    ready: list[dict[str, object] | Exception] = [{"deliveries_waiting": 0}]

    async def readiness() -> dict[str, object]:
        if isinstance(ready[0], Exception):
            raise ready[0]
        return ready[0]

    async def numbers() -> bytes:
        return b"quaybot_deliveries_total 7\n"

    commit = GroupCommit(intake, HandClock())
    the_site = site(Door(commit, readiness, numbers), slack_door if slack else None)
    async with listening(the_site, "127.0.0.1", 0) as url, aiohttp.ClientSession() as http:
        yield House(intake, http, url, int(url.rpartition(":")[2]), ready)
    await commit.close()


@pytest.fixture
async def house() -> AsyncIterator[House]:
    async with opened(Shelf()) as house:
        yield house


async def test_a_notification_is_stored_as_it_came(house: House) -> None:
    body = b'{"odd": \xff\x00 bytes'
    assert await house.post(data=body) == (200, {"message": "stored"})
    assert house.shelf.kept == [(token_hash(TOKEN), body)]


@pytest.mark.parametrize("body", [b"", b"{bad", b"[]", b"\x00" * 100], ids=["empty", "bad", "list", "zeros"])
async def test_any_body_of_a_known_hook_is_taken(house: House, body: bytes) -> None:
    assert (await house.post(data=body))[0] == 200
    assert [kept for _, kept in house.shelf.kept] == [body]


@pytest.mark.parametrize(("size", "status"), [(BODY_LIMIT, 200), (BODY_LIMIT + 1, 413), (3 * BODY_LIMIT, 413)])
async def test_a_body_of_exactly_one_mebibyte_is_the_largest(house: House, size: int, status: int) -> None:
    assert (await house.post(data=BytesIO(b"x" * size)))[0] == status
    assert [len(body) for _, body in house.shelf.kept] == ([size] if status == 200 else [])


@pytest.mark.parametrize(("size", "status"), [(BODY_LIMIT, 200), (BODY_LIMIT + 1, 413)])
async def test_a_body_without_an_announced_length_is_measured_too(house: House, size: int, status: int) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        left = size
        while left:
            yield b"x" * min(left, 65_536)
            left -= min(left, 65_536)

    assert (await house.post(data=pieces()))[0] == status
    assert [len(body) for _, body in house.shelf.kept] == ([size] if status == 200 else [])


async def test_a_body_that_announces_too_much_is_refused_before_it_is_sent(house: House) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", house.port)
    announced = f"POST /webhooks/quay/{TOKEN} HTTP/1.1\r\nHost: x\r\nContent-Length: {BODY_LIMIT + 1}\r\n\r\n"
    writer.write(announced.encode())
    async with asyncio.timeout(10):
        assert b" 413 " in await reader.readline()
    writer.close()
    await writer.wait_closed()


async def test_a_body_that_breaks_off_is_not_stored(house: House) -> None:
    _, writer = await asyncio.open_connection("127.0.0.1", house.port)
    writer.write(f"POST /webhooks/quay/{TOKEN} HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf".encode())
    await writer.drain()
    writer.close()
    await writer.wait_closed()
    assert (await house.post())[0] == 200  # the next one finds an open door
    assert [body for _, body in house.shelf.kept] == [b"{}"]


@pytest.mark.parametrize(
    "token",
    ["", "short", "A" * 42, "A" * 44, "A" * 42 + "!", "A" * 42 + "%0A", "A" * 21 + "/" + "A" * 21, "..", "ä" * 43,
     f"{TOKEN}%00", f"{TOKEN}/", f"%20{TOKEN[1:]}"],
)  # fmt: skip
async def test_what_cannot_be_a_token_never_reaches_the_store(house: House, token: str) -> None:
    assert await house.asks("POST", f"/webhooks/quay/{token}") == 404
    assert house.shelf.kept == []


async def test_an_unknown_token_looks_like_any_wrong_address(house: House) -> None:
    unknown = await house.post(f"/webhooks/quay/{OTHER}")
    malformed = await house.post("/webhooks/quay/short")
    assert unknown == malformed == (404, {"message": "no such webhook"})


@pytest.mark.parametrize("error", [TryLater("away"), ZeroDivisionError("a bug")], ids=["away", "bug"])
async def test_what_could_not_be_stored_is_asked_for_again(house: House, error: Exception) -> None:
    house.shelf.error = error
    status, answer = await house.post()
    assert (status, answer) == (503, {"message": "not stored, please send it again"})
    house.shelf.error = None
    assert (await house.post())[0] == 200


@pytest.mark.parametrize(("after", "told"), [(0.0, "1"), (1.2, "2"), (30.0, "30")])
async def test_who_has_to_come_again_is_told_when(house: House, after: float, told: str) -> None:
    house.shelf.error = TryLater("away", after=after)
    async with house.http.post(f"{house.url}/webhooks/quay/{TOKEN}", data=b"{}") as response:
        assert (response.status, response.headers["Retry-After"]) == (503, told)


async def test_the_process_says_that_it_lives_and_what_waits(house: House) -> None:
    async with house.http.get(house.url + "/healthz") as response:
        assert (response.status, await response.json()) == (200, {"status": "ok"})
    async with house.http.get(house.url + "/readyz") as response:
        assert (response.status, await response.json()) == (200, {"status": "ready", "deliveries_waiting": 0})


async def test_the_numbers_are_there_for_whoever_measures(house: House) -> None:
    async with house.http.get(house.url + "/metrics") as response:
        assert (response.status, await response.read()) == (200, b"quaybot_deliveries_total 7\n")
        assert response.content_type == "text/plain"


@pytest.mark.parametrize("error", [TryLater("away"), ZeroDivisionError("a bug")], ids=["away", "bug"])
async def test_without_its_storage_it_is_not_ready_and_says_why_if_that_may_be_said(
    house: House, error: Exception
) -> None:
    house.ready[0] = error
    why = {"why": "away"} if isinstance(error, TryLater) else {}
    async with house.http.get(house.url + "/readyz") as response:
        assert (response.status, await response.json()) == (503, {"status": "not ready", **why})
    assert await house.asks("GET", "/healthz") == 200


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", f"/webhooks/quay/{TOKEN}"), ("PUT", f"/webhooks/quay/{TOKEN}"), ("DELETE", f"/webhooks/quay/{TOKEN}"),
     ("POST", "/healthz"), ("POST", "/readyz"), ("GET", "/slack/events")],
)  # fmt: skip
async def test_another_method_is_not_allowed(house: House, method: str, path: str) -> None:
    assert await house.asks(method, path) == 405
    assert house.shelf.kept == []


async def test_slack_has_its_own_entrance_unless_it_comes_by_socket(house: House) -> None:
    assert await house.asks("POST", "/slack/events") == 200
    async with opened(Shelf(), slack=False) as closed:
        assert await closed.asks("POST", "/slack/events") == 404


async def test_no_token_is_in_the_logs_whatever_happens(house: House, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with capture_logs() as logs:
        await house.post()
        await house.post(f"/webhooks/quay/{OTHER}")
        await house.post(data=BytesIO(b"x" * (BODY_LIMIT + 1)))
        house.shelf.error = TryLater("away", detail="the database is away")
        await house.post()
        house.shelf.error = ZeroDivisionError("a bug")
        await house.post()
        await house.asks("GET", f"/webhooks/quay/{TOKEN}")
    told = caplog.text + repr(logs)
    assert "delivery_not_stored" in told
    assert TOKEN not in told
    assert OTHER not in told


async def test_a_crowd_is_answered_one_by_one(house: House) -> None:
    answers = await asyncio.gather(
        *[house.post(f"/webhooks/quay/{TOKEN if n % 2 else OTHER}", data=b"%d" % n) for n in range(60)]
    )
    assert [status for status, _ in answers] == [200 if n % 2 else 404 for n in range(60)]


async def test_what_was_answered_yes_is_in_the_database(store: SqlStore, replica: SqlStore) -> None:
    now = HandClock().now()
    await store.hooks.add("repo_push", "acme/web", ["C1"], token_hash(TOKEN), now)
    async with opened(store.intake) as house:
        assert (await house.post(data=b"first"))[0] == 200
        (delivery,) = await replica.inbox.claim(9, now, timedelta(minutes=1))  # as another process sees it
        assert delivery.body == b"first"
        assert (await house.post(f"/webhooks/quay/{OTHER}"))[0] == 404


@ONLY_SQLITE
async def test_a_removed_hook_is_unknown_from_then_on(store: SqlStore) -> None:
    hook = await store.hooks.add("repo_push", "acme/web", ["C1"], token_hash(TOKEN), HandClock().now())
    async with opened(store.intake) as house:
        assert (await house.post())[0] == 200
        await store.hooks.remove(hook.id)
        assert (await house.post())[0] == 404
