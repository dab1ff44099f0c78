"""How a build looks, from the queue to the end."""

from collections.abc import Mapping
from datetime import timedelta

from bot.blocks import layout
from bot.blocks.build_buttons import build_buttons
from bot.blocks.parts import Mark, facts, headline, linked, named, small_print, tag_list, trial
from bot.blocks.text import bare, code, digest, fence, humane, link, plain
from bot.blocks.urls import build_url, safe_url
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
DOING: Mapping[Phase, str] = {
    Phase.SCHEDULED: "waiting for a build machine",
    Phase.UNPACKING: "unpacking the sources",
    Phase.PULLING: "pulling the base image",
    Phase.BUILDING: "building",
    Phase.PUSHING: "pushing the image",
}
MEANS: Mapping[Phase, str] = {
    Phase.INTERNAL_ERROR: "Something in Quay's build system broke. Quay may start it again by itself.",
    Phase.EXPIRED: "The build machine stopped answering, and Quay has given up on it.",
    Phase.UNKNOWN: "Quay cannot say right now how this build is doing.",
}
WORTH_SAYING = timedelta(minutes=1)  # webhooks are late by up to 10 s and more (facts §1.3)
BROKEN = frozenset({Phase.ERROR, Phase.INTERNAL_ERROR, Phase.EXPIRED, Phase.UNKNOWN})


def show(card: BuildCard, quay_url: str) -> Message:
    """Where the build is; for one that failed, why."""
    build = card.known
    if build.test:
        return trial(build, quay_url)
    mark = MARKS.get(build.phase, RUNNING)
    page = build_url(quay_url, build.repository, build.build_id)
    name = f"build {build.build_id[:8]}"  # the display name is the same for every build of an archive (facts §3.3)
    details = (
        *_paragraph(_facts(build)),
        *_paragraph(_state(build)),
        *_paragraph(_failure(build)),
        small_print(build.model_copy(update={"at": card.finished or card.last}), *_who(card)),
        *build_buttons(build, page),
    )
    subject = facts(linked(quay_url, build.repository, build.tags), link(page, name, 60))
    return Message(text=_text(build, mark, name), blocks=(headline(mark, subject),), details=details, color=mark.color)


def _text(build: BuildMoved, mark: Mark, name: str) -> str:
    said = f"{mark.words}: {named(build.repository, build.tags)}, {bare(name, 60)}"
    said += f", {DOING[build.phase]}" if build.phase in DOING else ""
    said += f", requested by {bare(build.requested_by, 60)}" if build.requested_by.strip() else ""
    why = bare(build.error, 200) if build.phase in BROKEN else ""
    return f"{said}. {why}".strip()


def _facts(build: BuildMoved) -> str:
    """Where it comes from and where it goes, on one line; the commit's message below."""
    short = digest(build.commit, 7)
    commit = link(build.commit_url, short, 60) if safe_url(build.commit_url) and short else code(short)
    line = facts(
        plain(build.trigger, 60),
        code(build.ref.removeprefix("refs/heads/").removeprefix("refs/tags/")),
        commit,
        tag_list(build.tags, 8) if len(build.tags) > 1 else "",  # the headline names the first
    )
    message = plain((build.commit_message.strip().splitlines() or [""])[0], 200)
    return "\n".join(filter(None, (line, message)))


def _state(build: BuildMoved) -> str:
    if build.phase not in DOING:
        return MEANS.get(build.phase, "")
    words, progress = f"Now {DOING[build.phase]}", build.progress
    if build.phase is Phase.PUSHING and progress and progress.pushed is not None:
        share = min(1.0, progress.pushed) if progress.pushed > 0 else 0.0
        return f"{layout.gauge(share)} {words.lower()}, {share:.0%} done"
    if progress and 0 < progress.steps < 10_000:
        step = min(max(progress.step, 0), progress.steps)
        width = min(progress.steps, 10)
        return f"{layout.gauge(step / progress.steps, width)} step {step} of {progress.steps}, {words.lower()}"
    return f"{words}."


def _failure(build: BuildMoved) -> str:
    if build.phase not in BROKEN:
        return ""
    said_already = build.error.strip() in {line.strip() for line in build.log_tail}
    error = "" if said_already else plain(build.error, 300)
    return "\n".join(filter(None, (f"*Error:* {error}" if error else "", fence(build.log_tail, limit=2200))))


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
