"""`/quay why`: what became of the last events about a repository."""

from bot.blocks.text import code
from bot.blocks.why import message
from bot.domain.errors import BotError
from bot.services.why import story
from handlers.command import Ask, Command, Desk, Reply
from handlers.grammar import UsageError
from handlers.grammar.subjects import subject

FILTERED = "--filtered"
LAST = 5  # events that one screen holds
_LOOKED_AT = 100  # of the newest events, to see whether there is something for other channels


async def run(ask: Ask, desk: Desk) -> Reply:
    """What concerns the channel where it is asked; all of it for somebody whose Quay account can read the repository.

    Everybody in the channel sees these alerts anyway, so for them nobody needs an account. Whether there is something
    in other channels is told to nobody else.
    """
    words = [word for word in ask.words if word != FILTERED]
    if len(words) != 1:
        raise UsageError("Name one repository, with a tag if it is about that one.")
    about = subject(words[0], desk.quay_url)
    newest = await desk.trail.steps(about.repository, tag=about.tag, limit=_LOOKED_AT)
    told = {channel for hook in await desk.trail.hooks(about.repository) for channel in hook.channels}
    elsewhere = ({step.channel for step in newest} | told) - {ask.channel}
    everything = bool(elsewhere) and await _may_read(about.repository, ask, desk)
    known = await story(
        desk.trail,
        about.repository,
        tag=about.tag,
        here=ask.channel,
        channel="" if everything else ask.channel,
        filtered=FILTERED in ask.words,
        last=LAST,
    )
    return Reply(message(known))


async def _may_read(repository: str, ask: Ask, desk: Desk) -> bool:
    """Whether the asker's own account can read the repository. Whatever goes wrong means no."""
    if "/" not in repository:
        return False
    try:
        account = await desk.accounts.of(ask.person)
        await desk.registry.as_token(account.token).builds(repository, limit=1)
    except BotError:
        return False
    return True


COMMAND = Command(
    word="why",
    usage=("why acme/web", "why acme/web:v1.2", f"why acme/web {FILTERED}"),
    summary="Show what became of the last events about a repository",
    section="Alerts",
    details=(
        "Follows each of the last events from the webhook to the message in Slack: when it came, which rule kept it "
        "out or which card tells it, when it was sent or why it waits, and what to do about it. Events of which the "
        "same became are told together. Shows what concerns this channel; if your linked Quay account can read the "
        "repository, the other channels as well. "
        f"{code(FILTERED)} shows only what a rule kept out. "
        f"{code('/quay why acme')} shows the events of the namespace itself, about its storage."
    ),
    run=run,
)
