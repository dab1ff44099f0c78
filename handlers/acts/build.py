"""The act "build": from an archive, or through a trigger."""

import hashlib
from urllib.parse import urlsplit

from bot.blocks.text import code
from bot.domain.acts import Act
from bot.domain.errors import UserError
from bot.ports import BuildRequest, Quay
from bot.services.gate import Going
from handlers.acts.tags import DEFAULT, digests, said, tags_of, target_of
from handlers.build_wish import BuildWish
from handlers.building import follow, queued, short
from handlers.command import ActKind, Desk, Reply
from handlers.triggers import choose, described

NAME = "build"
ADDRESS = "archive address"  # hidden: it may hold a secret
MARK = "address sha256"  # tells two addresses apart of which the same is shown
_SHOWN = (MARK, "dockerfile", "context", "subdirectory", "pull robot", "branch", "commit", "trigger")


def wanted(wish: BuildWish) -> Act:
    """The act for a wish that says where to build from."""
    if wish.request is None:
        named = {"trigger": wish.trigger, "branch": wish.branch, "commit": wish.commit}
        return Act(NAME, wish.repository, {key: value for key, value in named.items() if value})
    request, tags = wish.request, wish.request.tags or (DEFAULT,)
    named = {
        "tags": " ".join(tags),
        "from": _place(request.archive_url),
        MARK: hashlib.sha256(request.archive_url.encode()).hexdigest()[:12],
        "dockerfile": request.dockerfile,
        "context": request.context,
        "subdirectory": request.subdirectory,
        "pull robot": request.pull_robot,
    }
    shown = {key: value for key, value in named.items() if value}
    return Act(NAME, target_of(wish.repository, tags), shown, {ADDRESS: request.archive_url})


async def resolve(act: Act, quay: Quay) -> Act:
    """Which trigger starts, where one does."""
    if ADDRESS in act.hidden:
        return act
    given = act.parameters
    wish = BuildWish(
        act.repository,
        trigger=given.get("trigger", ""),
        branch=given.get("branch", ""),
        commit=given.get("commit", ""),
    )
    chosen = choose(wish, await quay.triggers(act.repository))
    named = {"trigger": described(chosen), "trigger id": chosen.id, "branch": wish.branch, "commit": wish.commit}
    return Act(NAME, act.target, {key: value for key, value in named.items() if value})


async def run(act: Act, going: Going, desk: Desk) -> Reply:
    """Start it, hang its card into the channel, and follow it."""
    given = act.parameters
    if ADDRESS in act.hidden:
        build = await going.quay.request_build(act.repository, _request(act))
    elif "trigger id" in given:
        build = await going.quay.start_trigger(
            act.repository, given["trigger id"], branch=given.get("branch"), commit=given.get("commit")
        )
    else:
        raise UserError("This build does not say where to build from. Please ask again.")
    going.result.detail = f"Build {short(build)} is queued."
    await follow(build, going.person, going.channel, desk)
    return queued(build, going.channel if going.approval else "")


def says(act: Act) -> str:
    """Where it is built from, what it writes, and every option."""
    given = act.parameters
    source = f" from an archive at {code(given['from'], 600)}" if "from" in given else " through a trigger"
    options = [f"• {key}: {code(given[key], 300)}" for key in _SHOWN if key in given]
    return "\n".join([f"Build {code(act.repository, 260)}{source}. {said(act)}", *options])


def _request(act: Act) -> BuildRequest:
    given = act.parameters
    return BuildRequest(
        act.hidden[ADDRESS],
        tags_of(act),
        given.get("dockerfile", ""),
        given.get("context", ""),
        given.get("subdirectory", ""),
        given.get("pull robot", ""),
    )


def _place(address: str) -> str:
    """Scheme, host and path of an address: user, query and fragment may hold a secret."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


KIND = ActKind(name=NAME, run=run, says=says, resolve=resolve, pin=digests, quay_log="build_dockerfile")
