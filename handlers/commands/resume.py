"""`/quay resume`: a pause ends before its time."""

from handlers.acting.doing import do
from handlers.acts.resume import KIND, act_of
from handlers.command import Ask, Command, Desk, Reply
from handlers.grammar import UsageError
from handlers.subscription_finding import do_to, meant
from handlers.subscription_pauses import ALL


async def run(ask: Ask, desk: Desk) -> Reply | None:
    """Let it go on."""
    if len(ask.words) != 1:
        raise UsageError("Which one? Name its repository, or its name, or all: /quay resume acme/web")
    if ask.words[0].lower() == ALL:
        return await do(KIND, act_of(None), ask.person, ask.channel, desk)
    found = await meant(ask.words[0], ask.person, ask.channel, desk, again="resume {}")
    return await do_to(KIND, act_of(found), found, ask.person, ask.channel, desk)


COMMAND = Command(
    word="resume",
    usage=("resume acme/web", "resume S7PX4", "resume all"),
    summary="End a pause before its time",
    section="Alerts",
    details="The channel is told that it goes on, and how much was kept out meanwhile. For those who may pause it.",
    run=run,
)
