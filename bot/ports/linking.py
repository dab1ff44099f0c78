"""Linking an account, and what somebody asked for before they could: as it is kept meanwhile."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from bot.domain.people import Account, Person, Way


class LinkStage(StrEnum):
    """How far somebody has come."""

    OPEN = "open"  # the ticket was given out in Slack
    AWAY = "away"  # the browser was sent to Quay
    CONFIRM = "confirm"  # Quay gave a token; the code that the browser shows is awaited in Slack
    DONE = "done"  # the code was right: only the browser that showed it still asks for this


@dataclass(frozen=True, slots=True)
class LinkAttempt:
    """One attempt to link an account. Ticket, cookie, state and code are known here by their hashes only.

    `username` is whose token it is, as soon as Quay said so. `origin` is where the answer goes (Origin.pack).
    """

    id: int
    person: Person
    stage: LinkStage
    way: Way
    scopes: frozenset[str]
    origin: str = field(repr=False)
    expires_at: datetime
    username: str = ""
    tries: int = 0


class Links(Protocol):
    """Attempts to link. Everything in here is short-lived; each step is one transaction that only one caller wins."""

    async def start(
        self, person: Person, ticket: str, scopes: frozenset[str], origin: str, now: datetime, life: timedelta
    ) -> None:
        """A new attempt, found by the hash `ticket`. Earlier ones of the same person are void."""

    async def by_ticket(self, ticket: str, now: datetime) -> LinkAttempt | None:
        """The living attempt with that ticket."""

    async def by_cookie(self, cookie: str, now: datetime) -> LinkAttempt | None:
        """The living attempt of the browser with that cookie (hash); a confirmed one, too, until its time is over."""

    async def leave(self, attempt: int, cookie: str, state: str, way: Way, now: datetime) -> bool:
        """The browser with `cookie` goes to Quay with `state` (hashes). May be repeated until Quay has answered.

        False if the attempt is over or has got its token already. A browser has one attempt at a time: others lose the
        cookie. When another browser than before leaves, the attempt has another id from then on.
        """

    async def by_state(self, state: str, now: datetime) -> LinkAttempt | None:
        """The living attempt that waits for that state (hash), whichever browser is its own. Uses nothing up."""

    async def arrive(self, state: str, cookie: str, now: datetime) -> LinkAttempt | None:
        """Quay sent the browser back: the state is used up by this, whatever comes next. Both must belong together.

        None if the state is unknown, used, too old, or another browser's.
        """

    async def offer(self, attempt: int, account: Account, code: str, now: datetime) -> bool:
        """Quay gave a token: keep it, sealed, until its code (hash) is confirmed. False if the attempt is over."""

    async def of(self, person: Person, now: datetime) -> LinkAttempt | None:
        """The person's living attempt."""

    async def confirm(self, person: Person, code: str, now: datetime, tries: int) -> Account | None:
        """Link the account, if this is the code (hash) that the person's browser shows: in one step it is stored, and
        the attempt is DONE, its token forgotten; nothing but `by_cookie` finds it any more.

        A wrong one counts; after `tries` of them the attempt is void. None: wrong, over, or nothing to confirm.
        """

    async def confirmed(self, attempt: int) -> bool:
        """Was that attempt confirmed? Known for as long as it would have lived."""

    async def cancel(self, person: Person) -> bool:
        """Void the person's attempt; False if there was none."""

    async def sweep(self, now: datetime) -> None:
        """Forget what is too old."""


class Kept(Protocol):
    """What a person asked for and could not be done yet: one thing a person, sealed, since it may hold a secret."""

    async def keep(self, person: Person, what: str, now: datetime) -> None:
        """Keep it in place of an earlier one. Does nothing if there is no key to seal it with."""

    async def take(self, person: Person, since: datetime) -> str | None:
        """Take it out, if it was kept at that time or later."""

    async def sweep(self, before: datetime) -> None:
        """Forget what is older."""
