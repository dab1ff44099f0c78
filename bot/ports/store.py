"""Storage as wishes: one small port for each user of it."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from bot.domain.messages import Outgoing
from bot.domain.people import Account, Person


@dataclass(frozen=True, slots=True)
class Hook:
    """One webhook URL's promise: deliveries of `event` about `target` ("ns/repo", or "ns" for quota) go to channels."""

    id: str
    event: str
    target: str
    channels: tuple[str, ...]
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Delivery:
    """A raw webhook body as it was stored. `id` grows with the order of arrival."""

    id: int
    hook: Hook
    body: bytes = field(repr=False)
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Aside:
    """A delivery nobody could read, kept for the operator with its reason. `size` is its body's, in bytes."""

    id: int
    hook: str
    reason: str
    received_at: datetime
    size: int


@dataclass(frozen=True, slots=True)
class StoredCard:
    """A card in a channel: its state as JSON, and the outbox row that shows it."""

    id: int
    channel: str
    key: str
    family: str
    state: str
    outbox: int
    touched_at: datetime


@dataclass(frozen=True, slots=True)
class Due:
    """An outbox row that is claimed by this process: make Slack show `payload`.

    `ts` is the message to edit, None before the first post. `attempted_at` is set if a post was tried before and its
    fate is not known: look for it before posting again.
    """

    id: int
    key: str
    channel: str
    payload: Mapping[str, Any] = field(repr=False)
    revision: int
    ts: str | None
    attempted_at: datetime | None
    attempts: int
    asker: str | None


@dataclass(frozen=True, slots=True)
class Watch:
    """A build that is being followed with `person`'s own token."""

    repository: str
    build: str
    person: Person
    since: datetime
    polls: int


class Intake(Protocol):
    """The one way in for webhook bodies: durable when it returns."""

    async def keep(self, batch: Sequence[tuple[str, bytes]], now: datetime) -> list[bool]:
        """Store (token hash, body) pairs in one transaction; False where no live hook has that hash."""


class Ledger(Protocol):
    """One transaction of the pipeline: cards, outbox rows and the fate of deliveries change together or not at all."""

    async def cards(self, key: str, *, since: datetime | None = None) -> tuple[StoredCard, ...]:
        """The newest card with `key` in each channel, touched at or after `since` if given. Locks them."""

    async def open_card(self, card_key: str, family: str, state: str, outgoing: Outgoing, now: datetime) -> None:
        """Start a card and queue its message."""

    async def turn_card(self, card: StoredCard, state: str, payload: Mapping[str, Any], now: datetime) -> None:
        """Store a card's new state and queue the edit (or the changed first post, if that is still waiting)."""

    async def say(self, outgoing: Outgoing, now: datetime) -> None:
        """Queue a message that is no card. A second one with the same key is ignored."""

    async def done(self, deliveries: Sequence[int]) -> None:
        """These deliveries are dealt with."""

    async def set_aside(self, delivery: int, reason: str) -> None:
        """Keep this delivery for the operator."""


class Inbox(Protocol):
    """Raw deliveries that wait to be worked on."""

    async def claim(self, limit: int, now: datetime, lease: timedelta) -> tuple[Delivery, ...]:
        """The oldest free deliveries; no other replica gets them before the lease runs out."""

    def ledger(self) -> AbstractAsyncContextManager[Ledger]:
        """A transaction: commits at the end of the block, rolls back on an exception."""

    async def aside(self, limit: int = 100) -> tuple[Aside, ...]:
        """What was set aside, newest first, without the bodies."""

    async def aside_body(self, delivery: int) -> bytes | None:
        """The body of a delivery that was set aside; None if there is none of that id."""

    async def aside_count(self) -> int:
        """How many deliveries are set aside."""

    async def sweep(self, before: datetime) -> int:
        """Forget what is over since before that time; gives the number of rows.

        That is: deliveries that were received before and are done, cards not touched since, and messages that were
        sent or parked before and belong to no card that is left. What was set aside is kept. It is done a few hundred
        rows at a time, so that nobody waits for it long.
        """

    async def waiting(self) -> int:
        """How many deliveries wait."""


