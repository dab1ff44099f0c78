"""How pages name people, workspaces and scopes. Names are foreign text: escaped, on one line, and not too long."""

from markupsafe import Markup

from bot.blocks.clean import one_line
from bot.services.linking import Visit

_LONGEST = 80
_SCOPES = {
    "repo:read": "see the repositories that you see",
    "repo:write": "start builds, read their logs",
    "repo:admin": "cancel builds, use build triggers, read usage logs",
    "repo:create": "create repositories",
    "user:read": "read your user name",
    "user:admin": "manage your own account: robots, stars, tokens",
    "org:admin": "manage organizations that you manage: robots, teams, applications",
    "super:user": "use the superuser panel, if you are one",
}


def short(name: str) -> str:
    """A foreign name on one line, as much of it as is worth showing."""
    name = one_line(name)
    return name if len(name) <= _LONGEST else name[: _LONGEST - 1] + "…"


def person(visit: Visit) -> Markup:
    """The Slack user with their id, or the id alone: names are not unique."""
    return named(visit.profile.name, visit.attempt.person.user)


def named(name: str, user: str) -> Markup:
    """The same for a name and an id; a name that is not known is left out."""
    name, shown = short(name), Markup("<code>{}</code>").format(short(user))
    return Markup("<strong><bdi>{}</bdi></strong> ({})").format(name, shown) if name else shown


def workspace(visit: Visit) -> Markup:
    """The workspace's name, or its id."""
    name = short(visit.home.name)
    return (
        Markup("<strong><bdi>{}</bdi></strong>").format(name)
        if name
        else Markup("<code>{}</code>").format(visit.home.team)
    )


def scope(name: str) -> Markup:
    """A scope, and what it is for (facts §2.4)."""
    return Markup("<code>{}</code> {}").format(name, _SCOPES.get(name, ""))
