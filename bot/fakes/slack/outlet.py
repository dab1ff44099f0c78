"""The socket that the fake Slack listens on: it can be pulled out and put in again."""

from aiohttp import web


class Outlet:
    """Serves a site on one address; `origin` is how to reach it."""

    def __init__(self) -> None:
        self.origin = ""
        self._runner: web.AppRunner | None = None
        self._site: web.TCPSite | None = None
        self._address = ("", 0)

    async def start(self, app: web.Application, host: str, port: int) -> None:
        """Listen; port 0 takes a free one."""
        self._runner = web.AppRunner(app, handler_cancellation=True, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        self._address = (host, port)
        await self.plug_in()
        self._address = (host, self._runner.addresses[0][1])
        reachable = "127.0.0.1" if host in ("0.0.0.0", "::", "") else host
        self.origin = f"http://{reachable}:{self._address[1]}"

    async def plug_in(self) -> None:
        """Take connections (again)."""
        if self._runner and self._site is None:
            self._site = web.TCPSite(self._runner, *self._address)
            await self._site.start()

    async def unplug(self) -> None:
        """Cut every connection and refuse new ones."""
        if self._site and self._runner and self._runner.server:
            await self._site.stop()
            self._site = None
            for connection in self._runner.server.connections:
                connection.force_close()

    async def stop(self) -> None:
        """Give the address back."""
        if self._runner:
            await self._runner.cleanup()
