"""What became of an event in a channel: the trail that `why` reads and the list that "Show all" pages through."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Verdict(StrEnum):
    """What an event did in a channel."""

    OPENED = "opened"  # it started a card
    FOLDED = "folded"  # it changed a card
    REPEATED = "repeated"  # the card told it already
    FILTERED = "filtered"  # a rule of the channel kept it out


@dataclass(frozen=True, slots=True)
class Item:
    """One thing of which a card tells many. `key` is the same for the same thing; `data` are its columns, flat."""

    key: str
    data: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the trail. `delivery` is the stored webhook body, None for what the bot found out by itself.

    `item` is set if the event put something on the card's list (with its `data`) or would have, were it not there yet
    (`data` is None then). An item that is a tag is about that tag only; of many others, `tags` has the first.
    Without a list, `item` names the build that the event is about (rules/recovering). `subscription` is the one whose
    webhook (or gap) brought it, if any. `test`: Quay's test call, which is no event.
    """

    channel: str
    subject: str
    kind: str
    tags: tuple[str, ...]
    at: datetime
    verdict: Verdict
    delivery: int | None = None
    rule: str = ""
    item: str = ""
    data: Mapping[str, str] | None = field(default=None, hash=False)
    subscription: str = ""
    test: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One event in one channel, from the webhook to Slack.

    `received_at` and `hook` are empty if the bot found it out by itself, `card` if it was filtered. `reason` is why
    the message waits or was given up; `ts` and `sent_at` are empty until Slack shows the message. `waiting`: Slack does
    not show the last word yet.
    """

    id: int
    delivery: int | None
    hook: str
    received_at: datetime | None
    subject: str
    kind: str
    tags: tuple[str, ...]
    channel: str
    at: datetime
    verdict: Verdict
    rule: str
    card: int | None
    opened_at: datetime | None
    message: str  # the key
    queued_at: datetime | None
    ts: str
    sent_at: datetime | None
    due_at: datetime | None
    attempts: int
    waiting: bool
    parked_at: datetime | None
    gathered: bool  # a message for many tells it ("while Slack was away"): ts, times and reason are that one's
    reason: str
    lane: str  # why the channel is parked, empty if it is not
    letter: str = ""  # the dead letter's id, if the message was given up
    item: Mapping[str, str] = field(default_factory=dict, hash=False)  # what it put on the card's list, or found there


@dataclass(frozen=True, slots=True)
class Unread:
    """A delivery of a hook of that target that is not worked on yet, or was set aside (`reason`)."""

    delivery: int
    hook: str
    kind: str
    channels: tuple[str, ...]
    received_at: datetime
    reason: str
