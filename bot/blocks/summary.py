"""Summaries of a channel: what needs somebody first, then pushes, then the rest, and what was not shown. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.blocks.layout import context, section
from bot.blocks.paragraphs import paragraphs
from bot.blocks.parts import facts, linked, tag_list
from bot.blocks.text import code, count, link, when
from bot.blocks.urls import namespace_url
from bot.domain.digests import Happened, Rhythm
from bot.domain.messages import Message
from bot.rules.rhythm import Due

PUSH = "repo_push"
_LINES = 12  # of a group
_TAGS = 4  # that a line names
# Events that need somebody, the most urgent first: a mark, and what one of them is called.
_NEEDS: Mapping[str, tuple[str, str]] = {
    "quota_error": ("⛔", "push refused for lack of storage"),
    "build_failure": ("❌", "failed build"),
    "vulnerability_found": ("🛡️", "finding"),
    "repo_mirror_sync_failed": ("❌", "failed mirror sync"),
    "quota_warning": ("⚠️", "storage warning"),
    "repo_image_expiry": ("⏳", "warning of tags that end soon"),
}
_ALSO: Mapping[str, str] = {
    "build_queued": "build queued",
    "build_start": "build started",
    "build_success": "build finished",
    "build_cancelled": "build cancelled",
    "repo_mirror_sync_started": "mirror sync started",
    "repo_mirror_sync_success": "mirror sync finished",
}
_PLURALS: Mapping[str, str] = {
    "push refused for lack of storage": "pushes refused for lack of storage",
    "warning of tags that end soon": "warnings of tags that end soon",
    "build queued": "builds queued",
    "build started": "builds started",
    "build finished": "builds finished",
    "build cancelled": "builds cancelled",
    "mirror sync started": "mirror syncs started",
    "mirror sync finished": "mirror syncs finished",
    "push": "pushes",
}


@dataclass(frozen=True, slots=True)
class _Row:
    """How often something happened that is worth telling."""

    about: Happened
    number: int


def summary(happened: Sequence[Happened], due: Due, rhythm: Rhythm, quay_url: str) -> Message | None:
    """The message; None if there is nothing to tell. A week without anything is one line all the same."""
    rows = [_Row(one, number) for one in happened if (number := _number(one, due))]
    filtered = sum(one.filtered - one.quiet for one in happened)
    if not rows and (not due.digest or not (filtered or _weekly(rhythm))):
        return None
    head = f"{_title(due, rhythm)} ({when(due.since)} to {when(due.until)})"
    if not rows:
        head = f"{head}: nothing happened that is told here."
    lines = [*_group("Needs somebody", _needs(rows, quay_url)), *_group("Pushed", _pushes(rows, quay_url))]
    lines += _group("Also", _also(rows))
    blocks = [section(head), *(section(words) for words in paragraphs(lines))]
    if notes := _notes(happened, due):
        blocks.append(context(notes))
    return Message(_text(rows, due, rhythm), tuple(blocks))


def _number(one: Happened, due: Due) -> int:
    """Only what was kept out needs to be told after quiet hours; a summary tells what was shown as well."""
    return one.quiet + (one.shown if due.digest else 0)


def _weekly(rhythm: Rhythm) -> bool:
    return rhythm.digest.startswith("weekly")


def _title(due: Due, rhythm: Rhythm) -> str:
    if not due.digest:
        return "☀️ *While it was quiet*"
    days = max(1, round((due.until - due.since) / timedelta(days=1)))
    if _weekly(rhythm) and days == 7:
        return "🗞️ *The last week*"
    return f"🗞️ *The last {f'{days} days' if days > 1 else 'day'}*"


def _group(title: str, lines: Sequence[str]) -> list[str]:
    if not lines:
        return []
    rest = len(lines) - _LINES
    more = [f"• and {count(rest, 'more line')}, not shown"] if rest > 0 else []
    return [f"*{title}*", *lines[:_LINES], *more]


def _needs(rows: Iterable[_Row], quay_url: str) -> list[str]:
    order = list(_NEEDS)
    urgent = [row for row in rows if row.about.kind in _NEEDS]
    urgent.sort(key=lambda row: (order.index(row.about.kind), -row.number, row.about.subject))
    return [
        facts(f"• {mark} {_many(row.number, noun)} in {_where(quay_url, row.about.subject)}", _tags(row.about))
        for row in urgent
        for mark, noun in (_NEEDS[row.about.kind],)
    ]


def _pushes(rows: Iterable[_Row], quay_url: str) -> list[str]:
    pushed = sorted((row for row in rows if row.about.kind == PUSH), key=lambda row: (-row.number, row.about.subject))
    return [
        facts(f"• {linked(quay_url, row.about.subject)}: {_many(row.number, 'push')}", _tags(row.about))
        for row in pushed
    ]


def _also(rows: Iterable[_Row]) -> list[str]:
    """How often, over all repositories together."""
    numbers: dict[str, int] = {}
    for row in rows:
        if row.about.kind not in _NEEDS and row.about.kind != PUSH:
            noun = _ALSO.get(row.about.kind, "other event")
            numbers[noun] = numbers.get(noun, 0) + row.number
    return [f"• {', '.join(_many(number, noun) for noun, number in numbers.items())}"] if numbers else []


def _where(quay_url: str, subject: str) -> str:
    """The repository, or the namespace whose storage it is about."""
    return linked(quay_url, subject) if "/" in subject else link(namespace_url(quay_url, subject), subject)


def _tags(about: Happened) -> str:
    return tag_list(about.tags, _TAGS)


def _notes(happened: Sequence[Happened], due: Due) -> str:
    """What was not shown, by what, and how to ask for the rule."""
    quiet, filtered = sum(one.quiet for one in happened), sum(one.filtered - one.quiet for one in happened)
    kept = [f"{quiet:,} by quiet hours"] if quiet else []
    kept += [f"{filtered:,} by filters or a pause"] if filtered else []
    if not kept:
        return ""
    which = "Kept out meanwhile" if due.digest else "Kept out"
    most = max(happened, key=lambda one: one.filtered).subject
    return f"{which}: {', '.join(kept)}. {code(f'/quay why {most}', 300)} names the rule."


def _text(rows: Sequence[_Row], due: Due, rhythm: Rhythm) -> str:
    """The same for whoever reads no blocks."""
    title = _title(due, rhythm).replace("*", "")
    if not rows:
        return f"{title}: nothing happened that is told here."
    urgent = sum(row.number for row in rows if row.about.kind in _NEEDS)
    pushes = sum(row.number for row in rows if row.about.kind == PUSH)
    rest = sum(row.number for row in rows) - urgent - pushes
    said = [f"{urgent:,} that {'needs' if urgent == 1 else 'need'} somebody"] if urgent else []
    said += [_many(pushes, "push")] if pushes else []
    said += [count(rest, "other event")] if rest else []
    return f"{title}: {', '.join(said)}."


def _many(number: int, noun: str) -> str:
    return f"{number:,} {_PLURALS[noun]}" if number != 1 and noun in _PLURALS else count(number, noun)
