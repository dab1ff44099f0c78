"""Quay's answers about robots and mirrors. Only where a token was just made is it read at all."""

from typing import Annotated

from pydantic import BeforeValidator, Field

from bot.adapters.quay.shapes import Needed, Shape, Text, Texts, Yes, rows, table
from bot.adapters.quay.shapes_people import ListedShape


def _texts_if_any(value: object) -> object:
    return value if isinstance(value, list) else None


def _names_if_any(value: object) -> object:
    """The names of teams; None where Quay says nothing, which is not the same as none."""
    return [one.get("name") for one in rows(value)] if isinstance(value, list) else None


TextsIfAny = Annotated[Texts | None, BeforeValidator(_texts_if_any)]
NamesIfAny = Annotated[Texts | None, BeforeValidator(_names_if_any)]


class RobotShape(Shape):
    """A row of GET robots. Members who are no admins get it without teams and repositories."""

    name: Text = ""
    description: Text = ""
    created: Text = ""
    last_accessed: Text = ""
    teams: NamesIfAny = None
    repositories: TextsIfAny = None


class RobotsShape(Shape):
    """GET robots."""

    robots: Annotated[list[RobotShape], BeforeValidator(rows)]


class NewTokenShape(Shape):
    """PUT of a new robot, and POST regenerate: the one place where the token is wanted."""

    token: Annotated[Needed, Field(repr=False)]


class PlaceShape(Shape):
    """The repository of a role, without its namespace."""

    name: Text = ""


class RoleShape(Shape):
    """What a robot may do in one repository."""

    repository: Annotated[PlaceShape, BeforeValidator(table)] = PlaceShape()
    role: Text = ""


class RolesShape(Shape):
    """GET permissions of a robot."""

    permissions: Annotated[list[RoleShape], BeforeValidator(rows)]


class StatesShape(Shape):
    """GET repository?namespace=…, for the states of the repositories."""

    repositories: Annotated[list[ListedShape], BeforeValidator(rows)]
    next_page: Text = ""


class MirrorShape(Shape):
    """GET mirror of a repository. The rest may hold the password of another registry."""

    robot_username: Text = ""
    sync_status: Text = ""
    sync_start_date: Text = ""
    is_enabled: Yes = False
