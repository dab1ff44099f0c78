"""Messages that Slack should show, and when each channel may be spoken to."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from bot.domain.late import Late, Pile
from bot.domain.messages import Outgoing
from bot.rules.pacing import PACE, PER_MINUTE


@dataclass(frozen=True, slots=True)
class Due:
    """An outbox row that is claimed by this process until `lease`: make Slack show `payload`.

    `ts` is the message to edit, None before the first post. `attempted_at` and `tried_at` are set if a post was tried
    before and its fate is not known: look for it before posting again. They are the first and the last of those tries.
    `since` is when it began to wait, `attempts` how often it has failed. `thread` is the ts of the message below which
    it is a reply. `pace` is the one its channel has learned; `parked`: Slack refused everything there, and this row
    tries whether it still does.
    """

    id: int
    key: str
    channel: str
    payload: Mapping[str, Any] = field(repr=False)
    revision: int
    ts: str | None
    attempted_at: datetime | None
    attempts: int
    asker: str | None
    since: datetime
    lease: datetime
    thread: str = ""
    pace: timedelta = PACE
    parked: bool = False
    tried_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """Rows to say now. If there are none, `again` is when there will be something, as far as time alone decides.

    `scarce`: more edits wait than Slack will take soon.
    """

    rows: tuple[Due, ...]
    again: datetime | None = None
    scarce: bool = False

    def __iter__(self) -> Iterator[Due]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


@dataclass(frozen=True, slots=True)
class Rest:
    """A channel is left alone until then. `pace` is what it learned, `away`: only because Slack does not answer."""

    channel: str
    until: datetime
    pace: timedelta = PACE
    away: bool = False


class Outbox(Protocol):
    """Messages that Slack should show.

    What is told about a claimed row changes nothing if its lease ran out and somebody else has taken it up: only `sent`
    is noted all the same, for Slack shows what it shows. What counts is `Due.lease`, however long the claim took.
    """

    async def claim(
        self, limit: int, now: datetime, lease: timedelta, *, skip: Collection[str] = (), edits: int = PER_MINUTE
    ) -> Claim:
        """One due row of each channel that may be spoken to; none of those in `skip`.

        What was never posted comes first, then edits, of which the whole workspace has `edits` a minute. An edit that
        has waited for long takes turns with the posts of its channel.
        """

    async def attempting(self, row: Due, now: datetime) -> bool:
        """Remember that a post is about to be tried: from here on its fate may be unknown.

        False: the row is not ours any more, or Slack shows it already. Do not post it, and forget it.
        """

    async def found(self, row: Due, ts: str) -> None:
        """A post of unknown fate is there after all, as message `ts`: what is left to do is an edit."""

    async def sent(self, row: Due, ts: str, now: datetime, rest: Rest | None = None) -> None:
        """Slack shows the row's revision as message `ts`. A newer revision stays due.

        A parked channel is open again.
        """

    async def later(
        self,
        row: Due,
        until: datetime | None,
        reason: str,
        *,
        posted: bool | None,
        resumable: bool = False,
        failed: bool = True,
        rest: Rest | None = None,
    ) -> None:
        """Try again after `until`; None: as soon as its turn comes, and it keeps its place and its age.

        posted=False: surely not posted, so no search is needed; None: unknown.
        `resumable`: it waits only because Slack was away, and `resume` may bring it forward. failed=False: Slack only
        asked for patience, which counts as no failure.
        """

    async def resume(self, now: datetime) -> int:
        """Slack answers again: what waited only for that is due at once. Gives the number of rows."""

    async def slow_down(self, method: str, now: datetime, after: float, usual: int = PER_MINUTE) -> None:
        """Slack refused a call of a method that all channels share: nobody calls it for `after` seconds, then fewer."""

    async def park(self, row: Due, reason: str, now: datetime, rest: Rest | None = None) -> None:
        """Give up on it; it is kept with its reason."""

    async def park_lane(
        self, row: Due, reason: str, now: datetime, probe: datetime, *, posted: bool | None = False
    ) -> datetime | None:
        """Slack refuses everything in the row's channel: all its rows wait, and one of them tries after `probe`.

        Gives the time since when the channel is parked, which is `now` unless it was parked already. None: the row is
        not ours any more, and nothing has changed.
        """

    async def open_lane(self, channel: str) -> bool:
        """Try a parked channel again at once; False if it is not parked."""

    async def late(self, row: Due, before: datetime, now: datetime) -> Pile:
        """What waits to be posted in the row's channel since `before`, the row itself included.

        Not what somebody else works on, nor what has a fate that is not known (but for the row: it was looked for).
        """

    async def gather(self, row: Due, away: Outgoing, pile: Pile, now: datetime) -> bool:
        """The message `away` tells everything in `pile`, in place of it. The row is given back.

        False, and nothing has changed, if one of them has changed meanwhile.
        """

    async def needless(self, row: Due, now: datetime) -> None:
        """Nothing is left that this row would tell: it was never posted, and will not be."""

    async def told(self, away: int) -> Sequence[Late]:
        """What that message tells in place of others, oldest first."""

    async def waiting(self) -> int:
        """How many rows have something to say."""

    async def lag(self, now: datetime) -> Mapping[str, float]:
        """For how many seconds the oldest unsaid row of a channel waits, for the fifty channels where it is longest."""
