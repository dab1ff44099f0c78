"""Quay's own usage log of a repository: its pages, and its entries without anything that is not for people."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from bot.adapters.quay import asks
from bot.adapters.quay.answers import without_credentials
from bot.adapters.quay.ask import Ask
from bot.adapters.quay.reading import to_time
from bot.adapters.quay.shapes import table
from bot.adapters.quay.shapes_people import EntryShape, UsageShape
from bot.adapters.quay.words import short
from bot.ports import LogEntry

MOST_ENTRIES = 100
MOST_PAGES = 15  # of twenty (facts §3.3)
_TELLING = (
    "namespace",
    "repo",
    "tag",
    "docker_tags",
    "manifest_digest",
    "original_manifest_digest",
    "build_id",
    "build_uuid",
    "manual_user",
    "trigger_id",
    "trigger_kind",
    "service",
    "username",
    "robot",
    "team",
    "member",
    "role",
    "event",
    "method",
    "notification_id",
    "key",
    "oauth_token_application",
)


async def between(
    read: Callable[[Ask], Awaitable[UsageShape]], repository: str, since: datetime, until: datetime
) -> tuple[LogEntry, ...]:
    """The newest entries between two times, newest first. Quay only knows days: the rest is done here.

    Its times are whole seconds, so that an entry of the very second of `since` counts.
    """
    since, until = since.astimezone(UTC).replace(microsecond=0), until.astimezone(UTC)
    first, last = f"{since:%m/%d/%Y}", f"{until:%m/%d/%Y}"
    found: list[LogEntry] = []
    page = ""
    for _ in range(MOST_PAGES):
        raw = await read(asks.usage_log(repository, first, last, page))
        entries = [entry for entry in map(to_entry, raw.logs) if entry]
        found += [entry for entry in entries if since <= entry.at <= until]
        over = any(entry.at < since for entry in entries) or len(found) >= MOST_ENTRIES
        if over or raw.next_page in {"", page}:
            break
        page = raw.next_page
    return tuple(sorted(found, key=lambda entry: entry.at, reverse=True)[:MOST_ENTRIES])


def to_entry(raw: EntryShape) -> LogEntry | None:
    """One entry; None for one without kind or time."""
    at = to_time(raw.datetime)
    if not raw.kind or at is None:
        return None
    return LogEntry(short(raw.kind), at, short(raw.performer.name), to_about(raw.metadata))


def to_about(metadata: dict[str, object]) -> dict[str, str]:
    """The texts that tell what an entry is about. Addresses, tokens and whole configurations stay out."""
    told = {key: _text(metadata.get(key)) for key in _TELLING}
    told["commit"] = _text(table(metadata.get("trigger_metadata")).get("commit"))
    return {key: value for key, value in told.items() if value}


def _text(value: object) -> str:
    """A text, or a list of them, as one clipped line."""
    texts = value if isinstance(value, list) else [value]
    joined = ", ".join(one for one in texts if isinstance(one, str))
    return short(without_credentials(joined.encode("utf-8", "replace").decode()), 200)
