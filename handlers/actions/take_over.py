"""The button "Take it over" below the news that nobody looks after a subscription any more."""

from bot.domain.acts import Act
from handlers.acting.doing import do
from handlers.acts import subscription_take_over
from handlers.command import Action, Click, Desk, Reply


async def run(click: Click, desk: Desk) -> Reply | None:
    """Take it over with the account of whoever pressed."""
    subscription = await subscription_take_over.still_there(click.value, click.person, desk)
    act = Act(subscription_take_over.NAME, subscription.wanted.target, {"name": subscription.name})
    return await do(subscription_take_over.KIND, act, click.person, click.channel, desk)


ACTION = Action(id="take_over", run=run)
