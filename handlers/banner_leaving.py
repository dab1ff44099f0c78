"""Somebody unlinks or leaves: nobody is left with whose account their global messages could begin or end."""

from bot.blocks.message_words import ended_words
from bot.blocks.text import code, when
from bot.domain.acts import Outcome
from bot.domain.banners import Banner, BannerStage
from bot.domain.people import Person
from handlers.acting.announcing import say
from handlers.banner_acts import act_of
from handlers.banner_turns import LOOK
from handlers.command import Desk


async def call_off(person: Person, why: str, desk: Desk) -> tuple[tuple[Banner, ...], tuple[Banner, ...]]:
    """Cancel what the person has scheduled; the audit and the channel hear why. Those, and those that stay shown.

    Raises BotError if the store is away.
    """
    theirs = [banner for banner in await desk.banners.open() if banner.person == person]
    waiting = [banner for banner in theirs if banner.stage is BannerStage.WAITING]
    cancelled = [banner for banner in waiting if await _cancelled(banner, why, desk)]
    return tuple(cancelled), tuple(banner for banner in theirs if banner.stage is BannerStage.SHOWN and banner.ends_at)


def told(cancelled: tuple[Banner, ...], shown: tuple[Banner, ...]) -> str:
    """What became of them, for whoever unlinked (mrkdwn); empty if there were none."""
    names = ", ".join(code(banner.name) for banner in cancelled)
    gone = [f"I have cancelled what you had scheduled: {names}."] if cancelled else []
    left = [
        f"{code(banner.name)} stays shown. I can end it {when(banner.ends_at)} only if you have linked your account "
        "again by then. Any superuser can delete it: `/quay message list`."
        for banner in shown
        if banner.ends_at
    ]
    return "\n".join((*gone, *left))


async def _cancelled(banner: Banner, why: str, desk: Desk) -> bool:
    why = why if banner.seen is None else f"{why} {LOOK}"
    if not await desk.banners.move(banner, BannerStage.CANCELLED, desk.clock.now(), reason=why):
        return False  # it begins at this moment: its turn finds that there is no account any more
    await desk.gate.audit.note(
        banner.reference,
        banner.person,
        banner.username,
        banner.channel,
        act_of(banner),
        Outcome.WITHDRAWN,
        detail=f"{banner.name} will not be shown. {why}",
        approval=banner.approval,
    )
    if banner.channel:
        stage = BannerStage.CANCELLED if banner.seen is None else BannerStage.FAILED  # an earlier try may have shown it
        key, said = f"banner:{banner.name}:cancelled", ended_words(banner, stage, why)
        await say(key, banner.channel, banner.person, desk, said)
    return True
