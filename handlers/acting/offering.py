"""What the buttons under a preview and under an announcement do."""

from dataclasses import dataclass, replace

import structlog

from bot.blocks.spoken import spoken
from bot.domain.acts import Outcome
from bot.domain.errors import BotError, Denied, Forbidden, Lacking, NotLinked, TryLater, UserError
from bot.domain.offers import Offer, Purpose
from bot.domain.people import Person
from bot.services.gate import Going
from bot.services.moving import moved
from handlers.acting.announcing import close
from handlers.acting.doing import begin
from handlers.acts import ACTS
from handlers.command import ActKind, Click, Desk, Reply
from handlers.words import small, whisper

log = structlog.stdlib.get_logger(__name__)

GONE = "This button was pressed already, or it is too old. Please ask again; `/quay audit` shows what came of it."
_FAILED = "It was tried to undo this, and that failed. This button does it no longer."
_DOUBTFUL = (
    "It was tried to undo this, and nobody knows whether that happened. It may have happened: look before you try "
    "again."
)
_ODD = "Something went wrong on my side. It may have happened: look before you try again."


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

    Raises an error only where the buttons go on working, or work for nobody: pressed before, not theirs. Whatever is
    unexpected takes the place of the preview, too.
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
    except Exception:
        log.exception("offer_used_up", act=offer.act.name, user=offer.person.user, reference=offer.reference)
        return whisper(_ODD, small(f"Reference {offer.reference}. My operator finds it under that."), replace=True)
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
            await close(offer, _not_undone(error), desk)
        raise
    except Exception as error:  # told by the dispatcher; but the button must not go on looking as if it did something
        name = getattr(error, "reference", "")
        await close(offer, f"{_DOUBTFUL} {f'Reference {name}' if name else ''}".rstrip(), desk)
        raise
    asked = press.outcome is Outcome.ASKED
    what = "Undoing it waits for approval. Asked for by" if asked else "Undone by"
    await close(offer, f"{what} <@{click.person.user}>", desk, by=click.person)
    return reply


def _not_undone(error: BotError) -> str:
    """What the announcement says. Why it failed is for whoever pressed alone."""
    if isinstance(error, Moved):
        return f"Not undone: {spoken(error.say)}"
    return _DOUBTFUL if isinstance(error, TryLater) and error.doubtful else _FAILED


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
            await _unmoved(offer, kind, going, desk)
            press.begun = True
            reply = await begin(kind, going, desk, offer.pin)
            press.outcome = going.result.outcome
    except BotError as error:
        press.again = _again(error, offer, press)
        if press.again:
            await desk.offers.give_back(offer.name)
        raise
    return reply


def _again(error: BotError, offer: Offer, press: Press) -> bool:
    """Has surely nothing been done, and may the same button do it later?

    Kinds of acts raise NotLinked, Lacking and Forbidden only before they have changed anything.
    """
    if isinstance(error, Moved):
        return False
    if isinstance(error, Forbidden) or (isinstance(error, Denied) and not error.unsure):
        return offer.purpose is Purpose.UNDO  # somebody else may be let through
    return not press.begun or isinstance(error, NotLinked | Lacking)


def _over(error: BotError, offer: Offer) -> Reply:
    """In place of the preview: what went wrong, without buttons."""
    if _is_gone(error):
        raise error
    log.info("offer_used_up", act=offer.act.name, user=offer.person.user, kind=type(error).__name__, why=str(error))
    return whisper(spoken(error.say), small(f"Reference {offer.reference}"), replace=True)


def _is_gone(error: BotError) -> bool:
    return isinstance(error, _Gone)


async def _unmoved(offer: Offer, kind: ActKind, going: Going, desk: Desk) -> None:
    pin = await kind.pin(offer.act, going.quay)
    if pin == offer.pin:
        return
    who = await _blamed(offer, kind, going, desk)
    again = "Ask again to see how things are now." if offer.purpose is Purpose.CONFIRM else "So I left it as it is."
    raise Moved(" ".join(filter(None, (f"{moved(offer.pin, pin)}.", who, again))))


async def _blamed(offer: Offer, kind: ActKind, going: Going, desk: Desk) -> str:
    try:
        return await kind.blame(offer.act, going, desk.clock.now())
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
    return await desk.policies.may_approve(person, account.username, desk.registry.as_token(account.token))


def _kind_of(offer: Offer) -> ActKind:
    if offer.act.name not in ACTS:
        raise UserError(f"I do not know any more how to do “{offer.act.name}”. Please ask for it again.")
    return ACTS[offer.act.name]
