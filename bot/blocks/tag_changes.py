"""What is said before and after a tag is changed. All of it is mrkdwn with its foreign parts made harmless. Pure."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta

from bot.blocks.parts import facts
from bot.blocks.text import clip_list, code, count, digest, humane, plain, when
from bot.domain.images import Scan, TagRow
from bot.domain.tag_steps import Author, Findings

GONE = "none"  # what stands for the digest of a tag that is not there
_DID = {
    "push_repo": "pushed",
    "create_tag": "created",
    "move_tag": "moved",
    "revert_tag": "restored",
    "delete_tag": "deleted",
}


def name(repository: str, tag: str) -> str:
    """The tag with its repository, as a code span."""
    return code(f"{repository}:{tag}", 390)


def image(sha: str) -> str:
    """A digest, short; "nothing" where there is none."""
    return code(f"sha256:{digest(sha)}") if sha not in ("", GONE) else "nothing"


def did(author: Author) -> str:
    """Who did what to the tag: "pushed by `ci`"."""
    return f"{_DID.get(author.kind, 'changed')} by {code(author.name, 120)}"


def deed(author: Author) -> str:
    """The same as the beginning of a sentence without markup: "ci pushed it"."""
    return f"{author.name} {_DID.get(author.kind, 'changed')} it"


def now_line(row: TagRow | None, last: TagRow | None, author: Author | None) -> str:
    """What the tag points at, since when, and who did that; or that it is gone, and since when."""
    if row is not None:
        return f"*Now:* {facts(image(row.digest), f'since {when(row.start)}', did(author) if author else '')}"
    since = last.end or last.expires if last else None
    gone = f"the tag is not there{f', since {when(since)}' if since else ''}"
    return f"*Now:* {facts(gone, did(author) if author else '')}"


def then_line(row: TagRow, now: datetime) -> str:
    """What it will point at, and when it did so last."""
    end = min((one for one in (row.end, row.expires) if one is not None), default=now)
    span = f"for {humane(end - row.start)}, until {when(end)}"
    several = "an image for several platforms" if row.is_list else ""
    return f"*Then:* {facts(image(row.digest), f'it was this {span}', several)}"


def scan_line(before: Scan | None, after: Scan, findings: Findings | None) -> str:
    """What the image that comes brings, and what goes with the one now, by severity."""
    if findings is not None:
        gained, lost = (_severities(one.severity for one in side) for side in (findings.gained, findings.lost))
        if not gained and not lost:
            return f"*Vulnerabilities:* the same as now ({findings.kept:,})"
        back = f":warning: brings {gained}" if gained else "brings none"
        return f"*Vulnerabilities:* {facts(back, f'takes away {lost}' if lost else 'takes none away')}"
    if after.status == "scanned":
        found = _severities(one.severity for one in after.findings)
        return f"*Vulnerabilities:* {found or 'none found'} in the one that comes{_unscanned(before)}"
    return f"*Vulnerabilities:* unknown, {_status(after)} of the one that comes"


def window_line(row: TagRow, keeps_for: int, now: datetime, *, surely: bool) -> str:
    """Whether Quay still has the image, and how long it keeps what no tag has."""
    ended = min((one for one in (row.end, row.expires) if one is not None), default=now)
    late = now - ended > timedelta(seconds=keeps_for)
    has = "Quay still has this image." if surely else "Whether Quay still has this image shows when it is restored."
    keeps = f"Images without a tag can be restored there for {humane(timedelta(seconds=keeps_for))}" if keeps_for else ""
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


def _severities(words: Iterable[str]) -> str:
    """Say "2 Critical, 1 High"; empty for none."""
    order = ("Critical", "High", "Medium", "Low", "Negligible", "Unknown")
    counted = Counter(word if word in order else "Unknown" for word in words)
    return ", ".join(f"{counted[word]:,} {word}" for word in order if counted[word])


def _unscanned(before: Scan | None) -> str:
    return f" ({_status(before)} of the one now)" if before is not None else ""


def _status(scan: Scan) -> str:
    words = {"queued": "the scan still waits", "unsupported": "no scan is possible", "failed": "the scan failed"}
    return words.get(scan.status) or (f"no scan ({plain(scan.status, 40)})" if scan.status else "there is no scan")
