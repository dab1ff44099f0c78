"""The fake Quay as a whole: start it, let things happen, let it deliver, stop it."""

from aiohttp import web

from bot.fakes.quay.site import Site
from bot.ports import Clock


class FakeQuay(Site):
    """A Quay server on the loopback interface.

    Faults are attributes: `down`, `slow`, `redis_down`, `queue_limit`, `manager_cancels`. `immutable_tags` is a feature
    that a server has or has not. `offers_accounts` puts a button for every account on the sign-in page, for
    demonstrations. `on_change` is called after everything that changes what one could see.
    """

    def __init__(self, *, clock: Clock, seed: int = 0) -> None:
        super().__init__(clock=clock, seed=seed)
        self.requests = []
        self._runner: web.AppRunner | None = None

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        """Listen; port 0 takes a free one. `url` says where."""
        runner = web.AppRunner(self.application(), access_log=None, shutdown_timeout=1)
        await runner.setup()
        self._runner = runner
        await web.TCPSite(runner, host, port).start()
        taken = runner.addresses[0]
        self.url = f"http://{taken[0]}:{taken[1]}"

    async def stop(self) -> None:
        """Stop listening. A second time does nothing."""
        runner, self._runner = self._runner, None
        if runner is not None:
            await runner.cleanup()
