"""The act "message post": a global message for every user of the registry, now or later, for good or for a while."""

from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from bot.blocks.layout import section
from bot.blocks.text import code, humane, when
from bot.domain.acts import Act
from bot.domain.banners import Banner, BannerStage, GlobalMessage
from bot.domain.errors import BotError, TryLater, UserError
from bot.domain.sight import Sight
from bot.rules.clocks import both_clocks
from bot.rules.global_messages import pinned, same
from bot.services.banners import free_name, sure_of_room
from bot.services.gate import Going
from handlers.acting.announcing import announce
from handlers.acting.carrying import Change, carry_out, tell
from handlers.acting.proposing import Undo
from handlers.banner_acts import (
    CANCEL,
    LOOK,
    POST,
    block,
    delete_act,
    ends_at,
    explained,
    in_words,
    parts,
    sure_of_right,
    times,
)
from handlers.clocks import zone_of
from handlers.command import ActKind, Desk, Preview, Reply
from handlers.words import host, whisper

log = structlog.stdlib.get_logger(__name__)

OVER = "The end of this message has passed meanwhile, so it is not shown again. `/quay message post` shows it anew."
PASSED = "The time at which this should begin has passed meanwhile, so nothing was shown. Please ask again."
NOT_SURE = "It may be there all the same: I look in a minute, and tell this channel."


async def preview(act: Act, going: Going, desk: Desk) -> Preview:
    """The banner, who sees it, and the exact times on the asker's own clock and in UTC; for superusers alone."""
    await sure_of_right(going)
    at, length = times(act)
    if at is not None:
        await sure_of_room(going.person, desk.banners)
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
    if (ends := ends_at(act)) is not None:
        length = ends - desk.clock.now()
        if length <= timedelta():
            raise UserError(OVER)
    if length is not None:
        return await _for_a_while(act, length, going, desk)
    return await _shown(act, going, desk)


async def _shown(act: Act, going: Going, desk: Desk, banner: Banner | None = None) -> Reply:
    """Show it, look whether it is there, and tell the channel; with the way back if it is known which one is ours."""
    content, severity, media_type = parts(act)
    ours = ""

    async def work() -> str:
        nonlocal ours
        with explained(going.account):
            ours = await going.quay.messages.post(content, severity, media_type)
        if banner is not None:
            await _is_shown(banner, ours, desk)
        return ours

    async def look() -> GlobalMessage | None:
        return next((one for one in await going.quay.messages.all() if ours and one.uuid == ours), None)

    seen = await carry_out(work(), look, lambda found: found is not None)
    message = seen.found or GlobalMessage(ours, content, severity, media_type)
    until = f" It ends {when(banner.ends_at)}." if banner and banner.ends_at else ""
    change = Change(
        did=f"showed every user of {code(host(desk.quay_url))} a new global message.{until}",
        now=f"Quay {'does not show' if seen.sight is Sight.OTHER else 'shows'} it",
        other=f"{'it did not show it' if ours else 'I could not tell which of its messages it is'}. {LOOK.rstrip('.')}",
        where=LOOK,
        undo=Undo(delete_act(message), pinned(message), "Every user of the registry stops seeing this message."),
        again=f"it is shown again{f' until {when(banner.ends_at)}' if banner and banner.ends_at else ''}",
    )
    return await tell(seen, change, going, desk, *block(act))


async def _is_shown(banner: Banner, uuid: str, desk: Desk) -> None:
    """Let it have its end. Raises nothing: one that stays where it is, is looked for after a minute."""
    try:
        await desk.banners.move(banner, BannerStage.SHOWN, desk.clock.now(), uuid=uuid)
    except BotError as error:
        log.warning("banner_not_moved", name=banner.name, why=str(error))


async def _scheduled(act: Act, at: datetime, length: timedelta | None, going: Going, desk: Desk) -> Reply:
    if at <= desk.clock.now():
        raise UserError(PASSED)
    await sure_of_right(going)
    await sure_of_room(going.person, desk.banners)
    banner = await _banner(act, at, length, going, desk)
    await desk.banners.add(banner)
    going.result.detail = f"Scheduled as {banner.name}. Nothing is shown yet."
    ends = f" and ends {when(banner.ends_at)}" if banner.ends_at else ""
    said = (
        f"<@{going.person.user}> scheduled a global message for every user of {code(host(desk.quay_url))}: "
        f"{code(banner.name)} begins {when(at)}{ends}. What it says is told then."
    )
    undo = Undo(Act(CANCEL, "", {"name": banner.name}), "", f"{banner.name} will not be shown.")
    await announce(going, desk, said, undo=undo)
    return whisper(
        f"Scheduled as {code(banner.name)}, with your account. It begins {when(at)}{ends}. "
        f"{code(f'/quay message cancel {banner.name}')} takes it back.",
        *block(act),
    )


async def _for_a_while(act: Act, length: timedelta, going: Going, desk: Desk) -> Reply:
    """Now, with an end: stored first, so that its end comes whatever happens in between."""
    seen = same(*parts(act), await going.quay.messages.all())
    banner = await _banner(act, desk.clock.now(), length, going, desk, BannerStage.POSTING)
    banner = replace(banner, seen=tuple(seen))
    await desk.banners.add(banner)
    try:
        return await _shown(act, going, desk, banner)
    except BotError as error:
        if isinstance(error, TryLater) and error.doubtful:
            raise TryLater(f"{error.say} {NOT_SURE}", doubtful=True, detail=str(error)) from error
        await desk.banners.move(banner, BannerStage.FAILED, desk.clock.now(), reason=error.say)
        raise


async def _banner(
    act: Act,
    begins: datetime,
    length: timedelta | None,
    going: Going,
    desk: Desk,
    stage: BannerStage = BannerStage.WAITING,
) -> Banner:
    now, (content, severity, media_type) = desk.clock.now(), parts(act)
    request = await desk.approving.store.get(going.approval) if going.approval else None
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
        approval=going.approval,
        votes=request.votes if request else (),
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
