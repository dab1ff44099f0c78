"""The keys of a file of subscriptions and what may stand behind each, one by one; pure."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from bot.domain.errors import UserError
from bot.rules.event_groups import PRESETS, expand
from bot.rules.filters import parse
from bot.rules.subscribing import DAYS, MOST_DAYS, check_target

_CHANNEL = re.compile(r"[CGD][A-Z0-9]{2,}")
_OWNER = re.compile(r"(?:[TE][A-Z0-9]+/)?[UW][A-Z0-9]+")


def _target(value: str) -> str:
    try:
        check_target(value)
    except UserError as error:
        raise ValueError(error.say) from None
    return value


def _event(value: str) -> str:
    if value.lower() not in PRESETS:
        try:
            expand(value)
        except UserError as error:
            raise ValueError(error.say) from None
    return value


def _events(value: list[str]) -> list[str]:
    if not value:
        raise ValueError("write at least one, or leave the key out: then it is the preset team")
    return value


def _filter(value: str) -> str:
    try:
        parse(value)
    except UserError as error:
        raise ValueError(error.say) from None
    return value


def _channel(value: str) -> str:
    if not _CHANNEL.fullmatch(value):
        raise ValueError("write the id of a channel (C…), which Slack shows at the end of the channel's details")
    return value


def _owner(value: str) -> str:
    if not _OWNER.fullmatch(value):
        raise ValueError("write the id of a Slack user (U…), which Slack shows in their profile")
    return value


def _days(value: int) -> int:
    if not 1 <= value <= MOST_DAYS:
        raise ValueError(f"write a whole number from 1 to {MOST_DAYS}")
    return value


_Event = Annotated[str, AfterValidator(_event)]
_Owner = Annotated[str, AfterValidator(_owner)]


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class SubscriptionShape(_Shape):
    """The keys of one subscription. What has to fit between keys is not looked at here."""

    target: Annotated[str, AfterValidator(_target)]
    channel: Annotated[str, AfterValidator(_channel)]
    events: Annotated[list[_Event], AfterValidator(_events)] = Field(default_factory=list)
    filter: Annotated[str, AfterValidator(_filter)] = ""
    days: Annotated[int, AfterValidator(_days)] = DAYS
    layout: Literal["card", "thread", "compact"] | None = None
    owner: _Owner | None = None


class FileShape(_Shape):
    """The keys of a file."""

    owner: _Owner | None = None
    subscription: list[SubscriptionShape] = Field(default_factory=list)
