"""`/quay quiet` and `/quay digest`: hours in which a channel is told only what is critical, and its summaries."""

from handlers import rhythm_acts
from handlers.acts import rhythm

QUIET = rhythm_acts.command(
    rhythm_acts.QUIET,
    rhythm.QUIET,
    ("quiet 22:00-07:00", "quiet off", "quiet"),
    "Hours in which this channel is told only what is critical",
    "The hours are those of *your* clock, as Slack knows it; the channel keeps them on that clock, also when it is "
    "changed. Meanwhile only critical findings and refused pushes (storage is full) are told. When the quiet "
    "hours end, one message sums up what else happened. Alone, it says what is set. Can be undone for an hour.",
)
DIGEST = rhythm_acts.command(
    rhythm_acts.DIGEST,
    rhythm.DIGEST,
    ("digest daily 09:00", "digest weekly mon 09:00", "digest off", "digest"),
    "A daily or weekly summary of this channel",
    "What needs somebody stands first: failed builds, findings, failed mirrors, full storage. Then come pushes by "
    "repository, and how much was kept out by filters and quiet hours. The time is that of *your* clock, as Slack "
    "knows it, and the channel keeps it. A day without anything has no message. Alone, it says what is set. Can be "
    "undone for an hour.",
)
