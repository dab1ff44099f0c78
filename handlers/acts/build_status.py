"""The act "build status": one build as it is now, as its card would show it."""

from bot.blocks.cards.builds import show
from bot.blocks.text import code
from bot.domain.acts import Act
from bot.domain.cards import BuildCard
from bot.services.gate import Going
from handlers.acts.which_build import whole
from handlers.building import moved
from handlers.command import ActKind, Desk, Reply

NAME = "build status"


async def run(act: Act, going: Going, desk: Desk) -> Reply:
    """The card of this moment, for whoever asked alone: it does not follow the build."""
    build = await going.quay.build(act.repository, act.parameters["build"])
    going.result.detail = "It was shown to whoever asked."
    now = desk.clock.now()
    known = moved(build, "build", build.started or now)
    return Reply(show(BuildCard(known=known, first=known.at, last=known.at), desk.quay_url))


def says(act: Act) -> str:
    """Which build."""
    build = code(act.parameters.get("build", "")[:8])
    return f"Look at build {build} of {code(act.repository, 260)}. Only whoever asked will see it."


KIND = ActKind(name=NAME, run=run, says=says, resolve=whole, looks=True)
