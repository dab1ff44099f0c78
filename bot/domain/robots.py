"""Robot accounts, what they may do, what works with them, and what they were used for."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Robot:
    """A robot account, "namespace+short", without its token. `last_used` None: never, or nobody tells.

    `teams` and `repositories` None: Quay shows them only to admins of the organization (facts §3.2).
    """

    name: str
    description: str = ""
    created: datetime | None = None
    last_used: datetime | None = None
    teams: tuple[str, ...] | None = None
    repositories: tuple[str, ...] | None = None  # "name" within its namespace

    @property
    def namespace(self) -> str:
        """Whose it is: an organization, or a user."""
        return self.name.partition("+")[0]


@dataclass(frozen=True, slots=True)
class RobotRole:
    """What it may do in a repository ("namespace/name"): read, write or admin."""

    repository: str
    role: str


@dataclass(frozen=True, slots=True)
class Mirrors:
    """The mirrors of a namespace: (repository, robot that writes into it). `unseen` are those whose robot Quay hides.

    `whole` is False when there are more repositories than are looked through.
    """

    robots: tuple[tuple[str, str], ...] = ()
    unseen: tuple[str, ...] = ()
    whole: bool = True


@dataclass(frozen=True, slots=True)
class RobotToken:
    """The password of a robot, in clear: kept in memory only until it is sealed for its one showing."""

    robot: str
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class RobotUse:
    """Pulls and pushes by one robot. `back_to`: the log was longer, and only what came after that was seen."""

    pulls: int = 0
    pushes: int = 0
    newest: datetime | None = None
    back_to: datetime | None = None


@dataclass(frozen=True, slots=True)
class Reach:
    """What a robot reaches, and what works with it. `mirrors` are repositories; None wherever it is not known.

    `unknown` says in whole sentences what could not be found out.
    """

    robot: Robot
    roles: tuple[RobotRole, ...] | None = None
    mirrors: tuple[str, ...] | None = None
    use: RobotUse | None = None
    unknown: tuple[str, ...] = ()
