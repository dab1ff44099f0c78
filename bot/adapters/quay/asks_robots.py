"""The calls about robot accounts and the mirrors that work with them (facts §3.2).

A list without `token=false` shows every token in clear, and so does a look at one robot: neither is ever asked for.
"""

from typing import NamedTuple

from bot.adapters.quay import words
from bot.adapters.quay.ask import Ask, Right, repository_path, segment

LOOK_AT_ROBOT = (
    "Please look at the robot account in Quay before you ask again. "
    "If its old token is refused now, a new one was made that nobody has seen: regenerate it again."
)
LOOK_AT_ROBOTS = "Please look at the list of robot accounts before you ask again."


class Named(NamedTuple):
    """A robot as the paths name it. `own`: it is one of the caller's."""

    namespace: str
    short: str
    own: bool


def base(namespace: str, *, own: bool) -> str:
    """The path of all robots of a namespace."""
    return "/api/v1/user/robots" if own else f"/api/v1/organization/{segment(namespace, 'namespace')}/robots"


def robots(namespace: str, *, own: bool) -> Ask:
    """All robots with their teams and repositories, and never with their tokens."""
    query = {"token": "false", "permissions": "true"}
    return Ask("GET", base(namespace, own=own), "see the robot accounts", query=query)


def permissions(robot: Named) -> Ask:
    """What it may do; for a robot of an organization that takes user:admin as well (facts §2.4)."""
    return Ask("GET", f"{_path(robot)}/permissions", "see what a robot may do")


def create(robot: Named, description: str) -> Ask:
    """A new one."""
    body = {"description": description} if description else {}
    return Ask("PUT", _path(robot), "create robot accounts", body=body, in_doubt=LOOK_AT_ROBOTS)


def regenerate(robot: Named) -> Ask:
    """A new token; the old one is dead at once."""
    return Ask("POST", f"{_path(robot)}/regenerate", "make new tokens for robot accounts", in_doubt=LOOK_AT_ROBOT)


def delete(robot: Named) -> Ask:
    """Away with it."""
    return Ask("DELETE", _path(robot), "delete robot accounts", in_doubt=LOOK_AT_ROBOTS)


def repositories(namespace: str, page: str) -> Ask:
    """A hundred repositories of a namespace with their states; takes no scope (facts §2.4)."""
    query = {"namespace": namespace} | ({"next_page": page} if page else {})
    return Ask("GET", "/api/v1/repository", "list repositories", query=query)


def mirror(repository: str) -> Ask:
    """How a repository is mirrored, and with which robot."""
    path = f"{repository_path(repository)}/mirror"
    means = {404: words.no_mirror(repository)}
    return Ask("GET", path, "see how it is mirrored", Right.ADMIN, repository, "mirror", means=means)


def _path(robot: Named) -> str:
    return f"{base(robot.namespace, own=robot.own)}/{segment(robot.short, 'robot account')}"
