"""The act "resume": a pause ends before its time, and what it kept out is told in one line."""

from datetime import datetime

from bot.blocks.text import code, plain
from bot.domain.acts import Act
from bot.domain.errors import UserError
from bot.domain.subscriptions import Subscription
from bot.services.gate import Going
from bot.services.subscribing import THE_NAME
from handlers.acting.proposing import Undo
from handlers.acts import pause
from handlers.command import ActKind, Desk, Reply
from handlers.subscription_pauses import UNTIL, chosen, kept_words, set_pause
from handlers.subscription_telling import tell
from handlers.words import whisper

NAME = "resume"


def act_of(one: Subscription | None) -> Act:
    """Let it go on; None: all of the channel."""
    return Act(NAME, one.wanted.target, {THE_NAME: one.name}) if one else Act(NAME, "")


async def run(act: Act, going: Going, desk: Desk) -> Reply:
    """End the pause, and say what happened meanwhile. As an undo it ends only the pause that it names."""
    until = datetime.fromisoformat(act.parameters[UNTIL]) if UNTIL in act.parameters else None

    def fits(one: Subscription) -> bool:
        return one.paused_until is not None and until in (None, one.paused_until)

    found = await chosen(going, desk, fits)
    if not all(map(fits, found.subscriptions)):
        raise UserError(f"{act.target} is not paused{' like that any more' if until else ''}. Nothing is to be done.")
    kept = [await kept_words(one, desk) for one in found.subscriptions]
    for one in found.subscriptions:
        await set_pause(one, None, desk)
    going.result.detail = f"Goes on: {', '.join(one.name for one in found.subscriptions)}."
    await tell(
        f"let {found.words} go on in this channel.", "\n".join(kept), going, desk, undo=_undo(found.subscriptions, desk)
    )
    return whisper(" ".join(filter(None, ("Done: it goes on now.", found.others))))


def _undo(found: tuple[Subscription, ...], desk: Desk) -> Undo | None:
    """Paused again until the same time, where that is one, and still to come."""
    [until, *others] = {one.paused_until for one in found}
    if len(found) > 1 or others or until is None or until <= desk.clock.now():
        return None
    return Undo(pause.act_of(found[0], until), "", f"Pause {found[0].wanted.target[:120]} again?")


def says(act: Act) -> str:
    """What."""
    what = (
        f"the channel's subscription to {code(act.target, 600)}" if act.target else "all subscriptions of the channel"
    )
    name = f" ({code(act.parameters[THE_NAME])})" if THE_NAME in act.parameters else ""
    pause_of = f", which is paused until {plain(act.parameters[UNTIL], 40)}" if UNTIL in act.parameters else ""
    return f"Let {what}{name} go on before the end of the pause{pause_of}."


KIND = ActKind(name=NAME, run=run, says=says)
