"""The act "robot list"."""

from bot.blocks.robot_cards import listing
from bot.blocks.text import code
from bot.domain.acts import Act
from bot.domain.messages import Message
from bot.services.gate import Going
from handlers.command import ActKind, Desk, Reply

NAME = "robot list"
LIKE = "like"


def wanted(namespace: str, like: str = "") -> Act:
    """The robots of that namespace with `like` in their names."""
    return Act.of(NAME, namespace, {LIKE: like})


async def run(act: Act, going: Going, _desk: Desk) -> Reply:
    """The robots of a namespace, for whoever asked alone."""
    like = act.parameters.get(LIKE, "")
    found = [robot for robot in await going.quay.robots.page(act.target) if like.lower() in robot.name.lower()]
    going.result.detail = "The list was shown to whoever asked."
    return Reply(Message(f"The robot accounts of {code(act.target, 120)}", listing(found, act.target, like)))


def says(act: Act) -> str:
    """Whose."""
    return f"See the robot accounts of {code(act.target, 260)}. Only whoever asked will see them."


KIND = ActKind(name=NAME, run=run, says=says, looks=True)
