"""`/quay test`: Quay's test calls for a subscription, followed the whole way back to the channel."""

from functools import partial

from handlers.acts.test import act_of, kind
from handlers.command import Ask, Command, Desk, Reply
from handlers.grammar import UsageError
from handlers.subscription_finding import do_to, meant
from handlers.subscription_trying import beginning


async def run(ask: Ask, desk: Desk) -> Reply | None:
    """Try it, and say what came."""
    if len(ask.words) != 1:
        raise UsageError("Which one? Name its repository, or its name: /quay subscriptions shows both.")
    found = await meant(ask.words[0], ask.person, ask.channel, desk, again="test {}")
    begins = partial(beginning, ask.origin, desk)
    return await do_to(kind(begins), act_of(found), found, ask.person, ask.channel, desk)


COMMAND = Command(
    word="test",
    usage=("test acme/web", "test S7PX4"),
    summary="Prove that a subscription works, from Quay to this channel",
    section="Alerts",
    details=(
        "Mends what is broken, asks Quay for its test call for each kind of event, and says when each arrived and "
        "whether it is posted, or what did not come within 45 seconds and why that may be. The test alerts appear in "
        "the channel. For whoever looks after it, and for everybody whose own account is an admin of the repository."
    ),
    run=run,
)
