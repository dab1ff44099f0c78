"""The act "robot create"."""

from bot.blocks.text import code, link, plain
from bot.blocks.urls import namespace_url, user_url
from bot.domain.acts import Act
from bot.domain.sight import Sight
from bot.services.gate import Going
from handlers.acting.carrying import Change, look_at, tell
from handlers.acting.revealing import handed, kept, to_the_end
from handlers.command import ActKind, Desk, Reply

NAME = "robot create"
DESCRIPTION = "description"


async def run(act: Act, going: Going, desk: Desk) -> Reply:
    """Make it, keep its token for whoever asked, look whether it is there, and tell the channel."""
    desk.revealing.ready()
    return await to_the_end(_made(act, going, desk), going, desk)


async def _made(act: Act, going: Going, desk: Desk) -> Reply:
    robots, name = going.quay.robots, code(act.target, 260)
    made = await robots.create(act.target, act.parameters.get(DESCRIPTION, ""))
    ticket = await kept(made, going, desk)  # before anything else: nobody can read it a second time
    seen = await look_at(
        made,
        lambda: robots.page(act.target.partition("+")[0]),
        lambda listed: any(one.name == act.target for one in listed),
    )
    right = seen.sight is not Sight.OTHER
    change = Change(
        did=f"made the robot account {name}.",
        now=f"it is {'' if right else 'not '}in the list",
        other="its list did not show it",
        where=f"{code('/quay robot show ' + act.target, 300)} shows it.",
    )
    told = await tell(seen, change, going, desk)
    space = act.target.partition("+")[0]
    own = space == going.account.username
    page = user_url(desk.quay_url, space).partition("?")[0] if own else namespace_url(desk.quay_url, space)
    roles = link(page, "give it roles in Quay")
    said = f"{told.message.text} It has no access yet: {roles}."
    return handed(ticket, made, said, going, desk, renewed=False)


def says(act: Act) -> str:
    """Its name and its description."""
    about = act.parameters.get(DESCRIPTION, "")
    more = f"\n• description: {plain(about, 300)}" if about else ""
    return f"Make the robot account {code(act.target, 260)}. Only whoever asked will see its token, once.{more}"


KIND = ActKind(name=NAME, run=run, says=says, quay_log="create_robot")
