"""`/quay robot create`: a new robot account, its token shown once."""

from bot.domain.acts import Act
from handlers.acting.doing import do
from handlers.acts.robot_create import DESCRIPTION, KIND
from handlers.command import Ask, Command, Desk, Field, Form, Reply, Seek
from handlers.grammar import Option, Parsed, Spec, UsageError
from handlers.grammar.robots import robot_of

_SPEC = Spec((Option("description", "TEXT", "what it is for, at most 255 characters"),))


async def run(ask: Ask, desk: Desk) -> Reply | None:
    """Make it; the token is for whoever asked alone."""
    parsed = _SPEC.parse(ask.words)
    act = Act.of(KIND.name, robot_of(_full_name(parsed)), {DESCRIPTION: parsed.one("description")})
    return await do(KIND, act, ask.person, ask.channel, desk)


def _full_name(parsed: Parsed) -> tuple[str, ...]:
    """The robot's words; namespace and name may be two of them, as they are in the form."""
    words = parsed.words
    if len(words) == 2 and "+" not in words[0] + words[1]:
        return ("+".join(words),)
    if len(words) > 1 and "description" in parsed.values:
        raise UsageError('Put the description in quotation marks: `--description "rolls out web"`')
    return words


COMMAND = Command(
    word="robot create",
    usage=("robot create acme+deploy", 'robot create acme+deploy --description "rolls out web"'),
    summary="Make a robot account; its token is shown to you once",
    section="Robots",
    details=(
        "Makes a robot account in an organization that you manage (scope `org:admin`) or of your own (scope "
        "`user:admin`). The channel is told that it is there. Its token is shown to you alone, once, with commands and "
        "files to copy. It has no access until it gets roles in Quay."
    ),
    run=run,
    form=Form(
        "New robot account",
        (
            Field("namespace", "Organization, or your user name", Seek.NAMESPACE, placeholder="acme"),
            Field("name", "Name", placeholder="deploy", hint="Its full name is that of the namespace, +, and this."),
            Field("description", "What it is for", option="description", optional=True),
        ),
        submit="Make it",
    ),
)
