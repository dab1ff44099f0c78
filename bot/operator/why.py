"""What became of the last events about a repository, for the operator."""

from bot.blocks.why import MOST, lines
from bot.operator.hooks import check_channel
from bot.operator.opening import opened
from bot.services.why import story
from bot.settings import Settings
from handlers.grammar.subjects import subject

MOST_TOLD = MOST


async def explain(settings: Settings, target: str, channel: str, last: int) -> list[str]:
    """Lines about the last events. Raises UserError for a repository or a channel that cannot be."""
    about = subject(target, settings.quay_url)
    if channel:
        check_channel(channel)
    async with opened(settings) as store:
        return lines(await story(store.trail, about.repository, tag=about.tag, channel=channel, last=last))
