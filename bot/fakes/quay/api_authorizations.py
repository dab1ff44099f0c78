"""A person's own tokens, and those that were assigned to them and wait for their consent (facts §2.2, §2.3)."""

from typing import Any

from aiohttp import web

from bot.fakes.quay import answers, scopes
from bot.fakes.quay.call import Call
from bot.fakes.quay.identities import Assignment, Token
from bot.fakes.quay.views_people import authorization_view, owner_view


def _find(call: Call) -> Token:
    mine = call.quay.living(user=call.person("user:admin").user)
    for token in mine:
        if token.uuid == call.names["access_token_uuid"]:
            return token
    raise call.missing()


async def list_all(call: Call) -> web.Response:
    """GET the caller's living tokens, oldest first; which of them was used here is not told."""
    mine = call.quay.living(user=call.person("user:admin").user)
    return answers.answer({"authorizations": [authorization_view(call, token) for token in mine]})


async def get_one(call: Call) -> web.Response:
    """GET one."""
    return answers.answer(authorization_view(call, _find(call)))


async def delete(call: Call) -> web.Response:
    """DELETE one: the token is dead at once, even if it is the one that asks."""
    _find(call).revoked = True
    call.quay.changed()
    return answers.nothing()


def _assigned(call: Call) -> list[Assignment]:
    name = call.person("user:admin").user.name
    return [made for made in call.quay.assignments.values() if made.username == name]


def _assignment_view(call: Call, made: Assignment) -> dict[str, Any]:
    return {
        "application": owner_view(call, call.quay.applications[made.client_id], client_id=True),
        "uuid": made.uuid,
        "redirectUri": made.redirect_uri,
        "scopes": scopes.information(made.scope),
        "responseType": made.response_type,
    }


async def list_assigned(call: Call) -> web.Response:
    """GET what was assigned to the caller."""
    return answers.answer({"authorizations": [_assignment_view(call, made) for made in _assigned(call)]})


async def delete_assigned(call: Call) -> web.Response:
    """DELETE an assignment without using it."""
    for made in _assigned(call):
        if made.uuid == call.names["assigned_authorization_uuid"]:
            del call.quay.assignments[made.uuid]
            call.quay.changed()
            return answers.nothing()
    raise call.missing()
