"""Setting the scene: repositories, robots and triggers."""

from bot.fakes.quay.records import FakeRepository, FakeTrigger, Robot
from bot.fakes.quay.sessions import Sessions

STATES = {"NORMAL": 0, "READ_ONLY": 1, "MIRROR": 2}


class Accounts(Sessions):
    """The part of the fake that an administrator of a real Quay would click together."""

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
