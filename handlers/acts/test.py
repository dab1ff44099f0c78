"""The act "test": Quay sends its test calls, and the whole way back to the channel is followed."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from bot.blocks.layout import section
from bot.blocks.subscription_test import Tried, headline, line, why_lost
from bot.blocks.text import code
from bot.domain.acts import Act
from bot.domain.errors import BotError, UserError
from bot.domain.subscriptions import Part, Subscription
from bot.domain.trail import Step
from bot.rules.trials import tried
from bot.services.gate import Going
from bot.services.subscribing import THE_NAME
from handlers.command import ActKind, Desk, Reply
from handlers.subscription_finding import still
from handlers.subscription_tending import tended
from handlers.words import small, whisper

NAME = "test"
PATIENCE = timedelta(seconds=45)
_POLLS = small("Quay's worker looks for new work every 10 seconds.")
EVERY = 1.0  # seconds between two looks
_STEPS = 30  # of the trail that are looked at
_NOTHING = (
    "There is no notification of it in Quay that could be tried. `/quay subscriptions` says why, and I try to mend it."
)


def act_of(one: Subscription) -> Act:
    """Try it."""
    return Act(NAME, one.wanted.target, {THE_NAME: one.name})


async def _silently() -> None:
    """Nobody is told that it begins."""


async def run(_act: Act, going: Going, desk: Desk, begins: Callable[[], Awaitable[None]] = _silently) -> Reply:
    """Mend what is broken, ask Quay for its test calls, and say what arrived. `begins` is for those who may."""
    one = await still(going, desk)
    await begins()
    how = await tended(one, desk)
    every = await desk.subscriptions.parts(one.name)
    parts = tried(every)
    if not parts:
        raise UserError(" ".join((_NOTHING, how.plain)).strip())
    asked = [await _asked(part, going, desk) for part in parts]
    await _arrived(asked, one, desk)
    good = sum(each.arrived is not None for each in asked)
    going.result.detail = f"{good} of {len(asked)} test calls arrived."
    mended = how.done.reset + how.done.made if how.done else 0
    rows = "\n".join(line(each) for each in asked)
    why = why_lost(asked)
    words = [headline(asked, one.wanted.target, every, mended=mended), how.words]
    return whisper(" ".join(filter(None, words)), section(rows), *([section(why)] if why else []), _POLLS)


async def _asked(part: Part, going: Going, desk: Desk) -> Tried:
    """Ask Quay for one test call; what keeps it from that is noted.

    The heartbeat waits for none any more: what arrives now is this one, and is told.
    """
    found = Tried(part, desk.clock.now())
    try:
        await desk.subscriptions.beat(part.hook, None)
        if not await going.quay.notifications.test(part.target, part.uuid):
            found.why = "Quay does not have this notification any more. I make it anew; try again in a minute."
            await desk.subscriptions.hurry([part.subscription], desk.clock.now())
    except BotError as error:
        found.why = error.say
    return found


async def _arrived(asked: Sequence[Tried], one: Subscription, desk: Desk) -> None:
    """Look until everything has come and is shown, or until the time is over."""
    end = desk.clock.now() + PATIENCE
    while True:
        known = {part.hook: part for part in await desk.subscriptions.parts(one.name)}
        for each in asked:
            if each.waits:
                await _look(each, known.get(each.part.hook), one, desk)
        if desk.clock.now() >= end or not any(each.waits for each in asked):
            return
        await desk.clock.sleep(EVERY)


async def _look(each: Tried, part: Part | None, one: Subscription, desk: Desk) -> None:
    if part is None:
        return
    each.part = part
    if part.heard_at is None or part.heard_at < each.asked_at:
        return
    each.arrived = each.arrived or part.heard_at
    step = _step(each, await desk.trail.steps(part.target, channel=one.channel, limit=_STEPS))
    if step is not None:
        each.known, each.rule, each.sent = True, step.rule, bool(step.ts) and not step.waiting
        each.reason = step.lane or step.reason


def _step(each: Tried, steps: Sequence[Step]) -> Step | None:
    """What became of it in the channel."""
    for step in steps:
        if step.kind == each.part.event and _came(step) >= each.asked_at:
            return step
    return None


def _came(step: Step) -> datetime:
    return step.received_at or step.at


def says(act: Act) -> str:
    """Which one."""
    return (
        f"Let Quay send test alerts of the subscription {code(act.parameters.get(THE_NAME, ''))} to "
        f"{code(act.target, 600)}. They are posted in the channel."
    )


KIND = ActKind(name=NAME, run=run, says=says)


def kind(begins: Callable[[], Awaitable[None]]) -> ActKind:
    """The same; `begins` is called as soon as it is sure that it may be done."""
    return replace(KIND, run=partial(run, begins=begins))
