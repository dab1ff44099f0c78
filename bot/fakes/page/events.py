"""`GET /demo/events`: a tick at each change, as Server-Sent Events. The page reads the state anew at a tick."""

import asyncio

from aiohttp import ClientConnectionResetError, web

from bot.fakes.page.board import Board
from bot.fakes.page.door import HEADERS

PAUSE = 0.1
"""Seconds between two ticks at least: a burst of changes is one tick."""

BEAT = 15.0
"""Seconds of silence after which a comment is sent; it keeps proxies awake and finds out who has left."""


def route(board: Board, *, pause: float = PAUSE, beat: float = BEAT) -> web.RouteDef:
    """The stream's route. A stream ends when its reader leaves or when the board is closed."""

    async def get(request: web.Request) -> web.StreamResponse:
        stream = web.StreamResponse(headers={**HEADERS, "X-Accel-Buffering": "no"})
        stream.content_type = "text/event-stream"
        try:
            await stream.prepare(request)
            await _ticks(stream, board, pause, beat)
        except (ClientConnectionResetError, ConnectionError):
            return stream  # the reader left; there is nobody to tell
        return stream

    return web.get("/demo/events", get)


async def _ticks(stream: web.StreamResponse, board: Board, pause: float, beat: float) -> None:
    await stream.write(b"retry: 1000\n\n")
    version = -1  # the first tick comes at once: whoever reconnects may have missed something
    while True:
        try:
            version = await asyncio.wait_for(board.changed(version), beat)
        except TimeoutError:
            await stream.write(b": still here\n\n")
            continue
        if board.closed:
            return
        await stream.write(b"event: tick\ndata: %d\n\n" % version)
        await asyncio.sleep(pause)
