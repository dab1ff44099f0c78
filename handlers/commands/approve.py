"""`/quay approve`: agree to what somebody else has asked for, or list what waits."""

from bot.blocks.approval_list import listed
from bot.blocks.text import code
from handlers import deciding
from handlers.command import Ask, Command, Desk, Reply
from handlers.deciding import kind_of
from handlers.grammar import UsageError
from handlers.words import whisper


async def run(ask: Ask, desk: Desk) -> Reply:
    """One yes; without a name, what waits and concerns the asker."""
    if len(ask.words) > 1:
        raise UsageError("Name one request at a time.")
    if ask.words:
        return await deciding.approve(ask.words[0], ask.person, desk)
    waiting = await desk.approving.concerning(ask.person)
    if not waiting:
        return whisper("Nothing waits for your approval, and you have asked for nothing that waits.")
    head, rows = listed([(request, kind_of(request).says(request.act)) for request in waiting], ask.person)
    return whisper(head, *rows)


COMMAND = Command(
    word="approve",
    usage=("approve", "approve K7PX4"),
    summary="Approve what somebody else has asked for, or list what waits",
    section="Approvals",
    details=(
        "Some acts take the approval of others before they run; the policy says which, and of whom. A request says "
        "exactly what will run. It is bound to what its tags point at: if they move, the approvals are void. "
        "Nobody can approve their own request. With the last approval it runs at once, with the account of whoever "
        "asked. "
        f"{code('/quay approve')} alone lists what waits for you and what you have asked for."
    ),
    run=run,
)
