"""`/quay robot create`: a new robot account, its token shown once."""

from bot.domain.acts import Act
from handlers.acts.robot_create import DESCRIPTION, KIND
from handlers.command import Ask, Command, Desk, Field, Form, Reply
from handlers.doing import do
from handlers.grammar import Option, Spec
from handlers.robots import robot_of

_SPEC = Spec((Option("description", "TEXT", "what it is for, at most 255 characters"),))


async def run(ask: Ask, desk: Desk) -> Reply | None:
    """Make it; the token is for whoever asked alone."""
    parsed = _SPEC.parse(ask.words)
    about = parsed.one("description")
    act = Act(KIND.name, robot_of(parsed.words), {DESCRIPTION: about} if about else {})
    return await do(KIND, act, ask.person, ask.channel, desk)


COMMAND = Command(
    word="robot create",
    usage=("robot create acme+deploy", 'robot create acme+deploy --description "rolls out web"'),
    summary="Make a robot account; its token is shown to you once",
    section="Robots",
    details=(
        "Makes a robot account in an organization that you manage (scope `org:admin`) or of your own (scope "
        "`user:admin`). The channel is told that it is there. Its token is shown to you alone, once, with commands and "
        "files to copy. It may do nothing until it gets roles in Quay."
    ),
    run=run,
    form=Form(
        "New robot account",
        (
            Field("robot", "Full name", placeholder="acme+deploy", hint="Organization or your user name, +, a name."),
            Field("description", "What it is for", option="description", optional=True),
        ),
        submit="Make it",
    ),
)
