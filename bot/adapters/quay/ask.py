"""One call as a value: method, exact path, body, and what is needed to explain a refusal."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from urllib.parse import quote, urlencode

from bot.adapters.quay import words
from bot.domain.errors import UserError

USER = "/api/v1/user/"
_LONGEST_NAME = 255


class Right(StrEnum):
    """What a call takes: a role on the repository and the scope `repo:<role>` in the token (facts §2.4)."""

    READ = "read"
    WRITE = "write"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Ask:
    """One call. `does` completes "you may not …"; `thing` is what a 404 may be about; `secrets` are never repeated.

    `scope` is what a call takes that is about no repository: its 403 names it, and the way to get it.
    """

    method: str
    path: str
    does: str
    needs: Right = Right.READ
    repository: str = ""
    thing: str = ""
    scope: str = ""
    robot: str = ""
    starts_trigger: bool = False
    query: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, Any] | None = field(default=None, repr=False)
    form: Mapping[str, str] | None = field(default=None, repr=False)  # in place of `body`
    secrets: tuple[str, ...] = field(default=(), repr=False)
    public: bool = False  # may be asked without a token
    in_doubt: str = words.LOOK_AT_BUILDS  # what to do when nobody knows whether it was done
    means: Mapping[int, str] = field(default_factory=dict)  # what a status means here, where Quay gives no reason

    @property
    def target(self) -> str:
        """Path and query, percent-encoded."""
        return f"{self.path}?{urlencode(self.query, errors='replace')}" if self.query else self.path

    @property
    def reads(self) -> bool:
        """True if asking twice cannot change anything."""
        return self.method == "GET"

    @property
    def content(self) -> tuple[str, bytes] | None:
        """What is sent, with its type: without the right one Quay answers 415 (facts §3.1)."""
        if self.form is not None:
            return "application/x-www-form-urlencoded", urlencode(self.form, errors="replace").encode()
        return None if self.body is None else ("application/json", json.dumps(self.body).encode())


def repository_path(repository: str) -> str:
    """The path of a repository; its name may be nested, so inner slashes stay."""
    parts = repository.split("/")
    if len(parts) < 2 or not all(_fits(part) for part in parts):
        raise UserError(words.not_a_repository(repository))
    return "/api/v1/repository/" + "/".join(quote(part, safe="", errors="replace") for part in parts)


def segment(value: str, what: str) -> str:
    """One path segment."""
    if not _fits(value):
        raise UserError(words.not_a_name(value, what))
    return quote(value, safe="", errors="replace")


def _fits(part: str) -> bool:
    return part not in {"", ".", ".."} and len(part) <= _LONGEST_NAME
