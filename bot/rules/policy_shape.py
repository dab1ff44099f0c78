"""The keys of a policy file and what may stand behind each, one by one; pure."""

import re
from datetime import timedelta
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict

from bot.rules.who import HOW, is_word

_LONGEST = 300  # characters of a name, a pattern or a who-word
_SPAN = re.compile(r"[1-9]\d{0,5}[mhd]", re.ASCII)
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
_CHANNEL = re.compile(r"[CG][A-Z0-9]+")


def _text(value: str) -> str:
    if not value.strip() or not value.isprintable() or len(value) > _LONGEST:
        raise ValueError(f"write 1 to {_LONGEST} characters in one line")
    return value


def _who(value: str) -> str:
    if not is_word(_text(value)):
        raise ValueError(HOW)
    return value


def _channel(value: str) -> str:
    if not _CHANNEL.fullmatch(value):
        raise ValueError("write the id of a channel (C…), which Slack shows at the end of the channel's details")
    return value


def _reason(value: str) -> str:
    if len(value) > 2 * _LONGEST:
        raise ValueError(f"write at most {2 * _LONGEST} characters")
    return value


def span(value: str) -> timedelta:
    """The time that a text such as "90m" means."""
    return _UNITS[value[-1]] * int(value[:-1])


def _span(value: str) -> str:
    if not _SPAN.fullmatch(value) or not timedelta(minutes=1) <= span(value) <= timedelta(days=7):
        raise ValueError('write a time from "1m" to "7d", such as "90m", "2h" or "1d"')
    return value


def _some(value: list[str]) -> list[str]:
    """A list of nobody or nothing would mean everybody and everything, which surely nobody means."""
    if not value:
        raise ValueError("write at least one, or leave the key out")
    return value


_Who = list[Annotated[str, AfterValidator(_who)]]
_Some = AfterValidator(_some)
_Channel = Annotated[str, AfterValidator(_channel)]
_SomeWho = Annotated[_Who, _Some]
_Patterns = Annotated[list[Annotated[str, AfterValidator(_text)]], _Some]


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class RuleShape(_Shape):
    """The keys of a rule. What has to fit between keys is not looked at here."""

    name: Annotated[str, AfterValidator(_text)]
    effect: Literal["allow", "deny", "approve"]
    who: _SomeWho = []
    unless: _SomeWho = []
    commands: _Patterns = []
    targets: _Patterns = []
    channels: Annotated[list[_Channel], _Some] = []
    reason: Annotated[str, AfterValidator(_reason)] = ""
    approvers: _Who = []
    approvals: int = 0
    expires: Annotated[str, AfterValidator(_span)] = "1h"
    place: _Channel = ""


class FileShape(_Shape):
    """The keys of a file."""

    default: Literal["allow", "deny"] = "allow"
    auditors: _Who = []
    rule: list[RuleShape] = []
