"""What follows a yes or a no: the last vote lets the act run, and whoever asked hears of it in private."""

import structlog

from bot.blocks.approval import asked
from bot.blocks.approval_words import who_words
from bot.blocks.spoken import spoken
from bot.blocks.text import code, count
from bot.domain.acts import Request, Stage
from bot.domain.errors import BotError, Denied, TryLater, UserError
from bot.domain.people import Person
from bot.services.hindrances import Waits
from bot.services.stages import HEARD
from bot.services.verdicts import told_to_others
from bot.services.voting import NoApprover, Over
from handlers.acts import ACTS
from handlers.answering import answer
from handlers.command import ActKind, Desk, Origin, Reply
from handlers.words import sentence, whisper

log = structlog.stdlib.get_logger(__name__)

_MANY = 1000  # requests of one workspace that wait at the same time


async def approve(word: str, person: Person, desk: Desk) -> Reply:
    """One yes. If it was the last one that was missing, the act runs now. Raises UserError if it does not count."""
    request = await desk.approving.find(word)
    kind = kind_of(request)
    try:
        voted = await desk.approving.vote(request, person, kind)
    except NoApprover as error:
        return _no_approver(error)
    reply: Reply | None = None
    if voted.stage is Stage.RUNNING:
        voted, reply = await carry_out(voted, kind, desk)
    if voted.stage is Stage.OPEN:
        return whisper(_waits(voted, person))
    await tell(voted, desk, reply)
    return whisper(f"Thank you. Request {code(voted.name)} {_ended(voted)}")


async def deny(word: str, person: Person, why: str, desk: Desk) -> Reply:
    """One no, which ends it. Raises UserError if it does not count."""
    request = await desk.approving.find(word)
    try:
        ended = await desk.approving.deny(request, person, why, kind_of(request))
    except NoApprover as error:
        return _no_approver(error)
    if ended.stage is not Stage.WITHDRAWN:
        await tell(ended, desk)
    return whisper(f"Request {code(ended.name)} {HEARD[ended.stage]}")


async def carry_out(request: Request, kind: ActKind, desk: Desk) -> tuple[Request, Reply | None]:
    """Run what has all its approvals, after everything was checked once more. Its stage says what came of it.

    The reply is for whoever asked alone: what Quay tells them of their own rights is on no card. What nobody expected
    is raised, after the card has said that it failed.
    """
    request, tally = await desk.approving.recheck(request, kind)
    if request.stage is not Stage.RUNNING:
        return request, None
    stages, begun = desk.approving.stages, False
    try:
        async with desk.gate.entering(
            request.act,
            request.person,
            request.channel,
            quay_log=kind.quay_log,
            approval=request.name,
            reference=request.reference,
        ) as going:
            await desk.approving.still(request, tally, going, kind)
            begun = True
            reply = await kind.run(request.act, going, desk)
    except Over as error:
        return await stages.end(request, error.stage, error.say, kind), None
    except Waits as error:
        return await stages.back(request, "", kind, error.tally), None
    except BotError as error:
        unsure = isinstance(error, Denied) and error.unsure
        if not begun and (unsure or isinstance(error, TryLater)):
            return await stages.back(request, error.say, kind), None
        doubtful = begun and isinstance(error, TryLater) and error.doubtful
        more = " It may have happened all the same. Look before you ask again." if doubtful else ""
        said = told_to_others(error, request.username) + more
        return await stages.close(request, Stage.FAILED, said, kind), sentence(error.say + more)
    except Exception:
        broken = f"Something went wrong on my side. Look before you ask again. Reference: {request.reference}"
        await tell(await stages.close(request, Stage.FAILED, broken, kind), desk)
        raise
    return await stages.close(request, Stage.DONE, going.result.detail or "It has run.", kind), reply


async def tell(request: Request, desk: Desk, reply: Reply | None = None) -> None:
    """Tell whoever asked, in private, how it ended; `reply` is what the act itself has to say."""
    more = reply.message.blocks if reply else ()
    words = f"Your request {code(request.name)} ({_what(request)}) {HEARD[request.stage]}"
    reason = "" if more or not request.reason else f" {spoken(request.reason)}"
    await answer(whisper(words + reason, *more), Origin(), request.person, desk.voice)


async def withdraw(person: Person, why: str, desk: Desk) -> None:
    """Take back everything that a person has asked for and still waits; its cards say so."""
    for request in await desk.approving.store.open(_MANY):
        if request.person == person and request.act.name in ACTS:
            await desk.approving.stages.end(request, Stage.WITHDRAWN, why, kind_of(request))


def kind_of(request: Request) -> ActKind:
    """What kind of act it asks for. Raises UserError if this version of the bot does not know it."""
    if request.act.name not in ACTS:
        raise UserError(f"I do not know any more how to do “{request.act.name}”. Please ask for it again.")
    return ACTS[request.act.name]


def _no_approver(error: NoApprover) -> Reply:
    """Who can, as Slack shows people and groups."""
    return whisper(spoken(error.say), who_words("Ask ", error.approvers))


def _what(request: Request) -> str:
    return " ".join(filter(None, (code(request.act.name), code(request.act.target, 260))))


def _ended(request: Request) -> str:
    reason = f" {spoken(request.reason)}" if request.reason else ""
    return f"{HEARD[request.stage]}{reason}"


def _waits(request: Request, person: Person) -> str:
    """What a voter hears while it goes on waiting."""
    if any(vote.person == person for vote in request.votes) and not request.reason:
        missing = asked(request).missing(request)
        more = f" {count(missing, 'more approval')} needed." if missing else " Its card says what is still missing."
        return f"Thank you, your approval of {code(request.name)} counts.{more}"
    return f"Request {code(request.name)} still waits. {spoken(request.reason) if request.reason else ''}".strip()
