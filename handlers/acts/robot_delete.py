"""The act "robot delete"."""

from bot.blocks.robot_cards import STILL_WORKS_GONE, removal
from bot.blocks.text import code
from bot.domain.acts import Act
from bot.domain.errors import BotError, UserError
from bot.services.gate import Going
from handlers.announcing import announce
from handlers.command import ActKind, Desk, Preview, Reply
from handlers.robots import for_admins, pinned, reach_of
from handlers.words import whisper

NAME = "robot delete"


async def preview(act: Act, going: Going, desk: Desk) -> Preview:
    """What goes with it. Raises UserError while a mirror works with it, for Quay keeps it then (facts §3.2)."""
    reach = for_admins(await reach_of(going, desk))
    if reach.mirrors:
        raise UserError(
            f"Quay does not delete {act.target} while mirrors work with it: {', '.join(reach.mirrors[:5])}. "
            "Give them another robot account in Quay first."
        )
    return Preview(removal(reach), "Delete it", danger=True)


async def run(act: Act, going: Going, desk: Desk) -> Reply:
    """Delete it, look whether it is gone, and tell the channel."""
    await going.quay.robots.delete(act.target)
    seen = await _seen(act.target, going)
    going.result.detail = f"Deleted. {seen}".strip()
    name = code(act.target, 260)
    await announce(going, desk, f"<@{going.person.user}> deleted the robot account {name}. {STILL_WORKS_GONE}")
    return whisper(f"{name} is deleted. {seen} {STILL_WORKS_GONE}")


async def _seen(robot: str, going: Going) -> str:
    """What the list says now."""
    try:
        listed = await going.quay.robots.page(robot.partition("+")[0])
    except BotError:
        return "I could not see whether Quay still lists it."
    if any(one.name == robot for one in listed):
        return "But Quay still lists it: somebody may have made it anew. Please look at it."
    return "Quay does not list it any more."


def says(act: Act) -> str:
    """Which robot, and what goes with it."""
    return f"Delete the robot account {code(act.target, 260)}, with its token, its roles and its places in teams."


KIND = ActKind(name=NAME, run=run, says=says, pin=pinned, quay_log="delete_robot", preview=preview)
