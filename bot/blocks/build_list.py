"""The newest builds of a repository, a paragraph for each, with a menu beside it."""

from collections.abc import Sequence
from datetime import datetime

from bot.blocks.build_buttons import RETRIABLE, TERMINAL
from bot.blocks.build_words import reason, source
from bot.blocks.cards.builds import MARKS, RUNNING, WORTH_SAYING
from bot.blocks.layout import context, menu_of, section
from bot.blocks.parts import buttons, facts, open_button, tag_list
from bot.blocks.text import bare, code, count, humane, link, plain, when
from bot.blocks.urls import build_url, repository_url
from bot.domain.events import BuildMoved, Phase
from bot.domain.messages import Block, Message

MOST = 10
_TAGS = 5
_REASON = 160


def phase_words(build: BuildMoved) -> str:
    """The mark and the words that the build's card has: "🔴 Build failed"."""
    mark = MARKS.get(build.phase, RUNNING)
    return f"{mark.emoji} {mark.words}"


def listed(repository: str, builds: Sequence[BuildMoved], now: datetime, quay_url: str) -> Message:
    """The newest builds, newest first. `at` of each is when it was asked for."""
    page = f"{repository_url(quay_url, repository)}?tab=builds"
    if not builds:
        nothing = f"Nothing has been built in {code(repository, 255)} yet."
        return Message(text=nothing, blocks=(section(nothing), *buttons(*open_button(page))))
    text = f"The newest builds of {bare(repository, 255)}: {count(len(builds), 'build')}"
    head = section(f"*The newest builds of {link(page, repository, 255)}*")
    rows = [section(row(build, now, quay_url), accessory=menu(build)) for build in builds[:MOST]]
    foot = context(f"{code('/quay build status ID')} shows one of them: the beginning of its id is enough.")
    return Message(text=text, blocks=(head, *rows, foot, *buttons(*open_button(page))))


def row(build: BuildMoved, now: datetime, quay_url: str) -> str:
    """One build: how it went, what it was built from, and by whom."""
    page = build_url(quay_url, build.repository, build.build_id)
    name = link(page, build.build_id[:8], 60)
    tags = tag_list(build.tags, _TAGS)
    running = build.phase not in TERMINAL and now - build.at >= WORTH_SAYING
    lasts = f"for {humane(now - build.at)} now" if running else ""
    asker, author = plain(build.requested_by, 80), plain(build.author, 80)
    who = f"requested by {asker}" if asker else (f"commit by {author}" if author else "")
    origin = source(build.model_copy(update={"tags": (), "commit_message": ""}))
    why = plain(reason(build), _REASON) if build.phase in RETRIABLE else ""
    lines = (
        facts(f"*{phase_words(build)}*", name, tags),
        facts(origin, who, when(build.at), lasts),
        f"Error: {why}" if why else "",
    )
    return "\n".join(filter(None, lines))


def menu(build: BuildMoved) -> Block | None:
    """What can be done to it; None where a menu could not name the build."""
    acts = [("Logs", "logs")]
    if build.phase in RETRIABLE or build.phase is Phase.COMPLETE:
        acts.append(("Build again", "retry"))
    if build.phase not in TERMINAL:
        acts.append(("Cancel…", "cancel"))
    return menu_of("build_menu", acts, build.repository, build.build_id)
