"""`/quay unsubscribe`: a subscription of this channel ends."""

from handlers.acts import unsubscribe
from handlers.command import Ask, Command, Desk, Reply
from handlers.grammar import UsageError
from handlers.subscription_finding import do_to, meant


async def run(ask: Ask, desk: Desk) -> Reply | None:
    """Show what goes, and ask."""
    if len(ask.words) != 1:
        raise UsageError("Which one? Name its repository, or its name: /quay subscriptions shows both.")
    found = await meant(ask.words[0], ask.person, ask.channel, desk, again="unsubscribe {}")
    return await do_to(unsubscribe.KIND, unsubscribe.act_of(found), found, ask.person, ask.channel, desk)


COMMAND = Command(
    word="unsubscribe",
    usage=("unsubscribe acme/web", "unsubscribe S7PX4"),
    summary="End a subscription of this channel",
    section="Alerts",
    details=(
        "Shows what goes, asks once, and takes its notifications out of Quay. For whoever looks after it, and for "
        "everybody whose own account is an admin of the repository. Can be undone for an hour: then whoever presses "
        "Undo subscribes again, with their own account."
    ),
    run=run,
)
