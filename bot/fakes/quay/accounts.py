"""Setting the scene: repositories, robots and triggers."""

from datetime import timedelta
from typing import Any

from bot.fakes.quay.records import FakeRepository, FakeTrigger, Mirror, Robot
from bot.fakes.quay.sessions import Sessions

STATES = {"NORMAL": 0, "READ_ONLY": 1, "MIRROR": 2}

_NOTHING = timedelta()


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
        made = FakeRepository(namespace=namespace, name=name, public=public, state=state, badge=badge)
        self.repositories[repository] = made
        return self.repositories[repository]

    def add_robot(
        self,
        full_name: str,
        description: str = "",
        *,
        metadata: dict[str, Any] | None = None,
        ago: timedelta = _NOTHING,
    ) -> Robot:
        """Add a robot account "namespace+short", which is that old."""
        made = Robot(full_name, self.clock.now() - ago, self.secret(64), description, metadata)
        self.robots[full_name] = made
        self.changed()
        return made

    def renew_robot(self, full_name: str) -> Robot:
        """Give a robot a new token; the one before is dead at once (facts §3.2)."""
        found = self.robots[full_name]
        found.token = self.secret(64)
        self.changed()
        return found

    def remove_robot(self, full_name: str) -> None:
        """Delete a robot, its roles and memberships with it. ValueError if a mirror works with it."""
        if any(one.mirror and one.mirror.robot == full_name for one in self.repositories.values()):
            raise ValueError("Robot is being used by a mirror")
        del self.robots[full_name]
        for repository in self.repositories.values():
            repository.roles.pop(full_name, None)
        for organization in self.organizations.values():
            for team in organization.teams.values():
                if full_name in team.members:
                    team.members.remove(full_name)
        self.changed()

    def add_mirror(  # a mirror has that many facts
        self,
        repository: str,
        robot: str,
        source: str = "registry.example/upstream/web",
        *,
        patterns: tuple[str, ...] = ("*",),
        status: str = "SUCCESS",
        enabled: bool = True,
    ) -> Mirror:
        """Make a repository a mirror that a robot pushes to: from then on only mirroring changes its tags."""
        if robot not in self.robots:
            raise KeyError(robot)
        found = self.repositories[repository]
        found.state = "MIRROR"
        found.mirror = Mirror(source, robot, self.clock.now(), patterns, status=status, enabled=enabled)
        found.roles[robot] = "write"
        self.changed()
        return found.mirror

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
