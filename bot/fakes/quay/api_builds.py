"""Builds over the API: request, list, look at, read the log, cancel (facts §3.3)."""

import hashlib
import posixpath
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web

from bot.fakes.quay import answers
from bot.fakes.quay.bodies import build_moved
from bot.fakes.quay.call import Call
from bot.fakes.quay.records import TERMINAL, FakeBuild
from bot.fakes.quay.rights import is_org_admin
from bot.fakes.quay.views import build_view

_STRING = {"type": "string"}
_REQUEST = {
    "type": "object",
    "properties": {
        "file_id": _STRING,
        "archive_url": _STRING,
        "subdirectory": _STRING,
        "dockerfile_path": _STRING,
        "context": _STRING,
        "pull_robot": _STRING,
        "docker_tags": {"type": "array", "items": _STRING, "minItems": 1, "uniqueItems": True},
    },
}


def _check_source(call: Call, wish: dict[str, Any]) -> None:
    archive = wish.get("archive_url")
    if not archive and not wish.get("file_id"):
        raise call.problem("invalid_request", "file_id or archive_url required")
    if archive:
        try:
            scheme = urlsplit(archive).scheme
        except ValueError:
            raise call.problem("invalid_request", "Invalid Archive URL: Must be a valid URI") from None
        if scheme not in {"http", "https"}:
            raise call.problem("invalid_request", "Invalid Archive URL: Must be http or https")


def _check_robot(call: Call, name: str) -> None:
    namespace, plus, _ = name.partition("+")
    if not plus:
        raise call.unauthorized()
    if name not in call.quay.robots:
        raise call.missing()
    if not is_org_admin(call.quay, call.who, namespace):
        raise call.unauthorized()


def _places(wish: dict[str, Any]) -> tuple[str, str]:
    """Context and path of the Dockerfile, each derived from the other where only one is given."""
    context = wish.get("context", "/")
    if "dockerfile_path" in wish:
        path = wish["dockerfile_path"]
        return (context if "context" in wish else posixpath.dirname(path)), path
    if "subdirectory" in wish:
        context = wish["subdirectory"]
    return context, context + ("Dockerfile" if context.endswith("/") else "/Dockerfile")


def check_queue(call: Call, namespace: str) -> None:
    """429 when the namespace has as many builds waiting or running as it may."""
    limit = call.quay.queue_limit.get(namespace)
    alive = [b for b in call.quay.builds.values() if b.repository.startswith(f"{namespace}/")]
    if limit is not None and sum(b.phase not in TERMINAL for b in alive) >= limit:
        raise answers.message(429, "Maximum queued build rate exceeded.")


def made(call: Call, build: FakeBuild) -> web.Response:
    """201 with the new build and where its status is."""
    status = f"/api/v1/repository/{build.repository}/build/{build.id}/status"
    return answers.answer(build_view(call, build), 201, {"Location": status})


async def request_build(call: Call) -> web.Response:
    """POST build/: the address is not fetched, and one that is not ASCII makes the server fall over."""
    repository = call.repository("write", writes=True)
    wish = await call.body(_REQUEST)
    _check_source(call, wish)
    robot = wish.get("pull_robot")
    if robot:
        _check_robot(call, robot)
    if wish.get("file_id"):
        text = f"File {wish['file_id']} could not be found or is invalid"
        raise call.problem("invalid_request", text)
    archive = wish["archive_url"]
    if not archive.isascii():
        raise answers.crash()
    check_queue(call, repository.namespace)
    context, path = _places(wish)
    build = FakeBuild(
        id=call.quay.uuid(),
        repository=repository.full_name,
        name=hashlib.sha224(archive.encode("ascii")).hexdigest()[:7],
        tags=list(wish.get("docker_tags", ["latest"])),
        started=call.quay.clock.now(),
        manual_user=call.who.user.name if call.who else None,
        archive_url=archive,
        subdirectory=path,
        context=context,
        pull_robot=robot or None,
    )
    return made(call, call.quay.open_build(build))


async def list_builds(call: Call) -> web.Response:
    """GET build/: newest first, `limit` (5) and `since` (unix seconds)."""
    repository = call.repository("read")
    limit = call.number("limit", 5, "The maximum number of builds to return")
    since = call.number("since", 0, "Returns all builds since the given unix timecode")
    start = datetime.fromtimestamp(since, UTC)
    all_builds = reversed(call.quay.builds.values())
    found = [b for b in all_builds if b.repository == repository.full_name and b.started >= start]
    return answers.answer({"builds": [build_view(call, build) for build in found[:limit]]})


def _find(call: Call) -> FakeBuild | None:
    build = call.quay.builds.get(call.names["build_uuid"])
    return build if build is not None and build.repository == call.names["repository"] else None


async def get_build(call: Call) -> web.Response:
    """GET build/<id>: unknown is 404."""
    call.repository("read")
    build = _find(call)
    if build is None:
        raise call.missing()
    return answers.answer(build_view(call, build))


def _find_or_400(call: Call) -> FakeBuild:
    build = _find(call)
    if build is None:
        raise answers.message(400, f"Unable to locate a build by id: {call.names['build_uuid']}")
    return build


async def get_status(call: Call) -> web.Response:
    """GET build/<id>/status: unknown is 400."""
    call.repository("read")
    return answers.answer(build_view(call, _find_or_400(call)))


async def get_logs(call: Call) -> web.Response:
    """GET build/<id>/logs: for writers; after archiving only an address."""
    call.repository("read")
    if not call.may("write"):
        raise call.unauthorized()
    build = _find_or_400(call)
    try:
        start = int(call.request.query.get("start", 0))
    except ValueError:
        raise answers.crash() from None
    if build.archived:
        return answers.answer({"logs_url": f"{call.quay.url}/buildlogs/{build.id}"})
    logs = [] if call.quay.redis_down else build.logs
    return answers.answer({"start": start, "total": len(logs), "logs": logs[start:]})


async def cancel_build(call: Call) -> web.Response:
    """DELETE build/<id>: repository admins only; running builds only if the build manager agrees."""
    call.repository("admin", writes=True)
    build = _find(call)
    if build is None:
        raise call.missing()
    running = build.phase != "waiting"
    if build.phase in TERMINAL or (running and not call.quay.manager_cancels):
        raise call.problem("invalid_request", "Build is currently running or has finished")
    build.phase = "cancelled"
    call.note("cancel_build", build.repository, build_uuid=build.id)
    trigger = call.quay.triggers.get(build.trigger or "")
    body = build_moved(call.quay.url, build, trigger)
    call.quay.spawn(build.repository, "build_cancelled", body)
    call.quay.changed()
    return answers.answer("Okay", 201)
