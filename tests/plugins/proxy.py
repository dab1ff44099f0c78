"""A way to a PostgreSQL server that can be cut, and that can fall silent."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

from sqlalchemy import make_url


@dataclass
class Proxy:
    """Listens on a port of its own and passes everything on to the server's socket, while it is `open`."""

    socket: str
    port: int = 0
    _server: asyncio.Server | None = None
    _flowing: asyncio.Event = field(default_factory=asyncio.Event)
    _links: set[asyncio.Task[None]] = field(default_factory=set)

    def url(self, server_url: str) -> str:
        """The same database, through here."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/{make_url(server_url).database}"

    async def open(self) -> None:
        """Let everything through; what was held back comes first."""
        self._flowing.set()
        if self._server is None:
            self._server = await asyncio.start_server(self._link, "127.0.0.1", self.port)
            self.port = self._server.sockets[0].getsockname()[1]

    async def cut(self) -> None:
        """Close every connection, and take no new one."""
        server, self._server = self._server, None
        if server is not None:
            server.close()
        for link in self._links:
            link.cancel()
        await asyncio.gather(*self._links, return_exceptions=True)

    def silence(self) -> None:
        """Take everything, and pass on nothing."""
        self._flowing.clear()

    async def _link(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._links.add(task)
        try:
            await self._flowing.wait()
            there = await asyncio.open_unix_connection(self.socket)
            try:
                async with asyncio.TaskGroup() as both:
                    both.create_task(self._pass(reader, there[1]))
                    both.create_task(self._pass(there[0], writer))
            finally:
                there[1].close()
        except (OSError, asyncio.CancelledError, ExceptionGroup):
            pass
        finally:
            self._links.discard(task)
            writer.close()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await reader.read(65_536):
                await self._flowing.wait()
                writer.write(data)
                await writer.drain()
            writer.write_eof()


@asynccontextmanager
async def proxy_to(server_url: str) -> AsyncIterator[Proxy]:
    """An open one. `server_url` is that of the server's socket."""
    folder = parse_qs(urlsplit(server_url).query)["host"][0]
    proxy = Proxy(f"{folder}/.s.PGSQL.5432")
    await proxy.open()
    try:
        yield proxy
    finally:
        proxy._flowing.set()
        await proxy.cut()
