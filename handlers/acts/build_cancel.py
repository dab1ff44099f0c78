"""The act "build cancel"."""

from bot.blocks.text import code
from bot.domain.acts import Act
from bot.services.gate import Going
from handlers.command import ActKind, Desk, Reply
from handlers.words import whisper

NAME = "build cancel"


async def run(act: Act, going: Going, desk: Desk) -> Reply:
    """Cancel it, and look at once what became of it."""
    build = act.parameters["build"]
    await going.quay.cancel_build(act.repository, build)
    going.result.detail = "Quay was asked to cancel it."
    now = desk.clock.now()
    await desk.watches.add(act.repository, build, going.person, now)
    await desk.watches.hurry(build, now)
    return whisper(f"I asked Quay to cancel this build of {code(act.repository, 300)}. Its card will show it.")


def says(act: Act) -> str:
    """Which build."""
    build = act.parameters.get("build", "")
    return f"Cancel build {code(build[:8])} of {code(act.repository, 260)}. What it has done so far is lost."


KIND = ActKind(name=NAME, run=run, says=says, quay_log="cancel_build")
