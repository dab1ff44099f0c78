"""What is kept to be looked at: the trail, dead letters, channels; and who does the scheduled work."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from bot.domain.digests import Rhythm
from bot.domain.trail import Step, Unread
from bot.ports.inbox import Hook

LAYOUTS = ("card", "thread", "compact")


@dataclass(frozen=True, slots=True)
class Channel:
    """What people decided about a channel. `layout` is one of LAYOUTS. `owner` is a Slack user id, empty for none."""

    id: str
    layout: str = "card"
    owner: str = ""
    rhythm: Rhythm = field(default_factory=Rhythm)


@dataclass(frozen=True, slots=True)
class Lane:
    """A channel that Slack refuses to be posted to, since when and why, with how many messages waiting for it."""

    channel: str
    parked_at: datetime
    reason: str
    waiting: int


@dataclass(frozen=True, slots=True)
class Received:
    """One entry of the trail, as far as back-filling has to know it. `delivered`: a webhook brought it.

    `item` is what it put on a list, or the thing it is about (rules/recovering). `about` is the name of a finding.
    `via` is the subscription that brought it; else the webhook URL, "" where there was none.
    """

    kind: str
    tags: tuple[str, ...]
    at: datetime
    delivered: bool
    item: str = ""
    about: str = ""
    via: str = ""


class Channels(Protocol):
    """Layouts, owners and times of channels."""

    async def of(self, channel: str) -> Channel:
        """The channel, with the defaults for what nobody decided."""

    async def all(self) -> tuple[Channel, ...]:
        """Every channel that somebody decided something about."""

    async def keep(self, channel: Channel) -> None:
        """Store its layout and its owner; its times stay as they are."""

    async def set_rhythm(self, channel: str, before: Rhythm, after: Rhythm) -> bool:
        """Store its times, and nothing else. False, and nothing is stored, if they are not `before` any more."""


class Trail(Protocol):
    """What became of events, and what stands on a card's list."""

    async def steps(self, subject: str, *, tag: str = "", channel: str = "", limit: int = 10) -> tuple[Step, ...]:
        """The newest events about "ns/repo" (or "ns"), newest first; of one tag or channel, if given."""

    async def unread(self, subject: str, *, channel: str = "", limit: int = 10) -> tuple[Unread, ...]:
        """The newest deliveries about it that made no entry, newest first."""

    async def hooks(self, subject: str, *, channel: str = "") -> tuple[Hook, ...]:
        """The live webhook URLs for exactly that target; of one channel, if given."""

    async def items(self, key: str, *, start: int = 0, limit: int = 1000) -> "Page | None":
        """A part of the list of the card that the message with `key` shows, oldest first. None: no such card.

        Of a message that gathers others, the list holds those: their `channel`, `text` and `queued_at`.
        """

    async def received(
        self, channel: str, subject: str, kinds: Collection[str], since: datetime, *, subscription: str = ""
    ) -> tuple[Received, ...]:
        """What the trail has of these kinds in a channel since then, oldest first: told, folded, filtered, repeated.

        With a subscription, without what others kept out by their own filters: it never saw that.
        """

    async def waiting(self, channels: Collection[str]) -> Mapping[str, datetime]:
        """Those of the channels for which something waits that quiet hours kept out, and since when."""

    async def posted(self, channel: str, subjects: Collection[str], since: datetime, *, subscription: str = "") -> int:
        """How many messages were posted in the channel since then about these ("ns/repo" or "ns").

        With `subscription`, those that it brought.
        """

    async def builds(self, start: str, *, channel: str = "", limit: int = 5) -> tuple[tuple[str, str], ...]:
        """(repository, id) of builds with a card, newest first, whose ids begin with `start` (hex digits and dashes).

        Of one channel, if given.
        """


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a card's list. `total` counts all of it; `family` is "gathered" for a message that tells others."""

    family: str
    channel: str
    total: int
    items: tuple[Mapping[str, str], ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """Something that could not be read (`d12`, a delivery) or delivered (`m34`, a message).

    `about` is the hook with its event and target, or the message's text; `place` the channels that it was meant for.
    """

    id: str
    at: datetime
    reason: str
    about: str
    place: str
    size: int  # bytes of the body or of the payload
    body: bytes = field(default=b"", repr=False)


class DeadLetters(Protocol):
    """What was given up, kept with its reason until somebody decides."""

    async def all(self, limit: int = 100) -> tuple[DeadLetter, ...]:
        """The newest, without their bodies."""

    async def one(self, letter: str) -> DeadLetter | None:
        """With its body; None if there is none of that id."""

    async def retry(self, letter: str, now: datetime) -> int:
        """Work on it once more, or on "all"; how many there were of that id."""

    async def drop(self, letter: str, now: datetime) -> int:
        """Settle it, or "all", without doing anything more; how many there were of that id."""

    async def counts(self) -> Mapping[str, int]:
        """How many "deliveries" and how many "messages" are dead."""

    async def lanes(self) -> Sequence[Lane]:
        """Channels that are parked."""


class Lease(Protocol):
    """Who does the scheduled work: one process at a time."""

    async def hold(self, name: str, holder: str, now: datetime, span: timedelta) -> bool:
        """Take or renew the lease until `now + span`; False if somebody else holds it."""

    async def let_go(self, name: str, holder: str) -> None:
        """Give it back, if it is ours."""
