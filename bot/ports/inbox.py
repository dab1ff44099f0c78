"""Webhook bodies: the way in, and the work on them."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from bot.domain.people import Person
from bot.ports.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Hook:
    """One webhook URL's promise: deliveries of `event` about `target` ("ns/repo", or "ns" for quota) go to channels.

    `filters` holds what each channel lets pass (rules/filters), for those that do not take everything. A hook that
    belongs to a subscription has its name, and whoever looks after that; `silent`: it is for the bot alone.
    `paused_until`: nothing is told before. `layout` is one of LAYOUTS, "" for that of the channel. `beat_at` is when a
    test call was asked for that is no alert (services/beating).
    """

    id: str
    event: str
    target: str
    channels: tuple[str, ...]
    created_at: datetime
    filters: Mapping[str, str] = field(default_factory=dict)
    subscription: str = ""
    person: Person | None = None
    silent: bool = False
    paused_until: datetime | None = None
    layout: str = ""
    beat_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """A raw webhook body as it was stored. `id` grows with the order of arrival."""

    id: int
    hook: Hook
    body: bytes = field(repr=False)
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Spooled:
    """A body that was kept in a file while the database was away. `id` is the record's, unique for ever."""

    id: str
    token_hash: str
    body: bytes = field(repr=False)
    received_at: datetime


class Intake(Protocol):
    """The one way in for webhook bodies: durable when it returns."""

    async def keep(self, batch: Sequence[tuple[str, bytes]], now: datetime) -> list[bool]:
        """Store (token hash, body) pairs in one transaction; False where no live hook has that hash."""

    async def drain(self, batch: Sequence[Spooled]) -> list[bool]:
        """Store what was spooled, each record once however often it is given; False where no live hook has the hash."""


class Inbox(Protocol):
    """Raw deliveries that wait to be worked on."""

    async def claim(self, limit: int, now: datetime, lease: timedelta) -> tuple[Delivery, ...]:
        """The oldest free deliveries of each hook, hooks in turn; no other replica gets them before the lease runs out.

        However much waits for one hook, another one's delivery is among the next few batches.
        """

    async def release(self, deliveries: Sequence[int]) -> None:
        """Give back what was claimed and not worked on, for whoever claims next. Only while the lease runs."""

    def ledger(self) -> AbstractAsyncContextManager[Ledger]:
        """A transaction: commits at the end of the block, rolls back on an exception."""

    async def sweep(self, before: datetime) -> int:
        """Forget what is over since before that time; gives the number of rows.

        That is: deliveries that were received before and are done, cards not touched since with their names and their
        trail, and messages that were sent or parked before and belong to no card that is left. Of what was set aside
        the newest is kept, however old; what is beyond its bound is forgotten. It is done a hundred rows at a time, so
        that nobody waits for it long.
        """

    async def waiting(self) -> int:
        """How many deliveries wait."""
