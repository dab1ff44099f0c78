"""The act "message list": what every user of the registry sees now, and what is scheduled."""

from bot.blocks.message_words import listing, shown_now, waiting
from bot.domain.acts import Act
from bot.domain.banners import BannerStage
from bot.services.gate import Going
from handlers.command import ActKind, Desk, Reply
from handlers.words import whisper

NAME = "message list"


async def run(_act: Act, going: Going, desk: Desk) -> Reply:
    """Both lists, for whoever asked alone."""
    shown = await going.quay.messages.all()
    planned = [one for one in await desk.banners.open() if one.person.team == going.person.team]
    ends = {one.uuid: one for one in planned if one.uuid}
    rows = [shown_now(one.uuid, one.content, one.severity, ends.get(one.uuid)) for one in shown]
    later = [waiting(one, mine=one.person == going.person) for one in planned if one.stage is BannerStage.WAITING]
    going.result.detail = "The list was shown to whoever asked."
    return whisper("Global messages of the registry", *listing(rows, later))


def says(_act: Act) -> str:
    """Nothing but that."""
    return "List the global messages of the registry. Only whoever asked will see it."


KIND = ActKind(name=NAME, run=run, says=says, looks=True)
