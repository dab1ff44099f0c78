"""The calls about repositories and their builds, and who asks.

Paths follow Quay's discovery document to the slash: `build/`, `trigger/`, `tag/` and `user/` end in one, the others
must not (facts §4); the wrong form is answered with a redirect, and redirects are never followed here.
"""

from collections.abc import Mapping
from typing import Any

from bot.adapters.quay.ask import USER, Ask, Right, repository_path, segment


def whoami() -> Ask:
    """Whose token is this?"""
    return Ask("GET", USER, "read your account")


def sight(repository: str) -> Ask:
    """The cheapest permission probe: `can_write` and `can_admin` under this token's scopes (facts §3.5)."""
    query = {"includeTags": "false"}
    return Ask("GET", repository_path(repository), "look around", repository=repository, query=query)


def request_build(repository: str, body: Mapping[str, Any]) -> Ask:
    """Start a build from an archive or an uploaded file."""
    address = str(body.get("archive_url", ""))
    return Ask(
        "POST",
        f"{repository_path(repository)}/build/",
        "start builds",
        Right.WRITE,
        repository,
        robot=str(body.get("pull_robot", "")),
        body=body,
        secrets=(address,) if address else (),
    )


def build(repository: str, build_id: str) -> Ask:
    """One build."""
    path = f"{repository_path(repository)}/build/{segment(build_id, 'build')}"
    return Ask("GET", path, "see builds", Right.READ, repository, f"build {build_id}")


def builds(repository: str, limit: int) -> Ask:
    """The newest builds; the answer has no paging (facts §3.3)."""
    query = {"limit": str(limit)}
    return Ask("GET", f"{repository_path(repository)}/build/", "see builds", repository=repository, query=query)


def discovery() -> Ask:
    """What the server offers; anybody may ask."""
    return Ask("GET", "/api/v1/discovery", "see what the server offers", public=True)


def build_log(repository: str, build_id: str, start: int) -> Ask:
    """The log from entry `start` on; takes the write role (facts §3.3)."""
    path = f"{repository_path(repository)}/build/{segment(build_id, 'build')}/logs"
    query = {"start": str(max(start, 0))}
    return Ask("GET", path, "read build logs", Right.WRITE, repository, f"build {build_id}", query=query)


def cancel_build(repository: str, build_id: str) -> Ask:
    """Cancel; takes the admin role even for one's own build (facts §3.3)."""
    path = f"{repository_path(repository)}/build/{segment(build_id, 'build')}"
    return Ask("DELETE", path, "cancel builds", Right.ADMIN, repository, f"build {build_id}")


def triggers(repository: str) -> Ask:
    """All build triggers."""
    path = f"{repository_path(repository)}/trigger/"
    return Ask("GET", path, "see build triggers", Right.ADMIN, repository)


def trigger(repository: str, trigger_id: str) -> Ask:
    """One build trigger."""
    path = f"{repository_path(repository)}/trigger/{segment(trigger_id, 'build trigger')}"
    return Ask("GET", path, "see build triggers", Right.ADMIN, repository, f"build trigger {trigger_id}")


def start_trigger(repository: str, trigger_id: str, body: Mapping[str, Any]) -> Ask:
    """Start a build through a trigger; `body` is Quay's RunParameters."""
    path = f"{repository_path(repository)}/trigger/{segment(trigger_id, 'build trigger')}/start"
    return Ask(
        "POST",
        path,
        "start builds through triggers",
        Right.ADMIN,
        repository,
        f"build trigger {trigger_id}",
        starts_trigger=True,
        body=body,
    )


def tag(repository: str, tag: str) -> Ask:
    """The living rows of one tag: without `onlyActiveTags` dead ones are listed as well (facts §3.1)."""
    query = {"specificTag": tag, "onlyActiveTags": "true", "limit": "10"}
    return Ask("GET", f"{repository_path(repository)}/tag/", "see tags", repository=repository, query=query)
