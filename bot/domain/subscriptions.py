"""What a channel wants to be told: a subscription, its parts at Quay, and what is still to be found out or fetched."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.domain.people import Person


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is told, and how.

    `target` is "acme/web", a pattern of repositories ("acme/*", "acme/app-*"), or a namespace ("acme": its storage).
    `events` are Quay's names of what the channel is told, in the order of rules/event_groups. `filter` is written as
    rules/filters reads it, without blanks at its ends. `days` is how long before the end of a tag Quay warns. `layout`
    is one of ports.LAYOUTS, "" for that of the channel.
    """

    target: str
    events: tuple[str, ...]
    filter: str = ""
    days: int = 7
    layout: str = ""


class State(StrEnum):
    """What a subscription is."""

    ACTIVE = "active"
    ORPHANED = "orphaned"  # the account behind it may not look after it any more; what works goes on
    ENDED = "ended"  # nothing is told any more; what is left of it in Quay is removed


@dataclass(frozen=True, slots=True)
class Subscription:
    """One wish of one channel. `person` looks after it with their own account, which was called `username` then.

    `name` is what people type ("S7PX4"). `paused_until` is when it goes on. `reason` is why it is orphaned, or what
    keeps it from being whole. `checked_at` is when it was last compared with Quay. `source` is "chat" or "file".
    """

    name: str
    channel: str
    wanted: Wanted
    person: Person
    username: str
    created_at: datetime
    state: State = State.ACTIVE
    paused_until: datetime | None = None
    reason: str = ""
    checked_at: datetime | None = None
    source: str = "chat"


@dataclass(frozen=True, slots=True)
class Part:
    """One notification in Quay that a subscription needs, and the webhook URL (`hook`) behind it.

    `target` is the repository (or the namespace, for its storage). `silent`: it is for the bot alone, and told to no
    channel. `config` is Quay's eventConfig as it was asked for, as sorted JSON. `uuid` is Quay's, "" as long as it is
    not known to be there. `failures` is Quay's counter when it was last seen. `whole_at` is when it was last seen
    switched on and without a failure, less the time of Quay's repetitions: what came before was not missed. `heard_at`
    is when the URL last heard anything. `beat_at` is when a test call was asked for that has not arrived, `beaten` how
    many such calls in a row did not.
    """

    hook: str
    subscription: str
    target: str
    event: str
    silent: bool
    config: str
    created_at: datetime
    uuid: str = ""
    failures: int = 0
    whole_at: datetime | None = None
    heard_at: datetime | None = None
    rotated_at: datetime | None = None
    beat_at: datetime | None = None
    beaten: int = 0


@dataclass(frozen=True, slots=True)
class Gap:
    """A time in which events of a repository may have been missed: it is looked through at `due_at`, once.

    `events` are those (Quay's names) whose notification was not in order. `tries` counts the looks that broke off.
    """

    subscription: str
    target: str
    events: tuple[str, ...]
    since: datetime
    until: datetime
    due_at: datetime
    id: int = 0
    tries: int = 0


class Sought(StrEnum):
    """What is looked up after a webhook."""

    PUSH = "push"  # digest, size, findings, who did it
    BUILD = "build"  # did the one before it fail?


@dataclass(frozen=True, slots=True)
class Lookup:
    """Something to be read from Quay about what a webhook said, to complete the card that tells it.

    `delivery` is the webhook's body, by which the card is found. `event` is the event as JSON. `held`: it is not told
    yet, because its filter asks about something that has to be looked up first. `known` is what was found so far, as
    JSON. `last_at` is when the search ends, whatever is known then.
    """

    sought: Sought
    subscription: str
    channel: str
    repository: str
    delivery: int
    event: str = field(repr=False)
    at: datetime
    due_at: datetime
    last_at: datetime
    held: bool = False
    known: str = field(default="", repr=False)
    id: int = 0
    tries: int = 0


@dataclass(frozen=True, slots=True)
class Notification:
    """A notification as Quay lists it, without its address: that is a secret.

    `mark` is the SHA-256 (hex) of the last part of the path of its address if that looks like one of ours (/webhooks/
    quay/TOKEN), else "". `place` is where the address leads (rules/hook_urls). `config` is its event_config.
    `templated`: a template decides what its body is.
    """

    uuid: str
    event: str
    method: str
    title: str
    mark: str = ""
    place: str = ""
    config: Mapping[str, object] = field(default_factory=dict, hash=False)
    failures: int = 0
    templated: bool = False


OFF = 3  # failures in a row with which Quay switches a notification off (facts §1.3)
TITLE = "quaybot"  # what the title of a notification of ours begins with
