"""Which build somebody means: an id or its beginning, alone or behind its repository, or an address out of Quay."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.domain.acts import Act
from bot.domain.errors import NotLinked, UserError
from bot.ports import Quay
from bot.services.gate import Resolve
from handlers.acts.which_build import BEGINNING, WHOLE
from handlers.command import ActKind, Ask, Desk
from handlers.grammar import UsageError, reference

_ADDRESS = re.compile(r"https?://[^?#]*/build/(?P<id>[^/?#]+)/?(?:[?#].*)?", re.IGNORECASE)
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
HOW = (
    "The beginning of its id is enough if its card hangs in this channel. Else name its repository as well, or give "
    "the address of its page in Quay. "
)
"""How a build is named, for the details of these commands."""
_FEW = 7  # hex digits that name a build


@dataclass(frozen=True, slots=True)
class BuildName:
    """A build's id or its beginning; `repository` is "" if nobody said it."""

    build: str
    repository: str = ""

    @property
    def is_whole(self) -> bool:
        """Is it a whole id?"""
        return len(self.build) == WHOLE


def read(words: Sequence[str], quay_url: str) -> BuildName:
    """The build in these words. Raises UserError with what would fit."""
    if not words:
        raise UsageError("Which build? Give its id, or the beginning of it as its card shows it.")
    if len(words) > 2:
        raise UsageError(f"I do not understand “{words[2][:60]}” after the build.")
    if found := _ADDRESS.fullmatch(words[0]):
        if len(words) > 1:
            raise UsageError("The address says which build it is. Leave the rest out.")
        return BuildName(_checked(found["id"]), reference(words[0], quay_url).repository)
    if len(words) == 1:
        return BuildName(_checked(words[0]))
    return BuildName(_checked(words[1]), reference(words[0], quay_url).repository)


def _checked(word: str) -> str:
    build = word.strip().lower()
    if _ID.fullmatch(build) or BEGINNING.fullmatch(build):
        return build
    if "/" in word:
        raise UsageError("That is a repository. Add the id of the build: `/quay builds` lists them.")
    raise UsageError(
        f"“{word[:60]}” is not the id of a build. It takes {_FEW} characters of it or more, like dbf23442."
    )


async def known_here(name: BuildName, ask: Ask, desk: Desk) -> tuple[str, str] | None:
    """(repository, whole id), if the build needs no look into Quay: its card hangs here, or everything was said."""
    if name.repository and name.is_whole:
        return name.repository, name.build
    places = (ask.channel, ask.person.user) if ask.channel.startswith("D") else (ask.channel,)
    for place in places:
        found = await desk.trail.builds(name.build, channel=place) if place else ()
        fitting = [one for one in found if name.repository in ("", one[0])]
        if len(fitting) == 1:
            return fitting[0]
    return None


async def asked_for(kind: ActKind, ask: Ask, desk: Desk) -> tuple[ActKind, Act]:
    """The act about the build in the words of `ask`, and the kind with what still has to be found out in Quay.

    Raises UserError.
    """
    name = read(ask.words, desk.quay_url)
    if known := await known_here(name, ask, desk):
        return kind, Act(kind.name, known[0], {"build": known[1]})
    if name.repository:
        return kind, Act(kind.name, name.repository, {"build": name.build})
    followed = await desk.trail.builds(name.build)
    return replace(kind, resolve=_among(followed, kind.resolve)), Act(kind.name, "", {"build": name.build})


def _among(followed: Sequence[tuple[str, str]], then: Resolve) -> Resolve:
    """One of the builds whose cards hang elsewhere, if the asker's own account sees exactly one of them."""

    async def resolve(act: Act, quay: Quay) -> Act:
        seen = [one for one in followed if await _sees(*one, quay)]
        if len(seen) != 1:
            start, why = (
                act.parameters["build"],
                "Several builds begin so" if seen else "I have no card of such a build",
            )
            raise UserError(f"{why}: {start}. Please name its repository as well: acme/web {start}")
        repository, build = seen[0]
        return await then(replace(act, target=repository, parameters={**act.parameters, "build": build}), quay)

    return resolve


async def _sees(repository: str, build: str, quay: Quay) -> bool:
    try:
        await quay.build(repository, build)
    except NotLinked:
        raise
    except UserError:
        return False
    return True
