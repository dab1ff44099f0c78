"""The buttons below a list of subscriptions: another page in place of this one."""

from bot.blocks.subscription_list import NEXT, PREVIOUS
from handlers.acting.doing import do
from handlers.acts.subscriptions import ALL, KIND, NAME, act_of
from handlers.command import Action, Click, Desk, Reply
from handlers.paging import in_place, unpack


async def turn(click: Click, desk: Desk) -> Reply | None:
    """Show the page that the button says."""
    (about,), start = unpack(click.value, 1, NAME)
    everywhere = about.startswith(ALL)
    act = act_of(about.removeprefix(ALL).strip(), everywhere=everywhere, start=start)
    return in_place(await do(KIND, act, click.person, click.channel, desk))


NEXT_SUBSCRIPTIONS = Action(id=NEXT, run=turn)
PREVIOUS_SUBSCRIPTIONS = Action(id=PREVIOUS, run=turn)
