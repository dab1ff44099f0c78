"""Removing from Quay what is left of a subscription that has ended."""

from collections.abc import Sequence

import structlog

from bot.domain.errors import BotError, Denied, TryLater
from bot.domain.subscriptions import Part, Subscription
from bot.services.upkeep.eyes import eyes
from bot.services.upkeep.looks import Look, Tended
from bot.services.upkeep.mending import Mending

log = structlog.stdlib.get_logger(__name__)


async def end(subscription: Subscription, parts: Sequence[Part], mending: Mending) -> Tended:
    """Remove its notifications, then forget it. Raises TryLater if Quay or the store is away: then it is kept.

    What that account cannot remove is left to Quay: its URLs are dead, so Quay switches it off by itself.
    """
    look, store, gate = Look(), mending.subscriptions, mending.gate
    for target in dict.fromkeys(part.target for part in parts):
        theirs = [part for part in parts if part.target == target]
        try:
            quay = await eyes(subscription.person, gate.accounts, gate.registry)
            look.add(await mending.mend(subscription, target, (), theirs, quay))
        except TryLater:
            raise
        except BotError as error:
            if isinstance(error, Denied) and error.unsure:
                raise TryLater(error.say, detail=str(error)) from error
            log.warning("notifications_left", name=subscription.name, target=target, why=str(error))
            for part in theirs:
                await store.drop_part(part.hook)
    await store.forget(subscription.name)
    return look.tended()
