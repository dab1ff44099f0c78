"""The page's stream of ticks, read with a real client."""

import asyncio

import pytest
from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient, TestServer

from bot.fakes.page import Board
from bot.fakes.page.door import Handler
from bot.fakes.page.events import route


async def tick(response: ClientResponse) -> int:
    """The next tick's version."""
    async with asyncio.timeout(10):
        async for line in response.content:
            if line.startswith(b"data: "):
                return int(line[6:])
    raise EOFError


def site(board: Board, **timing: float) -> TestServer:
    app = web.Application()
    app.add_routes([route(board, **timing)])
    app.on_shutdown.append(board.close_streams)
    return TestServer(app)


async def test_a_tick_comes_at_once_and_at_each_change() -> None:
    board = Board()
    async with TestClient(site(board, pause=0)) as client, client.get("/demo/events") as response:
        assert response.content_type == "text/event-stream"
        assert "default-src 'none'" in response.headers["Content-Security-Policy"]
        assert await tick(response) == 0
        board.bump()
        assert await tick(response) == 1
        board.tell("something was done")
        assert await tick(response) == 2


async def test_a_burst_of_changes_is_one_tick() -> None:
    board = Board()
    async with TestClient(site(board, pause=0.2)) as client, client.get("/demo/events") as response:
        assert await tick(response) == 0
        for _ in range(40):
            board.bump()
        assert await tick(response) == 40


async def test_silence_is_filled_with_a_comment() -> None:
    board = Board()
    async with TestClient(site(board, pause=0, beat=0.01)) as client, client.get("/demo/events") as response:
        assert await tick(response) == 0
        async with asyncio.timeout(10):
            assert await response.content.readuntil(b": still here\n\n") == b"\n: still here\n\n"


async def test_many_tabs_hear_the_same_and_all_end_when_the_server_stops() -> None:
    board = Board()
    server = site(board, pause=0)
    async with TestClient(server) as client:
        tabs = [await client.get("/demo/events") for _ in range(20)]
        assert {await tick(tab) for tab in tabs} == {0}
        board.bump()
        assert {await tick(tab) for tab in tabs} == {1}
        async with asyncio.timeout(5):
            await server.close()
        for tab in tabs:
            with pytest.raises(EOFError):
                await tick(tab)
            tab.close()


async def test_a_reader_who_leaves_is_forgotten() -> None:
    board, ended = Board(), asyncio.Event()

    @web.middleware
    async def watched(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            return await handler(request)
        finally:
            ended.set()

    app = web.Application(middlewares=[watched])
    app.add_routes([route(board, pause=0, beat=0.01)])
    async with TestClient(TestServer(app)) as client:
        response = await client.get("/demo/events")
        await tick(response)
        assert not ended.is_set()
        response.close()
        async with asyncio.timeout(10):
            await ended.wait()
        assert board.waiting == 0


async def test_a_closed_board_makes_nobody_wait() -> None:
    board = Board()
    board.close()
    assert await board.changed(0) == 0


def test_the_log_keeps_the_newest_lines() -> None:
    board = Board(clock=lambda: 7.0, keep=2)
    for text in ("one", "two", "three"):
        board.tell(text)
    assert [(line.at, line.text) for line in board.lines] == [(7.0, "two"), (7.0, "three")]
    assert board.version == 3
