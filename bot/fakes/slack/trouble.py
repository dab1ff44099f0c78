"""What goes wrong in the fake Slack: outages, and faults that are planned one by one or left to chance."""

from collections import Counter
from random import Random

from bot.fakes.slack.model import Fault


class Trouble:
    """`faults` is what shall go wrong, `struck` counts what did, by kind. Seeded dice: runs can be repeated."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.struck: Counter[str] = Counter()
        self.down = False
        self.dice = Random(0)

    def next(self, method: str, channel: str) -> Fault | None:
        """The first fault that strikes this call, with one of its times used up."""
        for fault in self.faults:
            if not fault.strikes(method, channel, self.dice):
                continue
            self.struck[fault.kind] += 1
            if fault.times is not None:
                fault.times -= 1
                if fault.times <= 0:
                    self.faults.remove(fault)
            return fault
        return None
