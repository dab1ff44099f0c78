"""Making, changing and ending subscriptions, and who may: the same from chat, from buttons and from a file."""

import asyncio
import re
import secrets
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.acts import Act
from bot.domain.errors import NotLinked, UserError
from bot.domain.people import Person
from bot.domain.said import utc
from bot.domain.subscriptions import Part, State, Subscription
from bot.ports import Quay, Subscriptions, Trail
from bot.rules.subscribing import is_pattern

IN_A_CHANNEL = 50  # subscriptions that one channel can have
OF_A_PERSON = 200  # that one person looks after
NAME = re.compile(r"S[A-HJKMNP-Z2-9]{4}")
WEEK = timedelta(days=7)
THE_NAME = "name"  # parameter of an act: the name of the subscription that it is done to
REACH = 500  # repositories of one that the policy is asked about

AGAIN = "This channel is subscribed to {} meanwhile. So I left it as it is."
_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # nothing in it looks like something else in it
_TRIES = 20
_AT_ONCE = 10  # repositories that Quay is asked about together
_LOOKED_AT = 20  # repositories that are looked at before they are named
_STEPS = 200  # of the trail of one repository that are looked at


async def free_name(subscriptions: Subscriptions) -> str:
    """A name that no subscription has, such as "S7PX4". Somebody may take it meanwhile: see `add`."""
    for _ in range(_TRIES):
        name = "S" + "".join(secrets.choice(_LETTERS) for _ in range(4))
        if await subscriptions.get(name) is None:
            return name
    raise UserError("I find no free name for it now. Please try again.")


async def add(new: Subscription, subscriptions: Subscriptions, now: datetime) -> Subscription:
    """Store it under a free name, whatever name it has, and say which.

    Raises UserError if the channel has one to that target, also if somebody has stored it in this very moment.
    """
    for _ in range(_TRIES):
        named = replace(new, name=await free_name(subscriptions))
        if await subscriptions.add(named, now):
            return named
        if await about(new.channel, new.wanted.target, subscriptions):
            raise UserError(AGAIN.format(new.wanted.target))
    raise UserError("I find no free name for it now. Please try again.")


async def end(old: Subscription, subscriptions: Subscriptions, now: datetime) -> Subscription:
    """Nothing is told any more from now on; what is left in Quay is removed when it is tended.

    Raises UserError if it has ended, or is another wish or somebody else's, meanwhile.
    """
    ended = replace(old, state=State.ENDED)
    if not await subscriptions.change(old, ended, now):
        raise UserError(f"The subscription {old.name} has ended or changed meanwhile. Please look again.")
    return ended


async def room(channel: str, person: Person, subscriptions: Subscriptions) -> None:
    """Nothing, if one more fits. Raises UserError that says which limit is reached."""
    if len(await subscriptions.all(channel=channel)) >= IN_A_CHANNEL:
        raise UserError(
            f"This channel has {IN_A_CHANNEL} subscriptions, and more are not possible. One with a pattern (`acme/*`) "
            "stands for many. `/quay subscriptions` shows them."
        )
    if len(await subscriptions.all(person=person)) >= OF_A_PERSON:
        raise UserError(
            f"You look after {OF_A_PERSON} subscriptions, and more are not possible for one person. "
            "`/quay subscriptions --all` shows them."
        )


async def about(channel: str, target: str, subscriptions: Subscriptions) -> tuple[Subscription, ...]:
    """Those of that channel about exactly this target, by name."""
    return tuple(one for one in await subscriptions.all(channel=channel) if one.wanted.target == target)


async def looks_after(subscription: Subscription, person: Person, quay: Quay, subscriptions: Subscriptions) -> bool:
    """Is it theirs, or is the account of `quay` an admin of what it is about?

    Of a pattern: of every repository that it has notifications in; without any, and for storage, of the namespace.
    """
    return subscription.person == person or await is_admin(subscription, quay, subscriptions)


async def is_admin(subscription: Subscription, quay: Quay, subscriptions: Subscriptions) -> bool:
    """The second half of `looks_after`. Raises NotLinked and TryLater."""
    async for _ in _missing(subscription, quay, subscriptions):
        return False
    return True


async def missing(subscription: Subscription, quay: Quay, subscriptions: Subscriptions) -> tuple[str, ...]:
    """Of what it is about: all in which that account is no admin. Raises NotLinked and TryLater."""
    return tuple([name async for name in _missing(subscription, quay, subscriptions)])


async def visible(names: Sequence[str], quay: Quay, *, most: int) -> tuple[str, ...]:
    """The first of these that Quay shows to that account (namespaces are no secret). Raises NotLinked and TryLater."""
    found = list[str]()
    for name in names[:_LOOKED_AT]:
        if len(found) < most and ("/" not in name or await _sees(name, quay)):
            found.append(name)
    return tuple(found)


async def _missing(subscription: Subscription, quay: Quay, subscriptions: Subscriptions) -> AsyncIterator[str]:
    target = subscription.wanted.target
    own = () if is_pattern(target) or "/" not in target else (target,)
    parts = () if own else await subscriptions.parts(subscription.name)
    repositories = own or sorted({part.target for part in parts if "/" in part.target})
    namespace = target.partition("/")[0]
    if not repositories and not await _rings(namespace, quay):
        yield namespace
    for start in range(0, len(repositories), _AT_ONCE):
        asked = repositories[start : start + _AT_ONCE]
        may = await asyncio.gather(*(_admin_of(one, quay) for one in asked))
        for name, can in zip(asked, may, strict=True):
            if not can:
                yield name


async def reached(act: Act, subscriptions: Subscriptions) -> tuple[str, ...]:
    """What an act on a subscription to a pattern is done to besides: the repositories that it has notifications in.

    So a rule about one of them reaches whoever names the pattern.
    """
    name = act.parameters.get(THE_NAME, "") if is_pattern(act.target) else ""
    return tuple(dict.fromkeys(part.target for part in await subscriptions.parts(name)))[:REACH] if name else ()


def subjects(subscription: Subscription, parts: Iterable[Part]) -> tuple[str, ...]:
    """The repositories (or the namespace) whose events it brings, as far as it is set up."""
    own = () if is_pattern(subscription.wanted.target) else (subscription.wanted.target,)
    return tuple(
        dict.fromkeys([*own, *sorted(part.target for part in parts if part.subscription == subscription.name)])
    )


async def kept_out(
    subscription: Subscription, until: datetime, parts: Sequence[Part], trail: Trail
) -> tuple[int, bool]:
    """How many events the pause with that end has kept out of the channel so far, and whether there may be more."""
    rule, number, cut = f"paused until {utc(until)}", 0, False
    for subject in subjects(subscription, parts):
        steps = await trail.steps(subject, channel=subscription.channel, limit=_STEPS)
        number += sum(step.rule == rule for step in steps)
        cut = cut or (len(steps) == _STEPS and steps[-1].rule == rule)
    return number, cut


async def _admin_of(repository: str, quay: Quay) -> bool:
    try:
        return (await quay.sighting(repository)).can_admin
    except NotLinked:
        raise
    except UserError:  # Quay does not show them the repository
        return False


async def _sees(repository: str, quay: Quay) -> bool:
    try:
        await quay.sighting(repository)
    except NotLinked:
        raise
    except UserError:
        return False
    return True


async def _rings(namespace: str, quay: Quay) -> bool:
    """Only admins of a namespace see its notifications."""
    try:
        await quay.notifications.all(namespace)
    except NotLinked:
        raise
    except UserError:
        return False
    return True
