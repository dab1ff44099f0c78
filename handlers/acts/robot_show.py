"""The act "robot show"."""

from bot.blocks.robot_cards import whole
from bot.blocks.text import code
from bot.domain.acts import Act
from bot.domain.messages import Message
from bot.services.gate import Going
from handlers.command import ActKind, Desk, Reply
from handlers.robots import reach_of

NAME = "robot show"


def wanted(robot: str) -> Act:
    """All about that robot."""
    return Act(NAME, robot)


async def run(act: Act, going: Going, desk: Desk) -> Reply:
    """All about one robot, for whoever asked alone."""
    reach = await reach_of(going, desk)
    going.result.detail = "It was shown to whoever asked."
    return Reply(Message(f"The robot account {code(act.target, 260)}", whole(reach)))


def says(act: Act) -> str:
    """Which one."""
    return f"See what the robot account {code(act.target, 260)} may do and did. Only whoever asked will see it."


KIND = ActKind(name=NAME, run=run, says=says, looks=True)
