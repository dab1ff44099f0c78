"""OAuth applications over the API (facts §2.3)."""

from typing import Any

from aiohttp import web

from bot.fakes.quay import answers
from bot.fakes.quay.call import Call
from bot.fakes.quay.identities import Application
from bot.fakes.quay.views_people import application_view, organization_view, pictures

_STRING = {"type": "string"}
_NEW: dict[str, Any] = {
    "type": "object",
    "required": ["name"],
    "properties": {
        "name": _STRING,
        "redirect_uri": _STRING,
        "application_uri": _STRING,
        "description": _STRING,
        "avatar_email": _STRING,
    },
}
_CHANGE = {**_NEW, "required": ["name", "redirect_uri", "application_uri"]}


def find(call: Call) -> Application:
    """The application of the path, for admins of its organization."""
    organization = call.organization()
    found = call.quay.applications.get(call.names["client_id"])
    if found is None or found.organization != organization.name:
        raise call.missing()
    return found


def note(call: Call, kind: str, made: Application, **more: Any) -> None:
    """Write into the usage log what was done with an application."""
    call.note(kind, made.organization, **more, application_name=made.name, client_id=made.client_id)


def _fill(made: Application, wish: dict[str, Any]) -> None:
    made.name, made.redirect_uri = wish["name"], wish.get("redirect_uri", "")
    made.application_uri, made.description = wish.get("application_uri", ""), wish.get("description", "")
    made.avatar_email = wish.get("avatar_email")


async def list_all(call: Call) -> web.Response:
    """GET the applications of an organization: secrets included."""
    name = call.organization().name
    found = [made for made in call.quay.applications.values() if made.organization == name]
    return answers.answer({"applications": [application_view(made) for made in found]})


async def create(call: Call) -> web.Response:
    """POST a new one."""
    organization = call.organization()
    wish = await call.body(_NEW)
    client_id, _ = call.quay.add_application(organization.name, wish["name"])
    made = call.quay.applications[client_id]
    _fill(made, wish)
    note(call, "create_application", made, **wish)
    return answers.answer(application_view(made))


async def get_one(call: Call) -> web.Response:
    """GET one."""
    return answers.answer(application_view(find(call)))


async def change(call: Call) -> web.Response:
    """PUT: what is not said is empty afterwards."""
    made = find(call)
    wish = await call.body(_CHANGE)
    _fill(made, wish)
    note(call, "update_application", made, **wish)
    return answers.answer(application_view(made))


async def delete(call: Call) -> web.Response:
    """DELETE: all its tokens die at once."""
    made = find(call)
    note(call, "delete_application", made)
    call.quay.delete_application(made.client_id)
    return answers.nothing()


async def reset_secret(call: Call) -> web.Response:
    """POST resetclientsecret: the old secret is dead at once."""
    made = find(call)
    made.client_secret = call.quay.handle(40)
    note(call, "reset_application_client_secret", made)
    return answers.answer(application_view(made))


async def describe(call: Call) -> web.Response:
    """GET app/<client id>: what everybody may know of an application."""
    made = call.quay.applications.get(call.names["client_id"])
    owner = call.quay.organizations.get(made.organization) if made is not None else None
    if made is None or owner is None:
        raise call.missing()
    picture, _ = pictures(call, made)
    return answers.answer(
        {
            "name": made.name,
            "description": made.description,
            "uri": made.application_uri,
            "avatar": picture,
            "organization": organization_view(call, owner, teams=False),
        }
    )
