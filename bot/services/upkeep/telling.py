"""Telling people about a subscription itself: that nobody looks after it, that nothing arrives, what is left over."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.blocks.upkeep_words import (
    MOST_STRAYS,
    heard_again,
    left_out,
    looked_after,
    nobody_left,
    nothing_arrives,
    some_lost,
    strays,
)
from bot.domain.messages import Message, Outgoing
from bot.domain.subscriptions import Notification, Part, Subscription
from bot.ports import Clock, Notices, Subscriptions
from bot.services.upkeep.memory import LEFT_OUT, LOSS, LOST, SILENCE, STRAYS, key_of, recall, remember

_REMEMBERED = 500  # uuids of notifications that somebody was asked about


@dataclass(frozen=True, slots=True)
class Teller:
    """Says each thing once. It is said before it is remembered, under a key that stays the same until then: whatever
    dies in between, the next time changes the same message.
    """

    subscriptions: Subscriptions
    notices: Notices
    clock: Clock

    async def lost(self, subscription: Subscription) -> None:
        """The channel hears, once for each loss, that nobody looks after it, with the way to take it over."""
        await self._begin(subscription, LOSS, "orphaned", nobody_left(subscription), self.clock.now())

    async def kept(self, subscription: Subscription) -> None:
        """If it was said that nobody looks after it: somebody does now."""
        await self._over(subscription, LOSS, looked_after(subscription))

    async def lost_some(self, subscription: Subscription, lost: Mapping[str, str]) -> None:
        """The channel hears, once about each, in which repositories nobody looks after it any more, and why."""
        known = await recall(self.subscriptions, subscription.name, LOST)
        before, times = _list(known.get("targets")), _times(known)
        if new := {target: why for target, why in lost.items() if target not in before}:
            message = some_lost(subscription, new)
            await self._say(f"lost:{subscription.name}:{times}", subscription.channel, subscription, message)
            times += 1
        if sorted(lost) != before:
            fresh = {"targets": sorted(lost), "times": times}
            await remember(self.subscriptions, subscription.name, LOST, fresh, self.clock.now())

    async def lost_before(self, subscription: Subscription) -> Collection[str]:
        """The repositories in which nobody looked after it any more when somebody last looked after the others."""
        known = await recall(self.subscriptions, subscription.name, LOST)
        return {str(target) for target in _list(known.get("targets"))}

    async def left_out(self, subscription: Subscription, apart: Mapping[str, str]) -> None:
        """Whoever looks after the subscription hears, once about each, what is left out and why; nobody else does."""
        if not apart:
            return
        known, user = await recall(self.subscriptions, subscription.name, LEFT_OUT), subscription.person.user
        told = [str(one) for one in _list(known.get("targets"))] if known.get("user") == user else []
        new = {target: why for target, why in sorted(apart.items()) if target not in told}
        if not new:
            return
        times = _times(known)
        await self._say(f"left:{subscription.name}:{times}", user, subscription, left_out(subscription, new))
        fresh = {"targets": [*told, *new][-_REMEMBERED:], "times": times + 1, "user": user}
        await remember(self.subscriptions, subscription.name, LEFT_OUT, fresh, self.clock.now())

    async def silent(self, subscription: Subscription, part: Part, last: datetime | None) -> None:
        """The channel hears, once for each silence, that nothing comes from Quay; `last` something came."""
        message = nothing_arrives(subscription, part, last)
        await self._begin(subscription, SILENCE, "silent", message, last or part.created_at)

    async def heard(self, subscription: Subscription, at: datetime) -> None:
        """If it was said that nothing arrives: it does again."""
        since = await self.silent_since(subscription)
        if since is not None and at > since:
            await self._over(subscription, SILENCE, heard_again(subscription, since, at))

    async def silent_since(self, subscription: Subscription) -> datetime | None:
        """Since when nothing arrives, if the channel was told so."""
        known = await recall(self.subscriptions, subscription.name, SILENCE)
        return datetime.fromisoformat(str(known["since"])) if key_of(known) else None

    async def strays(self, subscription: Subscription, target: str, found: Sequence[Notification]) -> None:
        """Whoever looks after the subscription is asked, once about each, whether what is left over may be removed."""
        if not found:
            return
        known = await recall(self.subscriptions, subscription.name, STRAYS)
        old = [str(uuid) for uuid in _list(known.get("uuids"))]
        new = [one for one in sorted(found, key=lambda one: one.uuid) if one.uuid not in old][:MOST_STRAYS]
        if not new:
            return
        message, place = strays(subscription, target, new), subscription.person.user
        await self._say(f"strays:{new[0].uuid}", place, subscription, message)
        uuids = [*old, *(one.uuid for one in new)][-_REMEMBERED:]
        await remember(self.subscriptions, subscription.name, STRAYS, {"uuids": uuids}, self.clock.now())

    async def _begin(self, subscription: Subscription, what: str, word: str, message: Message, since: datetime) -> None:
        known = await recall(self.subscriptions, subscription.name, what)
        if key_of(known):
            return
        times = _times(known)
        key = f"{word}:{subscription.name}:{times}"
        await self._say(key, subscription.channel, subscription, message)
        fresh = {"key": key, "times": times, "since": since.isoformat()}
        await remember(self.subscriptions, subscription.name, what, fresh, self.clock.now())

    async def _over(self, subscription: Subscription, what: str, message: Message) -> None:
        known = await recall(self.subscriptions, subscription.name, what)
        if not (key := key_of(known)):
            return
        await self._say(key, subscription.channel, subscription, message)
        await remember(self.subscriptions, subscription.name, what, {"times": _times(known) + 1}, self.clock.now())

    async def _say(self, key: str, place: str, subscription: Subscription, message: Message) -> None:
        said = Outgoing(key, place, message.payload(), subscription.person.user)
        await self.notices.say(said, self.clock.now())


def _times(known: Mapping[str, object]) -> int:
    times = known.get("times")
    return times if isinstance(times, int) else 0


def _list(found: object) -> list[object]:
    return found if isinstance(found, list) else []
