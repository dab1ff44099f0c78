"""The act "subscriptions": what this channel is subscribed to, or everything that somebody may look after."""

import asyncio
from collections.abc import Sequence

from bot.blocks.subscription_list import PAGE, listing
from bot.blocks.subscription_words import Standing
from bot.blocks.text import code, count, plain
from bot.domain.acts import Act
from bot.domain.errors import BotError
from bot.domain.subscriptions import Subscription
from bot.rules.overlaps import before
from bot.rules.subscribing import covers
from bot.services.gate import Going
from bot.services.subscribing import WEEK, is_admin, subjects
from handlers.command import ActKind, Desk, Reply
from handlers.subscription_people import at_home
from handlers.words import small, whisper

NAME = "subscriptions"
ALL = "--all"
_SCOPE, _START = "of", "start"
_PATIENCE = 8.0  # seconds for asking Quay what somebody may look after
_AT_ONCE = 10
_CUT = "Quay is slow: there may be more of other people that you may look after."
_NONE = "This channel has no subscriptions{}. `/quay subscribe acme/web` makes one."
_NONE_AT_ALL = "There are no subscriptions{} that you look after, or whose repositories your account is an admin of."


def act_of(target: str = "", *, everywhere: bool = False, start: int = 0) -> Act:
    """Those about a repository (or about everything), of this channel or `everywhere`, from that one on."""
    scope = {_SCOPE: "all channels" if everywhere else "", _START: str(start) if start else ""}
    return Act.of(NAME, target, scope)


async def run(act: Act, going: Going, desk: Desk) -> Reply:
    """A page of them, for whoever asked alone."""
    everywhere, start = _SCOPE in act.parameters, int(act.parameters.get(_START, "0"))
    note = ""
    if everywhere:
        found, note = await _all(act.target, going, desk)
    else:
        here = await desk.subscriptions.all(channel=going.channel or going.person.user)
        found = [one for one in here if _about(one, act.target)]
    going.result.detail = f"Shown: {count(len(found), 'subscription')}."
    said = f" about {code(act.target, 260)}" if act.target else ""
    if not found:
        return whisper((_NONE_AT_ALL if everywhere else _NONE).format(said), *([small(note)] if note else []))
    start = start if start < len(found) else 0
    page = found[start : start + PAGE]
    shown = await _standings(page, going, desk, places=everywhere)
    where = "Subscriptions that you may look after" if everywhere else "Subscriptions of this channel"
    blocks = listing(
        shown,
        desk.clock.now(),
        about=f"{ALL if everywhere else ''} {act.target}".strip(),
        start=start,
        total=len(found),
        notes=[note] if note else [],
    )
    return whisper(f"🔔 *{where}*{said}", *blocks)


def _about(one: Subscription, target: str) -> bool:
    return not target or one.wanted.target == target or covers(one.wanted.target, target)


async def _all(target: str, going: Going, desk: Desk) -> tuple[list[Subscription], str]:
    """Their own, and those whose repositories Quay says that they administer; and what has to be said about it."""
    team, home = going.person.team, await at_home(going.person, desk)
    every = [one for one in await desk.subscriptions.all() if _about(one, target) and (home or one.person.team == team)]
    others = [one for one in every if one.person != going.person]
    let = {one.name for one in every if one.person == going.person}
    note = ""
    try:
        async with asyncio.timeout(_PATIENCE):
            for start in range(0, len(others), _AT_ONCE):
                asked = others[start : start + _AT_ONCE]
                answers = await asyncio.gather(*(is_admin(one, going.quay, desk.subscriptions) for one in asked))
                let |= {one.name for one, admin in zip(asked, answers, strict=True) if admin}
    except (TimeoutError, BotError):
        note = _CUT
    return [one for one in every if one.name in let], note


async def _standings(page: Sequence[Subscription], going: Going, desk: Desk, *, places: bool) -> list[Standing]:
    parts = await desk.subscriptions.parts(*(one.name for one in page))
    since = desk.clock.now() - WEEK
    found = []
    here = {one.channel: await desk.subscriptions.all(channel=one.channel) for one in page}
    for one in page:
        own = [part for part in parts if part.subscription == one.name]
        gaps = await desk.upkeep.tending.gaps.waiting(one.name)
        week = await desk.trail.posted(one.channel, subjects(one, own), since, subscription=one.name)
        place = await _place(one, going, desk) if places else ""
        found.append(Standing(one, own, gaps, week, place, before(one, here[one.channel])))
    return found


async def _place(one: Subscription, going: Going, desk: Desk) -> str:
    """Where it is told. The name of a private channel is for those in it, and for whoever looks after this."""
    if not one.channel.startswith(("C", "G")):
        return "in direct messages"
    try:
        place = await desk.directory.channel(one.channel)
    except BotError:
        return "in a channel that I cannot see"
    if place.private and one.person != going.person and one.channel != going.channel:
        return "in a private channel"
    return f"in {plain('#' + (place.name or place.id), 90)}"


def says(act: Act) -> str:
    """Whose."""
    which = f" about {code(act.target, 600)}" if act.target else ""
    where = "that whoever asked may look after" if _SCOPE in act.parameters else "of the channel"
    return f"List the subscriptions {where}{which}. Only whoever asked will see them."


KIND = ActKind(name=NAME, run=run, says=says, looks=True)
