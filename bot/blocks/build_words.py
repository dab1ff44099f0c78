"""What a build's card says in words: where the build comes from, what it does right now, and why it failed."""

import re
from collections.abc import Mapping

from bot.blocks import layout
from bot.blocks.clean import one_line
from bot.blocks.parts import facts, tag_list
from bot.blocks.text import bare, code, digest, escape, fence, link, plain
from bot.blocks.urls import safe_url
from bot.domain.events import BuildMoved, Phase

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
_REFS = (("refs/heads/", "branch"), ("refs/tags/", "git tag"), ("refs/", "ref"))
_SAYS_ERROR = re.compile(r"\s*(?:error:\s*)+", re.IGNORECASE)


def origin(build: BuildMoved) -> str:
    """From where, for a message's `text`: " from main @ 9f8e7d6, commit by Ada", or as much as is known."""
    name, short = bare(_ref(build.ref)[1], 80), bare(digest(build.commit, 7), 40)
    place = " @ ".join(filter(None, (name, short)))
    author = bare(build.author, 60)
    said = f" from {place}" if place else ""
    return said + (f", commit by {author}" if author and author != bare(build.requested_by, 60) else "")


def source(build: BuildMoved) -> str:
    """Where it comes from and where it goes, on one line; the commit's message below."""
    kind, ref = _ref(build.ref)
    short = digest(build.commit, 7)
    commit = link(build.commit_url, short, 60) if safe_url(build.commit_url) and short else code(short)
    tags = tag_list(build.tags, 8) if len(build.tags) > 1 else ""  # the headline names the first
    line = facts(
        plain(build.trigger, 60),
        f"{kind} {name}" if (name := code(ref)) else "",
        f"commit {commit}" if commit else "",
        f"tags {tags}" if tags else "",
    )
    message = plain((build.commit_message.strip().splitlines() or [""])[0], 200)
    return "\n".join(filter(None, (line, message)))


def state(build: BuildMoved) -> str:
    """What it does now, and how far it is."""
    if build.phase not in DOING:
        return MEANS.get(build.phase, "")
    words, progress = f"Now {DOING[build.phase]}", build.progress
    if build.phase is Phase.PUSHING and progress and progress.pushed is not None:
        share = min(1.0, progress.pushed) if progress.pushed > 0 else 0.0
        return f"{layout.gauge(share)} {words.lower()}, {share:.0%} done"
    if progress and progress.step > 0 and 0 < progress.steps < 10_000:
        step = min(progress.step, progress.steps)
        width = min(progress.steps, 10)
        return f"{layout.gauge(step / progress.steps, width)} step {step} of {progress.steps}, {words.lower()}"
    return f"{words}."


def reason(build: BuildMoved) -> str:
    """What Quay says went wrong, without the word that we put in front of it ourselves."""
    error = one_line(build.error)
    return error[found.end() :] if (found := _SAYS_ERROR.match(error)) else error


def failure(build: BuildMoved) -> str:
    """The error, unless the log below it says the same, and the end of the log."""
    log = fence(build.log_tail, limit=2200)
    why = reason(build)
    known = escape(one_line(why).replace("`", "ˋ")) in " ".join(log.split())
    error = "" if known else plain(why, 300)
    return "\n".join(filter(None, (f"*Error:* {error}" if error else "", log)))


def _ref(ref: str) -> tuple[str, str]:
    """What kind of ref it is, and its short name."""
    ref = ref.strip()
    for start, kind in _REFS:
        if ref.startswith(start):
            return kind, ref.removeprefix(start)
    return "ref", ref
