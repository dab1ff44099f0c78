"""Saying early that a role is missing, before a preview promises what Quay would refuse."""

from bot.domain.errors import Lacking
from bot.domain.repositories import Repository


def needs_admin(repository: Repository, does: str) -> None:
    """Raises Lacking if Quay says that this token may not `does` ("change its visibility")."""
    if repository.can_admin is False:
        raise _lacking(repository.name, "admin", does)


def needs_write(repository: Repository, does: str) -> None:
    """The same for the role write."""
    if repository.can_write is False:
        raise _lacking(repository.name, "write", does)


def _lacking(repository: str, needs: str, does: str) -> Lacking:
    lacks = f"You can read {repository} but need {needs} there to {does}."
    ask = f"ask an admin of {repository} for the role {needs}"
    say = f"{lacks} Either {ask}, or your linked token lacks the scope `repo:{needs}`: then run `/quay link` again."
    role = f"{lacks} Please {ask}."
    return Lacking(say, repository=repository, needs=needs, does=does, role=role)
