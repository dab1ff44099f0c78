"""What the steps of linking give back, and which ways there are."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.domain.errors import UserError
from bot.domain.people import Account, Profile, Workspace
from bot.ports import Client, LinkAttempt


class Over(UserError):
    """The link, or the sign-in, is used up, too old, or another browser's: only a new `/quay link` helps."""


class NoAssignment(UserError):
    """What was typed is no assignment: it can be typed again."""


class Nameless(UserError):
    """Quay gave a token that does not say whose it is."""


NOT_SET_UP = "Not set up here; ask the operator."
"""What people are told of a way that does not work here: names of settings are for the operator."""


@dataclass(frozen=True, slots=True)
class Linked:
    """An account that was linked. `already`: the same code came twice at once, and the other one has linked it.

    `left`: there was another token before, which is not used any more, but which Quay may still take.
    """

    account: Account
    already: bool = False
    left: bool = False


@dataclass(frozen=True, slots=True)
class Ways:
    """How accounts can be linked here, and what the operator has to set otherwise ("" where it works)."""

    code: str = ""
    assigned: str = ""
    pasted: str = ""

    @property
    def browser(self) -> bool:
        """Is there anything to do in a browser?"""
        return not (self.code and self.assigned)


@dataclass(frozen=True, slots=True)
class Visit:
    """What a page has to show: whose attempt it is, and where it stands. `here`: it is this browser's attempt."""

    attempt: LinkAttempt
    profile: Profile
    home: Workspace
    here: bool = False


@dataclass(frozen=True, slots=True)
class Departure:
    """The way to Quay. `cookie` is the browser's from now on: the answer counts only together with it.

    `alone`: the address is only Quay's front page, where the person has to find the assignment themselves.
    """

    address: str = field(repr=False)
    cookie: str = field(repr=False)
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Waiting:
    """What the page with the code shows. `code` is empty once nothing has to be typed any more (stage DONE)."""

    visit: Visit
    code: str = field(repr=False)


def ways_of(public_url: str, client: Client | None, *, sealed: bool) -> Ways:
    """Which ways work with these settings (facts §2.2), and what the operator has to set for the others."""
    there = {
        "PUBLIC_URL": bool(public_url),
        "QUAY_CLIENT_ID": client is not None,
        "QUAY_CLIENT_SECRET": client is not None and bool(client.secret),
        "SECRET_KEYS": sealed,
    }
    return Ways(
        code=_missing(there, "PUBLIC_URL", "QUAY_CLIENT_ID", "QUAY_CLIENT_SECRET", "SECRET_KEYS"),
        assigned=_missing(there, "PUBLIC_URL", "QUAY_CLIENT_ID", "SECRET_KEYS"),
        pasted=_missing(there, "SECRET_KEYS"),
    )


def _missing(there: Mapping[str, bool], *needed: str) -> str:
    names = [f"`{name}`" for name in needed if not there[name]]
    if not names:
        return ""
    listed = f"{', '.join(names[:-1])} and {names[-1]}" if names[1:] else names[0]
    return f"It is not set up here: whoever runs me has to set {listed}."
