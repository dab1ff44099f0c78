"""The act "pause": a subscription tells nothing until some time; it stays as it is, and so do its notifications."""

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.blocks.text import code, humane, plain, when
from bot.domain.acts import Act
from bot.domain.errors import UserError
from bot.domain.subscriptions import Subscription
from bot.services.gate import Going
from bot.services.subscribing import THE_NAME
from handlers.acting.proposing import Undo
from handlers.command import ActKind, Desk, Reply
from handlers.subscription_pauses import UNTIL, chosen, kept_words, lengthen_pause, paused_as_long, set_pause
from handlers.subscription_telling import tell
from handlers.words import whisper

NAME = "pause"
LONGEST = timedelta(days=30)
_MINUTE = timedelta(minutes=1)


def act_of(one: Subscription | None, until: datetime) -> Act:
    """Pause it until then; None: all of the channel."""
    named = {THE_NAME: one.name} if one else {}
    return Act(NAME, one.wanted.target if one else "", {**named, UNTIL: until.isoformat()})


async def run(act: Act, going: Going, desk: Desk) -> Reply:
    """Stop telling, and say so in the channel."""
    until, now = datetime.fromisoformat(act.parameters[UNTIL]), desk.clock.now()
    if not now < until <= now + LONGEST:
        raise UserError("A pause ends within 30 days. To stop for good: `/quay unsubscribe`.")
    found = await chosen(going, desk, lambda one: not paused_as_long(one, until), _longer(until))
    before = [await kept_words(one, desk) for one in found.subscriptions]
    alone = found.subscriptions[0] if THE_NAME in act.parameters else None
    for one in found.subscriptions:
        await (set_pause if alone else lengthen_pause)(one, until, desk)
    going.result.detail = f"Paused: {', '.join(one.name for one in found.subscriptions)}."
    question = f"Let {alone.wanted.target[:120] if alone else 'everything in this channel'} go on now?"
    undo = Undo(Act("resume", act.target, dict(act.parameters)), "", question)
    did = f"paused {found.words} in this channel for {humane(_rounded(until - now))}, until {when(until)}."
    more = f"Nothing of that is told before, not even what is critical. {' '.join(filter(None, before))}"
    await tell(did, more.rstrip(), going, desk, undo=undo)
    back = "/quay resume all" if alone is None else f"/quay resume {alone.name}"
    done = f"Done: paused until {when(until)}. It goes on by itself then; {code(back)} lets it go on earlier."
    return whisper(" ".join(filter(None, (done, found.others))))


def _longer(until: datetime) -> Callable[[Subscription], str]:
    """Why a pause for all leaves one alone: somebody has paused it for longer."""

    def why(one: Subscription) -> str:
        return f"paused until {when(one.paused_until)}" if one.paused_until and one.paused_until > until else ""

    return why


def _rounded(span: timedelta) -> timedelta:
    """To the minute: seconds go by before it is done."""
    return max(timedelta(minutes=round(span / _MINUTE)), _MINUTE)


def says(act: Act) -> str:
    """What, and until when."""
    what = (
        f"the channel's subscription to {code(act.target, 600)}" if act.target else "all subscriptions of the channel"
    )
    name = f" ({code(act.parameters[THE_NAME])})" if THE_NAME in act.parameters else ""
    return f"Pause {what}{name} until {_clock(act)}. Nothing is told before."


def _clock(act: Act) -> str:
    until = act.parameters.get(UNTIL, "")
    try:
        return when(datetime.fromisoformat(until))
    except (ValueError, OverflowError):
        return plain(until, 40)


KIND = ActKind(name=NAME, run=run, says=says)
