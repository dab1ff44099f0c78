"""Notifications over the API: of repositories, of organizations, of the caller's own namespace (facts §1.6)."""

from typing import Any

from aiohttp import web

from bot.fakes.quay import answers, hooks
from bot.fakes.quay.call import Call
from bot.fakes.quay.happenings import EVENTS
from bot.fakes.quay.records import FakeNotification
from bot.fakes.quay.rights import is_org_admin
from bot.fakes.quay.samples import sample
from bot.fakes.quay.views import notification_view

_OBJECT = {"type": "object"}
_CREATE = {
    "type": "object",
    "required": ["event", "method", "config", "eventConfig"],
    "properties": {
        "event": {"type": "string"},
        "method": {"type": "string"},
        "config": _OBJECT,
        "eventConfig": _OBJECT,
        "title": {"type": "string"},
    },
}
_OF_NAMESPACES = ("quota_error", "quota_warning")


def _is_namespace(call: Call) -> bool:
    return "repository" not in call.names


def _target(call: Call) -> str:
    """What the notifications belong to, if the caller is an admin of it."""
    if not _is_namespace(call):
        return call.repository("admin").full_name
    if "orgname" not in call.names:
        return call.person("user:admin").user.name
    name = call.names["orgname"]
    if not is_org_admin(call.quay, call.who, name):
        raise call.unauthorized()
    return name


def _check_words(call: Call, wish: dict[str, Any]) -> None:
    """Event and method: a clean 400 for namespaces, a crash for repositories."""
    if not _is_namespace(call):
        if wish["method"] not in hooks.METHODS or wish["event"] not in EVENTS:
            raise answers.crash()
        return
    if wish["event"] not in _OF_NAMESPACES:
        names = ", ".join(_OF_NAMESPACES)
        raise call.problem("invalid_request", f"Invalid event '{wish['event']}'. Must be one of: {names}")
    if wish["method"] not in hooks.METHODS:
        raise call.problem("invalid_request", f"Unknown notification method '{wish['method']}'")


def _note(call: Call, verb: str, about: FakeNotification) -> None:
    """Write it into the usage log; of a namespace's notifications "add" is called "create" there."""
    namespace, _, repository = about.target.partition("/")
    metadata = {"notification_id": about.uuid, "event": about.event, "method": about.method}
    if repository:
        metadata = {"repo": repository, "namespace": namespace, **metadata}
        call.note(f"{verb}_repo_notification", about.target, **metadata)
    else:
        word = "create" if verb == "add" else verb
        call.note(f"{word}_namespace_notification", about.target, **metadata)


async def create(call: Call) -> web.Response:
    """POST: the request says eventConfig, the answer event_config."""
    target = _target(call)
    wish = await call.body(_CREATE)
    _check_words(call, wish)
    try:
        complaint = hooks.complaint(wish["method"], wish["config"])
    except hooks.Crash:
        raise answers.crash() from None
    if complaint is not None:
        raise call.problem("invalid_request", complaint)
    made = FakeNotification(
        uuid=call.quay.uuid(),
        target=target,
        event=wish["event"],
        method=wish["method"],
        config=wish["config"],
        event_config=wish["eventConfig"],
        title=wish.get("title"),
    )
    call.quay.notifications[made.uuid] = made
    _note(call, "add", made)
    call.quay.changed()
    return answers.answer(notification_view(made), 201)


async def list_all(call: Call) -> web.Response:
    """GET the list, oldest first."""
    target = _target(call)
    found = [notification_view(n) for n in call.quay.notifications.values() if n.target == target]
    return answers.answer({"notifications": found})


def _find(call: Call, *, reading: bool = False) -> FakeNotification:
    """The notification of the path. Unknown ones are 404 on reads and for namespaces, else 400."""
    target, uuid = _target(call), call.names["uuid"]
    found = call.quay.notifications.get(uuid)
    if found is not None and found.target == target:
        return found
    if reading or _is_namespace(call):
        raise call.missing()
    namespace, _, name = target.partition("/")
    raise call.problem("invalid_request", f"No repository notification found for: {namespace}, {name}, {uuid}")


async def get_one(call: Call) -> web.Response:
    """GET one."""
    return answers.answer(notification_view(_find(call, reading=True)))


async def delete(call: Call) -> web.Response:
    """DELETE one; what is queued for it is dropped with it."""
    found = _find(call)
    del call.quay.notifications[found.uuid]
    _note(call, "delete", found)
    call.quay.changed()
    return answers.nothing()


async def reset(call: Call) -> web.Response:
    """POST without a body: the counter of failures is 0 again. What was dropped meanwhile stays lost."""
    found = _find(call)
    found.number_of_failures = 0
    _note(call, "reset", found)
    call.quay.changed()
    return answers.nothing()


async def test(call: Call) -> web.Response:
    """POST .../test: queue the sample body. Also 200 for a switched off one, which sends nothing."""
    found = _find(call)
    call.quay.enqueue(found, sample(call.quay.url, found, call.quay.clock.now()))
    return answers.answer({})
