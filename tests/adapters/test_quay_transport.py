"""Sending: deadlines, harmless repetition, bounded answers, and a token that goes nowhere else."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import httpx
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.quay import QuayRegistry
from bot.adapters.quay.transport import MOST_BYTES, TRIES, pause
from bot.domain.errors import BotError, GiveUp, TryLater
from bot.ports import BuildRequest, Quay, QuayUser

TOKEN = "t0ken-of-alice-0123456789-0123456789-012"
USER = {"username": "alice"}
BUILD = {"id": "b1", "phase": "waiting"}
WISH = BuildRequest("https://a.example/x.tgz")
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Naps:
    """Sleeping that takes no time and is remembered."""

    def __init__(self) -> None:
        self.taken: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.taken.append(seconds)


@asynccontextmanager
async def served(handler: Handler) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", handler)
    async with TestServer(app) as server:
        yield str(server.make_url("/"))


@asynccontextmanager
async def quay_at(url: str, *, naps: Naps | None = None, deadline: float = 10.0) -> AsyncIterator[Quay]:
    registry = QuayRegistry(url, deadline=deadline, sleep=naps or Naps())
    try:
        yield registry.as_token(TOKEN)
    finally:
        await registry.aclose()


def in_turn(asked: list[str], *answers: web.Response | dict[str, str]) -> Handler:
    left = list(answers)

    async def handle(request: web.Request) -> web.StreamResponse:
        asked.append(f"{request.method} {request.path}")
        answer = left.pop(0)
        return answer if isinstance(answer, web.Response) else web.json_response(answer)

    return handle


def page(status: int) -> web.Response:
    return web.Response(status=status, text="<html>sorry</html>", content_type="text/html")


@pytest.mark.parametrize("status", [502, 503, 504])
async def test_a_read_is_tried_again_while_the_front_is_away(status: int) -> None:
    asked: list[str] = []
    naps = Naps()
    async with served(in_turn(asked, page(status), page(status), USER)) as url, quay_at(url, naps=naps) as quay:
        assert await quay.whoami() == QuayUser("alice")
    assert len(asked) == 3
    assert len(naps.taken) == 2


async def test_a_read_is_tried_three_times_and_then_put_off() -> None:
    asked: list[str] = []
    async with served(in_turn(asked, *(page(502) for _ in range(TRIES)))) as url, quay_at(url) as quay:
        with pytest.raises(TryLater, match="502") as caught:
            await quay.whoami()
    assert len(asked) == TRIES
    assert "is not available at the moment" in caught.value.say


@pytest.mark.parametrize("status", [500, 501, 429, 400])
async def test_a_read_is_not_tried_again_where_it_cannot_help(status: int) -> None:
    asked: list[str] = []
    async with served(in_turn(asked, page(status))) as url, quay_at(url) as quay:
        with pytest.raises(BotError):
            await quay.whoami()
    assert len(asked) == 1


@pytest.mark.parametrize("status", [500, 502, 503, 504])
async def test_a_write_is_never_sent_twice(status: int) -> None:
    asked: list[str] = []
    async with served(in_turn(asked, page(status))) as url, quay_at(url) as quay:
        with pytest.raises(BotError):
            await quay.request_build("acme/web", WISH)
    assert asked == ["POST /api/v1/repository/acme/web/build/"]


@asynccontextmanager
async def hanging_up() -> AsyncIterator[tuple[str, list[bytes]]]:
    """A server that reads a request and closes the connection without a word."""
    heard: list[bytes] = []

    async def hear(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.readuntil(b"\r\n\r\n"))
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(hear, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", heard
    finally:
        server.close()
        await server.wait_closed()


async def test_a_read_survives_a_lost_connection_but_a_write_does_not_repeat_itself() -> None:
    async with hanging_up() as (url, heard), quay_at(url) as quay:
        with pytest.raises(TryLater) as caught:
            await quay.whoami()
        assert len(heard) == TRIES
        assert "does not answer" in caught.value.say
        assert not caught.value.doubtful
        heard.clear()
        with pytest.raises(TryLater) as caught:
            await quay.request_build("acme/web", WISH)
        assert len(heard) == 1
        assert "nobody knows whether it did" in caught.value.say
        assert caught.value.doubtful


async def test_a_refused_connection_is_tried_again_even_for_a_write_because_nothing_was_sent() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))  # bound and not listening: every connection is refused
        host = f"127.0.0.1:{closed.getsockname()[1]}"
        for write in (False, True):
            naps = Naps()
            async with quay_at(f"http://{host}", naps=naps) as quay:
                with pytest.raises(TryLater) as caught:
                    await (quay.request_build("acme/web", WISH) if write else quay.whoami())
            assert len(naps.taken) == TRIES - 1
            assert caught.value.say == f"Quay at {host} does not answer. Please try again in a minute."
            assert caught.value.after > 0


@pytest.mark.parametrize(
    ("broken", "write_tries"),
    [
        (httpx.ConnectError, TRIES),
        (httpx.ConnectTimeout, TRIES),
        (httpx.PoolTimeout, TRIES),
        (httpx.ReadTimeout, 1),
        (httpx.WriteTimeout, 1),
        (httpx.WriteError, 1),
        (httpx.RemoteProtocolError, 1),
        (httpx.ProxyError, 1),
        (httpx.DecodingError, 1),
    ],
)
async def test_what_is_repeated_depends_on_what_may_have_been_sent(
    broken: type[httpx.TransportError], write_tries: int
) -> None:
    tried: list[str] = []

    def handle(request: httpx.Request) -> httpx.Response:
        tried.append(request.method)
        raise broken("broken")

    async with httpx.AsyncClient(transport=httpx.MockTransport(handle)) as client:
        quay = QuayRegistry("https://quay.example", client=client, sleep=Naps()).as_token(TOKEN)
        for call in (quay.whoami(), quay.request_build("acme/web", WISH), quay.cancel_build("acme/web", "b1")):
            with pytest.raises(TryLater):
                await call
    assert [tried.count(method) for method in ("GET", "POST", "DELETE")] == [TRIES, write_tries, write_tries]


async def test_a_quay_that_hangs_is_left_at_the_deadline() -> None:
    free = asyncio.Event()

    async def hang(request: web.Request) -> web.StreamResponse:
        await free.wait()
        return web.json_response(USER)

    async with served(hang) as url, quay_at(url, deadline=0.1) as quay:
        with pytest.raises(TryLater) as caught:
            await quay.whoami()
        assert "does not answer" in caught.value.say
        with pytest.raises(TryLater) as caught:
            await quay.request_build("acme/web", WISH)
        assert "nobody knows whether it did" in caught.value.say
        assert caught.value.doubtful
        free.set()


async def test_a_quay_that_dribbles_is_left_at_the_deadline() -> None:
    asked: list[str] = []

    async def dribble(request: web.Request) -> web.StreamResponse:
        asked.append(request.path)
        response = web.StreamResponse()
        await response.prepare(request)
        while True:  # ends when the client goes away
            await response.write(b" ")
            await asyncio.sleep(0.01)

    async with served(dribble) as url, quay_at(url, deadline=0.15) as quay:
        with pytest.raises(TryLater, match="no answer within"):
            await quay.whoami()
    assert len(asked) == 1


async def test_a_deadline_counts_the_pauses_too() -> None:
    async def for_ever(seconds: float) -> None:
        await asyncio.Event().wait()

    async with served(in_turn([], page(502))) as url:
        registry = QuayRegistry(url, deadline=0.1, sleep=for_ever)
        with pytest.raises(TryLater):
            await registry.as_token(TOKEN).whoami()
        await registry.aclose()


async def test_an_endless_answer_is_given_up() -> None:
    async def flood(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        for _ in range(MOST_BYTES // 500_000 + 1):
            await response.write(b" " * 500_000)
        return response

    async with served(flood) as url, quay_at(url) as quay:
        with pytest.raises(GiveUp, match="more than 5000000 bytes") as caught:
            await quay.whoami()
    assert "more than this bot can take" in caught.value.say


@given(st.integers(1, 10), st.floats(0, 1))
def test_pauses_are_short_and_never_zero(tried: int, share: float) -> None:
    assert 0.1 <= pause(tried, share) <= 0.6
