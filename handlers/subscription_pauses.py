"""Pauses: which subscriptions of a channel somebody may stop or let go on, and what a pause has kept out."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from bot.blocks.text import code, count
from bot.domain.acts import Act
from bot.domain.errors import BotError, Denied, UserError
from bot.domain.subscriptions import State, Subscription
from bot.rules.policy import Effect
from bot.services.gate import Going
from bot.services.subscribing import THE_NAME, kept_out, looks_after
from handlers.command import Desk
from handlers.subscription_finding import still
from handlers.subscription_people import near

ALL = "all"  # the word for everything in a channel
UNTIL = "until"  # the parameter
_TRIES = 5  # to store a pause while others change the same subscription
_SHOWN = 10  # subscriptions that are named


@dataclass(frozen=True, slots=True)
class Chosen:
    """What it is done to, and what was left as it is, with why."""

    subscriptions: tuple[Subscription, ...]
    left: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """Their targets (mrkdwn)."""
        shown = [code(one.wanted.target, 260) for one in self.subscriptions[:_SHOWN]]
        rest = len(self.subscriptions) - len(shown)
        return ", ".join([*shown, *([f"+{rest} more"] if rest else [])])

    @property
    def others(self) -> str:
        """A sentence about what was left (mrkdwn), "" for nothing."""
        return f"Left as they were: {', '.join(self.left[:_SHOWN])}." if self.left else ""


def _unsaid(_: Subscription) -> str:
    return ""


async def chosen(
    going: Going, desk: Desk, fitting: Callable[[Subscription], bool], why_left: Callable[[Subscription], str] = _unsaid
) -> Chosen:
    """The one that the act names; where it names none, all of the channel that fit and that the person may touch.

    The policy is asked about each: what it denies for one repository is not done to that by asking for all. Of those
    that do not fit, the ones are named for which `why_left` has a reason (mrkdwn).
    """
    if THE_NAME in going.act.parameters:
        return Chosen((await still(going, desk),))
    found, left, named = [], [], []
    here = going.channel or going.person.user
    for one in await desk.subscriptions.all(channel=here):
        if not fitting(one):
            named += [f"{code(one.wanted.target, 260)} ({why})" for why in [why_left(one)] if why]
        elif why := await _why_not(one, going, desk):
            left.append(f"{code(one.wanted.target, 260)} ({why})")
        else:
            found.append(one)
    if not found and named and not left:
        raise UserError(f"Left as they were: {', '.join(named[:_SHOWN])}. Name one to change it all the same.")
    if not found:
        others = f" {len(left)} of them are not yours to touch, or the policy keeps you from it." if left else ""
        raise UserError(f"There is nothing here for that.{others} `/quay subscriptions` shows what this channel has.")
    return Chosen(tuple(found), (*left, *named))


async def _why_not(one: Subscription, going: Going, desk: Desk) -> str:
    act = Act(going.act.name, one.wanted.target, {**going.act.parameters, THE_NAME: one.name})
    try:
        decision = await desk.gate.decide(act, going.person, going.account.username, going.quay, going.channel)
        if decision.effect is not Effect.ALLOW:
            return "takes approval: ask for it by its name"
        theirs = await near(one, going.person, desk)
        theirs = theirs and await looks_after(one, going.person, going.quay, desk.subscriptions)
        return "" if theirs else "not yours"
    except Denied:
        return "the policy"
    except UserError:
        return "not yours"


def paused_as_long(one: Subscription, until: datetime) -> bool:
    """Is it paused until then already, or longer?"""
    return one.paused_until is not None and one.paused_until >= until


async def lengthen_pause(one: Subscription, until: datetime, desk: Desk) -> None:
    """As set_pause, but a pause that is longer, also one that somebody sets in this moment, stays."""
    await set_pause(one, until, desk, lambda found: paused_as_long(found, until))


async def set_pause(
    one: Subscription,
    until: datetime | None,
    desk: Desk,
    stays: Callable[[Subscription], bool] = lambda _: False,
) -> None:
    """Store until when it is paused, whatever else is changed meanwhile, unless it `stays` as it is by then.

    Raises UserError if it has ended.
    """
    found: Subscription | None = one
    for _ in range(_TRIES):
        if found is None or found.state is State.ENDED:
            break
        if stays(found) or await desk.subscriptions.change(
            found, replace(found, paused_until=until), desk.clock.now(), check=False
        ):
            return
        found = await desk.subscriptions.get(one.name)
    raise UserError(f"The subscription {one.name} has ended or changed meanwhile. Please look again.")


async def kept_words(one: Subscription, desk: Desk) -> str:
    """What its pause has kept out so far (mrkdwn): "While paused: 14 events, `/quay why acme/web`"; "" for no pause."""
    if one.paused_until is None:
        return ""
    try:
        parts = await desk.subscriptions.parts(one.name)
        number, more = await kept_out(one, one.paused_until, parts, desk.trail)
    except BotError:  # it only would have been told as well
        return ""
    if not number:
        return "While paused: nothing was kept out."
    much = f"{count(number, 'event')}{' or more' if more else ''}"
    subject = parts[0].target if parts else one.wanted.target
    return f"While paused: {much}, {code(f'/quay why {subject}', 300)}"
