"""The lines of the audit around one thing that is done: one before it, and one that says what came of it."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeVar

import structlog

from bot.domain.acts import Act, Outcome
from bot.domain.errors import BotError, Denied, TryLater, UserError
from bot.domain.people import Person
from bot.services.audit import AuditBook
from bot.services.references import new_reference

log = structlog.stdlib.get_logger(__name__)

T = TypeVar("T")


@dataclass(slots=True)
class Result:
    """What the last line says if nothing goes wrong; whoever does it may say it better."""

    outcome: Outcome = Outcome.DONE
    detail: str = ""
    approval: str = ""


@dataclass(slots=True)
class Lines:
    """The lines of one thing, all under one reference. `act` and `username` may become known on the way."""

    book: AuditBook
    act: Act
    person: Person
    channel: str
    username: str = ""
    quay_log: str = ""
    reference: str = field(default_factory=new_reference)
    result: Result = field(default_factory=Result)
    begun: bool = False

    async def begin(self) -> None:
        """The line before it. What it raises goes through: what cannot be written down is not done."""
        await self._note(Outcome.TRIED, "")
        self.begun = True

    async def done(self) -> None:
        """The line after it, as `result` says."""
        await self._last(self.result.outcome, self.result.detail)

    async def failed(self, error: BaseException, outcome: Outcome | None = None) -> None:
        """The line after it went wrong; `error` gets the attribute `reference`, by which its lines are found."""
        vars(error)["reference"] = self.reference
        found, detail = self._said(error)
        await self._last(outcome or found, detail)

    def _said(self, error: BaseException) -> tuple[Outcome, str]:
        if isinstance(error, Denied):
            return Outcome.DENIED, error.say
        if isinstance(error, UserError):
            return Outcome.REFUSED, error.say
        say = "cut off" if isinstance(error, asyncio.CancelledError) else _say(error)
        if not self.begun:
            return Outcome.FAILED, f"Before it began: {say}"
        doubtful = not isinstance(error, BotError) or (isinstance(error, TryLater) and error.doubtful)
        return Outcome.FAILED, f"{say}{'. It may have happened.' if doubtful else ''}"

    async def _last(self, outcome: Outcome, detail: str) -> None:
        """What is done is done, and what failed has failed, even if that cannot be written down."""
        try:
            await asyncio.shield(asyncio.ensure_future(self._note(outcome, detail)))
        except Exception:  # the first line stands alone then, which says that it may have happened
            log.exception("audit_line_lost", reference=self.reference)

    async def _note(self, outcome: Outcome, detail: str) -> None:
        await self.book.note(
            self.reference,
            self.person,
            self.username,
            self.channel,
            self.act,
            outcome,
            detail=detail,
            approval=self.result.approval,
            quay_log=self.quay_log,
        )


async def noted(lines: Lines, work: Callable[[], Awaitable[T]], username: Callable[[T], str] | None = None) -> T:
    """Do `work`, about which no policy decides, between its lines. `username` tells whose account it was, afterwards.

    Raises what the work raises, and TryLater when the first line cannot be written: then nothing is done.
    """
    await lines.begin()
    try:
        result = await work()
    except (Exception, asyncio.CancelledError) as error:
        await lines.failed(error)
        raise
    if username is not None:
        lines.username = username(result)
    await lines.done()
    return result


def _say(error: BaseException) -> str:
    """What is said of an error. An unexpected one's own words may hold anything: its kind has to do."""
    return error.say.rstrip(".") if isinstance(error, BotError) else f"unexpected: {type(error).__name__}"
