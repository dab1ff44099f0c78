"""Builds that run already when somebody subscribes: nobody was told that they began, so the bot follows them itself."""

from collections.abc import Iterable

import structlog

from bot.domain.errors import BotError
from bot.domain.events import Phase
from bot.domain.subscriptions import Subscription
from bot.ports import Clock, Quay, Watches
from bot.rules.audiences import end_of
from bot.rules.recovering import is_build
from bot.rules.tending import Make, Step
from bot.services.upkeep.past_others import MOST_BUILDS

log = structlog.stdlib.get_logger(__name__)


def begin(steps: Iterable[Step]) -> bool:
    """Is anything about builds wanted for the first time, as far as these steps tell?"""
    return any(isinstance(step, Make) and is_build(step.event) and not _again(step) for step in steps)


async def follow_running(quay: Quay, watches: Watches, subscription: Subscription, target: str, clock: Clock) -> None:
    """From now on to their ends, which Quay may never tell (facts §1.1), and of which a gap could not say the time.

    Whatever is wrong keeps nobody from subscribing.
    """
    try:
        for build in await quay.builds(target, limit=MOST_BUILDS):
            if not end_of(build.phase) and build.phase is not Phase.UNKNOWN:
                await watches.add(target, build.id, subscription.person, clock.now())
    except BotError as error:
        log.info("running_builds_unknown", subscription=subscription.name, target=target, why=str(error))


def _again(step: Make) -> bool:
    return step.rotates or step.since is not None
