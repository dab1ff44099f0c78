"""Telling a channel what somebody did in Quay: through the outbox, so that it is said once, whatever dies meanwhile."""

from collections.abc import Sequence

import structlog

from bot.blocks.layout import context, section
from bot.blocks.neutral import mentioned, naming
from bot.blocks.text import clip, when
from bot.domain.errors import BotError
from bot.domain.messages import Block, Message, Outgoing
from bot.domain.offers import Offer
from bot.domain.people import Person
from bot.services.gate import Going
from handlers.acting.proposing import UNDO_LIFE, Undo, undo_row
from handlers.command import Desk

log = structlog.stdlib.get_logger(__name__)

_MOST = 2900  # characters of what is said
_UNDO_MINUTES = int(UNDO_LIFE.total_seconds() // 60)


async def announce(
    going: Going,
    desk: Desk,
    said: str,
    *blocks: Block,
    undo: Undo | None = None,
    also: Sequence[str] = (),
    key: str = "",
    mentions: Sequence[str] = (),
) -> None:
    """Say in the channel where it was asked (and in the channels `also`) what was done: `said` is our own mrkdwn.

    It is done already: whatever goes wrong here is logged, and raised by nobody. `undo` adds the way back, in the
    first of these messages only. `key` is what it is known by in the outbox, if that is not the act's reference.
    `mentions` are the people whom `said` mentions beside whoever did it.
    """
    said, here = clip(said, _MOST), going.channel or going.person.user
    for channel in dict.fromkeys((here, *also)):
        name = key or f"act:{going.reference}"
        name = name if channel == here else f"{name}:{channel}"
        row = await _way_back(undo, going, desk, said, name, blocks) if undo and channel == here else ()
        until = f"Can be undone for {_UNDO_MINUTES} minutes. " if row else ""
        foot = context(f"{until}Reference {going.reference}")
        await say(name, channel, going.person, desk, said, *blocks, *row, foot, mentions=mentions)


async def say(
    key: str, place: str, person: Person, desk: Desk, said: str, *blocks: Block, mentions: Sequence[str] = ()
) -> None:
    """Say once, in that channel, what has happened (mrkdwn). Raises nothing.

    `said` may mention `person`, and the people `mentions`.
    """
    said = clip(said, _MOST)
    message = Message(said, (section(said, block_id=naming(person.user, *mentions)), *blocks))
    await _say(Outgoing(key, place, message.payload(), person.user), desk)


async def close(offer: Offer, end: str, desk: Desk, *, by: Person | None = None) -> None:
    """The announcement of `offer` says `end` (mrkdwn) and the time in place of its button. Raises nothing.

    `by` is whom `end` mentions.
    """
    if not offer.card:
        return
    said = clip(f"{end.removesuffix('.')} ({when(desk.clock.now())})", _MOST)
    head = section(offer.said, block_id=naming(offer.person.user, *mentioned(offer.said), *([by.user] if by else [])))
    foot = context(f"{said}. Reference {offer.reference}")
    message = Message(clip(f"{offer.said} {said}", _MOST), (head, *offer.blocks, foot))
    place = offer.channel or offer.person.user
    await _say(Outgoing(offer.card, place, message.payload(), offer.person.user), desk)


async def _way_back(
    undo: Undo, going: Going, desk: Desk, said: str, key: str, blocks: tuple[Block, ...]
) -> tuple[Block, ...]:
    """The button that undoes it; none where that cannot be stored."""
    try:
        return (await undo_row(undo, going, desk, said=said, card=key, blocks=blocks),)
    except Exception:  # what is done is done, and is told without a way back then
        log.exception("no_way_back", reference=going.reference)
        return ()


async def _say(message: Outgoing, desk: Desk) -> None:
    try:
        await desk.notices.say(message, desk.clock.now())
    except BotError as error:
        log.warning("not_announced", channel=message.channel, key=message.key, why=str(error))
    except Exception:  # what is done is done
        log.exception("not_announced", channel=message.channel, key=message.key)
