"""Bringing a subscription in order in Quay at once, as long as somebody waits for it; the rest comes by itself."""

import asyncio
from dataclasses import dataclass

import structlog

from bot.blocks.spoken import spoken
from bot.domain.errors import BotError
from bot.domain.subscriptions import Subscription
from bot.services.upkeep import Tended
from handlers.command import Desk

log = structlog.stdlib.get_logger(__name__)

PATIENCE = 20.0  # seconds
_LATER = "Quay takes its time: it is being set up, and goes on by itself."
_MOST = 5  # sentences about what could not be done


@dataclass(frozen=True, slots=True)
class Told:
    """What came of it: for people (mrkdwn), and plainly for the audit. `done` is None if it goes on by itself."""

    words: str
    plain: str
    done: Tended | None = None


async def tended(subscription: Subscription, desk: Desk) -> Told:
    """Bring it in order. What it wants is stored already, so nothing is raised: what is left is done by the job."""
    try:
        async with asyncio.timeout(PATIENCE):
            done = await desk.upkeep.tending.tend(subscription)
    except TimeoutError:
        await _hurried(subscription, desk)
        return Told(_LATER, "Quay was slow; it goes on by itself.")
    except BotError as error:
        await _hurried(subscription, desk)
        return Told(f"{spoken(error.say)} I try again by myself.", f"Not in order yet: {error.say}")
    except Exception:
        log.exception("not_tended", subscription=subscription.name)
        await _hurried(subscription, desk)
        return Told("Something went wrong while I set it up in Quay. I try again by myself.", "Not in order yet.")
    return Told(" ".join(spoken(one) for one in done.missing[:_MOST]), " ".join(done.missing[:_MOST]), done)


async def _hurried(subscription: Subscription, desk: Desk) -> None:
    try:
        await desk.subscriptions.hurry([subscription.name], desk.clock.now())
    except BotError as error:  # it is looked at on schedule
        log.warning("not_hurried", subscription=subscription.name, why=str(error))
