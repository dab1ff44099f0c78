"""The act "subscription take over": from now on somebody else looks after a subscription, with their own account."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from bot.blocks.text import code
from bot.domain.acts import Act
from bot.domain.errors import NotLinked, UserError
from bot.domain.people import Person
from bot.domain.repositories import Repository
from bot.domain.subscriptions import State, Subscription
from bot.ports import Quay
from bot.rules.subscribing import is_pattern
from bot.services.gate import Going
from bot.services.upkeep.covering import covered
from bot.services.upkeep.telling import Teller
from handlers.acts.rights import needs_admin
from handlers.command import ActKind, Desk, Reply
from handlers.words import whisper

NAME = "subscription take over"
DOES = "look after its notifications"
NONE = "This subscription has ended. There is nothing to look after any more."
THEIRS = "{who} looks after this subscription again, so there is nothing to take over."
MISSING = (
    "You are no admin of {names}, and this subscription needs one for each of its repositories. Ask for the role admin "
    "there, or let somebody take it over who has it."
)
_AT_ONCE = 10  # repositories that Quay is asked about together
_NAMED = 5  # repositories that are named


async def still_there(name: str, person: Person, desk: Desk) -> Subscription:
    """The subscription, if it can be taken over. Raises UserError that says why not."""
    found = await desk.subscriptions.get(name)
    if found is None or found.state is State.ENDED or found.person.team != person.team:
        raise UserError(NONE)
    if found.state is not State.ORPHANED:
        raise UserError(THEIRS.format(who="You" if found.person == person else f"The account {found.username}"))
    return found


async def run(act: Act, going: Going, desk: Desk) -> Reply:
    """Whoever goes looks after it, if they are an admin of all of it. Raises UserError if they are not."""
    found = await still_there(act.parameters["name"], going.person, desk)
    await _is_admin(found, going.quay, desk)
    taken = replace(found, person=going.person, username=going.account.username, state=State.ACTIVE, reason="")
    if not await desk.subscriptions.keep(taken, desk.clock.now()):
        raise UserError(NONE)
    await Teller(desk.subscriptions, desk.notices, desk.clock).kept(taken)
    going.result.detail = f"{taken.name} was looked after by {found.username} before."
    return whisper(f"Thank you. You look after {code(taken.name)} now: I use your account to keep it alive.")


async def _is_admin(subscription: Subscription, quay: Quay, desk: Desk) -> None:
    """Raises Lacking or UserError if they are no admin of something that it has notifications in."""
    target = subscription.wanted.target
    if "/" not in target:
        await quay.notifications.all(target)  # only its admins see them
        return
    if not is_pattern(target):
        needs_admin(Repository(target, can_admin=(await quay.sighting(target)).can_admin), DOES)
        return
    parts = await desk.subscriptions.parts(subscription.name)
    names = tuple(dict.fromkeys(part.target for part in parts)) or await covered(quay, target)
    missing = await _missing(names, quay)
    if missing:
        named = ", ".join(missing[:_NAMED]) + (f" and {len(missing) - _NAMED} more" if len(missing) > _NAMED else "")
        raise UserError(MISSING.format(names=named))
    if not names:
        raise UserError(f"You see no repository that {target} covers.")


async def _missing(names: Sequence[str], quay: Quay) -> list[str]:
    missing: list[str] = []
    for start in range(0, len(names), _AT_ONCE):
        some = names[start : start + _AT_ONCE]
        may = await asyncio.gather(*(_may(one, quay) for one in some))
        missing += [name for name, can in zip(some, may, strict=True) if not can]
    return missing


async def _may(name: str, quay: Quay) -> bool:
    """One that is gone, or not seen, is none that they are an admin of."""
    try:
        return (await quay.sighting(name)).can_admin
    except NotLinked:
        raise
    except UserError:
        return False


def says(act: Act) -> str:
    """Which one."""
    name, target = code(act.parameters.get("name", "")), code(act.target, 260)
    return f"Look after the subscription {name} ({target}) from now on, with the own account."


KIND = ActKind(name=NAME, run=run, says=says)
