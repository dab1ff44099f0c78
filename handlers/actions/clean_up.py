"""The button "Remove them in Quay" below the question about notifications that nobody knows any more."""

from bot.domain.errors import UserError
from handlers.acting.doing import do
from handlers.acts import subscription_clean_up
from handlers.command import Action, Click, Desk, Reply


async def run(click: Click, desk: Desk) -> Reply | None:
    """Remove those that were asked about, with the account of whoever pressed."""
    target, *uuids = click.value.split(" ")
    if not uuids:
        raise UserError("This button is from an older version of me. I ask again if it is still needed.")
    act = subscription_clean_up.wanted(target, uuids)
    return await do(subscription_clean_up.KIND, act, click.person, click.channel, desk)


ACTION = Action(id="clean_up", run=run)
