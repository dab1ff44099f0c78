"""How a request for approval moves from stage to stage: its card and the audit go with it."""

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

import structlog

from bot.blocks.approval import Tally, card
from bot.domain.acts import Act, Outcome, Request, Stage
from bot.domain.errors import BotError, UserError
from bot.domain.messages import Outgoing
from bot.domain.people import Person
from bot.ports import Approvals, Clock, Quay
from bot.services.audit import AuditBook

log = structlog.stdlib.get_logger(__name__)

HUNG = timedelta(minutes=10)  # nothing that is asked of Quay takes so long
STOPPED = "I was stopped while it ran, so it may have happened. Look before you ask again."
LATE = "Nobody decided in time. Ask again if it is still wanted."
WEIGHT = 5  # of the card's edits: people wait for them
_MANY = 1000

HEARD = {
    Stage.DONE: "was approved and has run.",
    Stage.FAILED: "was not done.",
    Stage.REJECTED: "was denied.",
    Stage.EXPIRED: "has expired.",
    Stage.VOID: "is void.",
    Stage.WITHDRAWN: "was withdrawn.",
}
_OUTCOMES = {
    Stage.REJECTED: Outcome.REJECTED,
    Stage.WITHDRAWN: Outcome.WITHDRAWN,
    Stage.EXPIRED: Outcome.EXPIRED,
    Stage.VOID: Outcome.VOID,
}


class Kind(Protocol):
    """What has to be known of an act: how it is worded, and the state of its target that an approval is bound to."""

    @property
    def says(self) -> Callable[[Act], str]:
        """The act as mrkdwn, to its last parameter."""

    @property
    def pin(self) -> Callable[[Act, Quay], Awaitable[str]]:
        """The state of its target."""


@dataclass(frozen=True, slots=True)
class Stages:
    """Moves requests. Of two who move the same request at once, one finds that it has moved already."""

    store: Approvals
    audit: AuditBook
    clock: Clock

    async def end(
        self, request: Request, stage: Stage, reason: str, kind: Kind, *, by: tuple[Person, str] | None = None
    ) -> Request:
        """It is over; the audit and the card say how. One that has moved on meanwhile stays so, and comes back.

        The audit comes first: if it cannot be written, nothing moves. If it turns out then that the request had moved
        on, a second line says so. `by` is who ended it, with their Quay account: they are told if they were too late
        (UserError).
        """
        person, username = by or (request.person, request.username)
        await self.note(request, person, username, _OUTCOMES.get(stage, Outcome.FAILED), reason)
        moved, ours = await self.move(request, stage, reason, kind, of=frozenset({request.stage}))
        if ours:
            return moved
        late = too_late(moved)
        await self.note(request, person, username, Outcome.REFUSED, f"This did not end it. {late}")
        if by:
            raise UserError(late)
        return moved

    async def close(self, request: Request, stage: Stage, reason: str, kind: Kind) -> Request:
        """It has run; the gate has told the audit. If it ended meanwhile by other means, it stays so."""
        moved, _ = await self.move(request, stage, reason, kind, of=frozenset({Stage.RUNNING}))
        return moved

    async def back(self, request: Request, why: str, kind: Kind, tally: Tally | None = None) -> Request:
        """It did not run, and waits again; any approver may press once more."""
        said = why and f"{why.rstrip('.')}. It has not run. Any approver can press Approve once more."
        moved, _ = await self.move(request, Stage.OPEN, said, kind, of=frozenset({Stage.RUNNING}), tally=tally)
        return moved

    async def move(
        self,
        request: Request,
        stage: Stage,
        reason: str,
        kind: Kind,
        *,
        of: Collection[Stage],
        tally: Tally | None = None,
    ) -> tuple[Request, bool]:
        """The request as it is then, and whether it was us who moved it; from the stages in `of` only."""
        now = self.clock.now()
        async with self.store.turn(request.name, shown(kind, tally), now) as turn:
            if turn is None:
                return request, False
            if turn.request.stage not in of:
                return turn.request, False
            turn.move(stage, reason, now)
            moved = turn.request
        return moved, True

    async def overdue(self) -> tuple[Request, ...]:
        """Requests whose time is over, and those that hung while they ran.

        One whose secrets cannot be opened any more is ended like the others.
        """
        now = self.clock.now()
        found = []
        for name in await self.store.over(now, now - HUNG):
            try:
                request = await self.store.get(name)
            except BotError as error:
                log.warning("request_unreadable", name=name, why=str(error))
                request = next((one for one in await self.store.open(_MANY) if one.name == name), None)
            found += [request] if request is not None else []
        return tuple(found)

    async def note(self, request: Request, person: Person, username: str, outcome: Outcome, detail: str = "") -> None:
        """A line in the audit about somebody's part in it."""
        await self.audit.note(
            request.reference,
            person,
            username,
            request.place,
            request.act,
            outcome,
            detail=detail,
            approval=request.name,
        )


def shown(kind: Kind, tally: Tally | None = None) -> Callable[[Request], Outgoing]:
    """How the card of a request looks."""

    def show(request: Request) -> Outgoing:
        payload = card(request, kind.says(request.act), tally).payload()
        return Outgoing(f"approval:{request.name}", request.place, payload, request.person.user, WEIGHT)

    return show


def must_wait(request: Request, clock: Clock) -> None:
    """Raises UserError if nobody can decide about it any more."""
    if request.stage is not Stage.OPEN:
        raise UserError(too_late(request))
    if request.expires_at <= clock.now():
        raise UserError(f"{request.name} has expired. Whoever asked can ask again.")


def too_late(request: Request) -> str:
    """Why nobody can decide about it any more."""
    if request.stage is Stage.RUNNING:
        return f"{request.name} has all its approvals and runs right now."
    return f"{request.name} {HEARD[request.stage]} {request.reason}".strip()
