"""One API request: who asks, what the path names, and the checks that every endpoint makes first."""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from bot.fakes.quay import answers, rights, schema
from bot.fakes.quay.accounts import STATES
from bot.fakes.quay.identities import Organization, Session, Token
from bot.fakes.quay.records import FakeRepository
from bot.fakes.quay.worker import Worker


@dataclass(frozen=True)
class Call:
    """A request with the names from its path. `who` is None for anonymous callers and dead tokens alike.

    `session` is the browser's; it is not remembered before somebody asks for that.
    """

    quay: Worker
    request: web.Request
    names: Mapping[str, str]
    who: Token | None
    session: Session = field(default_factory=Session)

    def problem(self, kind: str, detail: str, **extra: Any) -> answers.Refusal:
        """An error to raise."""
        return answers.problem(self.quay.url, kind, detail, **extra)

    def unauthorized(self) -> answers.Refusal:
        """401 for nobody, 403 for somebody; the text never tells role from scope (facts §4)."""
        if self.who is None:
            return self.problem("invalid_token", "Requires authentication")
        return self.problem("insufficient_scope", "Unauthorized")

    def missing(self) -> answers.Refusal:
        """404 in the API's own shape."""
        return self.problem("not_found", "Not Found")

    def may(self, role: str) -> bool:
        """Whether the caller has this role on the repository of the path."""
        return rights.may(self.quay, self.who, self.names["repository"], role)

    def repository(self, role: str, *, writes: bool = False) -> FakeRepository:
        """The repository of the path, if the caller may see it in this role and (writes) it is in normal state."""
        name = self.names["repository"]
        found = self.quay.repositories.get(name)
        if not self.may(role):
            raise self.unauthorized()
        if found is None:
            raise self.missing()
        if writes and found.state != "NORMAL":
            raise answers.message(503, f"Repository is in read only or mirror mode: {STATES[found.state]}")
        return found

    def organization(self, *, admin: bool = True) -> Organization:
        """The organization of the path; `admin`: if the caller is an admin of it, with org:admin."""
        name = self.names["orgname"]
        if admin and not rights.is_org_admin(self.quay, self.who, name):
            raise self.unauthorized()
        found = self.quay.organizations.get(name)
        if found is None:
            raise self.missing()
        return found

    def person(self, scope: str) -> Token:
        """The caller, if they are somebody and their token has this scope."""
        if self.who is None or scope not in self.who.scopes:
            raise self.unauthorized()
        return self.who

    def note(self, kind: str, place: str, **metadata: Any) -> None:
        """Write into the usage log what the caller did."""
        self.quay.note(kind, place, self.who, **metadata)

    async def body(self, shape: schema.Schema) -> dict[str, Any]:
        """The JSON object that was sent, checked against `shape`."""
        if self.request.content_type != "application/json":
            raise answers.message(
                415, "Did not attempt to load JSON data because the request Content-Type was not 'application/json'."
            )
        try:
            value = json.loads(await self.request.read())
        except ValueError:
            text = "The browser (or proxy) sent a request that this server could not understand."
            raise answers.message(400, text) from None
        complaint = schema.mismatch(shape, value)
        if complaint is not None:
            raise self.problem("invalid_request", complaint)
        assert isinstance(value, dict)
        return value

    async def form(self) -> dict[str, str]:
        """The fields of a form that was sent; empty for bodies of another kind."""
        if self.request.content_type != "application/x-www-form-urlencoded":
            return {}
        return {key: value for key, value in (await self.request.post()).items() if isinstance(value, str)}

    def number(self, key: str, default: int, help_text: str) -> int:
        """A whole number of the query."""
        given = self.request.query.get(key)
        if given is None:
            return default
        try:
            return int(given)
        except ValueError:
            raise answers.message(400, {key: help_text}) from None

    def flag(self, key: str, *, default: bool = False) -> bool:
        """A yes or no of the query."""
        given = self.request.query.get(key)
        return default if given is None else given.lower() == "true"


Handler = Callable[[Call], Awaitable[web.Response]]
