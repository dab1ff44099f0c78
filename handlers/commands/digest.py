"""`/quay digest`: a daily or weekly summary of a channel."""

from bot.rules.rhythm import parse_digest
from handlers.acting.doing import do
from handlers.acts.digest import KIND
from handlers.command import Ask, Command, Desk, Reply
from handlers.rhythm_acts import DIGEST, shown, wanted


async def run(ask: Ask, desk: Desk) -> Reply | None:
    """Set it for the channel in which it is asked; alone, it says what is set."""
    if not ask.words:
        return await shown(ask, desk)
    act = await wanted(DIGEST, parse_digest(" ".join(ask.words)), ask, desk)
    return await do(KIND, act, ask.person, ask.channel, desk)


COMMAND = Command(
    word="digest",
    usage=("digest daily 09:00", "digest weekly mon 09:00", "digest off", "digest"),
    summary="A daily or weekly summary of this channel",
    section="Alerts",
    details=(
        "What needs somebody stands first: failed builds, findings, failed mirrors, full storage. Then come pushes by "
        "repository, and how much was kept out by filters and quiet hours. The time is that of *your* clock, as Slack "
        "knows it, and the channel keeps it. A day without anything has no message. Alone, it says what is set. Can be "
        "undone for an hour."
    ),
    run=run,
)
