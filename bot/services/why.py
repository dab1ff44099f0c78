"""Gathers what is known about a repository's last events, for whoever asks why."""

from bot.blocks.why import Story
from bot.ports import Trail

LOOKED_AT = 1_000  # of the newest events: a whole scan is one fate, and what came before it has one, too


async def story(trail: Trail, subject: str, *, tag: str = "", here: str = "", channel: str = "", last: int) -> Story:
    """Everything that is known about "ns/repo" (or "ns"), or what concerns one channel. See Story for the rest."""
    return Story(
        subject=subject,
        tag=tag,
        here=here,
        channel=channel,
        steps=await trail.steps(subject, tag=tag, channel=channel, limit=LOOKED_AT),
        unread=await trail.unread(subject, channel=channel, limit=LOOKED_AT),
        hooks=[(hook.id, hook.event, hook.channels) for hook in await trail.hooks(subject, channel=channel)],
        last=last,
    )
