"""`/quay subscriptions`: what this channel is subscribed to, and whether it is in order."""

from handlers.acting.doing import do
from handlers.acts.subscriptions import ALL, KIND, act_of
from handlers.command import Ask, Command, Desk, Reply
from handlers.grammar import UsageError
from handlers.subscription_finding import target_of


async def run(ask: Ask, desk: Desk) -> Reply | None:
    """List them for whoever asked."""
    words = [word for word in ask.words if word != ALL]
    if len(words) > 1 or any(word.startswith("--") for word in words):
        raise UsageError(f"Name one repository at most. {ALL} shows those of all channels that you may look after.")
    target = target_of(words[0], desk.quay_url) if words else ""
    return await do(KIND, act_of(target, everywhere=ALL in ask.words), ask.person, ask.channel, desk)


COMMAND = Command(
    word="subscriptions",
    usage=("subscriptions", "subscriptions acme/web", "subscriptions --all"),
    summary="What this channel is subscribed to, and whether it is in order",
    section="Alerts",
    details=(
        "Of each: what is told, who looks after it since when, whether its notifications in Quay are in order and if "
        "not why, until when it is paused, and how many messages it brought in the last week. The menu beside it "
        "tries, pauses or ends it. `--all` shows those of every channel that are yours, or whose repositories your own "
        "account is an admin of."
    ),
    run=run,
)
