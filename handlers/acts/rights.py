"""Saying early that a role is missing, before a preview promises what Quay would refuse."""

from bot.domain.errors import Lacking
from bot.ports import Repository


def needs_admin(repository: Repository, does: str) -> None:
    """Raises Lacking if Quay says that this token may not `does` ("change its visibility")."""
    if repository.can_admin is False:
        raise _lacking(repository.name, "admin", does)


def needs_write(repository: Repository, does: str) -> None:
    """The same for the role write."""
    if repository.can_write is False:
        raise _lacking(repository.name, "write", does)


def _lacking(repository: str, needs: str, does: str) -> Lacking:
    say = f"You need the role {needs} in {repository} to {does}."
    ask = "ask an admin of the repository"
    role = f"{say} Your token has the scope for that, so it is the role that your account lacks: {ask}."
    say = f"{say} Either your account lacks it: {ask}. Or your linked token lacks the scope `repo:{needs}`."
    return Lacking(say, repository=repository, needs=needs, does=does, role=role)
