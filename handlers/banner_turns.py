"""The moment at which a scheduled global message begins or ends: through the gate, once, and told to everybody."""

import structlog

from bot.blocks.approval_words import people
from bot.blocks.layout import context, section
from bot.blocks.message_words import ended_words, look
from bot.blocks.spoken import spoken
from bot.domain.banners import Banner, BannerStage
from bot.domain.errors import BotError, Denied, GiveUp, NeedsScope, NotLinked, TryLater, UserError
from bot.domain.messages import Block, Message, Outgoing
from bot.ports.quay_things import GlobalMessage
from bot.rules.banners import REMOVING, last_try
from bot.rules.policy import Effect
from bot.services.banners import agreed, pinned, same
from bot.services.gate import Going
from bot.services.verdicts import told_to_others
from handlers.acts.message_delete import removed
from handlers.banner_acts import act_of, delete_act, explained, parts
from handlers.command import Desk
from handlers.proposing import Undo, undo_row
from handlers.words import link_button

log = structlog.stdlib.get_logger(__name__)

CUT_OFF = "It was cut off, so I look first whether it is there."
LOOK = "It may be there all the same: please look at `/quay message list`."
TOO_LATE = "Its time had passed before I could show it."
OTHER_ACCOUNT = "Whoever scheduled it has linked another Quay account since."
NOT_AGREED = "The policy asks for approvals now that were not given when it was scheduled. Please ask again."
STILL_SHOWN = "It is still shown. Please delete it with `/quay message list`, or in Quay."
UNKNOWN = "Quay shows several that say the same, so I cannot tell which one is ours."


async def begin(banner: Banner, desk: Desk) -> None:
    """Show it. `banner` is at POSTING, and nobody else has it.

    Too late, it is only looked for: what is there after all gets its end.
    """
    late = last_try(banner) <= desk.clock.now()
    if late and not banner.reason:
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
    approval, votes = await agreed(banner, act, desk.audit)
    async with desk.gate.entering(act, banner.person, banner.channel, approval=approval) as going:
        if going.account.username != banner.username:
            raise UserError(OTHER_ACCOUNT)
        if going.decision.effect is Effect.APPROVE and votes < max(1, going.decision.needed):
            raise UserError(NOT_AGREED)
        uuid = await _posted(banner, going, late=late)
        going.result.detail = f"Shown as scheduled: {banner.name}, asked for under {banner.reference}."
        await desk.banners.move(banner, BannerStage.SHOWN, desk.clock.now(), uuid=uuid)
        await _tell_shown(banner, uuid, going, desk)


async def _posted(banner: Banner, going: Going, *, late: bool) -> str:
    """Its uuid. After a try of which nobody knows the outcome it is looked for first."""
    what = parts(act_of(banner))
    there = same(*what, await going.quay.messages.all()) if banner.reason else []
    if there:
        return there[0] if len(there) == 1 else ""
    if late:
        raise GiveUp(TOO_LATE)
    with explained(going.account):
        return await going.quay.messages.post(*what)


async def _tell_shown(banner: Banner, uuid: str, going: Going, desk: Desk) -> None:
    """Tell the channel, with the way back. It is shown already: whatever goes wrong here is only logged."""
    message = GlobalMessage(uuid, *parts(act_of(banner)))
    said, key = ended_words(banner, BannerStage.SHOWN, ""), f"banner:{banner.name}:shown"
    blocks = look(*parts(act_of(banner)))
    row: list[Block] = []
    try:
        if uuid:
            undo = Undo(delete_act(message), pinned(message), "Every user of the registry stops seeing this message.")
            row = [await undo_row(undo, going, desk, said=said, card=key)]
        who, foot = people(banner.person, before="Scheduled by "), context(f"Reference {going.reference}")
        await _say(key, banner.channel or banner.person.user, said, (who, *blocks, *row, foot), banner, desk)
    except BotError as error:
        log.warning("not_announced", name=banner.name, why=str(error))


async def _not_shown(banner: Banner, error: BotError, desk: Desk) -> None:
    now = desk.clock.now()
    if isinstance(error, TryLater) and error.doubtful:
        return  # it stays at POSTING, and is looked for after a minute
    if _may_pass(error) and now < last_try(banner):
        await desk.banners.move(banner, BannerStage.WAITING, now, reason=error.say)
        return
    lost = isinstance(error, UserError)
    stage = BannerStage.CANCELLED if lost else BannerStage.FAILED
    ours = lost and error.say in (OTHER_ACCOUNT, NOT_AGREED)
    why = error.say if ours else told_to_others(error, banner.username)
    more = f" {LOOK}" if _may_pass(error) and banner.reason == CUT_OFF else ""
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
        known = [banner.uuid] if banner.uuid else same(*parts(act_of(banner)), there)
        if len(known) > 1:
            raise UserError(UNKNOWN)
        gone = not any(one.uuid in known for one in there)
        seen = "It was gone already." if gone else await removed(known[0], going)
        going.result.detail = f"Its time was over: {banner.name}, asked for under {banner.reference}. {seen}"
    await _over(banner, BannerStage.ENDED, seen, desk)


async def _over(
    banner: Banner, stage: BannerStage, why: str, desk: Desk, *, private: str = "", row: tuple[Block, ...] = ()
) -> None:
    """The last word: the channel hears why, whoever asked hears it with what they can do."""
    if not await desk.banners.move(banner, stage, desk.clock.now(), reason=why):
        return
    key, place = f"banner:{banner.name}:{stage.value}", banner.channel or banner.person.user
    await _say(key, place, ended_words(banner, stage, spoken(why)), (), banner, desk)
    if stage is not BannerStage.ENDED and place != banner.person.user:
        told = ended_words(banner, stage, spoken(private or why))
        await _say(f"{key}:asker", banner.person.user, told, row, banner, desk)


async def _say(key: str, place: str, said: str, more: tuple[Block, ...], banner: Banner, desk: Desk) -> None:
    message = Message(said, (section(said), *more))
    await desk.notices.say(Outgoing(key, place, message.payload(), banner.person.user), desk.clock.now())
