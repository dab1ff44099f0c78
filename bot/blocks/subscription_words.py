"""How a subscription is, in words: whole or not and why, whose, since when. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.blocks.spoken import spoken
from bot.blocks.subscription_overlaps import leaves_out
from bot.blocks.text import ago, code, count, when
from bot.domain.subscriptions import OFF, Part, State, Subscription
from bot.rules.subscribing import written

_WORDS = 300  # characters of the wish in a list


@dataclass(frozen=True, slots=True)
class Standing:
    """A subscription with what is known about it. `week` is how many messages it brought in the last seven days.

    `place` is where it is told (mrkdwn), "" where that goes without saying. `gaps` are times that are looked through.
    `others` are those of the channel that take repositories from it.
    """

    subscription: Subscription
    parts: Sequence[Part] = ()
    gaps: int = 0
    week: int = 0
    place: str = ""
    others: Sequence[Subscription] = ()


def health(one: Standing, now: datetime) -> str:
    """Is it in order, and if not, why not (mrkdwn)? What is worst comes first."""
    found, parts = one.subscription, one.parts
    off = sum(part.failures >= OFF for part in parts)
    failing = sum(0 < part.failures < OFF for part in parts)
    absent = sum(not part.uuid for part in parts)
    beaten = max((part.beaten for part in parts), default=0)
    reason = spoken(found.reason).removesuffix(".") if found.reason else ""
    orphaned = found.state is State.ORPHANED
    troubles = [
        f"nobody's account can look after it ({reason or 'the role is gone'})" if orphaned else reason,
        f"Quay has switched off {count(off, 'notification')}" if off else "",
        f"{count(absent, 'notification')} {'is' if absent == 1 else 'are'} missing in Quay" if absent else "",
        f"{count(beaten, 'test call')} in a row did not arrive" if beaten else "",
        f"{count(failing, 'notification')} failed lately" if failing else "",
    ]
    sick = [trouble for trouble in troubles if trouble]
    if not parts and not sick:
        sick = ["it is being set up" if found.checked_at is None else "nothing of it is in Quay yet"]
    gap = "what was missed is being fetched" if one.gaps else ""
    pause = f"⏸ paused until {when(found.paused_until)}" if found.paused_until and found.paused_until > now else ""
    state = f"⚠️ {'; '.join([*sick, *([gap] if gap else [])])}" if sick else f"✅ in order{f'; {gap}' if gap else ''}"
    seen = f" (looked at {ago(found.checked_at, now)})" if found.checked_at else ""
    return " · ".join(filter(None, (f"{state}{seen}", pause)))


def row(one: Standing, now: datetime) -> str:
    """A subscription in a list: what, how it is, whose, how much (mrkdwn)."""
    found = one.subscription
    head = f"*{code(found.wanted.target, 260)}* {code(written(found.wanted), _WORDS)}"
    facts = [
        code(found.name),
        one.place,
        f"of {code(found.username, 60)} since {when(found.created_at)}",
        f"{count(one.week, 'message')} in the last week",
        leaves_out(one.others),
        "from a file" if found.source == "file" else "",
    ]
    return "\n".join((head, health(one, now), " · ".join(filter(None, facts))))
