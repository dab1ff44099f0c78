"""The act "builds": the newest builds of a repository."""

from bot.blocks.build_list import MOST, listed
from bot.blocks.text import code
from bot.domain.acts import Act
from bot.services.gate import Going
from handlers.building import moved
from handlers.command import ActKind, Desk, Reply

NAME = "builds"


async def run(act: Act, going: Going, desk: Desk) -> Reply:
    """The list, for whoever asked alone."""
    now = desk.clock.now()
    found = await going.quay.builds(act.repository, limit=MOST)
    going.result.detail = "The list was shown to whoever asked."
    rows = [moved(build, "build", build.started or now) for build in found]
    return Reply(listed(act.repository, rows, now, desk.quay_url))


def says(act: Act) -> str:
    """Of which repository."""
    return f"List the newest builds of {code(act.repository, 260)}. Only whoever asked will see it."


KIND = ActKind(name=NAME, run=run, says=says, looks=True)
