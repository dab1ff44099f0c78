"""Pauses: which subscriptions of a channel somebody may stop or let go on, and what a pause has kept out."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from bot.blocks.text import code, count
from bot.domain.acts import Act
from bot.domain.errors import BotError, Denied, UserError
from bot.domain.subscriptions import Subscription
from bot.rules.policy import Effect
from bot.services.gate import Going
from bot.services.subscribing import kept_out, looks_after
from handlers.command import Desk
from handlers.subscription_finding import THE_NAME, still

ALL = "all"  # the word for everything in a channel
UNTIL = "until"  # the parameter
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


async def chosen(going: Going, desk: Desk, fitting: Callable[[Subscription], bool]) -> Chosen:
    """The one that the act names; where it names none, all of the channel that fit and that the person may touch.

    The policy is asked about each: what it denies for one repository is not done to that by asking for all.
    """
    if THE_NAME in going.act.parameters:
        return Chosen((await still(going, desk),))
    found, left = [], []
    here = going.channel or going.person.user
    for one in await desk.subscriptions.all(channel=here):
        if not fitting(one):
            continue
        if why := await _why_not(one, going, desk):
            left.append(f"{code(one.wanted.target, 260)} ({why})")
        else:
            found.append(one)
    if not found:
        others = f" {len(left)} of them are not yours to touch, or the policy keeps you from it." if left else ""
        raise UserError(f"There is nothing here for that.{others} `/quay subscriptions` shows what this channel has.")
    return Chosen(tuple(found), tuple(left))


async def _why_not(one: Subscription, going: Going, desk: Desk) -> str:
    act = Act(going.act.name, one.wanted.target, {**going.act.parameters, THE_NAME: one.name})
    try:
        decision = await desk.gate.decide(act, going.person, going.account.username, going.quay, going.channel)
        if decision.effect is not Effect.ALLOW:
            return "takes approval: ask for it by its name"
        return "" if await looks_after(one, going.person, going.quay, desk.subscriptions) else "not yours"
    except Denied:
        return "the policy"
    except UserError:
        return "not yours"


async def set_pause(one: Subscription, until: datetime | None, desk: Desk) -> None:
    """Store until when it is paused. Raises UserError if it has ended meanwhile."""
    found = await desk.subscriptions.get(one.name)
    if found is None or not await desk.subscriptions.keep(
        replace(found, paused_until=until), desk.clock.now(), check=False
    ):
        raise UserError(f"There is no subscription {one.name} any more.")


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
