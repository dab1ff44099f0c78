"""Making a change once, looking at what came of it, and telling everybody: the one way for all that is changed."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import structlog

from bot.blocks.seen_words import audit_words, mark, seen_words
from bot.blocks.undo_words import undid
from bot.domain.errors import BotError, TryLater
from bot.domain.messages import Block
from bot.domain.sight import Sight
from bot.services.gate import Going
from handlers.acting.announcing import announce
from handlers.acting.proposing import Undo
from handlers.acting.undoing import Undone, undone_by
from handlers.command import Desk, Reply
from handlers.words import whisper

log = structlog.stdlib.get_logger(__name__)

Made = TypeVar("Made")
Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Seen(Generic[Made, Found]):
    """What came of a change. `found` is what was read afterwards; None where nothing could be read.

    `made` is what the call itself gave; None where its answer was lost and the look shows that it was done.
    """

    sight: Sight
    made: Made | None = None
    found: Found | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """A change in words. `did` is mrkdwn without its subject: "restored `web:v1`."; `now` is what is there, plain.

    `other` is a clause about what is there instead (mrkdwn), `where` a sentence on how to look. `undo` is offered
    unless something else is there: then there is nothing of ours to take back. `again` is the clause that says how it
    is if this was an undo: "it points at `sha256:…` again".
    """

    did: str
    now: str
    other: str = ""
    where: str = ""
    undo: Undo | None = None
    again: str = ""


async def carry_out(
    work: Awaitable[Made], look: Callable[[], Awaitable[Found]], wanted: Callable[[Found], bool]
) -> Seen[Made, Found]:
    """Do `work`, once, and look whether things are as `wanted`. Raises what `work` raises, and nothing of the look.

    Where nobody knows whether it was done (TryLater.doubtful), the look tells: it was, if things are as wanted.
    """
    made: Made | None = None
    doubt: TryLater | None = None
    try:
        made = await work
    except TryLater as error:
        if not error.doubtful:
            raise
        doubt = error
    seen: Seen[Made, Found] = await look_at(made, look, wanted)
    if doubt is not None and seen.sight is not Sight.YES:
        raise doubt
    return seen


def words(seen: Seen[Made, Found], change: Change) -> str:
    """What was seen, for people."""
    return seen_words(seen.sight, change.other, change.where)


def noted(seen: Seen[Made, Found], change: Change, going: Going) -> None:
    """Let the audit say what was seen."""
    going.result.detail = audit_words(seen.sight, change.now)


async def tell(
    seen: Seen[Made, Found], change: Change, going: Going, desk: Desk, *blocks: Block, also: Sequence[str] = ()
) -> Reply:
    """Tell the channel (and the channels `also`), the audit, and whoever did it. Raises nothing."""
    noted(seen, change, going)
    other, undone = seen.sight is Sight.OTHER, await undone_by(going, desk)
    did, to_others, mentions = _told(change, undone, going, other=other)
    sign, found = mark(seen.sight, undo=undone is not None), words(seen, change)
    said = f"{sign} <@{going.person.user}> {to_others} {found}"
    undo = None if other else change.undo
    await announce(going, desk, said, *blocks, undo=undo, also=also, mentions=mentions)
    done = "Please look at this: you" if other else "Done: you"
    return whisper(f"{sign} {done} {did} {found}")


def _told(change: Change, undone: Undone | None, going: Going, *, other: bool) -> tuple[str, str, tuple[str, ...]]:
    """What was done, to whoever did it and to the others; and whom the latter mentions: whose act was taken back."""
    if undone is None:
        return change.did, change.did, ()
    clause = "" if other else change.again
    own = undid(undone.what, "", clause)
    if undone.person == going.person:
        return own, own, ()
    return own, undid(undone.what, f"<@{undone.person.user}>", clause), (undone.person.user,)


async def look_at(
    made: Made | None, look: Callable[[], Awaitable[Found]], wanted: Callable[[Found], bool]
) -> Seen[Made, Found]:
    """Only the look, where something else has to be done between the change and it. Raises nothing."""
    try:
        found = await look()
        return Seen(Sight.YES if wanted(found) else Sight.OTHER, made, found)
    except BotError as error:  # what is done is done, whether it can be seen or not
        log.info("not_read_back", why=str(error))
    except Exception:
        log.exception("not_read_back")
    return Seen(Sight.UNKNOWN, made)
