"""`/quay quiet`: hours in which a channel is told only what is critical."""

from handlers import rhythm_acts
from handlers.acts import rhythm

COMMAND = rhythm_acts.command(
    rhythm_acts.QUIET,
    rhythm.QUIET,
    ("quiet 22:00-07:00", "quiet off", "quiet"),
    "Hours in which this channel is told only what is critical",
    "The hours are those of *your* clock, as Slack knows it; the channel keeps them on that clock, also when it is "
    "changed. Meanwhile only critical findings and refused pushes (storage is full) are told. When the quiet "
    "hours end, one message sums up what else happened. Alone, it says what is set. Can be undone for an hour.",
)
