"""Where a channel's subscriptions cover the same repositories: which one counts, in words (mrkdwn). Pure."""

from collections.abc import Mapping, Sequence

from bot.blocks.text import clip_list, code
from bot.domain.subscriptions import Subscription
from bot.rules.subscribing import is_pattern

_NAMES = 8  # repositories that are named


def left_to(taken: Mapping[str, Subscription]) -> str:
    """The repositories of a pattern for which another one counts (by name), "" for none."""
    own = [name for name, other in taken.items() if not is_pattern(other.wanted.target)]
    sentences = []
    if own:
        have = "has a subscription of its own" if len(own) == 1 else "have subscriptions of their own"
        sentences.append(f"{_listed(own)} {have} here, which {_go(len(own) == 1)} on counting alone.")
    patterns = {other.name: other for other in taken.values() if is_pattern(other.wanted.target)}
    for name, other in patterns.items():
        theirs = [repository for repository, one in taken.items() if one.name == name]
        belong = "belongs" if len(theirs) == 1 else "belong"
        owner = f"this channel's subscription to {_named(other)}"
        sentences.append(f"{_listed(theirs)} {belong} to {owner}, which goes on counting alone.")
    return " ".join(sentences)


def taken_from(others: Sequence[Subscription], *, pattern: bool) -> str:
    """The patterns that leave to a subscription what it is about, "" for none."""
    if not others:
        return ""
    shown, more = clip_list([_named(one) for one in others], _NAMES)
    names = ", ".join([*shown, *([more] if more else [])])
    what = "what it covers" if pattern else "this repository"
    leave = f"subscription to {names} leaves" if len(others) == 1 else f"subscriptions to {names} leave"
    return f"This channel's {leave} {what} out from then on: here this one counts alone, with all its words."


def goes_on(others: Sequence[Subscription]) -> str:
    """What is told all the same when one ends, because patterns of the channel cover it, "" for nothing."""
    if not others:
        return ""
    shown, more = clip_list([_named(one) for one in others], _NAMES)
    names = ", ".join([*shown, *([more] if more else [])])
    return f"Of what it covers, this channel is told by {names} then."


def still_told(ended: Subscription, others: Sequence[Subscription]) -> str:
    """What tells it after one has ended, because patterns of the channel cover it, "" for nothing."""
    if not others:
        return ""
    if not is_pattern(ended.wanted.target):
        return f"{_named(others[0])} goes on telling it here."
    shown, more = clip_list([_named(one) for one in others], _NAMES)
    names = ", ".join([*shown, *([more] if more else [])])
    go = "goes" if len(others) == 1 else "go"
    return f"What {names} covers of it {go} on being told here."


def leaves_out(others: Sequence[Subscription]) -> str:
    """In a list: what a pattern leaves to others, "" for nothing."""
    return f"leaves {_listed([one.wanted.target for one in others])} to other subscriptions here" if others else ""


def _listed(names: Sequence[str]) -> str:
    shown, more = clip_list([code(name, 260) for name in names], _NAMES)
    return ", ".join([*shown, *([more] if more else [])])


def _named(one: Subscription) -> str:
    return f"{code(one.wanted.target, 260)} ({code(one.name)})"


def _go(alone: bool) -> str:
    return "goes" if alone else "go"
