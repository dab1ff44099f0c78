"""What a robot was used for lately, as far as Quay's usage log tells. Pure."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.robots import RobotUse

MOST = 100  # entries that one look at the log brings
_PULL, _PUSH = "pull_repo", "push_repo"


class Entry(Protocol):
    """As much of an entry of the usage log as is asked about here."""

    @property
    def kind(self) -> str:
        """What was done, in Quay's word."""

    @property
    def at(self) -> datetime:
        """When."""

    @property
    def performer(self) -> str:
        """The user or robot who did it."""


def used(robot: str, entries: Sequence[Entry]) -> RobotUse:
    """Count what that robot did itself; what others did to it is none of its uses."""
    mine = [entry for entry in entries if entry.performer == robot and entry.kind in (_PULL, _PUSH)]
    return RobotUse(
        pulls=sum(entry.kind == _PULL for entry in mine),
        pushes=sum(entry.kind == _PUSH for entry in mine),
        newest=max((entry.at for entry in mine), default=None),
        back_to=min(entry.at for entry in entries) if len(entries) >= MOST else None,
    )
