"""`/quay robot list`: the robot accounts of an organization or a user."""

from handlers.acting.doing import do
from handlers.acts.robot_list import KIND, wanted
from handlers.command import Ask, Command, Desk, Field, Form, Reply, Seek
from handlers.grammar import Option, Spec
from handlers.grammar.robots import namespace_of

_SPEC = Spec((Option("like", "TEXT", "only those with this in their name"),))


async def run(ask: Ask, desk: Desk) -> Reply | None:
    """Only to whoever asked."""
    parsed = _SPEC.parse(ask.words)
    act = wanted(namespace_of(parsed.words), parsed.one("like"))
    return await do(KIND, act, ask.person, ask.channel, desk)


COMMAND = Command(
    word="robot list",
    usage=("robot list acme", "robot list acme --like deploy"),
    summary="Robot accounts of an organization or of yourself, with their last use",
    section="Robots",
    details=(
        "Shows the robot accounts, when each was used last, and what it is for. Never a token. "
        "In an organization it takes a member and the scope `org:admin`; for your own ones the scope `user:admin`."
    ),
    run=run,
    form=Form(
        "Robot accounts",
        (
            Field("namespace", "Organization or user", seek=Seek.NAMESPACE, placeholder="acme"),
            Field("like", "Only those with this in their name", option="like", optional=True),
        ),
        submit="Show",
    ),
)
