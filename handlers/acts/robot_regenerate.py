"""The act "robot regenerate": a new token for a robot, the old one is dead at once (facts §3.2)."""

from bot.blocks.robot_cards import STILL_WORKS, renewal
from bot.blocks.text import code
from bot.domain.acts import Act
from bot.services.gate import Going
from handlers.acting.announcing import announce
from handlers.acting.revealing import handed, kept, to_the_end
from handlers.command import ActKind, Desk, Preview, Reply
from handlers.robots import for_admins, pinned, reach_of

NAME = "robot regenerate"


async def preview(_act: Act, going: Going, desk: Desk) -> Preview:
    """What works with the old token. Raises UserError when the new one could not be kept until it is looked at."""
    desk.revealing.ready()
    return Preview(renewal(for_admins(await reach_of(going, desk))), "Make a new token", danger=True)


async def run(act: Act, going: Going, desk: Desk) -> Reply:
    """Make it, keep it for whoever asked, and tell the channel that the old one is dead.

    There is nothing to read back: Quay tells a token once (facts §3.2).
    """
    desk.revealing.ready()
    return await to_the_end(_made(act, going, desk), going, desk)


async def _made(act: Act, going: Going, desk: Desk) -> Reply:
    made = await going.quay.robots.regenerate(act.target)
    going.result.detail = "It has a new token."
    ticket, name = await kept(made, going, desk), code(act.target, 260)
    await announce(going, desk, f"<@{going.person.user}> made a new token for the robot account {name}. {STILL_WORKS}")
    return handed(ticket, made, f"{name} has a new token.", going, desk, renewed=True)


def says(act: Act) -> str:
    """Which robot."""
    name = code(act.target, 260)
    return f"Make a new token for the robot account {name}. The old one fails at once, and nobody can restore it."


KIND = ActKind(name=NAME, run=run, says=says, pin=pinned, quay_log="regenerate_robot_token", preview=preview)
