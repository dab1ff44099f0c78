"""Who did what, and who has to agree: the audit and the approvals as they are stored."""

from collections.abc import AsyncIterator, Callable, Collection, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.domain.acts import Deed, Request, Stage, Vote
from bot.domain.messages import Outgoing
from bot.domain.people import Person


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the audit: `number` counts from 1 without gaps, `hash` covers `previous` and everything in `deed`."""

    number: int
    deed: Deed
    previous: str
    hash: str


class Audit(Protocol):
    """An append-only, hash-chained list (rules/chain). Nothing in it can be changed through this port."""

    async def append(self, deed: Deed) -> Line:
        """Add a line at the end; durable when it returns. One at a time, in all processes together."""

    async def newest(
        self,
        *,
        person: Person | None = None,
        target: str = "",
        reference: str = "",
        before: int = 0,
        limit: int = 10,
        listing: bool = False,
        but: Collection[str] = (),
    ) -> tuple[Line, ...]:
        """The newest lines, newest first: of a person, of a repository ("ns/repo", its tags included) or a namespace
        ("ns", everything in it), with a reference or an approval's name, with a number below `before`. Given
        together, all must fit. `listing`: as people read a list, so without what looked at the audit itself, and
        without the beginning of an act of which it is known what came of it. None `but`
        these: names of acts that are left out.
        """

    async def first(self, reference: str) -> Line | None:
        """The oldest line with that reference or approval's name: that of whoever began it. None if there is none."""

    def all(self, *, since: datetime | None = None) -> AsyncIterator[Line]:
        """Every line from the first on, or from that time on."""


class ApprovalTurn(Protocol):
    """One request, held by this transaction alone (in all processes) until its end."""

    request: Request

    def vote(self, vote: Vote) -> None:
        """Add a vote; `request` knows it at once. A second one of the same person changes nothing."""

    def move(self, stage: Stage, reason: str, now: datetime) -> None:
        """Go on to another stage; `request` knows it at once."""


class Approvals(Protocol):
    """Requests that wait for approvals."""

    async def ask(self, request: Request, card: Outgoing) -> None:
        """Store a new request and queue its card, in one transaction."""

    async def get(self, name: str) -> Request | None:
        """The request of that name, with its hidden parameters opened. Raises GiveUp if the vault cannot be opened."""

    async def open(self, limit: int = 20, *, person: Person | None = None) -> tuple[Request, ...]:
        """Those that still wait, newest first; only those that this person asked for, if one is named.

        Hidden parameters are opened when they are read (GiveUp then).
        """

    def turn(
        self, name: str, show: Callable[[Request], Outgoing], now: datetime
    ) -> AbstractAsyncContextManager[ApprovalTurn | None]:
        """Hold one request to change it; what was changed, and its card as `show` words it then, is stored at the end.

        None if there is none of that name. Rolls back on an exception. Hidden parameters are opened when they are read
        (GiveUp then), so a request that nobody can read any more can still be ended; once it is settled they are
        forgotten. Keep the block short and call nothing else of the store in it.
        """

    async def over(self, now: datetime, running_since: datetime) -> Sequence[str]:
        """Names of open requests whose time is over, and of those that run since before `running_since`: whoever ran
        them died.
        """
