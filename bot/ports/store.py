"""Storage as wishes: one small port for each user of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from bot.domain.people import Account, Person
from bot.ports.deeds import Approvals, Audit
from bot.ports.inbox import Hook, Inbox, Intake
from bot.ports.linking import Kept, Links
from bot.ports.offers import Banners, Notices, Offers, Reveals
from bot.ports.outbox import Outbox
from bot.ports.records import Channels, DeadLetters, Lease, Trail
from bot.ports.subscriptions import Gaps, Lookups, Subscriptions


@dataclass(frozen=True, slots=True)
class Watch:
    """A build that is being followed with `person`'s own token. `due_at`: when it was to be looked at, if claimed."""

    repository: str
    build: str
    person: Person
    since: datetime
    polls: int
    due_at: datetime | None = field(default=None, compare=False)


class Hooks(Protocol):
    """Webhook URLs. Tokens are stored as SHA-256 hex only."""

    async def add(
        self,
        event: str,
        target: str,
        channels: Sequence[str],
        token_hash: str,
        now: datetime,
        *,
        filter_: str = "",
    ) -> Hook:
        """A new hook with one live token. `filter_` (rules/filters) says what its channels let pass."""

    async def hashes(self, now: datetime) -> frozenset[str]:
        """The hashes of all tokens that work at that time."""

    async def all(self) -> tuple[Hook, ...]:
        """Every live hook, by target and event."""

    async def remove(self, hook: str) -> bool:
        """Forget a hook; its deliveries stay. False if there is none of that id."""

    async def rotate(self, hook: str, token_hash: str, now: datetime, grace: timedelta) -> bool:
        """Add a token; older ones stop working after `grace`. False if there is none of that id.

        A part of a subscription remembers when that was (`rotated_at`).
        """


class Accounts(Protocol):
    """Who is who at Quay. Tokens are sealed before they are stored and opened only to be used."""

    async def link(self, account: Account) -> None:
        """Store or replace the person's account."""

    async def of(self, person: Person) -> Account | None:
        """The person's account with its token opened. Raises GiveUp when the vault cannot be opened."""

    async def forget(self, person: Person) -> bool:
        """Forget the person's account; False if there was none."""

    async def of_username(self, username: str) -> tuple[Person, ...]:
        """Everybody who acts as that Quay account."""

    async def everybody(self) -> tuple[Person, ...]:
        """Everybody who has linked an account."""

    async def forget_all_of(self, person: Person) -> None:
        """Forget everything that belongs to a person who is gone: account, attempts, kept words, builds followed.

        Their open requests for approval end as withdrawn. Their subscriptions are orphaned, and tell on as long as
        they can. The audit stays. Raises ValueError for a person without an id.
        """

    async def forget_team(self, team: str) -> None:
        """The same for everybody of a workspace or organization. Raises ValueError for an empty one."""

    async def forget_everybody(self) -> None:
        """The same for everybody, with or without an account."""


@dataclass(frozen=True, slots=True)
class Rotation:
    """What sealing anew has done: texts sealed with the newest key now, those that were already, those that no key
    opens (as "table: whose").
    """

    sealed: int
    current: int
    lost: tuple[str, ...]


class Secrets(Protocol):
    """Everything that is sealed, whatever it is."""

    async def rotate(self) -> Rotation:
        """Seal everything with the newest key. May run while the bot serves, and again.

        Raises UserError if there are no keys.
        """


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
    channels: Channels
    trail: Trail
    dead: DeadLetters
    lease: Lease
    links: Links
    kept: Kept
    approvals: Approvals
    audit: Audit
    secrets: Secrets
    offers: Offers
    notices: Notices
    reveals: Reveals
    banners: Banners
    subscriptions: Subscriptions
    gaps: Gaps
    lookups: Lookups

    async def ready(self) -> None:
        """Raise if the database cannot be used or its schema is not the newest."""

    async def begin(self, now: datetime) -> None:
        """To be called once at the start of a process.

        Where only one can be at work (SQLite), what a dead one had claimed is free at once; elsewhere its lease runs.
        """

    async def close(self) -> None:
        """Give back every connection."""
