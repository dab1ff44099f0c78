"""The act "quiet": when a channel is told only what is critical."""

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
    return replace(rhythm, quiet=to)


def _did(act: Act) -> str:
    to, zone = act.parameters[rhythm_acts.TO], act.parameters[rhythm_acts.ZONE]
    if to == OFF:
        return "switched the quiet hours of this channel off. Everything is told at once again."
    start, end = to.split("-")
    return (
        f"set quiet hours for this channel: *{plain(start)}–{plain(end)}* ({plain(zone)}). Meanwhile I tell only what "
        f"is critical, and at {plain(end)} what else happened."
    )


def says(act: Act) -> str:
    """When, and where."""
    return rhythm_acts.words(act, "quiet hours")


KIND = ActKind(name=rhythm_acts.QUIET, run=run, says=says)
