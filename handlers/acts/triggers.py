"""The act "triggers": the build triggers of a repository."""

from bot.blocks.text import code
from bot.blocks.trigger_list import listed
from bot.domain.acts import Act
from bot.services.gate import Going
from handlers.command import ActKind, Desk, Reply

NAME = "triggers"


async def run(act: Act, going: Going, desk: Desk) -> Reply:
    """The list, for whoever asked alone."""
    found = await going.quay.triggers(act.repository)
    going.result.detail = "The list was shown to whoever asked."
    return Reply(listed(act.repository, found, desk.quay_url))


def says(act: Act) -> str:
    """Of which repository."""
    return f"List the build triggers of {code(act.repository, 260)}. Only whoever asked will see it."


KIND = ActKind(name=NAME, run=run, says=says, looks=True)
