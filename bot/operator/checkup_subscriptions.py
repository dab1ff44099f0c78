"""The part of the check-up that is about subscriptions: does somebody look after each, and is it whole?"""

from collections.abc import Iterable, Sequence

from bot.blocks.clean import one_line
from bot.blocks.text import count
from bot.domain.errors import BotError
from bot.domain.subscriptions import OFF, Part, State, Subscription
from bot.operator.opening import opened
from bot.rules.beating import SILENT
from bot.settings import Settings

_NAMED = 5  # subscriptions of one line
_MUCH = 160  # characters of a reason


async def subscription_troubles(settings: Settings) -> list[str]:
    """A line for each kind of trouble, as far as the database can tell: whether it does is told elsewhere."""
    try:
        async with opened(settings) as store:
            return troubles(await store.subscriptions.all(), await store.subscriptions.parts())
    except BotError:
        return []


def troubles(found: Sequence[Subscription], parts: Iterable[Part]) -> list[str]:
    """The lines."""
    parts = tuple(parts)
    orphaned = [one.name for one in found if one.state is State.ORPHANED]
    rest = {one.name: one for one in found if one.state is not State.ORPHANED}
    lacking = [f"{name} ({_short(one.reason)})" for name, one in rest.items() if one.reason]
    off = [part.subscription for part in parts if part.failures >= OFF and part.subscription in rest]
    silent = [part.subscription for part in parts if part.beaten >= SILENT and part.subscription in rest]
    lines = [
        _line(
            orphaned, "that nobody looks after", "any admin of the repository takes it over with the button in Slack"
        ),
        _line(lacking, "with something missing", "the reason says what to do"),
        _line(off, "that Quay has switched off", "quaybot serve mends that by itself within a minute"),
        _line(
            silent, "through which nothing arrives", "can Quay reach PUBLIC_URL, and does its notification worker run?"
        ),
    ]
    return [line for line in lines if line]


def _line(names: Sequence[str], what: str, then: str) -> str:
    names = tuple(dict.fromkeys(names))
    if not names:
        return ""
    more = f" and {len(names) - _NAMED:,} more" if len(names) > _NAMED else ""
    return f"{count(len(names), 'subscription')} {what}, {', '.join(names[:_NAMED])}{more}: {then}"


def _short(reason: str) -> str:
    words = one_line(reason).removesuffix(".")
    return words if len(words) <= _MUCH else words[: _MUCH - 1] + "…"
