"""Webhooks that come after the bot has found out by itself what they tell: Quay's queue may be late. Pure.

A webhook names no time and no digest (facts §1.2), so it may as well be news: the same tag pushed once more. Each
recovered push or sync is therefore taken for told by one webhook of each subscription at most, and only shortly after
it happened. Of two equal pushes so close together the second one is not told by itself; `why` names the reason.
"""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta

from bot.domain.events import Event, MirrorSynced, Pushed, VulnerabilityFound
from bot.rules.events import card_key
from bot.rules.pairing import EARLY

RULE = "told already when it was recovered"
QUEUED = timedelta(minutes=10)  # so long Quay's queue may hold what it tells of
_TOLD = "told again"


def may_be_late(event: Event) -> bool:
    """Is it of a kind that has a card of its own when it is recovered? A build has one card, whoever tells of it."""
    return isinstance(event, Pushed | MirrorSynced | VulnerabilityFound) and not event.test


def again(event: Event, recovered: Mapping[str, datetime]) -> tuple[str, ...]:
    """Those of the recovered keys (rules/recovering) that the webhook tells once more; none, if any of it is news.

    `recovered` is when each of them was told in the channel.
    """
    if not may_be_late(event):
        return ()
    if isinstance(event, VulnerabilityFound):
        return _finding(event, recovered)
    starts = [_start(event.kind, event.repository)]
    if isinstance(event, Pushed):
        starts = [_start(event.kind, event.repository, tag) for tag in dict.fromkeys(event.tags)]
    found = [_oldest(start, event.at, recovered) for start in starts]
    return tuple(found) if all(found) else ()


def marked(subscription: str, keys: Collection[str]) -> tuple[str, ...]:
    """By which it is remembered that webhooks of that subscription came for these."""
    return tuple(f"{_TOLD} {subscription} {key}" for key in keys)


def unmarked(subscription: str, rows: Mapping[str, datetime]) -> dict[str, datetime]:
    """Those for which no webhook of that subscription has come."""
    return {key: at for key, at in rows.items() if marked(subscription, (key,))[0] not in rows}


def _finding(event: VulnerabilityFound, recovered: Mapping[str, datetime]) -> tuple[str, ...]:
    """Quay sends copies of each (facts §1.1), and it counts once: any number of them is told already."""
    start, tags = _start(event.kind, event.repository, event.known_as), set(event.tags)
    near = [key for key, at in recovered.items() if key.startswith(start) and event.at - at <= QUEUED]
    return tuple(sorted(key for key in near if tags <= {*key.removeprefix(start).split(",")}))


def _oldest(start: str, at: datetime, recovered: Mapping[str, datetime]) -> str:
    """The oldest that can be meant, "" for none."""
    times = {key: _happened(key) for key in recovered if key.startswith(start)}
    near = [(happened, key) for key, happened in times.items() if happened and -EARLY <= at - happened <= QUEUED]
    return min(near)[1] if near else ""


def _happened(key: str) -> datetime | None:
    """The last part of a key, in whole seconds."""
    seconds = key.rpartition(":")[2]
    return datetime.fromtimestamp(int(seconds), UTC) if seconds.isascii() and seconds.isdecimal() else None


def _start(*parts: str) -> str:
    return f"{card_key(*parts)}:"
