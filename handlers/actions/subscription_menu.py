"""The menu beside a subscription: try it, pause it, let it go on, change it, end it."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial

from bot.blocks.subscription_list import CHANGE, MENU
from bot.domain.acts import Act
from bot.domain.errors import UserError
from bot.domain.subscriptions import Subscription
from handlers.acts import pause, resume, test, unsubscribe
from handlers.command import Action, ActKind, Click, Desk, Reply
from handlers.commands.subscribe import COMMAND, in_fields
from handlers.forms import open_form
from handlers.paging import outdated
from handlers.subscription_finding import do_to, meant
from handlers.subscription_trying import beginning

PAUSE = timedelta(hours=4)

_DOES: Mapping[str, tuple[ActKind, Callable[[Subscription, datetime], Act]]] = {
    "test": (test.KIND, lambda one, _now: test.act_of(one)),
    "pause": (pause.KIND, lambda one, now: pause.act_of(one, now + PAUSE)),
    "resume": (resume.KIND, lambda one, _now: resume.act_of(one)),
    "unsubscribe": (unsubscribe.KIND, lambda one, _now: unsubscribe.act_of(one)),
}


async def run(click: Click, desk: Desk) -> Reply | None:
    """What was chosen, with the account of whoever chose."""
    what, _, name = click.value.partition(" ")
    if what not in (*_DOES, CHANGE):
        raise outdated("menu", "Please ask again with `/quay subscriptions`.")
    one = await meant(name, click.person, click.channel, desk)
    if what == CHANGE:
        if one.channel not in (click.channel, click.person.user):
            raise UserError("That one is of another channel. Please change it there, with `/quay subscriptions`.")
        words = [f"--{option}={value}" for option, value in in_fields(one.wanted).items()]
        await open_form(COMMAND, [one.wanted.target, *words], click.person, click.trigger, click.origin, desk)
        return None
    kind, act_of = _DOES[what]
    if kind is test.KIND:
        kind = test.kind(partial(beginning, click.origin, desk))
    return await do_to(kind, act_of(one, desk.clock.now()), one, click.person, click.channel, desk)


ACTION = Action(id=MENU, run=run, window=True)
