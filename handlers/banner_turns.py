"""The moment at which a scheduled global message begins or ends: through the gate, once, and told to everybody."""

from collections.abc import Sequence
from dataclasses import replace

import structlog

from bot.blocks.message_words import ended_words, look
from bot.blocks.seen_words import audit_words
from bot.blocks.spoken import spoken
from bot.domain.banners import Banner, BannerStage, GlobalMessage
from bot.domain.errors import BotError, Denied, GiveUp, NeedsScope, NotLinked, TryLater, UserError
from bot.domain.messages import Block
from bot.rules.banners import REMOVING, last_try
from bot.rules.global_messages import pinned, same
from bot.services.agreeing import NotAgreed, still_agreed
from bot.services.gate import Going
from bot.services.verdicts import told_to_others
from handlers.acting.announcing import announce, say
from handlers.acting.proposing import Undo
from handlers.acts.message_delete import now_of, removed
from handlers.banner_acts import act_of, delete_act, explained, parts
from handlers.command import Desk
from handlers.words import link_button

log = structlog.stdlib.get_logger(__name__)

CUT_OFF = "It was cut off, so I look first whether it is there."
LOOK = "It may be there all the same: please look at `/quay message list`."
TOO_LATE = "Its time had passed before I could show it."
OTHER_ACCOUNT = "Whoever scheduled it has linked another Quay account since."
ELSEWHERE = "Another process works on it."
STILL_SHOWN = "It is still shown. Please delete it with `/quay message list`, or in Quay."
UNKNOWN = "Quay shows several that say the same, so I cannot tell which one is ours."


async def begin(banner: Banner, desk: Desk) -> None:
    """Show it. `banner` is at POSTING, and nobody else has it.

    Too late, it is only looked for: what is there after all gets its end.
    """
    late = last_try(banner) <= desk.clock.now()
    if late and banner.seen is None:
        await _over(banner, BannerStage.FAILED, TOO_LATE, desk)
        return
    try:
        await _shown(banner, desk, late=late)
    except BotError as error:
        await _not_shown(banner, error, desk)


async def end(banner: Banner, desk: Desk) -> None:
    """Remove it. `banner` is at REMOVING, and nobody else has it."""
    try:
        await _removed(banner, desk)
    except BotError as error:
        late = banner.ends_at is not None and desk.clock.now() - banner.ends_at >= REMOVING
        if _may_pass(error) and not late:
            await desk.banners.move(banner, BannerStage.SHOWN, desk.clock.now(), reason=error.say)
            return
        why = f"{told_to_others(error, banner.username)} {STILL_SHOWN}"
        await _over(banner, BannerStage.FAILED, why, desk, private=f"{error.say} {STILL_SHOWN}")


async def _shown(banner: Banner, desk: Desk, *, late: bool) -> None:
    act = act_of(banner)
    async with desk.gate.entering(act, banner.person, banner.channel, approval=banner.approval) as going:
        if going.account.username != banner.username:
            raise UserError(OTHER_ACCOUNT)
        await still_agreed(banner, going, desk.gate)
        shown = await _posted(banner, going, desk, late=late)
        going.result.detail = f"Shown as scheduled: {banner.name}, asked for under {banner.reference}."
        await _stored(shown, desk)
        await _tell_shown(banner, shown.uuid, going, desk)


async def _stored(shown: Banner, desk: Desk) -> None:
    """It is in Quay. If that cannot be stored it must not be posted again: it is looked for after a minute."""
    try:
        await desk.banners.move(shown, BannerStage.SHOWN, desk.clock.now(), uuid=shown.uuid)
    except BotError as error:
        raise TryLater(error.say, doubtful=True, detail=str(error)) from error


async def _posted(banner: Banner, going: Going, desk: Desk, *, late: bool) -> Banner:
    """It, with its uuid. After a try of which nobody knows the outcome it is looked for first.

    What says the same and was there before is somebody else's. That is stored before anything is posted; the `banner`
    of the caller does not know it, so after a try that surely failed it is forgotten again.
    """
    what = parts(act_of(banner))
    there = await going.quay.messages.all()
    if banner.seen is not None and (new := _ours(banner, there)):
        return replace(banner, uuid=new[0] if len(new) == 1 else "")
    if late:
        raise GiveUp(TOO_LATE)
    begun = banner if banner.seen is not None else replace(banner, seen=tuple(same(*what, there)))
    if not await desk.banners.move(begun, banner.stage, banner.moved_at, reason=banner.reason):
        raise TryLater(ELSEWHERE, doubtful=True)
    with explained(going.account):
        return replace(begun, uuid=await going.quay.messages.post(*what))


