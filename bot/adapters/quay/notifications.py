"""Notifications with one person's token. Their addresses go no further than this file."""

from collections.abc import Mapping

from bot.adapters.quay import asks_notifications as asks
from bot.adapters.quay.answers import Answer
from bot.adapters.quay.ask import Ask
from bot.adapters.quay.asks_notifications import About
from bot.adapters.quay.caller import Caller
from bot.adapters.quay.reading import shaped
from bot.adapters.quay.shapes_notifications import NotificationShape, NotificationsShape
from bot.domain.errors import UserError
from bot.domain.subscriptions import Notification
from bot.ports.notifications import Notifications
from bot.rules.hook_urls import mark, place

_NONE = "no repository notification found"  # a repository's 400 (facts §1.6)
_BAD_ADDRESS = ("invalid webhook url", "missing webhook url")
_BAD_EVENT = ("invalid event ", "unknown notification method")


class NotificationsAs(Notifications):
    """Implements ports.Notifications."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def all(self, target: str) -> tuple[Notification, ...]:
        """Every notification, in Quay's order."""
        found = await self._caller.read(asks.every(await self._about(target)), NotificationsShape)
        return tuple(to_notification(one) for one in found.notifications)

    async def create(self, target: str, event: str, url: str, title: str, config: Mapping[str, object]) -> Notification:
        """A new webhook."""
        ask = asks.create(await self._about(target), event, url, title, config)
        answer = await self._exchange(ask)
        if answer.status in range(200, 300):
            return to_notification(shaped(answer, NotificationShape, self._caller.transport.host))
        said = answer.said.lower()
        for pieces, sentence in ((_BAD_ADDRESS, asks.BAD_ADDRESS), (_BAD_EVENT, asks.BAD_EVENT)):
            if answer.status == 400 and any(piece in said for piece in pieces):
                raise UserError(sentence, detail=f"{ask.method} {ask.path}: {answer.status} {answer.glimpse}")
        raise await self._caller.refusal(ask, answer)

    async def delete(self, target: str, uuid: str) -> bool:
        """Remove it; False if it was not there."""
        return await self._done(asks.delete(await self._about(target), uuid))

    async def reset(self, target: str, uuid: str) -> bool:
        """Switch it on again; False if it is not there."""
        return await self._done(asks.reset(await self._about(target), uuid))

    async def test(self, target: str, uuid: str) -> bool:
        """Let Quay send its sample; False if it is not there."""
        return await self._done(asks.test(await self._about(target), uuid))

    async def _about(self, target: str) -> About:
        return About(target, own="/" not in target and await self._caller.is_mine(target))

    async def _done(self, ask: Ask) -> bool:
        """True for a 2xx, False if there is no such notification: repositories say so with a 400."""
        answer = await self._exchange(ask)
        if answer.status in range(200, 300):
            return True
        absent = _NONE in answer.said.lower() if ask.repository else bool(answer.table)
        if absent and answer.status == (400 if ask.repository else 404):
            return False
        raise await self._caller.refusal(ask, answer)

    async def _exchange(self, ask: Ask) -> Answer:
        return await self._caller.transport.exchange(ask, self._caller.token)


def to_notification(raw: NotificationShape) -> Notification:
    """What may be known of it: of its address, the place and the mark of its secret."""
    url = raw.config.url
    return Notification(
        uuid=raw.uuid,
        event=raw.event,
        method=raw.method,
        title=raw.title,
        mark=mark(url),
        place=place(url),
        config=raw.event_config,
        failures=raw.number_of_failures,
        templated=bool(raw.config.template),
    )
