"""Quay's own usage logs: their pages, and its entries without anything that is not for people."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.adapters.quay import asks_repositories
from bot.adapters.quay.ask import Ask
from bot.adapters.quay.reading import moment, to_time
from bot.adapters.quay.shapes import seconds, table
from bot.adapters.quay.shapes_people import EntryShape, UsageShape
from bot.adapters.quay.words import short
from bot.domain.repositories import MOST_ENTRIES, LogEntry, LogPage
from bot.rules.addresses import without_credentials

Read = Callable[[Ask], Awaitable[UsageShape]]

PAGE = 20  # entries that Quay gives at once (facts §3.3)
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
    "visibility",
    "state_changed",
    "value",
    "original_role",
    "delegate_user",
    "delegate_team",
    "application_name",
    "assigned_user",
    "changed",
    "to",
    "message",
)
_SWITCHES = ("enabled",)
_MOMENTS = ("expiration_date",)  # seconds since 1970


@dataclass(frozen=True, slots=True)
class Stretch:
    """Which log, and from when until when. Quay only knows days: the rest is done here.

    Its times are whole seconds, so that an entry of the very second of `since` counts. `own`: the target is the
    caller's own namespace. `kind` and `by` are what is looked for, "" for everything and everybody.
    """

    target: str
    since: datetime
    until: datetime
    own: bool = False
    kind: str = ""
    by: str = ""

    def ask(self, page: str) -> Ask:
        """The call for one page of these days."""
        first, last = (f"{day.astimezone(UTC):%m/%d/%Y}" for day in (self.since, self.until))
        return asks_repositories.usage_log(self.target, first, last, page, own=self.own)

    def before(self, entry: LogEntry) -> bool:
        """Is the entry too old?"""
        return entry.at < self.since.astimezone(UTC).replace(microsecond=0)

    def holds(self, entry: LogEntry) -> bool:
        """Is it one of those that are looked for? A build names no performer, only who asked for it (facts §3.3)."""
        if self.before(entry) or entry.at > self.until or self.kind not in ("", entry.kind):
            return False
        who = (entry.performer.lower(), entry.about.get("manual_user", "").lower())
        return not self.by or self.by.lower() in who


async def between(read: Read, stretch: Stretch) -> tuple[LogEntry, ...]:
    """The newest entries of that time, newest first."""
    found = await part(read, stretch, enough=MOST_ENTRIES)
    return found.entries[:MOST_ENTRIES]


async def part(read: Read, stretch: Stretch, *, enough: int, next_page: str = "") -> LogPage:
    """Whole pages until there are `enough` entries or MOST_PAGES were read, newest first; and the way to older ones."""
    found: list[LogEntry] = []
    page, calls = next_page, 0
    while calls < MOST_PAGES:
        calls += 1
        raw = await read(stretch.ask(page))
        entries = [entry for entry in map(to_entry, raw.logs) if entry]
        found += filter(stretch.holds, entries)
        last = raw.next_page in {"", page} or any(map(stretch.before, entries))
        page = "" if last else raw.next_page
        if last or len(found) >= enough:
            break
    return LogPage(tuple(sorted(found, key=lambda entry: entry.at, reverse=True)), page, calls)


def to_entry(raw: EntryShape) -> LogEntry | None:
    """One entry; None for one without kind or time."""
    at = to_time(raw.datetime)
    if not raw.kind or at is None:
        return None
    return LogEntry(short(raw.kind), at, short(raw.performer.name), to_about(raw.metadata))


def to_about(metadata: dict[str, object]) -> dict[str, str]:
    """The texts that tell what an entry is about. Addresses, tokens and whole configurations stay out."""
    told = {key: _text(metadata.get(key)) for key in _TELLING}
    told |= {key: "yes" if metadata.get(key) else "no" for key in _SWITCHES if isinstance(metadata.get(key), bool)}
    told |= {key: _moment(metadata.get(key)) for key in _MOMENTS}
    told["commit"] = _text(table(metadata.get("trigger_metadata")).get("commit"))
    return {key: value for key, value in told.items() if value}


def _text(value: object) -> str:
    """A text, or a list of them, as one clipped line."""
    texts = value if isinstance(value, list) else [value]
    joined = ", ".join(one for one in texts if isinstance(one, str))
    return short(without_credentials(joined.encode("utf-8", "replace").decode()), 200)


def _moment(value: object) -> str:
    """A time as ISO text in UTC; "" for what is none."""
    at = moment(seconds(value))
    return at.isoformat(timespec="seconds") if at else ""
