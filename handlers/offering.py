"""What the buttons under a preview and under an announcement do."""

from dataclasses import dataclass, replace

import structlog

from bot.blocks.spoken import spoken
from bot.domain.acts import Outcome
from bot.domain.errors import BotError, Denied, Lacking, NotLinked, UserError
from bot.domain.offers import Offer, Purpose
from bot.domain.people import Person
from bot.services.gate import Going
from bot.services.moving import moved
from handlers.acts import ACTS
from handlers.announcing import close
from handlers.command import ActKind, Click, Desk, Reply
from handlers.doing import begin
from handlers.words import small, whisper

log = structlog.stdlib.get_logger(__name__)

GONE = "This button was pressed already, or it is too old. Please ask again; `/quay audit` shows what came of it."
_FAILED = "It was tried to undo this, and that failed. This button does it no longer."


class Moved(UserError):
    """What was looked at is another thing now."""


@dataclass(slots=True)
class Press:
    """How far a press has come. `again`: nothing has been done, and the button can be pressed once more."""

    begun: bool = False
    again: bool = False
    outcome: Outcome = Outcome.FAILED


async def confirmed(click: Click, desk: Desk) -> Reply:
    """Do what was shown, if nothing has changed since; what comes of it takes the place of the preview.

    Raises an error only where the buttons go on working.
    """
    offer = await _found(click, Purpose.CONFIRM, desk)
    if offer.person != click.person:
        raise UserError("Only whoever asked for this can say yes to it.")
    if _late(offer, desk):
        return whisper(f"This was possible for {_minutes(offer)} minutes. Please ask anew.", replace=True)
    press = Press()
    try:
        reply = await _carried_out(offer, click.person, desk, press, reference=offer.reference)
    except BotError as error:
        if press.again:
            raise
        return _over(error, offer)
    return replace(reply, replace=True) if reply else whisper("Done.", replace=True)


async def cancelled(click: Click, desk: Desk) -> Reply:
    """Nothing will happen."""
    offer = await _found(click, Purpose.CONFIRM, desk)
    if offer.person != click.person:
        raise UserError("Only whoever asked for this can cancel it.")
    if not await desk.offers.take(offer.name, desk.clock.now()) and not _late(offer, desk):
        raise UserError(GONE)
    return whisper("Cancelled. Nothing was done.", replace=True)


async def undone(click: Click, desk: Desk) -> Reply | None:
    """Take back what was done, with the account of whoever pressed. Raises an error that says why not.

    The announcement loses its button as soon as that does nothing any more, and says why.
    """
    offer, press = await _found(click, Purpose.UNDO, desk), Press()
    if _late(offer, desk):
        await close(offer, f"It could be undone for {_minutes(offer)} minutes.", desk)
        raise UserError(f"This could be undone for {_minutes(offer)} minutes, and they are over.")
    if offer.person != click.person and not await _approves(click.person, desk):
        raise UserError("Only whoever did this, or somebody who may approve such things, can undo it.")
    try:
        reply = await _carried_out(offer, click.person, desk, press)
    except BotError as error:
        if not press.again and not _is_gone(error):
            await close(offer, f"Not undone: {spoken(error.say)}" if isinstance(error, Moved) else _FAILED, desk)
        raise
    asked = press.outcome is Outcome.ASKED
    what = "Undoing it waits for approval. Asked for by" if asked else "Undone by"
    await close(offer, f"{what} <@{click.person.user}>", desk, by=click.person)
    return reply


class _Gone(UserError):
    """Somebody else was faster."""


async def _carried_out(offer: Offer, person: Person, desk: Desk, press: Press, *, reference: str = "") -> Reply | None:
    """Take the offer and do it, through the gate, if the state is the one that it is bound to."""
    kind = _kind_of(offer)
    if not await desk.offers.take(offer.name, desk.clock.now()):
        raise _Gone(GONE)
    try:
        async with desk.gate.entering(
            offer.act, person, offer.channel, quay_log=kind.quay_log, reference=reference
        ) as going:
            await _unmoved(offer, kind, going)
            press.begun = True
            reply = await begin(kind, going, desk)
            press.outcome = going.result.outcome
    except BotError as error:
        press.again = _again(error, offer, press)
        if press.again:
            await desk.offers.give_back(offer.name)
        raise
    return reply


def _again(error: BotError, offer: Offer, press: Press) -> bool:
    """Has surely nothing been done, and may the same button do it later?

    Kinds of acts raise NotLinked and Lacking only before they have changed anything.
    """
    if isinstance(error, Moved):
        return False
    if press.begun:
        return isinstance(error, NotLinked | Lacking)
    if isinstance(error, Denied) and not error.unsure:
        return offer.purpose is Purpose.UNDO  # somebody else may be let through
    return True


def _over(error: BotError, offer: Offer) -> Reply:
    """In place of the preview: what went wrong, without buttons."""
    if _is_gone(error):
        raise error
    log.info("offer_used_up", act=offer.act.name, user=offer.person.user, kind=type(error).__name__, why=str(error))
    return whisper(spoken(error.say), small(f"Reference {offer.reference}"), replace=True)


def _is_gone(error: BotError) -> bool:
    return isinstance(error, _Gone)


async def _unmoved(offer: Offer, kind: ActKind, going: Going) -> None:
    pin = await kind.pin(offer.act, going.quay)
    if pin == offer.pin:
        return
    who = await _blamed(offer, kind, going)
    again = "Ask again to see how things are now." if offer.purpose is Purpose.CONFIRM else "So I left it as it is."
    raise Moved(" ".join(filter(None, (f"{moved(offer.pin, pin)} since.", who, again))))


async def _blamed(offer: Offer, kind: ActKind, going: Going) -> str:
    try:
        return await kind.blame(offer.act, going)
    except BotError:  # it only would have been said better
        return ""


async def _found(click: Click, purpose: Purpose, desk: Desk) -> Offer:
    offer = await desk.offers.get(click.value)
    if offer is None or offer.purpose is not purpose:
        raise UserError(GONE)
    return offer


def _late(offer: Offer, desk: Desk) -> bool:
    return offer.expires_at <= desk.clock.now()


def _minutes(offer: Offer) -> int:
    return int((offer.expires_at - offer.created_at).total_seconds() // 60)


async def _approves(person: Person, desk: Desk) -> bool:
    account = await desk.accounts.of(person)
    anybody = await desk.policies.approvers()
    return bool(await desk.policies.is_one_of(person, account.username, desk.registry.as_token(account.token), anybody))


def _kind_of(offer: Offer) -> ActKind:
    if offer.act.name not in ACTS:
        raise UserError(f"I do not know any more how to do “{offer.act.name}”. Please ask for it again.")
    return ACTS[offer.act.name]
