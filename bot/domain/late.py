"""Messages that could not be posted when they should have been."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

SHOWN = 15  # late messages are listed, the heaviest; the others are counted


@dataclass(frozen=True, slots=True)
class Late:
    """A message that waits to be posted for long. `text` is empty for those that are too light to be listed."""

    id: int
    revision: int
    since: datetime
    weight: int
    family: str  # of its card, empty for other messages
    tried: bool  # Slack did not take it when it was its turn
    text: str = ""
    asker: str | None = None  # who wanted it


@dataclass(frozen=True, slots=True)
class Gatherer:
    """A message that tells others in their place and waits to be posted itself."""

    id: int
    revision: int
    key: str


@dataclass(frozen=True, slots=True)
class Pile:
    """The late messages of a channel, oldest first, without those that the message `into` tells already (`told`).

    `into` is None if no message that tells others waits in that channel.
    """

    late: tuple[Late, ...]
    told: tuple[Late, ...] = ()
    into: Gatherer | None = None


class Cause(StrEnum):
    """Why messages come late."""

    AWAY = "away"  # Slack did not take them
    BARRED = "barred"  # quaybot could not post in that channel
    CROWD = "crowd"  # there were more than Slack shows at once, or quaybot itself was away
