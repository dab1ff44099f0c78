"""What is said before and after a tag is changed. All of it is mrkdwn with its foreign parts made harmless. Pure."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from bot.blocks.parts import facts
from bot.blocks.tag_marks import did, image
from bot.blocks.text import clip_list, code, count, humane, when
from bot.blocks.vulns import counted, why_not
from bot.domain.images import Scan, TagRow
from bot.domain.tag_steps import Author, Findings


def name(repository: str, tag: str) -> str:
    """The tag with its repository, as a code span."""
    return code(f"{repository}:{tag}", 390)


def now_line(row: TagRow | None, last: TagRow | None, author: Author | None) -> str:
    """What the tag points at, since when, and who did that; or that it is gone, and since when."""
    if row is not None:
        return f"*Now:* {facts(image(row.digest), f'since {when(row.start)}', did(author))}"
    since = last.end or last.expires if last else None
    gone = f"the tag is not there{f', since {when(since)}' if since else ''}"
    return f"*Now:* {facts(gone, did(author))}"


def then_line(row: TagRow, now: datetime, asked: str = "") -> str:
    """What it will point at, and when it did so: last, or at the time `asked` for (mrkdwn, "at …" or "1 h ago, …")."""
    end = min((one for one in (row.end, row.expires) if one is not None), default=now)
    if asked:
        span = f"what it was {asked} (from {when(row.start)} to {when(end)})"
    else:
        span = f"it was this for {humane(end - row.start)}, until {when(end)}"
    several = "an image for several platforms" if row.is_list else ""
    return f"*Then:* {facts(image(row.digest), span, several)}"


def scan_line(before: Scan | None, after: Scan, findings: Findings | None) -> str:
    """What the image that comes brings, and what goes with the one now, by severity."""
    if findings is not None:
        gained, lost = counted(findings.gained), counted(findings.lost)
        if not gained and not lost:
            return f"*Vulnerabilities:* the same as now ({counted(findings.kept) or 'none'})"
        back = f":warning: brings {gained}" if gained else "brings none"
        return f"*Vulnerabilities:* {facts(back, f'takes away {lost}' if lost else 'takes none away')}"
    if after.status == "scanned":
        found = counted(after.findings) or "none found"
        now = f" In the one now they are unknown. {why_not(before.status)}" if before else ""
        return f"*Vulnerabilities:* {found} in the one that comes.{now}"
    return f"*Vulnerabilities:* unknown in the one that comes. {why_not(after.status)}"


def window_line(row: TagRow, keeps_for: int, now: datetime, *, surely: bool) -> str:
    """Whether Quay still has the image, and how long it keeps what no tag has."""
    ended = min((one for one in (row.end, row.expires) if one is not None), default=now)
    late = now - ended > timedelta(seconds=keeps_for)
    has = "Quay still has this image." if surely else "Whether Quay still has this image shows when it is restored."
    keeps = (
        f"Images without a tag can be restored there for {humane(timedelta(seconds=keeps_for))}" if keeps_for else ""
    )
    over = ", which is over: it may be deleted at any time." if late else "."
    return " ".join(filter(None, (has, f"{keeps}{over}" if keeps else "")))


def until_line(keeps_for: int, now: datetime) -> str:
    """Until when a deletion can be taken back."""
    if keeps_for <= 0:
        return ":warning: This repository keeps nothing of deleted tags: it may not be possible to take this back."
    until = when(now + timedelta(seconds=keeps_for))
    return f"It can be restored until {until}: for so long Quay keeps what no tag has."


def others_line(tags: Iterable[str], *, whole: bool) -> str:
    """Which other tags have the same image."""
    shown, more = clip_list(tuple(tags), 8)
    seen = "" if whole else " (among the newest tags)"
    if not shown:
        return f"No other tag has this image{seen}."
    return f"Other tags with the same image{seen}: {' '.join(code(tag, 130) for tag in shown)} {more}".rstrip() + "."


def pulls_line(pulls: int, days: int, *, more: bool) -> str:
    """How often it was pulled in the last days, as far as Quay's usage log tells."""
    if not pulls and not more:
        return f"Nobody pulled it in the last {count(days, 'day')}, as far as Quay's usage log tells."
    often = f"at least {count(pulls, 'time')}" if more else count(pulls, "time")
    return f":warning: It was pulled {often} in the last {count(days, 'day')}."


def ends(at: datetime | None) -> str:
    """When a tag ends."""
    return f"ends {when(at)}" if at else "never ends by itself"
