"""The act "message post": a global message for every user of the registry, now or later, for good or for a while."""

from datetime import datetime, timedelta

from bot.blocks.layout import section
from bot.blocks.text import code, humane, when
from bot.domain.acts import Act
from bot.domain.banners import Banner, BannerStage
from bot.domain.errors import BotError, TryLater, UserError
from bot.services.banners import free_name, named, pinned
from bot.services.gate import Going
from handlers.announcing import announce
from handlers.banner_acts import (
    CANCEL,
    POST,
    block,
    by,
    delete_act,
    explained,
    in_words,
    parts,
    sure_of_scope,
    times,
)
from handlers.clocks import both_clocks, zone_of
from handlers.command import ActKind, Desk, Preview, Reply
from handlers.proposing import Undo
from handlers.words import host, whisper

PASSED = "The time at which this should begin has passed meanwhile, so nothing was shown. Please ask again."
NOT_SURE = "It may be there all the same: I look in a minute, and tell this channel."


async def preview(act: Act, going: Going, desk: Desk) -> Preview:
    """The banner, who sees it, and the exact times on the asker's own clock and in UTC."""
    sure_of_scope(going.account)
    at, length = times(act)
    begins, said = at or desk.clock.now(), []
    if at or length:
        zone = await zone_of(going.person, desk)
        said += [f"Begins: {code(both_clocks(at, zone))}" if at else "Begins: at once"]
        ends = code(both_clocks(begins + length, zone)) if length else "when somebody deletes it"
        said += [f"Ends: {ends}{f', after {humane(length)}' if length else ''}"]
    who = f"Every user of the registry {code(host(desk.quay_url))} will see this banner in Quay:"
    rows = [section("\n".join(said))] if said else []
    return Preview((section(who), *block(act), *rows), yes="Schedule it" if at else "Show it to everybody")


async def run(act: Act, going: Going, desk: Desk) -> Reply:
    """Show it, or store when that is to be done."""
    at, length = times(act)
    if at is not None:
        return await _scheduled(act, at, length, going, desk)
    if length is not None:
        return await _for_a_while(act, length, going, desk)
    with explained(going.account):
        uuid = await going.quay.messages.post(*parts(act))
    return await tell_shown(act, uuid, going, desk)


async def tell_shown(act: Act, uuid: str, going: Going, desk: Desk, *, ends: datetime | None = None) -> Reply:
    """Read it back, and tell the channel; with the way back if it is known which one is ours."""
    undo, seen = await _way_back(uuid, going)
    until = f" It ends {when(ends)}." if ends else ""
    said = f"Every user of {code(host(desk.quay_url))} sees a new global message.{until} {seen}"
    going.result.detail = seen
    await announce(going, desk, said, by(going), *block(act), undo=undo)
    return whisper(f"Done. {seen}{until}")


async def _way_back(uuid: str, going: Going) -> tuple[Undo | None, str]:
    if not uuid:
        return None, "Quay took it, but I cannot tell which of its messages it is. `/quay message list` shows them."
    try:
        found = named(uuid, await going.quay.messages.all())
    except UserError:
        return None, "Quay took it, but does not show it now. Please look at `/quay message list`."
    except BotError:
        return None, "Quay took it. I could not read it back."
    question = "Every user of the registry stops seeing this message."
    return Undo(delete_act(found), pinned(found), question), "I have verified that Quay shows it."


async def _scheduled(act: Act, at: datetime, length: timedelta | None, going: Going, desk: Desk) -> Reply:
    if at <= desk.clock.now():
        raise UserError(PASSED)
    banner = await _banner(act, at, length, going, desk)
    await desk.banners.add(banner)
    going.result.detail = f"Scheduled as {banner.name}. Nothing is shown yet."
    ends = f" and ends {when(banner.ends_at)}" if banner.ends_at else ""
    said = (
        f"A global message is scheduled for every user of {code(host(desk.quay_url))}: {code(banner.name)} begins "
        f"{when(at)}{ends}."
    )
    undo = Undo(Act(CANCEL, "", {"name": banner.name}), "", f"{banner.name} will not be shown.")
    await announce(going, desk, said, by(going), *block(act), undo=undo)
    return whisper(
        f"Scheduled as {code(banner.name)}, with your account. It begins {when(at)}{ends}. "
        f"{code(f'/quay message cancel {banner.name}')} takes it back."
    )


async def _for_a_while(act: Act, length: timedelta, going: Going, desk: Desk) -> Reply:
    """Now, with an end: stored first, so that its end comes whatever happens in between."""
    banner = await _banner(act, desk.clock.now(), length, going, desk, BannerStage.POSTING)
    await desk.banners.add(banner)
    try:
        with explained(going.account):
            uuid = await going.quay.messages.post(*parts(act))
    except BotError as error:
        if isinstance(error, TryLater) and error.doubtful:
            raise TryLater(f"{error.say} {NOT_SURE}", doubtful=True, detail=str(error)) from error
        await desk.banners.move(banner, BannerStage.FAILED, desk.clock.now(), reason=error.say)
        raise
    await desk.banners.move(banner, BannerStage.SHOWN, desk.clock.now(), uuid=uuid)
    return await tell_shown(act, uuid, going, desk, ends=banner.ends_at)


async def _banner(
    act: Act,
    begins: datetime,
    length: timedelta | None,
    going: Going,
    desk: Desk,
    stage: BannerStage = BannerStage.WAITING,
) -> Banner:
    now, (content, severity, media_type) = desk.clock.now(), parts(act)
    return Banner(
        name=await free_name(desk.banners),
        person=going.person,
        username=going.account.username,
        channel=going.channel,
        content=content,
        severity=severity,
        media_type=media_type,
        begins_at=begins,
        ends_at=begins + length if length else None,
        reference=going.reference,
        created_at=now,
        moved_at=now,
        stage=stage,
    )


def says(act: Act) -> str:
    """The message, to the last letter, and its times."""
    content, _, media_type = parts(act)
    length = act.parameters.get("for", "")
    how = f"{media_type}, {len(content):,} characters{f', for {length}' if length else ''}"
    at = times(act)[0]
    exact = f" Begins exactly at {code(at.isoformat())}." if at else ""
    return f"Show every user of the registry {in_words(act)} ({how}).{exact}"


KIND = ActKind(name=POST, run=run, says=says, preview=preview)
