"""Looking at what a subscription would be, before it is saved: the effectful part of its preview."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.blocks.filter_words import hints, in_words
from bot.blocks.layout import section
from bot.blocks.layouts import laid_out
from bot.blocks.subscription_overlaps import left_to, taken_from
from bot.blocks.subscription_preview import (
    LATER,
    coverage,
    is_wide,
    left_out,
    notes,
    numbers,
    other_case,
    samples,
    wider,
)
from bot.blocks.text import code
from bot.domain.acts import Act
from bot.domain.errors import BotError
from bot.domain.events import Event
from bot.domain.messages import Block, Message
from bot.domain.people import Place
from bot.domain.repositories import Repository
from bot.domain.subscriptions import Subscription, Wanted
from bot.rules.overlaps import behind, counting, taker
from bot.rules.policy import Effect
from bot.rules.subscribing import is_pattern, written
from bot.services.families import BY_EVENT
from bot.services.gate import Going
from bot.services.upkeep.covering import rows
from handlers.command import Desk
from handlers.subscription_past import look_back

RECENT = 10  # repositories of a pattern whose last days are looked at
_MOST = 200  # repositories of a pattern about which the policy is asked beforehand
ALONE = Place("", private=True)  # a conversation with one person
_NAMED = 260
_DENIED = "The policy does not let you subscribe to them like this; by name it may be allowed, or approved."
_NO_ADMIN = "You are no admin there, and Quay lets only admins make notifications."


@dataclass(frozen=True, slots=True)
class Shown:
    """The blocks, and whether there is something to be warned of."""

    blocks: tuple[Block, ...]
    warns: bool


async def seen(wish: Wanted, old: Subscription | None, going: Going, desk: Desk) -> Shown:
    """What whoever asks is shown."""
    every = await _repositories(wish.target, going)
    mine, others = await _overlaps(wish, old, going, desk)
    taken = {row.name: other for row in every if (other := taker(mine, row.name, others))}
    found = tuple(row for row in every if row.name not in taken)
    denied = await _denied(found, going, desk) if is_pattern(wish.target) else ()
    near = _recent([row for row in found if row.name not in denied]) if every else [wish.target]
    powerless = await _powerless(wish.target, near, going)
    there = [row for row in found if row.name not in (*denied, *powerless)]
    looked = [name for name in near if name not in powerless]
    past, place = await asyncio.gather(look_back(going.quay, wish, looked, desk.clock.now()), _place(going, desk))
    layout = wish.layout or (await desk.channels.of(mine.channel)).layout
    private = [row.name for row in there if not row.public and counting(row.name, others) is None]
    warning = wider(place, private)
    later = LATER if is_pattern(wish.target) and is_wide(place) and old is None else ""
    covers = is_pattern(wish.target) and (there or not (denied or taken))
    lines = [
        coverage(wish.target, [row.name for row in there], looked=len(looked)) if covers else "",
        left_to(taken),
        taken_from(behind(mine, others), pattern=is_pattern(wish.target)),
        left_out(denied, _DENIED) if denied else "",
        left_out(powerless, _NO_ADMIN) if powerless else "",
        numbers(past.sifted, past.messages) if past.sifted else f"Without numbers: {past.why}",
        other_case(past.by_case),
        warning,
        later,
    ]
    blocks = (
        section(_head(wish, old, going)),
        *(section(line) for line in lines if line),
        *notes(past.untold),
        *samples([laid_out(_card(event, desk), layout, "") for event in past.samples]),
    )
    return Shown(blocks, bool(warning))


def _recent(there: Sequence[Repository]) -> list[str]:
    """Those that were changed last."""
    ordered = sorted(there, key=lambda row: (-(row.last_changed.timestamp() if row.last_changed else 0.0), row.name))
    return [row.name for row in ordered[:RECENT]]


async def _overlaps(
    wish: Wanted, old: Subscription | None, going: Going, desk: Desk
) -> tuple[Subscription, Sequence[Subscription]]:
    """What it would be, and what else the channel has."""
    here, account = going.channel or going.person.user, going.account
    new = old or Subscription("", here, wish, going.person, account.username, desk.clock.now())
    return replace(new, wanted=wish), await desk.subscriptions.all(channel=here)


def _head(wish: Wanted, old: Subscription | None, going: Going) -> str:
    target = code(wish.target, _NAMED)
    said = " ".join(filter(None, (in_words(wish), hints(wish))))
    if old is None:
        return f"*Subscribe this channel to {target}*\n{said}"
    theirs = f" You look after it then; until now {code(old.username)} does." if old.person != going.person else ""
    same = "\nThese are the same words: it is set up anew." if old.wanted == wish else ""
    return (
        f"*Change this channel's subscription to {target}* ({code(old.name)})\n{said}\n"
        f"It replaces {code(written(old.wanted), 1000)}.{theirs}{same}"
    )


async def _repositories(target: str, going: Going) -> tuple[Repository, ...]:
    """What it is about; nothing for a namespace, whose storage it is about."""
    if is_pattern(target):
        return await rows(going.quay, target)
    return (await going.quay.repositories.get(target),) if "/" in target else ()


async def _denied(found: Sequence[Repository], going: Going, desk: Desk) -> tuple[str, ...]:
    """The repositories that the policy keeps apart: each is decided by itself, now and whenever it is tended."""
    denied = []
    for row in found[:_MOST]:
        act = Act(going.act.name, row.name, going.act.parameters)
        name = going.account.username
        decision = await desk.policies.decide(going.person, name, going.quay, act, going.channel)
        if decision.effect is not Effect.ALLOW:
            denied.append(row.name)
    return tuple(denied)


async def _powerless(target: str, names: Sequence[str], going: Going) -> tuple[str, ...]:
    """Those of a pattern that are looked at in which the person is no admin."""
    if not is_pattern(target):
        return ()
    found = await asyncio.gather(*(_is_admin(name, going) for name in names))
    return tuple(name for name, admin in zip(names, found, strict=True) if not admin)


async def _is_admin(name: str, going: Going) -> bool:
    try:
        return (await going.quay.sighting(name)).can_admin
    except BotError:  # the numbers say it better
        return True


async def _place(going: Going, desk: Desk) -> Place | None:
    """The channel, None if nobody can tell who reads it; ALONE where one person is told alone."""
    if not going.channel.startswith(("C", "G", "D")):
        return ALONE
    try:
        return await desk.directory.channel(going.channel)
    except BotError:
        return None


def _card(event: Event, desk: Desk) -> Message:
    """As the first card of such an event looks."""
    family = BY_EVENT[type(event)]
    return family.show(family.fold(None, event, family.items(event)), desk.quay_url)
