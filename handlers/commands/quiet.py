"""`/quay quiet`: hours in which a channel is told only what is critical."""

from bot.rules.rhythm import parse_quiet
from handlers.acting.doing import do
from handlers.acts.quiet import KIND
from handlers.command import Ask, Command, Desk, Reply
from handlers.rhythm_acts import QUIET, shown, wanted


async def run(ask: Ask, desk: Desk) -> Reply | None:
    """Set them for the channel in which it is asked; alone, it says what is set."""
    if not ask.words:
        return await shown(ask, desk)
    act = await wanted(QUIET, parse_quiet(" ".join(ask.words)), ask, desk)
    return await do(KIND, act, ask.person, ask.channel, desk)


COMMAND = Command(
    word="quiet",
    usage=("quiet 22:00-07:00", "quiet off", "quiet"),
    summary="Hours in which this channel is told only what is critical",
    section="Alerts",
    details=(
        "The hours are those of *your* clock, as Slack knows it; the channel keeps them on that clock, also when it is "
        "changed. Meanwhile only critical findings and refused pushes (storage is full) are told. When the quiet "
        "hours end, one message sums up what else happened. Alone, it says what is set. Can be undone for an hour."
    ),
    run=run,
)
