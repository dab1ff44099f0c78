"""Every event that Quay sends for a build, as far as its list of builds tells: what a preview counts. Pure."""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime

from bot.domain.events import BuildMoved, Phase
from bot.ports import Build
from bot.rules.audiences import FAILURE, end_of
from bot.rules.recovering import whole_seconds
from bot.services.builds import moved

_QUEUED, _START = "build_queued", "build_start"
_BEGUN = frozenset({Phase.BUILDING, Phase.PUSHING, Phase.COMPLETE})
_UNSENT = frozenset({Phase.ERROR, Phase.INTERNAL_ERROR})  # the bot finds these failures itself (facts §1.1, §1.3)


def build_steps(found: Iterable[Build], events: Collection[str], since: datetime, until: datetime) -> list[BuildMoved]:
    """The events of these kinds of builds that were asked for in that time; `at` is when that was."""
    return [step for build in _asked(found, since, until) for step in steps_of(build, events)]


def steps_of(build: Build, events: Collection[str]) -> tuple[BuildMoved, ...]:
    """Those of its events that are of these kinds, in their order: it was queued, it began, it ended.

    Who asked for it stands where a filter gets to see it: in the webhook about the queue, which names nobody if git
    set it off, and nowhere else (facts §1.2). (A trigger that somebody started by hand looks like git in the list.) A
    failure that the bot finds out itself has it too, but where the build's card is there already, it goes onto that.
    """
    if build.started is None:
        return ()
    begun = came_to_start(build)
    queue_by = "" if build.trigger and build.author else build.requested_by
    end_by = ""
    if build.phase in _UNSENT and not (begun and _START in events):
        end_by = queue_by if _QUEUED in events else build.requested_by
    steps = [(_QUEUED, Phase.WAITING, queue_by)]
    steps += [(_START, Phase.BUILDING, "")] if begun else []
    steps += [(end, build.phase, end_by)] if (end := end_of(build.phase)) else []
    return tuple(_step(build, build.started, *step) for step in steps if step[0] in events)


def came_to_start(build: Build) -> bool:
    """Has a builder surely begun? Of a build that failed or was cancelled the list does not always tell."""
    return build.phase in _BEGUN or (build.progress is not None and build.progress.step > 0)


def unsure(found: Iterable[Build], events: Collection[str], since: datetime, until: datetime) -> bool:
    """Is there one that ended, of which nobody can tell whether it had begun, and does that matter?"""
    asked = _asked(found, since, until)
    return _START in events and any(end_of(one.phase) and not came_to_start(one) for one in asked)


def _asked(found: Iterable[Build], since: datetime, until: datetime) -> Iterator[Build]:
    return (one for one in found if one.started and whole_seconds(since) <= one.started <= until)


def _step(build: Build, at: datetime, kind: str, phase: Phase, by: str) -> BuildMoved:
    known = {"phase": phase, "requested_by": by, "recovered": True}
    known |= {} if kind == FAILURE else {"error": ""}
    return moved(build, kind, at).model_copy(update=known)
