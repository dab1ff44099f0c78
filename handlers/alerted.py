"""Which channels are told about pushes of a tag: they want to know of a restore too, about which Quay tells nobody."""

import structlog

from bot.domain.errors import BotError, UserError
from bot.domain.events import Event, Pushed
from bot.rules.filters import parse
from handlers.command import Desk

log = structlog.stdlib.get_logger(__name__)

_PUSH = "repo_push"


async def push_channels(repository: str, tag: str, desk: Desk) -> tuple[str, ...]:
    """Those that would have been told if the tag had been pushed, by their filters. Raises nothing."""
    namespace = repository.partition("/")[0]
    event = Pushed(kind=_PUSH, namespace=namespace, repository=repository, at=desk.clock.now(), tags=(tag,))
    try:
        hooks = await desk.trail.hooks(repository)
    except BotError as error:  # the channel where it was asked is told anyway
        log.warning("alerted_unknown", repository=repository, why=str(error))
        return ()
    found = [
        (channel, hook.filters.get(channel, "")) for hook in hooks if hook.event == _PUSH for channel in hook.channels
    ]
    return tuple(dict.fromkeys(channel for channel, written in found if _passes(written, event)))


def _passes(written: str, event: Event) -> bool:
    """Whether the filter lets the event pass; one that cannot be read any more keeps nothing out."""
    try:
        return not parse(written).why_not(event)
    except UserError:
        return True
