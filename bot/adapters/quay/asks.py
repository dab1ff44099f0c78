"""The calls as values: method, exact path, body, and what is needed to explain a refusal.

Paths follow Quay's discovery document to the slash: `build/`, `trigger/` and `user/` end in one, the others must not
(facts §4); the wrong form is answered with a redirect, and redirects are never followed here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from urllib.parse import quote, urlencode

from bot.adapters.quay import words
from bot.domain.errors import UserError

_LONGEST_NAME = 255


class Right(StrEnum):
    """What a call takes: a role on the repository and the scope `repo:<role>` in the token (facts §2.4)."""

    READ = "read"
    WRITE = "write"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Ask:
    """One call. `does` completes "you may not …"; `thing` is what a 404 may be about; `secrets` are never repeated."""

    method: str
    path: str
    does: str
    needs: Right = Right.READ
    repository: str = ""
    thing: str = ""
    robot: str = ""
    starts_trigger: bool = False
    query: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, Any] | None = field(default=None, repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)
    public: bool = False  # may be asked without a token

    @property
    def target(self) -> str:
        """Path and query, percent-encoded."""
        return f"{self.path}?{urlencode(self.query)}" if self.query else self.path

    @property
    def reads(self) -> bool:
        """True if asking twice cannot change anything."""
        return self.method == "GET"


def whoami() -> Ask:
    """Whose token is this?"""
    return Ask("GET", "/api/v1/user/", "read your account")


def sight(repository: str) -> Ask:
    """The cheapest permission probe: `can_write` and `can_admin` under this token's scopes (facts §3.5)."""
    query = {"includeTags": "false"}
    return Ask("GET", _repository(repository), "see it", repository=repository, query=query)


def request_build(repository: str, body: Mapping[str, Any]) -> Ask:
    """Start a build from an archive or an uploaded file."""
    address = str(body.get("archive_url", ""))
    return Ask(
        "POST",
        f"{_repository(repository)}/build/",
        "start builds",
        Right.WRITE,
        repository,
        robot=str(body.get("pull_robot", "")),
        body=body,
        secrets=(address,) if address else (),
    )


def build(repository: str, build_id: str) -> Ask:
    """One build."""
    path = f"{_repository(repository)}/build/{_name(build_id, 'build')}"
    return Ask("GET", path, "see builds", Right.READ, repository, f"build {build_id}")


def builds(repository: str, limit: int) -> Ask:
    """The newest builds; the answer has no paging (facts §3.3)."""
    query = {"limit": str(limit)}
    return Ask("GET", f"{_repository(repository)}/build/", "see builds", repository=repository, query=query)


def discovery() -> Ask:
    """What the server offers; anybody may ask."""
    return Ask("GET", "/api/v1/discovery", "see what the server offers", public=True)


def build_log(repository: str, build_id: str, start: int) -> Ask:
    """The log from entry `start` on; takes the write role (facts §3.3)."""
    path = f"{_repository(repository)}/build/{_name(build_id, 'build')}/logs"
    query = {"start": str(max(start, 0))}
    return Ask("GET", path, "read build logs", Right.WRITE, repository, f"build {build_id}", query=query)


def cancel_build(repository: str, build_id: str) -> Ask:
    """Cancel; takes the admin role even for one's own build (facts §3.3)."""
    path = f"{_repository(repository)}/build/{_name(build_id, 'build')}"
    return Ask("DELETE", path, "cancel builds", Right.ADMIN, repository, f"build {build_id}")


def triggers(repository: str) -> Ask:
    """All build triggers."""
    path = f"{_repository(repository)}/trigger/"
    return Ask("GET", path, "see build triggers", Right.ADMIN, repository)


def trigger(repository: str, trigger_id: str) -> Ask:
    """One build trigger."""
    path = f"{_repository(repository)}/trigger/{_name(trigger_id, 'build trigger')}"
    return Ask("GET", path, "see build triggers", Right.ADMIN, repository, f"build trigger {trigger_id}")


def start_trigger(repository: str, trigger_id: str, body: Mapping[str, Any]) -> Ask:
    """Start a build through a trigger; `body` is Quay's RunParameters."""
    path = f"{_repository(repository)}/trigger/{_name(trigger_id, 'build trigger')}/start"
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


def _repository(repository: str) -> str:
    """The path of a repository; its name may be nested, so inner slashes stay."""
    parts = repository.split("/")
    if len(parts) < 2 or not all(_fits(part) for part in parts):
        raise UserError(words.not_a_repository(repository))
    return "/api/v1/repository/" + "/".join(quote(part, safe="", errors="replace") for part in parts)


def _name(value: str, what: str) -> str:
    """One path segment."""
    if not _fits(value):
        raise UserError(words.not_a_name(value, what))
    return quote(value, safe="", errors="replace")


def _fits(part: str) -> bool:
    return part not in {"", ".", ".."} and len(part) <= _LONGEST_NAME
