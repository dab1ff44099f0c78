"""Says, once, that a pause is over, and how much it has kept out."""

from dataclasses import replace
from datetime import datetime

import structlog

from bot.blocks.layout import section
from bot.blocks.text import code
from bot.domain.errors import BotError
from bot.domain.messages import Message, Outgoing
from bot.domain.subscriptions import Subscription
from handlers.command import Desk, Job
from handlers.subscription_pauses import kept_words

log = structlog.stdlib.get_logger(__name__)


async def run(desk: Desk) -> None:
    """Those whose end has come. Trouble with one does not touch the others."""
    now = desk.clock.now()
    for one in await desk.subscriptions.all():
        if one.paused_until is not None and one.paused_until <= now:
            try:
                await _over(one, one.paused_until, desk)
            except BotError as error:
                log.warning("pause_not_ended", subscription=one.name, why=str(error))


async def _over(one: Subscription, until: datetime, desk: Desk) -> None:
    """It is said before it is forgotten: what is said twice under one key is said once."""
    kept = await kept_words(one, desk)
    said = f"The pause of {code(one.wanted.target, 260)} is over: it is told here again. {kept}".rstrip()
    message = Message(said, (section(said),))
    key = f"pause:{one.name}:{int(until.timestamp())}"
    await desk.notices.say(Outgoing(key, one.channel, message.payload()), desk.clock.now())
    # If somebody has paused it anew or changed it in this moment, the next round looks again.
    await desk.subscriptions.change(one, replace(one, paused_until=None), desk.clock.now(), check=False)


JOB = Job(name="end_pauses", seconds=20, run=run)
