"""The acts "quiet" and "digest": when a channel is told only what is critical, and when it gets a summary."""

from handlers import rhythm_acts

QUIET = rhythm_acts.act_kind(rhythm_acts.QUIET)
DIGEST = rhythm_acts.act_kind(rhythm_acts.DIGEST)
