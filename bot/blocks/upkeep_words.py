"""What people are told about a subscription itself: that nobody looks after it, that nothing arrives, what is left."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.blocks.layout import actions, button, confirm, context, section
from bot.blocks.neutral import naming
from bot.blocks.spoken import spoken
from bot.blocks.text import clip, code, count, humane, when
from bot.domain.messages import Block, Message
from bot.domain.subscriptions import Notification, Part, Subscription

MOST_STRAYS = 20  # of one message: its button names each of them
_MUCH = 1500  # characters of a reason
_NAMED = 5  # repositories that are named
_LEFT_OUT = 20  # repositories that are named to whoever looks after them


def nobody_left(subscription: Subscription) -> Message:
    """For the channel: the account behind it may not look after it any more."""
    said = (
        f":warning: Nobody looks after {_named(subscription)} any more. <@{subscription.person.user}> did, "
        f"with the Quay account {code(subscription.username)}."
    )
    means = (
        "What works goes on, but I cannot mend it any more: if Quay switches a notification off, it stays off. "
        "Any admin of the repository can take it over. If it was yours, link your account again: `/quay link`."
    )
    why = [context(clip(spoken(subscription.reason), _MUCH))] if subscription.reason else []
    press = button("take_over", "Take it over", value=subscription.name, style="primary")
    return _message(said, subscription, section(means), *why, actions(press))


def looked_after(subscription: Subscription) -> Message:
    """In place of that: somebody does now."""
    said = f":white_check_mark: <@{subscription.person.user}> looks after {_named(subscription)} now."
    return _message(said, subscription)


def some_lost(subscription: Subscription, lost: Mapping[str, str]) -> Message:
    """For the channel: in some of its repositories nobody looks after it any more; `lost` says why, for each."""
    names = sorted(lost)
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    where = ", ".join(code(name, 260) for name in names[:_NAMED]) + more
    said = (
        f":warning: <@{subscription.person.user}> looks after {_named(subscription)}, but can no longer do so in "
        f"{where} with the Quay account {code(subscription.username)}. The rest is looked after as before."
    )
    means = (
        "What works there goes on, but I cannot mend it any more. Give the account the role admin there again, and "
        f"I go on by myself. Or let an admin of it subscribe to it here: {code('/quay subscribe ' + names[0], 280)}"
    )
    why = " ".join(dict.fromkeys(lost[name] for name in names[:_NAMED]))
    return _message(said, subscription, section(means), context(clip(spoken(why), _MUCH)))


def left_out(subscription: Subscription, apart: Mapping[str, str]) -> Message:
    """For whoever looks after it, alone: what is left out, and why."""
    names, number = sorted(apart), count(len(apart), "repository")
    said = f"In {_named(subscription)}, I leave out {number}. Only you hear which; the channel hears how many."
    lines = [f"• {code(name, 260)}: {clip(spoken(apart[name]), 280)}" for name in names[:_LEFT_OUT]]
    parts = [section("\n".join(lines[start : start + _NAMED])) for start in range(0, len(lines), _NAMED)]
    more = [context(f"…and {len(names) - _LEFT_OUT} more.")] if len(names) > _LEFT_OUT else []
    return _message(said, subscription, *parts, *more)


def nothing_arrives(subscription: Subscription, part: Part, last: datetime | None) -> Message:
    """For the channel: Quay was asked for test calls, and they did not come. `last` is when anything did."""
    ever = f"The last time that anything came was {when(last)}." if last else "Nothing has ever come."
    about = f"({code(part.event)} of {code(part.target, 260)})"
    said = (
        f":warning: <@{subscription.person.user}>, nothing from Quay arrives through {_named(subscription)}: "
        f"I asked Quay for {count(part.beaten, 'test call')} in a row {about}, and none arrived. {ever}"
    )
    steps = (
        "What to do:\n"
        "• Can Quay's server reach me? My address is the setting PUBLIC_URL (or WEBHOOK_URL).\n"
        "• Does Quay's notification worker run? It is a process of its own.\n"
        f"• {code('/quay test ' + subscription.name)} tries the whole way and tells where it ends.\n"
        "I go on trying: this message changes as soon as something arrives."
    )
    return _message(said, subscription, section(steps))


def heard_again(subscription: Subscription, since: datetime, at: datetime) -> Message:
    """In place of that: it works again."""
    said = (
        f":white_check_mark: {_named(subscription)} works again since {when(at)}: something from Quay has arrived. "
        f"It was silent for {humane(at - since)}."
    )
    return _message(said, subscription)


def strays(subscription: Subscription, target: str, found: Sequence[Notification]) -> Message:
    """For whoever looks after a subscription there: notifications that look like ours, and that nobody knows."""
    head = f"In {code(target, 260)}, Quay has {count(len(found), 'notification')} with my title and my address"
    said = f"{head}, but I do not know {'it' if len(found) == 1 else 'them'}."
    lines = [f"• {code(one.event)} “{code(one.title, 60)}”" for one in found[:MOST_STRAYS]]
    means = (
        "They may be left from an older state of my database, or belong to another quaybot at this address. Nothing "
        "that they send is told to anybody. Shall I remove them in Quay, with your account?"
    )
    value = " ".join((target, *(one.uuid for one in found[:MOST_STRAYS])))
    sure = confirm("Remove them?", "They are gone in Quay then.", yes="Remove", no="Keep", style="danger")
    press = button("clean_up", "Remove them in Quay", value=value, style="danger", confirm=sure)
    return _message(said, subscription, section("\n".join(lines)), section(means), actions(press))


def _named(subscription: Subscription) -> str:
    return f"the subscription {code(subscription.name)} ({code(subscription.wanted.target, 260)})"


def _message(said: str, subscription: Subscription, *blocks: Block) -> Message:
    said = clip(said, 2900)
    return Message(said, (section(said, block_id=naming(subscription.person.user)), *blocks))
