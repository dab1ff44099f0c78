"""The act "digest": when a channel gets a summary."""

from dataclasses import replace

from bot.blocks.text import plain
from bot.domain.acts import Act
from bot.domain.digests import Rhythm
from bot.rules.rhythm import OFF
from bot.services.gate import Going
from handlers import rhythm_acts
from handlers.command import ActKind, Desk, Reply


async def run(act: Act, going: Going, desk: Desk) -> Reply:
    """Set them or switch them off, and tell the channel."""
    return await rhythm_acts.run(act, going, desk, _changed, _did(act))


def _changed(rhythm: Rhythm, to: str) -> Rhythm:
    return replace(rhythm, digest=to)


def _did(act: Act) -> str:
    to, zone = act.parameters[rhythm_acts.TO], act.parameters[rhythm_acts.ZONE]
    if to == OFF:
        return "switched the summaries of this channel off."
    return f"set summaries for this channel: *{plain(to)}* ({plain(zone)})."


def says(act: Act) -> str:
    """When, and where."""
    return rhythm_acts.words(act, "summaries")


KIND = ActKind(name=rhythm_acts.DIGEST, run=run, says=says)
