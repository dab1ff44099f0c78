"""The database is away: webhooks are taken all the same, and each of them is told once when it is back."""

import asyncio
import json
import os
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from tests.plugins.databases import PostgresServer
from tests.plugins.proxy import Proxy, proxy_to
from tests.stories.process import ROOT
from tests.stories.scenery import DEV, QUAY_SEES, settings_for
from tests.stories.world import World, body_of

pytestmark = pytest.mark.postgres


@pytest.fixture
def at_server(postgres_server: PostgresServer, postgres_template: str):
    name = postgres_server.create(postgres_template)
    yield postgres_server.url(name)
    postgres_server.drop(name)


@pytest.fixture
async def proxy(at_server: str) -> AsyncIterator[Proxy]:
    async with proxy_to(at_server) as proxy:
        yield proxy


@pytest.fixture
async def remote(sleeping: World, proxy: Proxy, at_server: str, tmp_path: Path) -> World:
    """The bot is awake, and its database is a PostgreSQL behind the proxy."""
    await sleeping.wake(database_url=proxy.url(at_server), spool_dir=str(tmp_path / "spool"))
    return sleeping


async def known(world: World, event: str = "repo_push") -> str:
    """A webhook URL that the bot has noticed."""
    url = await world.hook(event, "acme/web", DEV)
    await world.app.shelter.step()
    return url


def push(tag: str) -> dict[str, object]:
    return body_of("repo_push", repository="acme/web", name="web", namespace="acme", updated_tags=[tag])


async def stored(world: World) -> int:
    return (await world.app.store.inbox.waiting()) + world.app.pipeline.counts["deliveries_settled"]


async def all_there(world: World, count: int) -> None:
    shelter, end = world.app.shelter, time.monotonic() + 20
    while shelter.away or shelter.numbers()["records"] or await stored(world) < count:
        assert time.monotonic() < end, world.log.tail()
        await asyncio.sleep(0.05)
    await world.settled()
    assert world.app.pipeline.counts["deliveries_settled"] == count


async def test_everything_that_comes_meanwhile_is_taken_and_told_once(remote: World, proxy: Proxy) -> None:
    url = await known(remote)
    assert await remote.deliver(url, push("v0")) == 200
    await proxy.cut()
    answers = [await remote.deliver(url, push(f"v{number}")) for number in range(1, 9)]
    assert answers == [200] * 8
    assert remote.app.shelter.numbers()["records"] == 8
    assert await remote.deliver(f"{remote.address}/webhooks/quay/{'A' * 43}", b"{}") == 503
    async with remote.http.get(f"{remote.address}/readyz") as response:
        assert response.status == 503
        assert "database" in (await response.json())["why"]
    async with remote.http.get(f"{remote.address}/healthz") as response:
        assert response.status == 200
    await proxy.open()
    await all_there(remote, 9)
    assert await remote.deliver(url, push("v9")) == 200
    await all_there(remote, 10)
    text = json.dumps(remote.slack.messages(DEV))
    assert [number for number in range(10) if f"v{number}" not in text] == []


async def test_a_database_that_falls_silent_keeps_nobody_waiting_for_long(remote: World, proxy: Proxy) -> None:
    url = await known(remote)
    assert await remote.deliver(url, push("v0")) == 200
    remote.app.intake.patience = 0.3
    proxy.silence()
    for tag in ("v1", "v2"):  # as long as the proxy is silent, only the spool can take them
        assert await remote.deliver(url, push(tag)) == 200
    assert remote.app.shelter.numbers()["records"] == 2
    await proxy.open()
    await all_there(remote, 3)


async def test_what_waits_when_the_bot_ends_is_told_by_the_next_one(remote: World, proxy: Proxy) -> None:
    url = await known(remote)
    await proxy.cut()
    assert await remote.deliver(url, push("v1")) == 200
    path = url.removeprefix(remote.address)
    await remote.sleep()

    await remote.wake()  # while it is still away
    assert not remote.app.arrival.there
    assert await remote.deliver(remote.address + path, push("v2")) == 200
    await proxy.open()
    await all_there(remote, 2)
    assert remote.app.arrival.there


async def test_a_bot_that_began_without_its_database_ends_if_the_tables_are_not_its_own(
    proxy: Proxy, postgres_server: PostgresServer, sleeping: World, tmp_path: Path
) -> None:
    empty = postgres_server.create()
    settings = settings_for(sleeping.slack, sleeping.quay, tmp_path / "none.db", "k" * 20)
    settings |= {"database_url": proxy.url(postgres_server.url(empty)), "log_format": "json", "host": QUAY_SEES}
    await proxy.cut()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "serve",
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
        | {name.upper(): str(value) for name, value in settings.items()},
        stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stderr is not None
    told: list[str] = []
    try:
        async with asyncio.timeout(40):
            async for line in process.stderr:
                told.append(line.decode())
                if '"serving"' in told[-1]:
                    address = json.loads(told[-1])["address"]
                    async with aiohttp.ClientSession() as http, http.get(f"{address}/healthz") as response:
                        assert response.status == 200
                    await proxy.open()
            assert await process.wait() == 1
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
        process._transport.close()  # type: ignore[attr-defined]  # nothing else closes the pipes at once
        await proxy.cut()
        postgres_server.drop(empty)
    assert "Run `quaybot migrate`" in told[-1]
