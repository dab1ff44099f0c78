"""Links to Quay in messages: what they show stands below them, as far as the channel may see it."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from bot.domain.errors import BotError
from bot.domain.messages import Block
from bot.domain.people import Person
from bot.rules.quay_links import QuayLink, quay_link
from handlers.acts import unfurl
from handlers.command import Desk

log = structlog.stdlib.get_logger(__name__)

MOST = 5  # links of one message


@dataclass(frozen=True, slots=True)
class Shared:
    """Somebody shared links in a message that is there (`ts`)."""

    person: Person
    channel: str
    ts: str
    urls: tuple[str, ...]


async def unfurled(shared: Shared, desk: Desk) -> None:
    """Show what the links are about. Raises nothing, and tells nobody why something is not shown: nobody asked.

    It is looked at with the sharer's own account; whoever has linked none shares links as everywhere.
    """
    links = ours(shared.urls, desk.quay_url)
    if not links or not shared.channel or not shared.ts:
        return
    try:
        await desk.accounts.of(shared.person)
        shown = await asyncio.gather(*(_shown(link, shared, desk) for link in links.values()))
        unfurls = {url: blocks for url, blocks in zip(links, shown, strict=True) if blocks}
        if unfurls:
            await desk.voice.unfurl({"channel": shared.channel, "ts": shared.ts}, unfurls)
    except BotError as error:
        log.info("not_unfurled", user=shared.person.user, kind=type(error).__name__, why=str(error))


def ours(urls: Sequence[str], quay_url: str) -> dict[str, QuayLink]:
    """The first few links that lead to pages of our Quay which we can show, by their addresses."""
    found = ((url, quay_link(url, quay_url)) for url in dict.fromkeys(urls))
    return dict([(url, link) for url, link in found if link is not None][:MOST])


async def _shown(link: QuayLink, shared: Shared, desk: Desk) -> tuple[Block, ...]:
    """What stands below one link; nothing where that may not be shown, or cannot be read."""
    act = unfurl.wanted(link)
    try:
        async with desk.gate.entering(act, shared.person, shared.channel) as going:
            return (await unfurl.run(going.act, going, desk)).message.blocks
    except BotError as error:
        log.info("not_unfurled", user=shared.person.user, kind=type(error).__name__, why=str(error))
        return ()
    except Exception:  # the other links are shown all the same
        log.exception("not_unfurled", user=shared.person.user)
        return ()
