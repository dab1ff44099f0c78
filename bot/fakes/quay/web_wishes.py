"""What an application asks for at the consent, and who is asked (facts §2.1, §2.2)."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass

from bot.fakes.quay import answers, scopes, web_pages
from bot.fakes.quay.call import Call
from bot.fakes.quay.identities import Application, Assignment, User
from bot.fakes.quay.web_signin import address

_REQUIRED = ("client_id", "redirect_uri", "scope")


@dataclass(frozen=True)
class Wish:
    """What an application asks for, as the browser brings it."""

    client_id: str
    redirect_uri: str
    scope: str
    response_type: str = "code"
    state: str | None = None
    assignment_uuid: str | None = None


def require(given: Mapping[str, str], names: tuple[str, ...]) -> None:
    """400 for the first of these that is not there at all."""
    for name in names:
        if name not in given:
            raise answers.short(400, f"Required param: {name}")


def read(given: Mapping[str, str]) -> Wish:
    """The wish in a query or a form; 400 for what is missing."""
    require(given, _REQUIRED)
    known = ("state", "assignment_uuid")
    more = {key: given[key] for key in known if given.get(key)}
    kind = given.get("response_type", "code")
    return Wish(given["client_id"], given["redirect_uri"], given["scope"], kind, more.get("state"), more.get(known[1]))


def _basic(call: Call) -> User | None:
    """Who signs in with name and password in the header, as this one page allows it."""
    word, _, secret = call.request.headers.get("Authorization", "").partition(" ")
    if word.lower() != "basic":
        return None
    try:
        name, _, password = base64.b64decode(secret, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return None if call.quay.complaint_about(name, password) else call.quay.users[name]


def signed_in(call: Call, *, basic: bool = False) -> User:
    """Who is signed in. Browsers that are not get a way in with the page; OAuth tokens are no sign-in here."""
    person = call.quay.person_of(call.session)
    user = person.user if person is not None else _basic(call) if basic else None
    if user is None:
        browser = "text/html" in call.request.headers.get("Accept", "") and call.request.method == "GET"
        raise answers.Refusal(
            answers.error_page(401, web_pages.way_in(address(call.request.path_qs)) if browser else "")
        )
    return user


def application_of(call: Call, wish: Wish) -> Application:
    """The application that asks; unknown ones are 404."""
    found = call.quay.applications.get(wish.client_id)
    if found is None:
        raise answers.Refusal(answers.lost())
    return found


def assigned_to(call: Call, wish: Wish, user: User) -> Assignment | None:
    """The assignment that the wish comes with, if it was made for this user and application, and for these scopes.

    That the scopes must be among the assigned ones is stricter than what was recorded.
    """
    found = call.quay.assignments.get(wish.assignment_uuid or "")
    if found is None or (found.username, found.client_id) != (user.name, wish.client_id):
        return None
    return found if scopes.cover(scopes.parse(found.scope), scopes.parse(wish.scope)) else None


def is_admin(call: Call, application: Application, user: User) -> bool:
    """Whether the user is an admin of the organization that owns the application."""
    organization = call.quay.organizations.get(application.organization)
    return organization is not None and organization.has(user.name, "admin")
