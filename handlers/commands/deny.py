"""`/quay deny`: say no to what somebody has asked for, or take back what one has asked for oneself."""

from handlers import deciding
from handlers.command import Ask, Command, Desk, Reply
from handlers.grammar import UsageError


async def run(ask: Ask, desk: Desk) -> Reply:
    """One no, with a reason if there is one."""
    if not ask.words:
        raise UsageError("Which request? Its name stands on its card and looks like K7PX4.")
    return await deciding.deny(ask.words[0], ask.person, " ".join(ask.words[1:]), desk)


COMMAND = Command(
    word="deny",
    usage=("deny K7PX4 [REASON]",),
    summary="Deny a request for approval, or take back your own",
    section="Approvals",
    details=(
        "Ends a request at once. Those who could approve it can deny it, and whoever asked can take it back. "
        "What you write behind its name is shown on its card as your reason."
    ),
    run=run,
)
