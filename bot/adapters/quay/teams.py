"""Is the owner of a token in a team? Quay tells members and admins of the organization only (facts §2.4)."""

import asyncio

from bot.adapters.quay import asks, asks_people, words
from bot.adapters.quay.probe import Peek, peek
from bot.adapters.quay.shapes_people import MembersShape, OrganizationShape, UserShape
from bot.adapters.quay.transport import Transport
from bot.domain.errors import NotLinked


async def is_member(transport: Transport, token: str, organization: str, team: str) -> bool | None:
    """True, False, or None if this token cannot tell. Raises NotLinked, or what kept Quay from telling."""
    listed, shown = asks_people.team_members(organization, team), asks_people.organization(organization)
    user, members = await asyncio.gather(
        peek(transport, token, asks.whoami(), UserShape),
        peek(transport, token, listed, MembersShape),
    )
    if user.status == members.status == 401:
        raise NotLinked(words.DEAD_LINK, detail="no teams: 401 twice")
    known = _by_lists(user.found, members, organization)
    if known is not None:
        return known
    view = await peek(transport, token, shown, OrganizationShape)
    known = _by_view(view.found, team)
    trouble = view.error or members.error or user.error
    if known is None and trouble:
        raise trouble
    return known


def _by_lists(user: UserShape | None, members: Peek[MembersShape], organization: str) -> bool | None:
    """Whoever is in a team is in its organization; that list heeds no scope but user:read."""
    if user and user.organizations is not None and organization not in {one.name for one in user.organizations}:
        return False
    if members.status == 404:
        return False
    if user and members.found:
        there = [one for one in members.found.members if not one.is_robot and not one.invited]
        return user.username in {one.name for one in there}
    return None


def _by_view(view: OrganizationShape | None, team: str) -> bool | None:
    """A plain member can view their own teams; an admin all, which tells nothing."""
    if view is None or view.teams is None:
        return None
    if team not in view.teams or not view.teams[team].can_view:
        return False
    return None if view.is_admin else True
