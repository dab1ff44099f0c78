"""Quay's answers about people, what they may do, and what was done: read as forgivingly as those in `shapes`."""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from bot.adapters.quay.shapes import Name, NameShape, Needed, Seconds, Shape, Text, Yes, rows, table


def _rows_if_any(value: object) -> list[dict[str, Any]] | None:
    """None where Quay says nothing, which is not the same as an empty list."""
    return rows(value) if isinstance(value, list) else None


def _tables(value: object) -> dict[str, dict[str, Any]]:
    return {key: one for key, one in table(value).items() if isinstance(one, dict)}


def _tables_if_any(value: object) -> dict[str, dict[str, Any]] | None:
    return _tables(value) if isinstance(value, dict) else None


def _claim(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


Tables = BeforeValidator(_tables_if_any)
Claim = Annotated[bool | None, BeforeValidator(_claim)]


class MembershipShape(Shape):
    """An organization inside of GET user. Quay adds public ones that the user is no member of."""

    name: Text = ""
    public: Yes = False


class UserShape(Shape):
    """GET user. `super_user` is only there for superusers whose token has that scope."""

    username: Needed
    super_user: Yes = False
    organizations: Annotated[list[MembershipShape] | None, BeforeValidator(_rows_if_any)] = None


class RepositoryShape(Shape):
    """GET repository, as a permission probe."""

    can_write: Yes = False
    can_admin: Yes = False


class ListedShape(Shape):
    """A row of GET repository?namespace=…"""

    namespace: Text = ""
    name: Text = ""
    is_public: Yes = False
    state: Text = ""


class ListShape(Shape):
    """GET repository?namespace=…"""

    repositories: Annotated[list[ListedShape], BeforeValidator(rows)]


class StarredShape(Shape):
    """GET user/starred."""

    repositories: Annotated[list[ListedShape], BeforeValidator(rows)] = Field(default_factory=list)


class TeamShape(Shape):
    """A team as an organization shows it."""

    can_view: Yes = False


class OrganizationShape(Shape):
    """GET organization: `teams` is None in the public part, which outsiders and weak tokens get."""

    name: Text = ""
    is_admin: Yes = False
    is_member: Claim = None
    teams: Annotated[dict[str, TeamShape] | None, Tables] = None


class MemberShape(Shape):
    """Somebody in a team, or invited to it."""

    name: Text = ""
    is_robot: Yes = False
    invited: Yes = False


class MembersShape(Shape):
    """GET team/…/members."""

    members: Annotated[list[MemberShape], BeforeValidator(rows)]


class ApplicationShape(Shape):
    """An OAuth application, as far as the owner of a token may know it."""

    name: Text = ""
    organization: Name = NameShape()


class AuthorizationShape(Shape):
    """One of the owner's tokens."""

    uuid: Text = ""
    application: Annotated[ApplicationShape, BeforeValidator(table)] = ApplicationShape()


class AuthorizationsShape(Shape):
    """GET user/authorizations."""

    authorizations: Annotated[list[AuthorizationShape], BeforeValidator(rows)]


class GrantShape(Shape):
    """POST oauth/access_token."""

    access_token: Annotated[Needed, Field(repr=False, pattern=r"^[!-~]{1,1000}$")]


class TagShape(Shape):
    """A row of a tag's history. `end_ts` is there when it has ended, or will (facts §3.1)."""

    name: Text = ""
    manifest_digest: Text = ""
    end_ts: Seconds = None


class TagsShape(Shape):
    """GET tag/."""

    tags: Annotated[list[TagShape], BeforeValidator(rows)]


class EntryShape(Shape):
    """An entry of the usage log; builds have no performer (facts §3.3)."""

    kind: Text = ""
    datetime: Text = ""
    performer: Name = NameShape()
    metadata: Annotated[dict[str, Any], BeforeValidator(table)] = Field(default_factory=dict, repr=False)


class UsageShape(Shape):
    """GET logs of a repository."""

    logs: Annotated[list[EntryShape], BeforeValidator(rows)]
    next_page: Text = ""
