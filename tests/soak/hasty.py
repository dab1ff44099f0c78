"""The real program in a hurry: the same code with shorter leases and deadlines, for the short proof of `make test`.

python -m tests.soak.hasty serve
"""

from datetime import timedelta

from bot.adapters.slack.voice import SlackVoice
from bot.adapters.store import sql_store
from bot.cli import main
from bot.services import outbox, showing
from webhooks import pipeline

DEADLINE = 1.0  # seconds for one call of Slack's; everything else is longer in the same order as in the real program


def hurry() -> None:
    """Shorten what the program waits for."""
    (SlackVoice.__init__.__kwdefaults__ or {})["deadline"] = DEADLINE
    outbox.SETTLING = DEADLINE
    sql_store.ARRIVAL = timedelta(seconds=1.5 * DEADLINE)
    showing.LOOKING = 2 * DEADLINE
    outbox.DEADLINE, outbox.MARGIN = 3 * DEADLINE, DEADLINE
    outbox.LEASE = pipeline.LEASE = timedelta(seconds=4 * DEADLINE)


if __name__ == "__main__":
    hurry()
    main()
