"""`/quay digest`: daily or weekly summaries of a channel."""

from handlers import rhythm_acts
from handlers.acts import rhythm

COMMAND = rhythm_acts.command(
    rhythm_acts.DIGEST,
    rhythm.DIGEST,
    ("digest daily 09:00", "digest weekly mon 09:00", "digest off", "digest"),
    "A daily or weekly summary of this channel",
    "What needs somebody stands first: failed builds, findings, failed mirrors, full storage. Then come pushes by "
    "repository, and how much was kept out by filters and quiet hours. The time is that of *your* clock, as Slack "
    "knows it, and the channel keeps it. A day without anything has no message. Alone, it says what is set. Can be "
    "undone for an hour.",
)
