"""The act "subscription take over": from now on somebody else looks after a subscription, with their own account."""

from collections.abc import Sequence
from dataclasses import replace

from bot.blocks.text import code, count
from bot.domain.acts import Act
from bot.domain.errors import UserError
from bot.domain.people import Person
from bot.domain.repositories import Repository
from bot.domain.subscriptions import State, Subscription
from bot.services import subscribing
from bot.services.gate import Going
from bot.services.upkeep.telling import Teller
from handlers.acts.rights import needs_admin
from handlers.command import ActKind, Desk, Reply
from handlers.subscription_people import near
from handlers.words import whisper

NAME = "subscription take over"
DOES = "look after its notifications"
NONE = "This subscription has ended. There is nothing to look after any more."
THEIRS = "{who} looks after this subscription again, so there is nothing to take over."
MISSING = (
    "You are no admin of {names}, and this subscription needs one for all that it is about. Ask for the role admin "
    "there, or let somebody take it over who has it."
)
MOVED = "This subscription has changed in this very moment. Please look again."
_NAMED = 5  # repositories that are named


async def still_there(name: str, person: Person, desk: Desk) -> Subscription:
    """The subscription, if it can be taken over. Raises UserError that says why not."""
    found = await desk.subscriptions.get(name)
    if found is None or found.state is State.ENDED or not await near(found, person, desk):
        raise UserError(NONE)
    if found.state is not State.ORPHANED:
        raise UserError(THEIRS.format(who="You" if found.person == person else f"The account {found.username}"))
    return found


async def run(act: Act, going: Going, desk: Desk) -> Reply:
    """Whoever goes looks after it, if they are an admin of what works. Raises UserError if they are not."""
    found = await still_there(act.parameters["name"], going.person, desk)
    await _needs_admin(found, going, desk)
    taken = replace(found, person=going.person, username=going.account.username, state=State.ACTIVE, reason="")
    if not await desk.subscriptions.change(found, taken, desk.clock.now()):
        raise UserError(MOVED)
    await Teller(desk.subscriptions, desk.notices, desk.clock).kept(taken)
    going.result.detail = f"{taken.name} was looked after by {found.username} before."
    return whisper(f"Thank you. You look after {code(taken.name)} now: I use your account to keep it alive.")


async def _needs_admin(found: Subscription, going: Going, desk: Desk) -> None:
    """Raises Lacking or UserError if they are no admin of something that it has notifications in.

    Where nobody could look after it any more while somebody looked after the rest, they need no role.
    """
    missing, target = await subscribing.missing(found, going.quay, desk.subscriptions), found.wanted.target
    if missing:
        lost = await Teller(desk.subscriptions, desk.notices, desk.clock).lost_before(found)
        parts = await desk.subscriptions.parts(found.name)
        if works := {part.target for part in parts} - set(lost):
            missing = tuple(name for name in missing if name in works)
    if missing == (target,) and "/" in target:
        needs_admin(Repository(target, can_admin=False), DOES)
    if missing:
        raise UserError(MISSING.format(names=await _named(missing, going)))


async def _named(missing: Sequence[str], going: Going) -> str:
    """Some of them: those that whoever goes can see in Quay. The others have no names for them."""
    seen = await subscribing.visible(missing, going.quay, most=_NAMED)
    rest = len(missing) - len(seen)
    if not seen:
        return f"{count(rest, 'repository')} of it"
    return ", ".join(seen) + (f" and {rest} more" if rest else "")


def says(act: Act) -> str:
    """Which one."""
    name, target = code(act.parameters.get("name", "")), code(act.target, 260)
    return f"Look after the subscription {name} ({target}) from now on, with the own account."


KIND = ActKind(name=NAME, run=run, says=says)
