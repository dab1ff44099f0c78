"""What became of the last events about a repository, for the operator."""

from bot.blocks.why import MOST, lines
from bot.operator.hooks import check_channel
from bot.operator.opening import opened
from bot.services.why import story
from bot.settings import Settings
from handlers.grammar.subjects import subject

MOST_TOLD = MOST


async def explain(settings: Settings, target: str, channel: str, last: int, *, filtered: bool = False) -> list[str]:
    """Lines about the last events, or only those that rules kept out.

    Raises UserError for a repository or a channel that cannot be, and where there is no database.
    """
    about = subject(target, settings.quay_url)
    if channel:
        check_channel(channel)
    async with opened(settings, reading=True) as store:
        known = await story(store.trail, about.repository, tag=about.tag, channel=channel, filtered=filtered, last=last)
    return lines(known)
