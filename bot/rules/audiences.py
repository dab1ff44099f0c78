"""Which channels are told of what the bot has done or found out itself, and which rule keeps it out of others. Pure.

Quay sends nothing about a build that fails at its first attempt (facts §1.1), nor about a restore (facts §3.1): those
who want to hear of failures and pushes hear it from here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.digests import Rhythm
from bot.domain.events import BuildMoved, Event, Phase
from bot.rules.routing import routed

FAILURE = "build_failure"
_ENDS: Mapping[Phase, str] = {
    Phase.COMPLETE: "build_success",
    Phase.CANCELLED: "build_cancelled",
    Phase.ERROR: FAILURE,
    Phase.EXPIRED: FAILURE,
    Phase.INTERNAL_ERROR: FAILURE,
}


@dataclass(frozen=True, slots=True)
class Listener:
    """A channel that wants to be told such events, and when."""

    channel: str
    filter: str = ""
    paused_until: datetime | None = None
    layout: str = ""
    rhythm: Rhythm | None = None


@dataclass(frozen=True, slots=True)
class Audience:
    """Who is told: channels with their layouts; and who is not, with the rules."""

    told: Mapping[str, str] = field(default_factory=dict, hash=False)
    filtered: Mapping[str, str] = field(default_factory=dict, hash=False)


def end_of(phase: Phase) -> str:
    """What Quay calls the event of a build that ended so; "" for phases that are no end."""
    return _ENDS.get(phase, "")


def kept_out(event: Event, one: Listener, now: datetime) -> str:
    """The rule that keeps the event out there, "" if it is told. Nobody waits for what is not known of it."""
    return routed(event, one.filter, paused_until=one.paused_until, rhythm=one.rhythm, now=now).rule


def audience(event: BuildMoved, listeners: Iterable[Listener], now: datetime) -> Audience:
    """Those of them that are told now. A channel that listens in two ways is told if one of them lets it pass.

    What is kept out is only written down where no webhook of Quay's has to be expected: else it would count twice.
    """
    told: dict[str, str] = {}
    filtered: dict[str, str] = {}
    for one in listeners:
        if rule := kept_out(event, one, now):
            filtered.setdefault(one.channel, rule)
        else:
            told.setdefault(one.channel, one.layout)
    out = {channel: rule for channel, rule in filtered.items() if channel not in told and event.kind == FAILURE}
    return Audience(told, out)
