"""The act "robot delete"."""

from bot.blocks.robot_cards import STILL_WORKS_GONE, removal
from bot.blocks.text import code
from bot.domain.acts import Act
from bot.domain.errors import UserError
from bot.domain.sight import Sight
from bot.services.gate import Going
from handlers.acting.carrying import Change, carry_out, tell
from handlers.command import ActKind, Desk, Preview, Reply
from handlers.robots import for_admins, pinned, reach_of

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
    robots, name = going.quay.robots, code(act.target, 260)
    seen = await carry_out(
        robots.delete(act.target),
        lambda: robots.page(act.target.partition("+")[0]),
        lambda listed: all(one.name != act.target for one in listed),
    )
    change = Change(
        did=f"deleted the robot account {name}. {STILL_WORKS_GONE}",
        now="it is still there" if seen.sight is Sight.OTHER else "it is gone",
        other="Quay still listed it: somebody may have made it anew",
        where=f"{code('/quay robot list ' + act.target.partition('+')[0], 300)} shows those that there are.",
    )
    return await tell(seen, change, going, desk)


def says(act: Act) -> str:
    """Which robot, and what goes with it."""
    return f"Delete the robot account {code(act.target, 260)}, with its token, its roles and its places in teams."


KIND = ActKind(name=NAME, run=run, says=says, pin=pinned, quay_log="delete_robot", preview=preview)
