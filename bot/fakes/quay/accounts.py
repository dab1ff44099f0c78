"""Setting the scene: people, organizations, repositories, tokens, robots and triggers."""

from collections.abc import Iterable

from bot.fakes.quay.records import FakeRepository, FakeTrigger, Robot, Token, User
from bot.fakes.quay.rights import LEVELS
from bot.fakes.quay.state import State

STATES = {"NORMAL": 0, "READ_ONLY": 1, "MIRROR": 2}
DEFAULT_SCOPES = "repo:read repo:write repo:admin user:read"
SCOPES = frozenset(
    {"repo:read", "repo:write", "repo:admin", "repo:create", "user:read", "user:admin", "org:admin", "super:user"}
)


class Accounts(State):
    """The part of the fake that an administrator of a real Quay would click together."""

    def add_user(self, name: str, *, superuser: bool = False) -> None:
        """Add an account; it is the admin of its own namespace."""
        self.users[name] = User(name, superuser=superuser)

    def disable_user(self, name: str) -> None:
        """Disable an account: its tokens are as good as dead (facts §2.3)."""
        self.users[name].enabled = False
        self.changed()

    def add_organization(self, name: str, *, admins: Iterable[str] = ()) -> None:
        """Add an organization. Its admins are made accounts if they are none yet."""
        self.organizations[name] = set(admins)
        for admin in self.organizations[name] - set(self.users):
            self.add_user(admin)

    def add_repository(self, repository: str, *, public: bool = False, state: str = "NORMAL") -> FakeRepository:
        """Add "namespace/name"; the name may hold slashes. `state` is NORMAL, READ_ONLY or MIRROR."""
        namespace, _, name = repository.partition("/")
        if not name or state not in STATES:
            raise ValueError(f"not a repository or not a state: {repository!r}, {state!r}")
        if namespace not in self.users and namespace not in self.organizations:
            self.add_organization(namespace)
        badge = "" if public else self.uuid()
        self.repositories[repository] = FakeRepository(namespace, name, public=public, state=state, badge=badge)
        return self.repositories[repository]

    def grant(self, user: str, repository: str, role: str) -> None:
        """Give an account the role read, write or admin on one repository."""
        if role not in LEVELS:
            raise ValueError(f"not a role: {role!r}")
        if user not in self.users:
            self.add_user(user)
        self.repositories[repository].roles[user] = role

    def token(self, user: str, scopes: str = DEFAULT_SCOPES) -> str:
        """Make an OAuth token of 40 characters. Scopes are separated by blanks or commas."""
        wanted = frozenset(scopes.replace(",", " ").split())
        if not wanted <= SCOPES:
            raise ValueError(f"unknown scopes: {sorted(wanted - SCOPES)}")
        if user not in self.users:
            self.add_user(user)
        secret = self.secret(40)
        self.tokens[secret] = Token(self.users[user], wanted)
        return secret

    def revoke(self, token: str) -> None:
        """Kill a token."""
        self.tokens[token].revoked = True

    def add_robot(self, full_name: str) -> None:
        """Add a robot account "namespace+short"."""
        self.robots[full_name] = Robot(full_name, self.clock.now(), self.secret(64))

    def add_trigger(
        self,
        repository: str,
        service: str = "custom-git",
        *,
        active: bool = True,
        enabled: bool = True,
        source: str = "git@git.example:acme/web.git",
        branches: tuple[str, ...] | None = None,
    ) -> str:
        """Add a build trigger and return its id. `branches` None: the git host knows any branch."""
        if repository not in self.repositories:
            raise KeyError(repository)
        made = FakeTrigger(
            self.uuid(), repository, service, active, enabled, source, secret=self.secret(64), branches=branches
        )
        made.disabled_reason = None if enabled else "user_toggled"
        self.triggers[made.id] = made
        return made.id
