"""What commands, buttons and the watcher share about builds: naming one, telling the board, following it."""

from bot.blocks.approval_words import hangs_in
from bot.blocks.text import code
from bot.domain.errors import UserError
from bot.domain.events import Phase
from bot.domain.people import Person
from bot.ports import Build
from bot.services.builds import moved
from handlers.command import Desk, Reply
from handlers.words import whisper

__all__ = ["FAILED", "FINAL", "follow", "moved", "queued", "short", "target"]

FINAL = frozenset({Phase.COMPLETE, Phase.ERROR, Phase.CANCELLED, Phase.EXPIRED})
"""Phases that never change again. `internalerror` is none: Quay puts such a build back into its queue (facts §3.3)."""

FAILED = frozenset({Phase.ERROR, Phase.EXPIRED, Phase.INTERNAL_ERROR})


async def follow(build: Build, person: Person, channel: str, desk: Desk) -> None:
    """Hang the card of a build that `person` has just requested into `channel`, and follow it with their account."""
    now = desk.clock.now()
    await desk.board.tell(moved(build, "build_queued", now), channels=(channel,), asker=person.user)
    await desk.watches.add(build.repository, build.id, person, now)


def queued(build: Build, channel: str = "", like: str = "") -> Reply:
    """What the person who requested it is told. `like` is the build that it repeats, where nobody named a source.

    `channel` is where its card hangs, if that is not where they read this.
    """
    name, repository = code(short(build)), code(build.repository, 300)
    source = f", from the same source as the last one ({code(like[:8])})" if like else ""
    if channel:
        return whisper(f"Build {name} of {repository} is queued{source}.", *hangs_in(channel))
    return whisper(f"Build {name} of {repository} is queued{source}. Its card follows in this channel.")


def short(build: Build) -> str:
    """The name a build is called by: the beginning of its id. Quay's own is the same for all builds of an archive."""
    return build.id[:8]


def target(value: str) -> tuple[str, str]:
    """Repository and build id out of a button's value ("acme/web 5c1f…"). Raises UserError when it holds neither."""
    words = value.split()
    if len(words) < 2:
        raise UserError("This button does not say which build it means. Please use a newer card.")
    return words[0], words[1]