class Outbox(Protocol):
    """Messages that Slack should show."""

    async def claim(
        self, limit: int, now: datetime, lease: timedelta, *, skip: Collection[str] = ()
    ) -> tuple[Due, ...]:
        """The oldest due row of each channel, the channel that has waited longest first; none of those in `skip`."""

    async def attempting(self, row: int, now: datetime) -> None:
        """Remember that a post is about to be tried: from here on its fate may be unknown."""

    async def sent(self, row: int, revision: int, ts: str, now: datetime) -> None:
        """Slack shows `revision` as message `ts`. A newer revision stays due."""

    async def later(
        self, row: int, until: datetime, reason: str, *, posted: bool | None, resumable: bool = False
    ) -> None:
        """Try again after `until`. posted=False: surely not posted, so no search is needed; None: unknown.

        `resumable`: it waits only because Slack was away, and `resume` may bring it forward.
        """

    async def resume(self, now: datetime) -> int:
        """Slack answers again: what waited only for that is due at once. Gives the number of rows."""

    async def park(self, row: int, reason: str, now: datetime) -> None:
        """Give up on it; it is kept with its reason."""

    async def waiting(self) -> int:
        """How many rows have something to say."""


class Hooks(Protocol):
    """Webhook URLs. Tokens are stored as SHA-256 hex only."""

    async def add(self, event: str, target: str, channels: Sequence[str], token_hash: str, now: datetime) -> Hook:
        """A new hook with one live token."""

    async def all(self) -> tuple[Hook, ...]:
        """Every live hook, by target and event."""

    async def remove(self, hook: str) -> bool:
        """Forget a hook; its deliveries stay. False if there is none of that id."""

    async def rotate(self, hook: str, token_hash: str, now: datetime, grace: timedelta) -> bool:
        """Add a token; older ones stop working after `grace`. False if there is none of that id."""


class Accounts(Protocol):
    """Who is who at Quay. Tokens are sealed before they are stored and opened only to be used."""

    async def link(self, account: Account) -> None:
        """Store or replace the person's account."""

    async def of(self, person: Person) -> Account | None:
        """The person's account with its token opened. Raises GiveUp when the vault cannot be opened."""

    async def forget(self, person: Person) -> bool:
        """Forget the person's account; False if there was none."""


class Watches(Protocol):
    """Builds that are being followed."""

    async def add(self, repository: str, build: str, person: Person, now: datetime) -> None:
        """Follow a build from now on; again is no second time."""

    async def claim(self, limit: int, now: datetime, lease: timedelta) -> tuple[Watch, ...]:
        """Watches due to be looked at."""

    async def later(self, build: str, until: datetime) -> None:
        """Look again after `until`."""

    async def hurry(self, build: str, now: datetime) -> None:
        """Look as soon as possible (a webhook said that something happened)."""

    async def end(self, build: str) -> None:
        """Stop following."""


class Once(Protocol):
    """A memory of ids that must have an effect only once (Slack's event ids)."""

    async def first(self, key: str, now: datetime) -> bool:
        """True the first time, False ever after (kept for at least a day)."""

    async def sweep(self, before: datetime) -> None:
        """Forget the ids seen before that time."""


class Store(Protocol):
    """Everything that survives."""

    intake: Intake
    inbox: Inbox
    outbox: Outbox
    hooks: Hooks
    accounts: Accounts
    watches: Watches
    once: Once

    async def ready(self) -> None:
        """Raise if the database cannot be used or its schema is not the newest."""

    async def begin(self, now: datetime) -> None:
        """To be called once at the start of a process.

        Where only one can be at work (SQLite), what a dead one had claimed is free at once; elsewhere its lease runs.
        """

    async def close(self) -> None:
        """Give back every connection."""
