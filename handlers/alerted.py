"""Which channels are told of what Quay tells nobody: a restore (they hear of pushes), the end of a build."""

import structlog

from bot.domain.digests import Rhythm
from bot.domain.errors import BotError
from bot.domain.events import BuildMoved, Event, Pushed
from bot.ports import Hook
from bot.rules.audiences import Audience, Listener, audience, kept_out
from bot.services.board import Telling
from handlers.command import Desk

log = structlog.stdlib.get_logger(__name__)

_PUSH = "repo_push"


async def push_channels(repository: str, tag: str, desk: Desk) -> tuple[str, ...]:
    """Those that would be told now if the tag had been pushed, by their filters, pauses and quiet hours.

    Where a filter asks who pushed, it is told: a restore is no push of anybody's. Raises nothing.
    """
    namespace, now = repository.partition("/")[0], desk.clock.now()
    event = Pushed(kind=_PUSH, namespace=namespace, repository=repository, at=now, tags=(tag,))
    try:
        listeners = await _listeners(event, desk)
    except BotError as error:  # the channel where it was asked is told anyway
        log.warning("alerted_unknown", repository=repository, why=str(error))
        return ()
    return tuple(dict.fromkeys(one.channel for _, one in listeners if not kept_out(event, one, now)))


async def build_audience(event: BuildMoved, desk: Desk) -> Audience:
    """Those whose subscriptions want this event (`event.kind` is Quay's name of it), and let it pass now or not.

    Raises TryLater if the store is away.
    """
    listeners = await _listeners(event, desk)
    return audience(event, [one for hook, one in listeners if hook.subscription], desk.clock.now())


def tellings(event: BuildMoved, there: Audience) -> list[Telling]:
    """The event for these channels, and for every one that shows its card already. Telling it again changes nothing."""
    name, layouts = f"followed:{event.build_id}:{event.kind}", sorted(set(there.told.values())) or [""]
    where = {look: tuple(sorted(one for one, its in there.told.items() if its == look)) for look in layouts}
    first, *others = layouts
    return [
        Telling(event, where[first], name, filtered=there.filtered, layout=first),
        *(Telling(event, where[look], name, layout=look) for look in others),
    ]


async def _listeners(event: Event, desk: Desk) -> list[tuple[Hook, Listener]]:
    """Every channel that is told such events of that repository, once for each URL that does."""
    hooks = [one for one in await desk.trail.hooks(event.repository) if one.event == event.kind and not one.silent]
    rhythms = {one: (await desk.channels.of(one)).rhythm for one in {name for hook in hooks for name in hook.channels}}
    return [(hook, _listener(hook, channel, rhythms[channel])) for hook in hooks for channel in hook.channels]


def _listener(hook: Hook, channel: str, rhythm: Rhythm) -> Listener:
    return Listener(channel, hook.filters.get(channel, ""), hook.paused_until, hook.layout, rhythm)
