"""Who-words: how a policy names people. What they look like, what they mean, and whether one of them holds; pure."""

import re
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass

EVERYBODY = "*"
_SHAPES = {
    "user": re.compile(r"(?:[TE][A-Z0-9]+/)?[UW][A-Z0-9]+"),
    "group": re.compile(r"S[A-Z0-9]+"),
    "channel": re.compile(r"[CG][A-Z0-9]+"),
    "quay": re.compile(r"\S+"),
    "team": re.compile(r"[^\s/]+/[^\s/]+"),
}
_SAID = {
    "user": "the Slack user {}",
    "group": "members of the Slack user group {}",
    "channel": "members of the Slack channel {}",
    "quay": "the Quay user {}",
    "team": "members of the Quay team {}",
}
_OPEN = {
    "user": "whether {} is of this workspace",
    "group": "who is in the Slack user group {}",
    "channel": "who is in the Slack channel {}",
    "quay": "who has the Quay account {}",
    "team": "who is in the Quay team {}",
}
HOW = 'write "*", user:U…, group:S…, channel:C…, quay:NAME or team:ORG/TEAM, with ids for what is in Slack'


@dataclass(frozen=True, slots=True)
class Known:
    """What is known about a person: the who-words that hold for them, and those that nobody could find out."""

    holds: Set[str] = frozenset()
    unknown: Set[str] = frozenset()


def split(word: str) -> tuple[str, str]:
    """A who-word's kind and what is behind its colon."""
    kind, _, rest = word.partition(":")
    return kind, rest


def is_word(word: str) -> bool:
    """Whether this is a who-word at all."""
    kind, rest = split(word)
    return word == EVERYBODY or (kind in _SHAPES and _SHAPES[kind].fullmatch(rest) is not None)


def one_holds(words: Sequence[str], known: Known) -> bool | None:
    """Does one of these words hold for the person? None: that depends on what nobody could find out."""
    if any(word == EVERYBODY or word in known.holds for word in words):
        return True
    return None if any(word in known.unknown for word in words) else False


def said(words: Iterable[str]) -> str:
    """Who-words for people, such as "members of the Slack user group S024BE7LH"."""
    return " or ".join("everybody" if word == EVERYBODY else _worded(_SAID, word) for word in words)


def questions(words: Iterable[str]) -> str:
    """What could not be found out, such as "who is in the Slack user group S024BE7LH"."""
    return " and ".join(_worded(_OPEN, word) for word in words)


def _worded(words: Mapping[str, str], word: str) -> str:
    kind, rest = split(word)
    return words[kind].format(rest) if kind in words else word
