"""How a change of a tag is made, read back, and told: to the channel, to whoever did it, and to the audit."""

from collections.abc import Awaitable, Sequence
from dataclasses import dataclass

from bot.blocks.tag_changes import name
from bot.blocks.tag_marks import image
from bot.domain.acts import Act
from bot.domain.images import GONE, TagRow
from bot.domain.said import short_digest
from bot.domain.sight import Sight
from bot.services.gate import Going
from handlers.acting.carrying import Change, carry_out, tell
from handlers.acting.proposing import Undo
from handlers.acts.tagging import LOOK, present, since_mark
from handlers.command import Desk, Reply

NO_UNDO = "Until I have seen it, I can offer no Undo."
_NAME = 200  # characters of a tag and its repository in a question


@dataclass(frozen=True, slots=True)
class Turn:
    """A change of what a tag points at. `did` is what was done, as mrkdwn without its subject: "restored `web:v1`".

    `wanted` is the digest that the tag has then ("" for none), `inverse` takes that back.
    """

    did: str
    wanted: str
    inverse: Act


async def turn_tag(work: Awaitable[object], turn: Turn, going: Going, desk: Desk, *, also: Sequence[str] = ()) -> Reply:
    """Make the change, look at what came of it, and tell everybody. Raises what `work` raises.

    The way back is bound to what the look has seen: where nothing could be seen, there is none.
    """
    act, quay, wanted = going.act, going.quay, turn.wanted
    seen = await carry_out(work, lambda: present(act, quay), lambda row: _digest(row) == wanted)
    found = wanted if seen.sight is Sight.UNKNOWN else _digest(seen.found)
    change = Change(
        did=turn.did,
        now=f"{act.tag} {f'points at {found}' if found else 'is gone'}",
        other=f"{name(act.repository, act.tag)} pointed at {image(found)}: it was changed again meanwhile",
        where=f"{LOOK} {NO_UNDO}",
        undo=Undo(turn.inverse, since_mark(act, seen.found), question_of(turn.inverse)) if seen.found else None,
        again=f"it points at {image(wanted)} again" if wanted else "the tag is gone again",
    )
    return await tell(seen, change, going, desk, also=also)


def _digest(newest: TagRow | None) -> str:
    """What the tag points at; "" for nothing."""
    return newest.digest if newest and newest.end is None else ""


def back_to(act: Act, was: str, now: str) -> Act:
    """The act that lets the tag point at `was` again when it points at `now`; "none" for a tag that is not there."""
    if was == GONE:
        return Act("tag delete", act.target, {"digest": now})
    return Act("restore", act.target, {"digest": was, "was": now or GONE})


def question_of(inverse: Act) -> str:
    """What is asked before it."""
    tag = inverse.target[:_NAME]
    if inverse.name == "tag delete":
        return f"Delete the tag {tag} again, so that it is as before?"
    return f"Let {tag} point at {short_digest(inverse.parameters['digest'])} again?"
