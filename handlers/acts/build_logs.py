"""The act "build logs": reading what a build wrote. In Slack it is a window (handlers/log_window)."""

from bot.blocks.layout import section
from bot.blocks.text import code, fence
from bot.domain.acts import Act
from bot.services.gate import Going
from handlers.acts.which_build import whole
from handlers.command import ActKind, Desk, Reply
from handlers.logs import end_of_log, rows
from handlers.words import whisper

NAME = "build logs"
_READ = 60  # log entries


def wanted(repository: str, build: str) -> Act:
    """Reading that build's log."""
    return Act(NAME, repository, {"build": build})


async def run(act: Act, going: Going, _desk: Desk) -> Reply:
    """The end of the log, for whoever asked alone: where others had to agree first, no window waits any more."""
    found = await end_of_log(going.quay, act.repository, act.parameters["build"], _READ)
    going.result.detail = "The end of the log was shown to whoever asked."
    text = fence([row for line in found.lines for row in rows(line.text)])
    empty = "Quay has archived this log. Open it in Quay." if found.archived else "There are no log lines yet."
    build = code(act.parameters["build"][:8])
    return whisper(f"The end of the log of build {build} of {code(act.repository, 260)}:", section(text or empty))


def says(act: Act) -> str:
    """Which build's."""
    build = code(act.parameters.get("build", "")[:8])
    return f"Read the log of build {build} of {code(act.repository, 260)}. Only whoever asked will see it."


KIND = ActKind(name=NAME, run=run, says=says, resolve=whole, looks=True)
