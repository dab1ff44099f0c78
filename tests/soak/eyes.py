"""What a person sees in Slack, read without the bot's own code: from the texts of the messages alone."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from bot.fakes.slack import FakeSlack
from tests.soak.happenings import SEVERITIES

_ALONE = re.compile(r"(?:(Critical|High|Medium|Low|Negligible) vulnerability|Vulnerability of unknown severity): ")
_PART = rf"[\d,]+ (?:{'|'.join(SEVERITIES)})"
_MANY = re.compile(rf"([\d,]+) vulnerabilit(?:y|ies) in [^:]*: ({_PART}(?:, {_PART})*)\.")
_PUSHED = re.compile(r"Pushed [^:]+:(\S+?)(?:, reported ([\d,]+) times)?\.(?: |$)")
_TAGS = re.compile(r"([\d,]+) tags pushed to [^:]+: (.*?)\.(?: |$)")
_TIMES = re.compile(r"(\S+)(?: \(reported ([\d,]+) times\))?")
_BUILD = re.compile(r"(Build [a-z ]+): .*\bbuild ([0-9a-f]{8})\b")


@dataclass(frozen=True, slots=True)
class Seen:
    """A message of the bot. `key` is unique for ever; an empty one belongs to nothing that must be exact."""

    channel: str
    ts: str
    key: str
    text: str


class Misread(Exception):
    """A message is not what it should be, or cannot be understood."""


def seen(slack: FakeSlack, channels: Iterable[str] | None = None) -> list[Seen]:
    """Every message in these channels (all of them), oldest first, without replies in threads."""
    found = []
    for channel in channels if channels is not None else list(slack.channels):
        for message in slack.messages(channel):
            if not message.get("thread_ts"):
                key = ((message.get("metadata") or {}).get("event_payload") or {}).get("key", "")
                found.append(Seen(channel, message["ts"], key, message["text"]))
    return found


def said_twice(messages: Iterable[Seen]) -> list[str]:
    """The keys that more than one message has."""
    return sorted(key for key, times in Counter(one.key for one in messages).items() if times > 1)


def findings(text: str) -> Counter[str]:
    """How many findings of each severity a message tells of. Raises Misread if it contradicts itself."""
    if alone := _ALONE.match(text):
        return Counter([alone[1] or "Unknown"])
    many = _MANY.match(text)
    if many is None:
        raise Misread(f"these words tell of no findings: {text!r}")
    counts = Counter({word: _number(number) for number, word in (part.split(" ") for part in _parts(many[2]))})
    if counts.total() != _number(many[1]):
        raise Misread(f"the parts do not add up: {text!r}")
    return counts


def pushes(text: str) -> tuple[int, dict[str, int]]:
    """How many tags a message tells of, and how often each of those that it names was pushed."""
    if alone := _PUSHED.match(text):
        return 1, {alone[1]: _number(alone[2] or "1")}
    many = _TAGS.match(text)
    if many is None:
        raise Misread(f"these words tell of no push: {text!r}")
    named = [_TIMES.fullmatch(part) for part in _parts(many[2]) if not part.startswith("+")]
    return _number(many[1]), {one[1]: _number(one[2] or "1") for one in named if one}


def build(text: str) -> tuple[str, str]:
    """Which build a message tells of, and what of it."""
    found = _BUILD.match(text)
    if found is None:
        raise Misread(f"these words tell of no build: {text!r}")
    return found[2], found[1]


def _parts(text: str) -> list[str]:
    return text.split(", ")


def _number(text: str) -> int:
    return int(text.replace(",", ""))


def findings_in(slack: FakeSlack, channel: str) -> Counter[str]:
    """What a channel tells of findings, all its messages together."""
    return sum((findings(one.text) for one in seen(slack, [channel])), Counter())
