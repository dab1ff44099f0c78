"""The nouns of the fake Slack: people, channels, calls, faults and answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any

Json = dict[str, Any]


@dataclass(slots=True)
class User:
    """Somebody in the workspace, or (with a `team` of their own) in a channel that is shared with another one."""

    id: str
    name: str
    tz: str = "Europe/Berlin"
    deleted: bool = False
    bot: bool = False
    team: str = ""


@dataclass(slots=True)
class Channel:
    """A place to talk. `kind` is "channel" or "im"; of an im, `members` are the bot and the person."""

    id: str
    name: str
    members: set[str] = field(default_factory=set)
    private: bool = False
    archived: bool = False
    kind: str = "channel"


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the Web API (or of a response_url). `status` is 0 when no answer was given."""

    method: str
    args: Mapping[str, Any]
    status: int
    error: str | None
    at: datetime


BEFORE, AFTER = ("429", "500", "reset"), ("500_after", "reset_after", "timeout")
"""Kinds of faults, by whether the call has had its effect."""


@dataclass(slots=True)
class Fault:
    """Something that goes wrong the next `times` times that `method` ("*": any) is called (for `channel`, if given).

    Kinds: "429" (with `retry_after` seconds), "500", "reset" (the connection drops, nothing is done), "500_after" and
    "reset_after" (the same, but it is done), "timeout" (it is done, no answer ever comes; after `hang` real seconds the
    connection drops), "error:<slack_error>". `times` None: until it is taken away. `chance`: how likely it is to strike
    a call that fits.
    """

    method: str
    kind: str
    times: int | None = 1
    retry_after: int = 30
    channel: str | None = None
    chance: float = 1.0
    hang: float | None = None

    def __post_init__(self) -> None:
        if self.kind not in BEFORE + AFTER and not self.kind.startswith("error:"):
            raise ValueError(f"there is no fault of kind {self.kind!r}")

    def strikes(self, method: str, channel: str, dice: Random) -> bool:
        """Whether it goes wrong this time."""
        fits = self.method in (method, "*") and self.channel in (None, channel)
        return fits and (self.chance >= 1 or dice.random() < self.chance)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the bot answered: `status` 0 means that it did not (`error` says why, as Slack would show it)."""

    status: int
    body: Any = None
    error: str | None = None


class Refused(Exception):
    """Slack says no: `error` is its word, `more` are further fields of the reply."""

    def __init__(self, error: str, **more: Any) -> None:
        super().__init__(error)
        self.error = error
        self.more = more

    def reply(self) -> Json:
        """The body of the reply."""
        return {"ok": False, "error": self.error, **self.more}


def invalid(error: str, messages: list[str]) -> Refused:
    """A refusal that lists what is wrong, in both places where Slack lists it."""
    return Refused(error, errors=messages, response_metadata={"messages": messages})
