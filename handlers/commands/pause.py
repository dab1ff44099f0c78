"""`/quay pause`: a subscription, or all of this channel, tell nothing for a while."""

from bot.rules.times_span import span
from handlers.acting.doing import do
from handlers.acts.pause import KIND, act_of
from handlers.command import Ask, Command, Desk, Reply
from handlers.grammar import UsageError
from handlers.subscription_finding import do_to, meant, which
from handlers.subscription_pauses import ALL


async def run(ask: Ask, desk: Desk) -> Reply | None:
    """Pause it at once: it ends by itself, and can be undone."""
    if len(ask.words) < 2:
        raise UsageError("What, and for how long? For example: /quay pause acme/web 4h, or /quay pause all 4h")
    word, *length = ask.words
    until = (desk.clock.now() + span(" ".join(length).removeprefix("for "))).replace(microsecond=0)
    if word.lower() == ALL:
        return await do(KIND, act_of(None, until), ask.person, ask.channel, desk)
    found = await meant(word, ask.person, ask.channel, desk)
    if len(found) > 1:
        return which(found, "pause")
    return await do_to(KIND, act_of(found[0], until), found[0], ask.person, ask.channel, desk)


COMMAND = Command(
    word="pause",
    usage=("pause acme/web 4h", "pause S7PX4 2 days", "pause all 4h"),
    summary="Let a subscription tell nothing for a while",
    section="Alerts",
    details=(
        "Until then nothing of it is told, not even what is critical; the channel is told so, and in one line how much "
        "it was when the pause ends. `/quay why acme/web` names everything. 30 days at most. For whoever looks after "
        "it, and for everybody whose own account is an admin of the repository. `/quay resume` ends it earlier."
    ),
    run=run,
)
