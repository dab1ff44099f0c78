"""How we stand with Slack: whether it answers, and how often it asked for patience. Only a note, kept in memory."""

from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import structlog

from bot.domain.errors import BotError, Busy, TryLater
from bot.ports import Clock

log = structlog.stdlib.get_logger(__name__)

EVERY = 300.0  # seconds between two questions: often enough for an alarm, and far below any limit of Slack's


@dataclass(slots=True)
class Standing:
    """Hears the outcome of every call. `trouble` is a sentence for people, empty as long as Slack takes our calls."""

    trouble: str = ""
    refused: Counter[str] = field(default_factory=Counter)  # calls answered with 429, by method

    def heard(self, method: str, error: BotError | None) -> None:
        """A call of that method went well (None) or failed.

        A refusal that is about one channel or one message is an answer like any other.
        """
        if isinstance(error, Busy):
            self.refused[method] += 1
        self.trouble = error.say if isinstance(error, TryLater) and not isinstance(error, Busy) else ""


async def keep_asking(ask: Callable[[], Awaitable[object]], clock: Clock) -> None:
    """Ask Slack who we are, now and then until cancelled: else nobody knew in a quiet hour that we cannot speak.

    It is each process's own way to Slack that is tried; whoever makes the call tells `heard`. Stops nothing.
    """
    while True:
        try:
            await ask()
        except BotError as error:
            log.warning("slack_check_failed", why=str(error))
        except Exception:  # the loop must not die: it is all that watches
            log.exception("slack_not_asked")
        await clock.sleep(EVERY)
