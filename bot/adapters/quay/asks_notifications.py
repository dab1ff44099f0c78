"""The calls about notifications: of a repository, of an organization, of the caller's own namespace (facts §1.6)."""

from collections.abc import Mapping
from typing import NamedTuple

from bot.adapters.quay.ask import USER, Ask, Right, repository_path, segment
from bot.rules.hook_urls import token

IN_DOUBT = "Nothing is lost: the next look at the subscription finds out, and brings it in order."
BAD_ADDRESS = (
    "Quay does not take the address of this bot for its webhooks: the names localhost and 127.0.0.1 are not allowed "
    "there, and Quay's operators may have excluded others. Please tell the operator of this bot to set PUBLIC_URL to "
    "another name or address of this machine."
)
BAD_EVENT = "This Quay does not know these notifications. Please try it with other events."


class About(NamedTuple):
    """What notifications belong to. `own`: it is the caller's own namespace."""

    target: str
    own: bool = False


def every(about: About) -> Ask:
    """The list. A repository's ends in a slash, a namespace's does not."""
    return _ask(about, "GET", "", "see notifications")


def create(about: About, event: str, url: str, title: str, config: Mapping[str, object]) -> Ask:
    """A new webhook. Requests say eventConfig; all four keys but the title are needed."""
    body = {"event": event, "method": "webhook", "config": {"url": url}, "eventConfig": dict(config), "title": title}
    return _ask(about, "POST", "", "create notifications", body=body, secrets=tuple(filter(None, (url, token(url)))))


def delete(about: About, uuid: str) -> Ask:
    """Remove one."""
    return _ask(about, "DELETE", _one(uuid), "delete notifications")


def reset(about: About, uuid: str) -> Ask:
    """Set its counter of failures back: a POST without a body."""
    return _ask(about, "POST", _one(uuid), "switch notifications on again")


def test(about: About, uuid: str) -> Ask:
    """Let Quay send its sample."""
    return _ask(about, "POST", f"{_one(uuid)}/test", "test notifications")


def _one(uuid: str) -> str:
    return f"/{segment(uuid, 'notification')}"


def _ask(
    about: About,
    method: str,
    rest: str,
    does: str,
    *,
    body: Mapping[str, object] | None = None,
    secrets: tuple[str, ...] = (),
) -> Ask:
    target, own = about
    if "/" in target:
        path, scope, thing = f"{repository_path(target)}/notification{rest or '/'}", "", ""
        needs, repository = Right.ADMIN, target
    else:
        path, thing, scope = _of_namespace(target, own=own)
        path, needs, repository = f"{path}{rest}", Right.READ, ""
    return Ask(method, path, does, needs, repository, thing, scope, body=body, secrets=secrets, in_doubt=IN_DOUBT)


def _of_namespace(namespace: str, *, own: bool) -> tuple[str, str, str]:
    """Path, what a 404 is about, and the scope that it takes (facts §2.4)."""
    if own:
        return f"{USER}namespacenotifications", "", "user:admin"
    name = segment(namespace, "organization")
    return f"/api/v1/organization/{name}/notifications", f"organization {namespace}", "org:admin"