async def _tell_shown(banner: Banner, uuid: str, going: Going, desk: Desk) -> None:
    """Tell the channel, with the way back."""
    message = GlobalMessage(uuid, *parts(act_of(banner)))
    question = "Every user of the registry stops seeing this message."
    undo = Undo(delete_act(message), pinned(message), question) if uuid else None
    said = f"{ended_words(banner, BannerStage.SHOWN, '')} Scheduled by <@{banner.person.user}>."
    await announce(going, desk, said, *look(*parts(act_of(banner))), undo=undo, key=f"banner:{banner.name}:shown")


async def _not_shown(banner: Banner, error: BotError, desk: Desk) -> None:
    now = desk.clock.now()
    if isinstance(error, TryLater) and error.doubtful:
        return  # it stays at POSTING, and is looked for after a minute
    if _may_pass(error) and now < last_try(banner):
        await desk.banners.move(banner, BannerStage.WAITING, now, reason=error.say)
        return
    doubt = banner.seen is not None and error.say != TOO_LATE  # an earlier try may have shown it
    lost = isinstance(error, UserError) and not doubt
    stage = BannerStage.CANCELLED if lost else BannerStage.FAILED
    ours = isinstance(error, NotAgreed) or error.say == OTHER_ACCOUNT
    why = error.say if ours else told_to_others(error, banner.username)
    more = f" {LOOK}" if doubt else ""
    await _over(banner, stage, why + more, desk, private=error.say + more, row=_mend(error))


def _mend(error: BotError) -> tuple[Block, ...]:
    if not isinstance(error, NotLinked):
        return ()
    return (link_button(scopes=error.scopes if isinstance(error, NeedsScope) else ()),)


def _may_pass(error: BotError) -> bool:
    """True if another try may go better."""
    return isinstance(error, TryLater) or (isinstance(error, Denied) and error.unsure)


async def _removed(banner: Banner, desk: Desk) -> None:
    message = GlobalMessage(banner.uuid, *parts(act_of(banner)))
    async with desk.gate.entering(delete_act(message), banner.person, banner.channel) as going:
        # That it ends was a part of what was asked for and agreed to: it takes no approvals again.
        there = await going.quay.messages.all()
        known = [banner.uuid] if banner.uuid else _ours(banner, there)
        if len(known) > 1:
            raise UserError(UNKNOWN)
        gone = not any(one.uuid in known for one in there)
        seen = "It was gone already." if gone else await _seen_gone(known[0], going)
        going.result.detail = f"Its time was over: {banner.name}, asked for under {banner.reference}. {seen}"
    await _over(banner, BannerStage.ENDED, seen, desk)


def _ours(banner: Banner, there: Sequence[GlobalMessage]) -> list[str]:
    """The ids of those that say the same, and were not there before it was posted."""
    return [uuid for uuid in same(*parts(act_of(banner)), there) if uuid not in (banner.seen or ())]


async def _seen_gone(uuid: str, going: Going) -> str:
    seen = await removed(uuid, going)
    return audit_words(seen.sight, now_of(seen))


async def _over(
    banner: Banner, stage: BannerStage, why: str, desk: Desk, *, private: str = "", row: tuple[Block, ...] = ()
) -> None:
    """The last word: the channel hears why, whoever asked hears it with what they can do."""
    if not await desk.banners.move(banner, stage, desk.clock.now(), reason=why):
        return
    key, place = f"banner:{banner.name}:{stage.value}", banner.channel or banner.person.user
    await say(key, place, banner.person, desk, ended_words(banner, stage, spoken(why)))
    if stage is not BannerStage.ENDED and place != banner.person.user:
        told = ended_words(banner, stage, spoken(private or why))
        await say(f"{key}:asker", banner.person.user, banner.person, desk, told, *row)
