"""What a robot was used for lately, as far as Quay's usage log tells. Pure."""

from collections.abc import Sequence

from bot.domain.repositories import MOST_ENTRIES, LogEntry
from bot.domain.robots import RobotUse

_PULL, _PUSH = "pull_repo", "push_repo"


def used(robot: str, entries: Sequence[LogEntry]) -> RobotUse:
    """Count what that robot did itself; what others did to it is none of its uses."""
    mine = [entry for entry in entries if entry.performer == robot and entry.kind in (_PULL, _PUSH)]
    return RobotUse(
        pulls=sum(entry.kind == _PULL for entry in mine),
        pushes=sum(entry.kind == _PUSH for entry in mine),
        newest=max((entry.at for entry in mine), default=None),
        back_to=min(entry.at for entry in entries) if len(entries) >= MOST_ENTRIES else None,
    )
