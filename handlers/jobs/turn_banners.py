"""Begins and ends the global messages that were scheduled, each with the account of whoever asked for it."""

from dataclasses import replace

import structlog

from bot.domain.banners import Banner, BannerStage
from bot.rules.banners import cut_off, rests
from handlers.banner_turns import CUT_OFF, begin, end
from handlers.command import Desk, Job

log = structlog.stdlib.get_logger(__name__)


async def run(desk: Desk) -> None:
    """One after the other: whose message is new in Quay's list is told by what was there before."""
    now = desk.clock.now()
    for banner in cut_off(await desk.banners.open(), now):
        before = BannerStage.WAITING if banner.stage is BannerStage.POSTING else BannerStage.SHOWN
        await desk.banners.move(banner, before, now, reason=CUT_OFF)
    for banner in await desk.banners.due(now):
        if banner.reason == CUT_OFF or not rests(banner, now):
            await _turned(banner, desk)


async def _turned(banner: Banner, desk: Desk) -> None:
    waits = banner.stage is BannerStage.WAITING
    during = BannerStage.POSTING if waits else BannerStage.REMOVING
    now = desk.clock.now()
    if not await desk.banners.move(banner, during, now, reason=banner.reason):
        return  # another replica has it, or it was cancelled at this moment
    try:
        await (begin if waits else end)(replace(banner, stage=during, moved_at=now), desk)
    except Exception:  # trouble with one does not touch the others; it is looked at again after a minute
        log.exception("banner_not_turned", name=banner.name)


JOB = Job(name="turn_banners", seconds=5, run=run)
