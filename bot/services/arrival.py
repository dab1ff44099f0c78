"""Waits for a database that was away when the process began."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import structlog

from bot.domain.errors import TryLater, UserError
from bot.ports import Clock, Store

log = structlog.stdlib.get_logger(__name__)

PAUSE = 1.0  # seconds between two looks


@dataclass(slots=True)
class Arrival:
    """Nothing works with a database before its tables are known to be right.

    `mistake` is why it will never come: then `failed` is called, once.
    """

    store: Store
    clock: Clock
    there: bool = False
    mistake: UserError | None = None
    failed: Callable[[], None] = lambda: None
    _over: asyncio.Event = field(default_factory=asyncio.Event)

    async def look(self) -> None:
        """Once. Raises TryLater if it is away, UserError if its tables are not this version's."""
        await self.store.ready()
        await self.store.begin(self.clock.now())
        self.there = True
        self._over.set()

    async def run(self) -> None:
        """Look until it is there."""
        while not self._over.is_set():
            try:
                await self.look()
                log.info("database_there")
            except TryLater:
                await self.clock.sleep(PAUSE)
            except UserError as error:
                self.mistake = error
                self.give_up()
                self.failed()
            except Exception:  # whatever it is, it may pass: the loop must not die
                log.exception("database_not_looked_at")
                await self.clock.sleep(PAUSE)

    def give_up(self) -> None:
        """What waits for it need not begin any more."""
        self._over.set()

    async def before(self, work: Callable[[], Awaitable[None]]) -> None:
        """Do the work when it is there, or not at all."""
        await self._over.wait()
        if self.there:
            await work()
