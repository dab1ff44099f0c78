"""OAuth scopes: which there are, what they imply, and how a list of them is read and shown (facts §2.4)."""

import re
from typing import Any

_ICON = "fa-hdd-o"
_TITLES = (
    ("repo:write", "Read/Write to any accessible repositories", _ICON, "Look at, pull from and push to repositories."),
    ("repo:read", "View all visible repositories", _ICON, "Look at and pull from repositories."),
    ("user:read", "Read User Information", "fa-user", "See your name and mail address."),
    ("org:admin", "Administer Organization", "fa-gear", "Do everything in the organizations that you administer."),
    ("repo:admin", "Administer Repositories", _ICON, "Do everything in the repositories that you can see."),
    ("user:admin", "Administer User", "fa-gear", "Do everything with your account."),
    ("repo:create", "Create Repositories", "fa-plus", "Create repositories wherever you may."),
    ("super:user", "Super User Access", "fa-street-view", "Use the panel of superusers, if you are one."),
)
SCOPES = frozenset(name for name, *_ in _TITLES)
_DANGEROUS = frozenset({"org:admin", "user:admin", "super:user"})
_IMPLIED = {"repo:write": {"repo:read"}, "repo:admin": {"repo:write", "repo:read"}}


def parse(text: str) -> frozenset[str]:
    """The scopes of a list with blanks or commas between; none at all if one of them is unknown."""
    found = frozenset(re.split("[ ,]", text))
    return found if found <= SCOPES else frozenset()


def cover(have: frozenset[str], want: frozenset[str]) -> bool:
    """Whether the first ones, with what they imply, hold all of the others."""
    return want <= have.union(*(_IMPLIED.get(name, set()) for name in have))


def information(text: str) -> list[dict[str, Any]]:
    """How a list of scopes is shown to the person who is asked for them; empty if there is nothing valid in it."""
    wanted = parse(text)
    return [
        {"title": title, "scope": name, "description": words, "icon": icon, "dangerous": name in _DANGEROUS}
        for name, title, icon, words in _TITLES
        if name in wanted
    ]
