"""The Home tab of one person: read from the store alone, so that it is there at once, and drawn anew at each visit."""

import asyncio
from collections import Counter
from collections.abc import Sequence

import structlog

from bot.blocks.home import Home, Linked, Room, home_blocks
from bot.blocks.subscription_words import Standing
from bot.domain.acts import Deed, Outcome
from bot.domain.errors import BotError, GiveUp, NotLinked
from bot.domain.people import Person
from bot.domain.subscriptions import Part, Subscription
from bot.ports import Channel
from bot.rules.ways_back import newest
from bot.services.upkeep.mending import TEND
from handlers.acts.names import LOOKS
from handlers.command import Desk
from handlers.words import host

log = structlog.stdlib.get_logger(__name__)

_LINES = 200  # of the audit that are looked through
_TOLD = frozenset({Outcome.DONE, Outcome.REFUSED, Outcome.FAILED, Outcome.DENIED, Outcome.ASKED})
_ODD = "My operator has to look at this."


async def refresh(person: Person, desk: Desk) -> None:
    """Draw it. Raises nothing: whoever opens it sees what was drawn last, and it is no answer to anything."""
    try:
        shown = await look(person, desk)
        await desk.voice.publish(person.user, home_blocks(shown, desk.clock.now()))
    except BotError as error:
        log.info("home_not_shown", user=person.user, kind=type(error).__name__, why=str(error))
    except Exception:  # nobody asked for it in words, so nobody is told
        log.exception("home_not_shown", user=person.user)


async def look(person: Person, desk: Desk) -> Home:
    """Everything that it shows."""
    linked, mine, channels, lines, offers = await asyncio.gather(
        _linked(person, desk),
        desk.subscriptions.all(person=person),
        desk.channels.all(),
        desk.audit.newest(person=person, limit=_LINES),
        desk.offers.undoable(person, desk.clock.now()),
    )
    parts = await desk.subscriptions.parts(*(one.name for one in mine)) if mine else ()
    return Home(
        quay_url=desk.quay_url,
        quay_name=host(desk.quay_url),
        linked=linked,
        wishes=_standings(mine, parts),
        rooms=_rooms(person, mine, channels),
        deeds=_deeds([line.deed for line in lines]),
        undo=newest(offers),
        times={channel.id: channel.rhythm for channel in channels},
    )


async def _linked(person: Person, desk: Desk) -> Linked:
    try:
        account = await desk.accounts.of(person)
    except NotLinked:
        return Linked()
    except GiveUp as error:  # linking anew mends it
        return Linked(trouble=error.say or _ODD)
    return Linked(account.username, account.linked_at, None if account.scopes is None else sorted(account.scopes))


def _standings(mine: Sequence[Subscription], parts: Sequence[Part]) -> tuple[Standing, ...]:
    """Each with its parts."""
    return tuple(Standing(one, tuple(part for part in parts if part.subscription == one.name)) for one in mine)


def _rooms(person: Person, mine: Sequence[Subscription], channels: Sequence[Channel]) -> tuple[Room, ...]:
    """Channels with a subscription of theirs, or that they own; those with the most subscriptions first."""
    numbers, known = Counter(one.channel for one in mine), {one.id: one for one in channels}
    own = {one.id for one in channels if one.owner == person.user}
    ids = sorted(numbers.keys() | own, key=lambda id_: (-numbers[id_], id_))
    return tuple(Room(id_, id_ in own, numbers[id_], known.get(id_, Channel(id_)).rhythm) for id_ in ids)


def _deeds(deeds: Sequence[Deed]) -> tuple[Deed, ...]:
    """What they did, each once with what came of it last; not looks, nor what the bot does by itself as them."""
    newest: dict[str, Deed] = {}
    for deed in deeds:
        if deed.outcome in _TOLD and deed.act.name not in LOOKS | {TEND}:
            newest.setdefault(deed.reference, deed)
    return tuple(newest.values())
