"""`/quay robot show`: what one robot account may do and did."""

from handlers.acting.doing import do
from handlers.acts.robot_show import KIND, wanted
from handlers.command import Ask, Command, Desk, Field, Form, Reply, Seek
from handlers.grammar.robots import robot_of


async def run(ask: Ask, desk: Desk) -> Reply | None:
    """Only to whoever asked."""
    return await do(KIND, wanted(robot_of(ask.words)), ask.person, ask.channel, desk)


COMMAND = Command(
    word="robot show",
    usage=("robot show acme+ci",),
    summary="What a robot account may do, what works with it, its last pulls and pushes",
    section="Robots",
    details=(
        "Shows its roles in repositories, its teams, mirrors that work with it, its last use, and its pulls and pushes "
        "of the last seven days. What you may not see in Quay is named as not seen. Never a token. "
        "Everything is seen with the scopes `org:admin`, `user:admin` and `repo:admin`."
    ),
    run=run,
    form=Form(
        "A robot account",
        (Field("robot", "Robot account", seek=Seek.ROBOT, placeholder="acme+ci"),),
        submit="Show",
    ),
)
