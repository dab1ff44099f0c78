"""`/quay pause`: a subscription, or all of this channel, tell nothing for a while."""

from bot.rules.times_span import span
from handlers.acting.doing import do
from handlers.acts.pause import KIND, act_of
from handlers.command import Ask, Command, Desk, Field, Form, Reply, Seek
from handlers.forms import open_form
from handlers.grammar import UsageError
from handlers.subscription_finding import do_to, meant
from handlers.subscription_pauses import ALL


async def run(ask: Ask, desk: Desk) -> Reply | None:
    """Pause it at once: it ends by itself, and can be undone. Without a time, a form asks for that."""
    if len(ask.words) == 1 and ask.trigger:
        await open_form(COMMAND, ask.words, ask.person, ask.trigger, ask.origin, desk)
        return None
    if len(ask.words) < 2:
        raise UsageError("What, and for how long? For example: /quay pause acme/web 4h, or /quay pause all 4h")
    word, *length = ask.words
    until = (desk.clock.now() + span(" ".join(length).removeprefix("for "))).replace(microsecond=0)
    if word.lower() == ALL:
        return await do(KIND, act_of(None, until), ask.person, ask.channel, desk)
    found = await meant(word, ask.person, ask.channel, desk, again=f"pause {{}} {' '.join(length)[:40]}")
    return await do_to(KIND, act_of(found, until), found, ask.person, ask.channel, desk)


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
    form=Form(
        "Pause a subscription",
        (
            Field("target", "What", Seek.TARGET, hint="A repository, a pattern, the name of a subscription, or all"),
            Field("length", "For how long", placeholder="4h"),
        ),
        submit="Pause it",
    ),
)
