"""The act "build cancel"."""

import asyncio

from bot.blocks.build_list import phase_words
from bot.blocks.build_words import state
from bot.blocks.layout import section
from bot.blocks.parts import facts, tag_list
from bot.blocks.text import code, plain
from bot.domain.acts import Act
from bot.domain.errors import UserError
from bot.domain.events import Phase
from bot.services.gate import Going
from handlers.acts.rights import needs_admin
from handlers.acts.which_build import whole
from handlers.building import FINAL, moved
from handlers.command import ActKind, Desk, Preview, Reply
from handlers.words import whisper

NAME = "build cancel"


async def preview(act: Act, going: Going, desk: Desk) -> Preview:
    """How far it is, what is lost, and whether Quay can cancel it at all (facts §3.3)."""
    build, found = await asyncio.gather(
        going.quay.build(act.repository, act.parameters["build"]), going.quay.repositories.get(act.repository)
    )
    needs_admin(found, "cancel builds")
    known = moved(build, "build", build.started or desk.clock.now())
    if build.phase in FINAL:
        raise UserError(f"Build {build.id[:8]} has ended already: {phase_words(known)}. There is nothing to cancel.")
    asker = plain(build.requested_by, 80)
    if build.phase is Phase.WAITING:
        lost = "It still waits, so nothing is lost but its place in the queue."
    else:
        lost = (
            "*What it has done so far is lost*, and its tags stay what they are. Quay surely cancels only builds that "
            "wait: one that runs may go on all the same. I look at once, and its card shows what came of it."
        )
    lines = (
        f"*Cancel build {code(build.id[:8])}* of {code(act.repository, 260)}",
        facts(phase_words(known), tag_list(build.tags, 8), f"requested by {asker}" if asker else ""),
        state(known),
        lost,
    )
    return Preview((section("\n".join(filter(None, lines))),), yes="Cancel the build", danger=True)


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


KIND = ActKind(name=NAME, run=run, says=says, resolve=whole, quay_log="cancel_build", preview=preview)
