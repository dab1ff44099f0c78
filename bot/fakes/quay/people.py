"""Setting the scene: accounts, organizations, teams, and roles on repositories."""

from collections.abc import Iterable

from bot.fakes.quay.diary import Diary
from bot.fakes.quay.identities import ROLES_OF_TEAMS, Organization, Team, User
from bot.fakes.quay.rights import LEVELS

OWNERS = "owners"  # the team that every organization starts with


class People(Diary):
    """The part of the fake that knows accounts and teams."""

    def add_user(self, name: str, *, superuser: bool = False, password: str = "") -> None:
        """Add an account; it is the admin of its own namespace. The password is "<name>-pass-123" if none is given."""
        self.users[name] = User(name, superuser=superuser, password=password or f"{name}-pass-123")

    def disable_user(self, name: str) -> None:
        """Disable an account: its tokens are as good as dead, its sessions too (facts §2.3)."""
        self.users[name].enabled = False
        self.changed()

    def enable_user(self, name: str) -> None:
        """Enable an account again; its tokens live again."""
        self.users[name].enabled = True
        self.changed()

    def add_organization(self, name: str, *, admins: Iterable[str] = (), email: str = "") -> None:
        """Add an organization. Its admins are its team "owners", and made accounts if they are none yet."""
        self.organizations[name] = Organization(name, email or f"{name}@example.com")
        self.add_team(name, OWNERS, "admin", admins)

    def add_team(
        self, organization: str, team: str, role: str = "member", members: Iterable[str] = (), *, description: str = ""
    ) -> None:
        """Add a team with the role member, creator or admin. Members that are no accounts yet are made some."""
        if role not in ROLES_OF_TEAMS:
            raise ValueError(f"not a role of a team: {role!r}")
        people = list(dict.fromkeys(members))
        for name in people:
            if name not in self.users and name not in self.robots:
                self.add_user(name)
        self.organizations[organization].teams[team] = Team(team, role, description, people)
        self.changed()

    def join_team(self, organization: str, team: str, user: str) -> None:
        """Put somebody into a team."""
        members = self.organizations[organization].teams[team].members
        if user not in members:
            members.append(user)
        self.changed()

    def leave_team(self, organization: str, team: str, user: str) -> None:
        """Take somebody out of a team; ValueError if they are not in it."""
        self.organizations[organization].teams[team].members.remove(user)
        self.changed()

    def grant(self, user: str, repository: str, role: str) -> None:
        """Give an account or robot the role read, write or admin on one repository; "none" takes it away."""
        if role not in LEVELS:
            raise ValueError(f"not a role: {role!r}")
        if user not in self.users and user not in self.robots:
            self.add_user(user)
        self.repositories[repository].roles[user] = role
        self.changed()

    def ungrant(self, user: str, namespace: str) -> None:
        """Take away everything that an account or robot may do in a namespace: roles, and teams of an organization."""
        for repository in self.repositories.values():
            if repository.namespace == namespace:
                repository.roles.pop(user, None)
        organization = self.organizations.get(namespace)
        for team in organization.teams.values() if organization else ():
            if user in team.members:
                team.members.remove(user)
        self.changed()

    def grant_team(self, team: str, repository: str, role: str) -> None:
        """Give a team of the repository's organization the role read, write or admin on it; "none" takes it away."""
        found = self.repositories[repository]
        if role not in LEVELS or team not in self.organizations[found.namespace].teams:
            raise ValueError(f"not a role or not a team: {role!r}, {team!r}")
        found.team_roles[team] = role
        self.changed()
