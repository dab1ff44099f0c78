"""Gathers what is known about a repository's last events, for whoever asks why."""

from bot.blocks.why import Story
from bot.ports import Trail


async def story(
    trail: Trail, subject: str, *, tag: str = "", here: str = "", channel: str = "", elsewhere: int = 0, last: int
) -> Story:
    """Everything that is known about "ns/repo" (or "ns"), or what concerns one channel. See Story for the rest."""
    return Story(
        subject=subject,
        tag=tag,
        here=here,
        channel=channel,
        steps=await trail.steps(subject, tag=tag, channel=channel, limit=last),
        unread=await trail.unread(subject, channel=channel, limit=last),
        hooks=[(hook.id, hook.event, hook.channels) for hook in await trail.hooks(subject, channel=channel)],
        elsewhere=elsewhere,
        last=last,
    )
