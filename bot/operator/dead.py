"""Dead letters: listed, shown, tried once more, or settled for good."""

import html
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from bot.blocks.clean import one_line
from bot.blocks.text import count
from bot.domain.errors import UserError
from bot.operator.opening import opened
from bot.ports import DeadLetter, Lane, Store
from bot.settings import Settings

MOST_DEAD = 100
ALL = "all"
_SHOWN = 100  # characters of a message's text or of a reason that fit on a line


async def list_dead(settings: Settings) -> tuple[list[str], bool]:
    """A line for each of the newest dead letters and for each parked channel; and whether there may be more letters."""
    letters, lanes = await _found(settings)
    lines = [*map(_line, letters), *map(parked, lanes)]
    return lines or ["There are no dead letters."], len(letters) >= MOST_DEAD


async def dead_data(settings: Settings) -> dict[str, Any]:
    """The same for programs."""
    letters, lanes = await _found(settings)
    return {"letters": [_data(letter) for letter in letters], "parked_channels": [_lane_data(lane) for lane in lanes]}


async def show_dead(settings: Settings, letter: str) -> tuple[list[str], bytes]:
    """What is known about one, and its body as it came. Raises UserError when there is none of that id."""
    async with opened(settings) as store:
        found = await _one(store, letter)
    facts = [
        f"{found.id}: {_short(found.about)}",
        f"{_time(found.at)}, for {found.place or 'no channel'}, {count(found.size, 'byte')}",
        f"Reason: {one_line(found.reason)}",
    ]
    return facts, found.body


async def describe_dead(settings: Settings, letter: str) -> str:
    """In a few words what an id stands for; empty for all of none. Raises UserError when there is none of that id."""
    async with opened(settings) as store:
        if letter == ALL:
            number = sum((await store.dead.counts()).values())
            return f"all dead letters ({number:,})" if number else ""
        found = await _one(store, letter)
    return f"{found.id} ({_short(found.about)}, for {found.place or 'no channel'})"


async def retry_dead(settings: Settings, letter: str) -> str:
    """Let the running bot try once more. Raises UserError when there is none of that id."""
    async with opened(settings) as store:
        number = await store.dead.retry(letter, datetime.now(UTC))
    if not number:
        return _none(letter)
    what = count(number, "dead letter") if letter == ALL else letter
    return f"The bot tries {what} once more. What fails again comes back here with its reason."


async def drop_dead(settings: Settings, letter: str) -> str:
    """Settle it for good. Raises UserError when there is none of that id."""
    async with opened(settings) as store:
        number = await store.dead.drop(letter, datetime.now(UTC))
    if not number:
        return _none(letter)
    return f"{count(number, 'dead letter') if letter == ALL else letter} dropped."


def parked(lane: Lane) -> str:
    """A parked channel in a sentence, with what to do."""
    waiting = count(lane.waiting, "message")
    why = _cut(one_line(lane.reason)).removesuffix(".") or "Slack refuses everything there"
    since = f"channel {lane.channel} is parked since {_time(lane.parked_at)} with {waiting}"
    return f"{since}: {why}. When that is mended: quaybot channels resume {lane.channel}"


async def _found(settings: Settings) -> tuple[Sequence[DeadLetter], Sequence[Lane]]:
    async with opened(settings, reading=True) as store:
        return await store.dead.all(MOST_DEAD), await store.dead.lanes()


async def _one(store: Store, letter: str) -> DeadLetter:
    found = await store.dead.one(letter)
    if found is None:
        raise _unknown(letter)
    return found


def _none(letter: str) -> str:
    if letter == ALL:
        return "There are no dead letters."
    raise _unknown(letter)


def _unknown(letter: str) -> UserError:
    return UserError(
        f"There is no dead letter {one_line(letter)[:40]!r}. Ids look like d12 or m34; see: quaybot dead list"
    )


def _line(letter: DeadLetter) -> str:
    place = letter.place or "-"
    return f"{letter.id}  {_time(letter.at)}  {place}  {_short(letter.about)}  {_cut(one_line(letter.reason))}"


def _data(letter: DeadLetter) -> dict[str, Any]:
    facts = {name: getattr(letter, name) for name in ("id", "reason", "about", "place", "size")}
    return facts | {"at": letter.at.isoformat()}


def _lane_data(lane: Lane) -> dict[str, Any]:
    facts = {"channel": lane.channel, "reason": lane.reason, "waiting": lane.waiting}
    return facts | {"parked_at": lane.parked_at.isoformat()}


def _short(words: str) -> str:
    return _cut(one_line(html.unescape(words)))  # a message's text is written for Slack


def _cut(words: str) -> str:
    return words if len(words) <= _SHOWN else words[: _SHOWN - 1] + "…"


def _time(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S}"
