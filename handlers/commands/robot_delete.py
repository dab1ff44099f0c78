"""`/quay robot delete`: the end of a robot account."""

from bot.domain.acts import Act
from handlers.acting.doing import do
from handlers.acts.robot_delete import KIND
from handlers.command import Ask, Command, Desk, Field, Form, Reply, Seek
from handlers.grammar.robots import robot_of


async def run(ask: Ask, desk: Desk) -> Reply | None:
    """Show first what works with it."""
    return await do(KIND, Act(KIND.name, robot_of(ask.words)), ask.person, ask.channel, desk)


COMMAND = Command(
    word="robot delete",
    usage=("robot delete acme+ci",),
    summary="Delete a robot account, with a look at what works with it first",
    section="Robots",
    details=(
        "Shows first what works with the robot: repositories, teams, last use. After your yes it is gone, with its "
        "token, roles and places in teams. Quay keeps a robot while a mirror works with it. There is no undo. In an "
        "organization it takes an admin and the scope `org:admin`; for your own robots the scope `user:admin`."
    ),
    run=run,
    form=Form(
        "Delete a robot account",
        (Field("robot", "Robot account", seek=Seek.ROBOT, placeholder="acme+ci"),),
    ),
)
