"""How a change of a tag is made, read back, and told: to the channel, to whoever did it, and to the audit."""

from collections.abc import Awaitable, Sequence
from dataclasses import dataclass

from bot.blocks.tag_changes import GONE, image, name
from bot.blocks.text import digest
from bot.domain.acts import Act
from bot.domain.errors import TryLater
from bot.services.gate import Going
from handlers.acts.tagging import marked, tag_of, wrought
from handlers.announcing import announce
from handlers.command import Desk, Reply
from handlers.proposing import Undo
from handlers.words import whisper


@dataclass(frozen=True, slots=True)
class Change:
    """A change of what a tag points at. `did` is what was done, as mrkdwn without its subject: "restored `web:v1`".

    `wanted` is the digest that the tag has then ("" for none), `inverse` what takes that back, `question` what is asked
    before (plain text), None and "" where nothing can.
    """

    did: str
    wanted: str
    inverse: Act | None = None
    question: str = ""


async def carry_out(
    work: Awaitable[object], change: Change, going: Going, desk: Desk, *, also: Sequence[str] = ()
) -> Reply:
    """Make the change, look at what came of it, and tell everybody. Raises what `work` raises.

    Where Quay did not answer in time, the tag itself tells whether it was done.
    """
    doubt: TryLater | None = None
    try:
        await work
    except TryLater as error:
        if not error.doubtful:
            raise
        doubt = error
    found = await wrought(going.act, going.quay, change.wanted, doubt)
    going.result.detail = _for_audit(going.act, change, found)
    ours = found in (None, change.wanted)
    undo = None
    if change.inverse is not None and ours:  # else the tag has moved since, and there is nothing of ours to take back
        undo = Undo(change.inverse, marked(change.inverse, change.wanted), change.question)
    mark = ":white_check_mark:" if found == change.wanted else ":warning:"
    said = f"{mark} <@{going.person.user}> {change.did} {_seen(going.act, change, found)}"
    await announce(going, desk, said, undo=undo, also=also)
    return whisper(f"{mark} Done: you {change.did} {_seen(going.act, change, found)}")


def back_to(act: Act, was: str, now: str) -> Act:
    """The act that lets the tag point at `was` again when it points at `now`; "none" for a tag that is not there."""
    if was == GONE:
        return Act("tag delete", act.target, {"digest": now})
    return Act("restore", act.target, {"digest": was, "was": now or GONE})


def question_of(inverse: Act) -> str:
    """What is asked before it."""
    tag = tag_of(inverse)
    if inverse.name == "tag delete":
        return f"Delete the tag {tag} again, so that it is as before?"
    return f"Let {tag} point at sha256:{digest(inverse.parameters['digest'])} again?"


def _seen(act: Act, change: Change, found: str | None) -> str:
    if found == change.wanted:
        return "*Verified:* I read it back from Quay."
    if found is None:
        return "Quay accepted it, but I could not read it back. `/quay tag history` shows how it is."
    return (
        f"Quay accepted it, but right afterwards {name(act.repository, tag_of(act))} points at {image(found)}: "
        "it was changed again meanwhile."
    )


def _for_audit(act: Act, change: Change, found: str | None) -> str:
    if found is None:
        return "Quay accepted it. It could not be read back."
    how = "Verified" if found == change.wanted else "Quay accepted it, but it was changed again meanwhile"
    return f"{how}: {tag_of(act)} {f'points at {found}' if found else 'is gone'}."
