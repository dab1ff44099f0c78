"""Whether a build that succeeded mends what was broken: the one before it had failed."""

from collections.abc import Sequence

from bot.domain.events import Phase
from bot.ports import Build

READ = 20  # of the newest builds
_BAD = frozenset({Phase.ERROR, Phase.EXPIRED})
_TELLING = _BAD | {Phase.COMPLETE}  # a cancelled build says nothing about what it would have built


def failed_before(builds: Sequence[Build], build: str) -> str:
    """The id of the build before `build` if that one failed, else "". `builds` are those of a repository, newest first.

    The one before is the newest earlier one that ended, of the same ref; of builds without a ref, the newest one of the
    same trigger and the same tags.
    """
    places = [place for place, one in enumerate(builds) if one.id == build]
    if not places:
        return ""
    own, older = builds[places[0]], builds[places[0] + 1 :]
    before = next((one for one in older if one.phase in _TELLING and _alike(one, own)), None)
    return before.id if before and before.phase in _BAD else ""


def _alike(one: Build, own: Build) -> bool:
    if own.ref or one.ref:
        return one.ref == own.ref
    return one.trigger == own.trigger and set(one.tags) == set(own.tags)
