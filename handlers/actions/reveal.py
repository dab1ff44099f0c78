"""The button that shows a secret, once, in a window that only whoever it was made for can open."""

from bot.domain.errors import UserError
from bot.ports import Veiled
from bot.rules.clocks import clock_time
from bot.rules.robot_snippets import renewal
from handlers.clocks import zone_of
from handlers.command import Action, Click, Desk
from handlers.modals.reveal import loading, shown, trouble

GONE = "There is nothing to show any more. If you still need a token, make a new one: `/quay robot regenerate`."
LATE = (
    "The time in which this could be opened is over, and nobody has opened it. Now nobody knows that token: make a new "
    "one with `{again}`."
)
SHOWN = "It was shown already, {at}. If that was not you, make a new token at once: `{again}`."


async def run(click: Click, desk: Desk) -> None:
    """Open the window at once (the trigger lives for 3 s), then take the secret out of the store and show it.

    If the window cannot show it, it is kept again. Raises UserError for everybody else, and for a second look.
    """
    veiled = await desk.revealing.look(click.value)
    if veiled is None or veiled.person != click.person:
        raise UserError(GONE)
    await _still(veiled, desk)
    view = await desk.voice.open(click.trigger, loading(veiled.title))
    reveal = await desk.revealing.take(click.value, click.person)
    if reveal is None:  # another press was faster
        await desk.voice.update_view(view, trouble("It is shown in another window already."))
        return
    try:
        await desk.voice.update_view(view, shown(reveal))
    except BaseException:  # nobody has seen it, or nobody can tell: it is theirs either way
        await desk.revealing.give_back(click.value, reveal)
        raise


async def _still(veiled: Veiled, desk: Desk) -> None:
    again = renewal(veiled.title)
    if veiled.shown_at is not None:
        zone = await zone_of(veiled.person, desk)
        raise UserError(SHOWN.format(at=clock_time(veiled.shown_at, desk.clock.now(), zone), again=again))
    if desk.revealing.late(veiled):
        raise UserError(LATE.format(again=again))


ACTION = Action(id="reveal", run=run, window=True)
