"""The act "build retry": the same build once more."""

from collections.abc import Iterator, Mapping

from bot.blocks.text import code, digest
from bot.domain.acts import Act
from bot.domain.errors import BotError, NotLinked, UserError
from bot.ports import Build, Quay
from bot.services.gate import Going
from handlers.acts.tags import digests, said, target_of
from handlers.acts.which_build import whole
from handlers.build_wish import MOST_TAGS
from handlers.building import follow, queued, short
from handlers.command import ActKind, Desk, Reply
from handlers.grammar import UsageError
from handlers.triggers import CUSTOM, listed

NAME = "build retry"
WAS = "commit then"
_ARCHIVE = "--archive-url https://… to build an archive"
_TRIGGER = "--branch NAME or --commit SHA to build through a trigger"


async def resolve(act: Act, quay: Quay) -> Act:
    """Which build is repeated: the one that is named, else the newest; and which tags it wrote.

    A hosted trigger takes no commit, only a branch or a tag, which may have moved on since (facts §3.3).
    """
    if "build" in act.parameters:
        build = await quay.build(act.repository, (await whole(act, quay)).parameters["build"])
        last = {}
    else:
        build, last = await _newest(act.repository, quay), {"newest": "yes"}
    if len(build.tags) > MOST_TAGS:
        raise UserError(
            f"This build wrote {len(build.tags)} tags, and I repeat builds of at most {MOST_TAGS}. Repeat it in Quay, "
            "or ask for a new build with fewer tags."
        )
    named = {
        "build": build.id,
        "tags": " ".join(build.tags),
        "trigger": build.trigger,
        "ref": build.ref,
        "commit" if build.trigger in ("", CUSTOM) else WAS: build.commit,
        **last,
    }
    return Act(NAME, target_of(act.repository, build.tags), {key: value for key, value in named.items() if value})


async def run(act: Act, going: Going, desk: Desk) -> Reply:
    """Request it; the new build gets a card of its own in the same channel."""
    old = act.parameters.get("build")
    if not old:
        raise UserError("This does not say which build is repeated. Please ask again.")
    build = await going.quay.retry_build(act.repository, old)
    going.result.detail = f"Build {short(build)} is queued."
    await follow(build, going.person, going.channel, desk)
    elsewhere = going.channel if going.approval else ""
    return queued(build, elsewhere, old if "newest" in act.parameters else "")


def says(act: Act) -> str:
    """Which build, what it is built from, and what it writes."""
    given = act.parameters
    old = f"build {code(given.get('build', '')[:8]) or 'the newest'}"
    newest = ", the newest one," if "newest" in given else ""
    head = f"Repeat {old}{newest} of {code(act.repository, 260)}. {said(act)}"
    return "\n".join([head, *(f"• {line}" for line in _source(given))])


def _source(given: Mapping[str, str]) -> Iterator[str]:
    """What it is built from, as far as that is certain before."""
    trigger, ref = given.get("trigger", ""), given.get("ref", "")
    if not trigger:
        yield "from the same archive as that build. Quay does not tell me its address"
        return
    yield f"trigger: {code(trigger, 200)}"
    if trigger == CUSTOM:
        yield f"commit: {code(digest(given.get('commit', '')) or 'unknown')}"
        return
    was = f" (it was {code(digest(given[WAS]))})" if WAS in given else ""
    yield f"builds whatever {code(ref, 200) or 'its branch'} is when it runs{was}"


async def lacking(repository: str, why: str, quay: Quay) -> UsageError:
    """What could be built, as far as the caller may see it: only repository admins may list and start triggers."""
    try:
        triggers = await quay.triggers(repository)
    except NotLinked:
        raise
    except UserError:
        return UsageError(f"{why} Add {_ARCHIVE}. (Admins of the repository can also build through its triggers.)")
    except BotError as error:
        return UsageError(f"{why} Add {_ARCHIVE}, or {_TRIGGER}. ({error.say})")
    if not triggers:
        return UsageError(f"{why} Add {_ARCHIVE}. (The repository has no build triggers.)")
    return UsageError(f"{why} Add {_ARCHIVE}, or {_TRIGGER}. {listed(triggers)}")


async def _newest(repository: str, quay: Quay) -> Build:
    for build in await quay.builds(repository, limit=1):
        return build
    raise await lacking(repository, "Nothing has been built there yet, so there is nothing to repeat.", quay)


KIND = ActKind(name=NAME, run=run, says=says, resolve=resolve, pin=digests, quay_log="build_dockerfile")
