"""Serving: the port, the signals, and the whole run from start to end."""

import asyncio
import contextlib
import errno
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack

import structlog
from aiohttp import web

from bot.app.wiring import build
from bot.domain.errors import UserError
from bot.settings import Settings

log = structlog.stdlib.get_logger(__name__)

LAST_ANSWERS = 2.0  # seconds that requests in flight get at the end
_WHY_NOT = {
    errno.EADDRINUSE: "it is in use already",
    errno.EADDRNOTAVAIL: "this machine has no such address",
    errno.EACCES: "this user may not use it",
}


@contextlib.asynccontextmanager
async def listening(site: web.Application, host: str, port: int) -> AsyncIterator[str]:
    """Serve a site; gives its address. No access log: paths hold capabilities."""
    runner = web.AppRunner(site, access_log=None, shutdown_timeout=LAST_ANSWERS)
    await runner.setup()
    try:
        with _refusals(host, port):
            await web.TCPSite(runner, host, port, backlog=1024).start()
        server = runner.addresses[0]
        name = f"[{server[0]}]" if ":" in server[0] else server[0]
        yield f"http://{name}:{server[1]}"
    finally:
        await runner.cleanup()


async def try_port(host: str, port: int) -> None:
    """Raise UserError if nobody can listen there. Nobody does: whoever comes now is turned away as before."""
    with _refusals(host, port):
        loop = asyncio.get_running_loop()
        server = await loop.create_server(asyncio.Protocol, host, port, start_serving=False)
    server.close()
    await server.wait_closed()


@contextlib.contextmanager
def _refusals(host: str, port: int) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = _WHY_NOT.get(error.errno or 0) or error.strerror or type(error).__name__
        raise UserError(f"Cannot listen on {host} port {port}: {reason}. Choose another with HOST and PORT.") from None


async def serve(settings: Settings) -> None:
    """Run until SIGINT or SIGTERM. To be called within `alone`."""
    stop = stopping()
    await try_port(settings.host, settings.port)  # before anything is changed in the database
    async with AsyncExitStack() as closing:
        app = await build(settings, closing)
        app.arrival.failed = stop.set
        await closing.enter_async_context(app.running())
        address = await closing.enter_async_context(listening(app.site, settings.host, settings.port))
        log.info(
            "serving",
            address=address,
            quay=settings.quay_url,
            socket_mode=bool(settings.slack_app_token.get_secret_value()),
        )
        if not settings.secret_keys:
            log.warning("no_secret_keys", effect="nobody can link a Quay account; set SECRET_KEYS (quaybot keygen)")
        await stop.wait()
        log.info("stopping")
        if app.arrival.mistake is not None:
            raise app.arrival.mistake


def stopping() -> asyncio.Event:
    """An event that SIGINT and SIGTERM set."""
    event = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):  # Windows
            loop.add_signal_handler(number, event.set)
    return event
