"""How we stand with Slack: whether it answers, and how often it asked for patience. Only a note, kept in memory."""

from collections import Counter
from dataclasses import dataclass, field

from bot.domain.errors import BotError, Busy, TryLater


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
