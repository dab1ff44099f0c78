"""Tokens of an application over the API: made for the caller, listed and revoked by the organization's admins."""

from aiohttp import web

from bot.fakes.quay import answers, paging, scopes
from bot.fakes.quay.api_applications import find, note
from bot.fakes.quay.call import Call
from bot.fakes.quay.clients import LIFE
from bot.fakes.quay.views_people import token_view

_PAGE = 100
_NEW = {
    "type": "object",
    "required": ["name", "scope"],
    "properties": {
        "name": {"type": "string", "minLength": 1, "maxLength": 255},
        "scope": {"type": "string"},
        "expiration": {"type": "number", "minimum": 1},
    },
}


async def list_all(call: Call) -> web.Response:
    """GET the living tokens of an application, newest first, whoever has them."""
    found = call.quay.living(client_id=find(call).client_id)[::-1]
    shown, more = paging.page(call, found, _PAGE)
    return answers.answer({"tokens": [token_view(token) for token in shown], **more})


async def create(call: Call) -> web.Response:
    """POST: a token for the caller; it cannot have scopes that the caller's own token lacks (facts §2.3)."""
    application = find(call)
    wish = await call.body(_NEW)
    wanted = scopes.parse(wish["scope"])
    if not wanted:
        raise answers.message(400, f"Invalid scope: {wish['scope']}")
    if call.who is None or not scopes.cover(call.who.scopes, wanted):
        raise call.unauthorized()
    secret, made = call.quay.mint(
        call.who.user,
        application.client_id,
        wish["scope"],
        life=wish.get("expiration", LIFE),
        name=wish["name"].strip(),
    )
    method = "OAuth" if call.who.number else "Session"
    about = {"oauth_token_uuid": made.uuid, "scope": made.scope, "token_display_name": made.name}
    note(call, "create_oauth_api_token", application, **about, auth_method=method)
    call.quay.changed()
    return answers.answer({**token_view(made), "token": secret})


async def delete(call: Call) -> web.Response:
    """DELETE: the token is dead at once; one that is dead already is unknown."""
    application = find(call)
    for token in call.quay.living(client_id=application.client_id):
        if token.uuid == call.names["token_uuid"]:
            token.revoked = True
            note(call, "revoke_oauth_api_token", application, oauth_token_uuid=token.uuid)
            call.quay.changed()
            return answers.nothing()
    raise call.missing()
