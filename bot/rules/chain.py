"""The chain of the audit: each line's hash covers the line before it, so nothing in the middle can be changed alone."""

import hashlib
import json
from typing import Protocol

from bot.domain.acts import Deed

FIRST = "0" * 64  # what the first line has before it


def linked(number: int, previous: str, deed: Deed) -> str:
    """The hash (SHA-256, hex) of line `number` after the line with hash `previous`.

    `Act.hidden` is not covered: it is not stored. Times count to the microsecond, which is what the store keeps.
    """
    fields = [
        number,
        previous,
        deed.at.isoformat(timespec="microseconds"),
        deed.reference,
        deed.person.team,
        deed.person.user,
        deed.username,
        deed.channel,
        deed.act.name,
        deed.act.target,
        dict(sorted(deed.act.parameters.items())),
        deed.outcome.value,
        deed.detail,
        deed.approval,
        deed.quay_log,
    ]
    return hashlib.sha256(json.dumps(fields, separators=(",", ":")).encode()).hexdigest()


class ChainLine(Protocol):
    """A line as it is stored: see `ports.Line`."""

    @property
    def number(self) -> int:
        """Which one it is, from 1."""

    @property
    def deed(self) -> Deed:
        """What it says."""

    @property
    def previous(self) -> str:
        """The hash of the line before it, as it is written in this one."""

    @property
    def hash(self) -> str:
        """Its own hash, as it is written in it."""


def fault(line: ChainLine, number: int, previous: str) -> str:
    """What is wrong with a line that should be number `number` after the hash `previous`; "" if nothing is."""
    if line.number > number:
        missing = f"line {number} is" if line.number == number + 1 else f"lines {number} to {line.number - 1} are"
        return f"{missing} missing"
    if line.number < number:
        return f"line {line.number} comes after line {number - 1}"
    if line.previous != previous:
        return f"line {number} does not follow the line before it: that one was changed or exchanged, or this one was"
    if line.hash != linked(line.number, line.previous, line.deed):
        return f"line {number} was changed: its hash does not fit what it says"
    return ""
