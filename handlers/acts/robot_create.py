"""The act "robot create"."""

from bot.blocks.text import code, plain
from bot.domain.acts import Act
from bot.domain.errors import BotError
from bot.ports import Quay
from bot.services.gate import Going
from handlers.announcing import announce
from handlers.command import ActKind, Desk, Reply
from handlers.revealing import shown_later

NAME = "robot create"
DESCRIPTION = "description"


async def run(act: Act, going: Going, desk: Desk) -> Reply:
    """Make it, look whether it is there, tell the channel, and hand its token to whoever asked alone."""
    desk.revealing.ready()
    made = await going.quay.robots.create(act.target, act.parameters.get(DESCRIPTION, ""))
    there = await _is_there(act.target, going.quay)
    going.result.detail = f"Made{', and seen in the list' if there else ''}."
    name = code(act.target, 260)
    said = f"{name} is made{', and Quay lists it' if there else ''}. It may do nothing yet: give it roles in Quay."
    reply = await shown_later(made, said, going, desk, renewed=False)
    await announce(going, desk, f"<@{going.person.user}> made the robot account {name}.")
    return reply


async def _is_there(robot: str, quay: Quay) -> bool:
    try:
        await quay.robots.get(robot)
    except BotError:  # made it is; whether Quay lists it only would have been nice to know
        return False
    return True


def says(act: Act) -> str:
    """Its name and its description."""
    about = act.parameters.get(DESCRIPTION, "")
    more = f"\n• description: {plain(about, 300)}" if about else ""
    return f"Make the robot account {code(act.target, 260)}. Only whoever asked will see its token, once.{more}"


KIND = ActKind(name=NAME, run=run, says=says, quay_log="create_robot")
