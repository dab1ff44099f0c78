"""What `/quay trigger enable` and `/quay trigger disable` share."""

from handlers.acting.doing import do
from handlers.acts.trigger_switch import wanted
from handlers.command import ActKind, Ask, Desk, Reply
from handlers.grammar import UsageError
from handlers.grammar.one_repository import first

DETAILS = (
    "The trigger is named by the beginning of its id, its service or its source; where there is only one, it is meant. "
    "Shows what follows, asks once, and looks afterwards whether it is so. Takes the role admin. Can be undone for an "
    "hour, as long as nobody has switched it since."
)


async def switch(kind: ActKind, ask: Ask, desk: Desk) -> Reply | None:
    """Read the words, show what follows, and ask. Raises UserError."""
    repository, rest = first(ask.words, desk.quay_url)
    if len(rest) > 1:
        raise UsageError(f"I do not understand “{rest[1][:60]}” after the trigger.")
    act = wanted(kind.name, repository, rest[0] if rest else "")
    return await do(kind, act, ask.person, ask.channel, desk)
