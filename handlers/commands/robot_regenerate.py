"""`/quay robot regenerate`: a new token for a robot account, shown once."""

from bot.domain.acts import Act
from handlers.acting.doing import do
from handlers.acts.robot_regenerate import KIND
from handlers.command import Ask, Command, Desk, Field, Form, Reply, Seek
from handlers.grammar.robots import robot_of


async def run(ask: Ask, desk: Desk) -> Reply | None:
    """Show first what works with the old token."""
    return await do(KIND, Act(KIND.name, robot_of(ask.words)), ask.person, ask.channel, desk)


COMMAND = Command(
    word="robot regenerate",
    usage=("robot regenerate acme+ci",),
    summary="Make a new token for a robot account whose token leaked; the old one dies",
    section="Robots",
    details=(
        "Shows first what works with the robot: repositories, teams, mirrors, last use. After your yes the old token "
        "is dead and the new one is shown to you alone, once, with commands and files to copy. Sessions with the "
        "registry that are open already may work for about an hour. There is no undo. In an organization it takes an "
        "admin and the scope `org:admin`; for your own robots the scope `user:admin`."
    ),
    run=run,
    form=Form(
        "New token for a robot",
        (Field("robot", "Robot account", seek=Seek.ROBOT, placeholder="acme+ci"),),
    ),
)
