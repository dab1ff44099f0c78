"""How a build looks, from the queue to the end."""

from collections.abc import Mapping
from datetime import timedelta

from bot.blocks import layout
from bot.blocks.build_buttons import build_buttons
from bot.blocks.build_words import DOING, failure, origin, reason, source, state
from bot.blocks.parts import Mark, facts, headline, linked, named, remark, small_print, tags_line
from bot.blocks.text import bare, code, humane, link, plain
from bot.blocks.trial import trial
from bot.blocks.urls import build_url
from bot.domain.cards import BuildCard
from bot.domain.events import BuildMoved, Phase
from bot.domain.messages import Block, Message

RUNNING = Mark("🔵", "Build running", layout.COLORS["running"])
MARKS: Mapping[Phase, Mark] = {
    Phase.WAITING: Mark("⏳", "Build queued", layout.COLORS["neutral"]),
    Phase.COMPLETE: Mark("🟢", "Build succeeded", layout.COLORS["good"]),
    Phase.ERROR: Mark("🔴", "Build failed", layout.COLORS["danger"]),
    Phase.INTERNAL_ERROR: Mark("🟠", "Build stopped by an internal error", layout.COLORS["warning"]),
    Phase.EXPIRED: Mark("🔴", "Build expired", layout.COLORS["danger"]),
    Phase.CANCELLED: Mark("⚪", "Build cancelled", layout.COLORS["neutral"]),
    Phase.UNKNOWN: Mark("🟠", "Build state unknown", layout.COLORS["warning"]),
}
FIXED = Mark("✅", "Fixed: build succeeded", layout.COLORS["good"])
WORTH_SAYING = timedelta(minutes=1)  # webhooks are late by up to 10 s and more (facts §1.3)
BROKEN = frozenset({Phase.ERROR, Phase.INTERNAL_ERROR, Phase.EXPIRED, Phase.UNKNOWN})


def show(card: BuildCard, quay_url: str) -> Message:
    """Where the build is; for one that failed, why."""
    build = card.known
    if build.test:
        return trial(build, quay_url, _sample(build))
    mark = FIXED if fixed(build) else MARKS.get(build.phase, RUNNING)
    page = build_url(quay_url, build.repository, build.build_id)
    name = f"build {build.build_id[:8]}"  # the display name is the same for every build of an archive (facts §3.3)
    details = (
        *_paragraph(source(build)),
        *_paragraph(state(build)),
        *_paragraph(_mended(build, quay_url)),
        *_paragraph(failure(build) if build.phase in BROKEN else ""),
        small_print(build.model_copy(update={"at": card.finished or card.last}), *_who(card)),
        *build_buttons(build, page),
    )
    subject = facts(linked(quay_url, build.repository, build.tags), link(page, name, 60))
    return Message(
        text=_text(build, mark, name), blocks=(headline(mark, subject, build),), details=details, color=mark.color
    )


def fixed(build: BuildMoved) -> bool:
    """Did it succeed after one that failed?"""
    return build.fixed and build.phase is Phase.COMPLETE


def _mended(build: BuildMoved, quay_url: str) -> str:
    """Which one had failed."""
    before = build.failed_before
    if not (fixed(build) and before.strip()):
        return ""
    return (
        f"It works again: {link(build_url(quay_url, build.repository, before), f'build {before[:8]}', 60)} had failed."
    )


def _text(build: BuildMoved, mark: Mark, name: str) -> str:
    said = f"{mark.words}{', ' if mark is FIXED else ': '}{named(build.repository, build.tags)}"
    said += f", {bare(name, 60)}{origin(build)}"
    said += f", {DOING[build.phase]}" if build.phase in DOING else ""
    said += f", requested by {bare(build.requested_by, 60)}" if build.requested_by.strip() else ""
    why = bare(reason(build), 200) if build.phase in BROKEN else ""
    return f"{said}. {why}".strip() + remark(build)


def _sample(build: BuildMoved) -> str:
    """What the test button made up. Its commit is none, so it is not linked."""
    made_up = build.model_copy(update={"commit_url": "", "tags": ()})
    tags, error = tags_line(build.tags, 8), plain(reason(build), 200)
    return facts(
        f"build {code(build.build_id)}", tags, *source(made_up).split("\n"), f"error: {error}" if error else ""
    )


def _who(card: BuildCard) -> tuple[str, ...]:
    build = card.known
    author, asker = plain(build.author, 80), plain(build.requested_by, 80)
    took = (card.finished or card.first) - card.first
    return (
        f"requested by {asker}" if asker else "",
        f"commit by {author}" if author and author != asker else "",
        f"took about {humane(took)}" if took >= WORTH_SAYING else "",
    )


def _paragraph(words: str) -> tuple[Block, ...]:
    return (layout.section(words),) if words else ()
