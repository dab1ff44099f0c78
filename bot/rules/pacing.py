"""How fast Slack may be spoken to, as pure decisions: a pace for each channel, a budget for each shared method."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

# Slack takes about one message a second and channel (facts §2). It counts a call when it arrives, and this is counted
# from the answer: so two calls never arrive within less, and what is more than a second is for clocks that differ.
PACE = timedelta(seconds=1.01)
SLOWEST = timedelta(seconds=10)  # between two messages of a channel, however often Slack asks for patience
PER_MINUTE = 50  # calls of a method of Slack's third tier
FLOOR = 10  # a minute: no budget is lowered further
RECOVERY = 3  # calls a minute that a lowered budget gets back, each minute
# Slack counts a call when it arrives: of two, the first may have taken longer. So a minute is a little more here.
WINDOW = timedelta(seconds=61)
EDIT = "chat.update"
SEARCH = "conversations.history"
QUIET = timedelta(seconds=2.5)  # a card that has not changed for so long is probably final
SURELY = timedelta(seconds=6)  # even while most others still change
OVERDUE = timedelta(seconds=120)  # so long an edit may be overtaken by heavier and quieter ones
PATIENCE = timedelta(seconds=5)  # so long an edit lets every post of its channel pass
# Slack is believed if it asks for an hour, and up to a quarter is added to spread tries. What is to wait for even
# longer was put off by a clock that went wrong.
AHEAD = timedelta(minutes=75)


@dataclass(frozen=True, slots=True)
class Budget:
    """What is left of a shared method's calls, and when there will be more."""

    left: int
    more_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Edit:
    """A card that Slack shows and that has changed. It may be edited from `ready_at` on; it waits since `since`.

    `edited`: the last call in its channel was an edit.
    """

    id: int
    channel: str
    weight: int
    changed_at: datetime
    since: datetime
    ready_at: datetime
    edited: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """The edits to make now, in this order; `again` is when time alone makes another answer.

    `scarce`: there are more edits to make than may be made soon.
    """

    ids: tuple[int, ...] = ()
    again: datetime | None = None
    scarce: bool = False


def slower(pace: timedelta) -> timedelta:
    """The pace of a channel in which Slack has just asked for patience."""
    return min(SLOWEST, max(PACE, pace * 1.5))


def quicker(pace: timedelta) -> timedelta:
    """The pace of a channel in which Slack has just taken a message: slowly back to the usual one."""
    return max(PACE, pace * 0.9)


def allowance(usual: int, learned: int | None, blocked_until: datetime | None, now: datetime) -> int:
    """Calls a minute: what a refusal has left of the usual number, and what has come back since."""
    if learned is None or blocked_until is None or now < blocked_until:
        return usual if learned is None else min(usual, learned)
    return min(usual, learned + RECOVERY * ((now - blocked_until) // timedelta(minutes=1)))


def lowered(allowed: int) -> int:
    """The calls a minute after Slack has refused one."""
    return min(allowed, max(FLOOR, allowed * 3 // 4))


def budget(spent: Sequence[datetime], allowed: int, blocked_until: datetime | None, now: datetime) -> Budget:
    """What is left of `allowed` calls a minute, given the times of calls, oldest first.

    A call that is yet to come was noted by a clock that went wrong.
    """
    recent = [at for at in spent if now - WINDOW < at <= now + WINDOW]
    left = max(0, allowed - len(recent))
    more_at = recent[len(recent) - allowed] + WINDOW if recent and not left else None
    if blocked_until is not None and blocked_until > now:
        return Budget(0, max(blocked_until, more_at or blocked_until))
    return Budget(left, more_at)


def before_posts(edits: Sequence[Edit], now: datetime) -> frozenset[str]:
    """Channels in which an edit has its turn before what was never posted: it has waited for long.

    Posts and edits take turns there: what is new waits for one edit at most, and an edit for one post.
    """
    waiting = (edit for edit in edits if max(edit.since + PATIENCE, edit.ready_at) <= now)
    return frozenset(edit.channel for edit in waiting if not edit.edited)


def choose(edits: Sequence[Edit], budget: Budget, now: datetime, *, busy: Collection[str] = (), most: int) -> Choice:
    """Which edits to make now: at most `most`, one in a channel, none in the channels `busy`.

    If there is plenty (not more edits than half of what is left), every one that is ready. Otherwise the budget is kept
    for final states: only cards that have become quiet, the heaviest first. If there is not more than one edit for each
    card, and most of them still change, a short silence is not trusted: that edit would be missing at the end. What has
    waited for too long may go as well, but takes no more than half (and the last one) of what is left.
    """
    ready = [edit for edit in edits if edit.ready_at <= now and edit.channel not in busy]
    plenty = 2 * len(edits) <= budget.left
    ordered = sorted(ready, key=_age) if plenty else _scarce(ready, budget.left, _silence(edits, budget.left, now), now)
    chosen = list(_one_each(ordered))[: max(0, min(most, budget.left))]
    moments = [edit.ready_at for edit in edits]
    if not plenty:
        moments += [edit.changed_at + span for edit in edits for span in (QUIET, SURELY)]
        moments += [edit.since + OVERDUE for edit in ready]
    if budget.left <= 0 and edits:
        moments = [budget.more_at] if budget.more_at else []
    again = min((moment for moment in moments if moment > now), default=None)
    return Choice(tuple(edit.id for edit in chosen), again, scarce=bool(edits) and not plenty)


def _silence(edits: Sequence[Edit], left: int, now: datetime) -> timedelta:
    """For how long a card must not have changed to be taken for final."""
    quiet = sum(edit.changed_at + QUIET <= now for edit in edits)
    return QUIET if left > len(edits) or 2 * quiet >= len(edits) else SURELY


def _scarce(ready: Sequence[Edit], left: int, silence: timedelta, now: datetime) -> list[Edit]:
    old = sorted((edit for edit in ready if edit.since + OVERDUE <= now), key=_age)
    first = list(_one_each(old))[: (left + 1) // 2]
    taken = {edit.id for edit in first}
    quiet = [edit for edit in ready if edit.changed_at + silence <= now and edit.id not in taken]
    return [*first, *sorted(quiet, key=lambda edit: (-edit.weight, *_age(edit)))]


def _age(edit: Edit) -> tuple[datetime, int]:
    return edit.since, edit.id


def _one_each(edits: Sequence[Edit]) -> Iterator[Edit]:
    channels: set[str] = set()
    for edit in edits:
        if edit.channel not in channels:
            channels.add(edit.channel)
            yield edit
