"""Telling a channel what somebody did with its subscriptions."""

from bot.blocks.undo_words import undid
from bot.services.gate import Going
from handlers.acting.announcing import announce
from handlers.acting.proposing import Undo
from handlers.acting.undoing import undone_by
from handlers.command import Desk


async def tell(did: str, more: str, going: Going, desk: Desk, *, undo: Undo | None = None) -> None:
    """Say who `did` what (mrkdwn without its subject, a sentence), and `more`. An undo is told as what it took back."""
    undone, mentions = await undone_by(going, desk), tuple[str, ...]()
    if undone is not None:
        own = undone.person == going.person
        did = undid(undone.what, "" if own else f"<@{undone.person.user}>", "")
        mentions = () if own else (undone.person.user,)
    await announce(going, desk, f"<@{going.person.user}> {did} {more}".rstrip(), undo=undo, mentions=mentions)
