"""Build triggers over the API: list, look at, switch, start (facts §3.3)."""

import hashlib
import re
from typing import Any

from aiohttp import web

from bot.fakes.quay import answers
from bot.fakes.quay.api_builds import check_queue, made
from bot.fakes.quay.call import Call
from bot.fakes.quay.records import FakeBuild, FakeTrigger
from bot.fakes.quay.views import build_view, trigger_view

_COMMIT = "^([A-Fa-f0-9]{7,})$"
_RUN = {
    "type": "object",
    "properties": {
        "branch_name": {"type": "string"},
        "commit_sha": {"type": "string"},
        "refs": {"type": ["object", "null"]},
    },
    "additionalProperties": False,
}
_SWITCH = {"type": "object", "properties": {"enabled": {"type": "boolean"}}, "required": ["enabled"]}


def _find(call: Call) -> FakeTrigger:
    trigger = call.quay.triggers.get(call.names["trigger_uuid"])
    if trigger is None or trigger.repository != call.names["repository"]:
        raise call.missing()
    return trigger


async def list_triggers(call: Call) -> web.Response:
    """GET trigger/."""
    name = call.repository("admin").full_name
    found = [trigger for trigger in call.quay.triggers.values() if trigger.repository == name]
    return answers.answer({"triggers": [trigger_view(call, trigger) for trigger in found]})


async def get_trigger(call: Call) -> web.Response:
    """GET trigger/<id>."""
    call.repository("admin")
    return answers.answer(trigger_view(call, _find(call)))


async def switch_trigger(call: Call) -> web.Response:
    """PUT trigger/<id>: the answer hides the config, even from admins."""
    call.repository("admin", writes=True)
    trigger = _find(call)
    trigger.enabled = (await call.body(_SWITCH))["enabled"]
    if not trigger.enabled:
        trigger.disabled_reason = "user_toggled"
    about = {"trigger_id": trigger.id, "service": trigger.service, "enabled": trigger.enabled}
    call.note("toggle_repo_trigger", trigger.repository, repo=trigger.repository.partition("/")[2], **about)
    hidden: dict[str, Any] = {"build_source": None, "repository_url": None, "config": {}, "can_invoke": False}
    call.quay.changed()
    return answers.answer({**trigger_view(call, trigger, inside_build=True), **hidden})


async def trigger_builds(call: Call) -> web.Response:
    """GET trigger/<id>/builds: newest first."""
    call.repository("admin")
    limit = call.number("limit", 5, "The maximum number of builds to return")
    found = [build for build in reversed(call.quay.builds.values()) if build.trigger == call.names["trigger_uuid"]]
    return answers.answer({"builds": [build_view(call, build) for build in found[:limit]]})


def _custom_run(call: Call, trigger: FakeTrigger, wish: dict[str, Any]) -> dict[str, Any]:
    commit = wish.get("commit_sha")
    if not commit:
        raise call.problem("invalid_request", "missing required parameter")
    if not re.search(_COMMIT, commit):
        raise call.problem("invalid_request", f"{commit!r} does not match {_COMMIT!r}")
    return {"commit": commit, "git_url": trigger.source}


def _hosted_run(call: Call, trigger: FakeTrigger, wish: dict[str, Any]) -> dict[str, Any]:
    refs = wish.get("refs") or {"kind": "branch", "name": wish.get("branch_name")}
    name = refs.get("name") or "main"
    is_tag = refs.get("kind") == "tag"
    if trigger.branches is not None and not is_tag and name not in trigger.branches:
        raise call.problem("invalid_request", "Could not find branch in repository")
    commit = hashlib.sha1(f"{trigger.source} {name}".encode()).hexdigest()
    person = {"username": "dev", "url": "https://git.example/dev", "avatar_url": "https://git.example/dev.png"}
    return {
        "commit": commit,
        "ref": f"refs/{'tags' if is_tag else 'heads'}/{name}",
        "default_branch": "main",
        "git_url": f"git@{trigger.service}.example:{trigger.source}.git",
        "commit_info": {
            "url": f"https://git.example/{trigger.source}/commit/{commit}",
            "message": f"last commit of {name}",
            "date": call.quay.clock.now().strftime("%Y-%m-%dT%H:%M:%SZ"),
            "author": person,
            "committer": dict(person),
        },
    }


def _tags(metadata: dict[str, Any]) -> list[str]:
    """The branch, and latest on the default branch; without a ref the short commit."""
    if "ref" not in metadata:
        return [metadata["commit"][:7]]
    branch = metadata["ref"].split("/", 2)[-1]
    return ["latest", branch] if branch == metadata["default_branch"] else [branch]


async def start_trigger(call: Call) -> web.Response:
    """POST trigger/<id>/start: a commit for custom git, a branch or ref for hosted git."""
    repository = call.repository("admin", writes=True)
    wish = await call.body(_RUN)
    trigger = _find(call)
    if not trigger.enabled:
        raise call.problem("invalid_request", "Trigger is not enabled.")
    if not trigger.active:
        raise call.problem("invalid_request", "Trigger is not active.")
    run = _custom_run if trigger.service == "custom-git" else _hosted_run
    metadata = run(call, trigger, wish)
    check_queue(call, repository.namespace)
    build = FakeBuild(
        id=call.quay.uuid(),
        repository=repository.full_name,
        name=metadata["commit"][:7],
        tags=_tags(metadata),
        started=call.quay.clock.now(),
        manual_user=call.who.user.name if call.who else None,
        trigger=trigger.id,
        trigger_metadata=metadata,
        pull_robot=trigger.pull_robot,
    )
    return made(call, call.quay.open_build(build, performer=build.manual_user))
