"""Who has a say in a channel's subscriptions, beyond what Quay tells about one of them."""

import asyncio

from bot.domain.errors import BotError, Forbidden
from bot.domain.people import Person
from bot.domain.subscriptions import Subscription
from bot.ports import Channel
from bot.services.gate import Going
from bot.services.subscribing import is_admin
from handlers.command import Desk

_AT_ONCE = 10  # subscriptions that Quay is asked about together
_NO_SAY = (
    "This channel has subscriptions, and its times keep their alerts back. So this is for whoever looks after one of "
    "them, whose own Quay account is an admin of what one is about, or who owns the channel. Ask one of them."
)


async def near(one: Subscription, person: Person, desk: Desk) -> bool:
    """Whether somebody may be asked about at all: they are of the workspace of whoever looks after the subscription.

    Those at home in the workspace of the bot are near to all of them. Which role they have is another question.
    """
    return one.person.team == person.team or await at_home(person, desk)


async def at_home(person: Person, desk: Desk) -> bool:
    """Whether they belong to where the bot is installed. (In Enterprise Grid, Slack names either of the two.)"""
    try:
        home = await desk.directory.home()
    except BotError:  # nobody can tell, so nobody is let in for that
        return False
    return person.team in {home.team, home.enterprise} - {""}


async def needs_a_say(channel: Channel, going: Going, desk: Desk) -> None:
    """Raises Forbidden for whoever has no say in when a channel is told of its subscriptions.

    Quiet hours keep alerts back as a pause does: it takes what a pause of one of them takes, or to own the channel.
    """
    found, person = await desk.subscriptions.all(channel=channel.id), going.person
    if not found or any(one.person == person for one in found):
        return
    if channel.owner and channel.owner == person.user and await at_home(person, desk):
        return
    asked = [one for one in found if await near(one, person, desk)]
    for start in range(0, len(asked), _AT_ONCE):
        some = asked[start : start + _AT_ONCE]
        if any(await asyncio.gather(*(is_admin(one, going.quay, desk.subscriptions) for one in some))):
            return
    raise Forbidden(_NO_SAY)
