"""The consent: the question, the answers, and where the browser goes then (facts §2.1, §2.2)."""

import json
from typing import Any

from aiohttp import web

from bot.fakes.quay import answers, redirects, scopes, web_pages, web_wishes
from bot.fakes.quay.call import Call
from bot.fakes.quay.clients import LIFE
from bot.fakes.quay.identities import Application, User
from bot.fakes.quay.views_people import pictures
from bot.fakes.quay.web_signin import address
from bot.fakes.quay.web_wishes import Wish


def _give(call: Call, wish: Wish, user: User) -> web.Response:
    """Back to the application with a code in the query or a token in the fragment, or with an error.

    Only tokens ask again who may have them: that codes do not is the real server's hole (facts §2.2).
    """
    application = web_wishes.application_of(call, wish)
    if wish.response_type not in {"code", "token"}:
        return redirects.to(wish.redirect_uri, {"error": "unsupported_response_type"})
    if not scopes.parse(wish.scope):
        return redirects.to(wish.redirect_uri, {"error": "invalid_scope"})
    params: dict[str, str | None] = {"scope": wish.scope, "state": wish.state}
    if wish.response_type == "code":
        return redirects.to(
            wish.redirect_uri, params | {"code": call.quay.issue_code(user, wish.client_id, wish.scope)}
        )
    assigned = web_wishes.assigned_to(call, wish, user)
    if assigned is None and not web_wishes.is_admin(call, application, user):
        return redirects.to(wish.redirect_uri, {"error": "unauthorized_client"})
    if assigned is not None:
        del call.quay.assignments[assigned.uuid]
    secret, _ = call.quay.mint(user, wish.client_id, wish.scope)
    call.quay.changed()
    fragment = {"access_token": secret, "token_type": "Bearer", "expires_in": str(LIFE)}
    return redirects.to(wish.redirect_uri, params, fragment)


async def authorize(call: Call) -> web.Response:
    """GET oauth/authorize: the question, or straight back if the person said yes to all of it before."""
    given = call.request.query
    wish = web_wishes.read(given)
    user = web_wishes.signed_in(call, basic=True)
    application = web_wishes.application_of(call, wish)
    if not redirects.allowed(application.redirect_uri, wish.redirect_uri, call.quay.url):
        return redirects.to(application.redirect_uri, {"error": "redirect_uri_mismatch"})
    wanted = scopes.parse(wish.scope)
    if not wanted:
        return answers.lost()
    had = call.quay.living(user=user, client_id=wish.client_id)
    if any(scopes.cover(token.scopes, wanted) for token in had):
        return _give(call, wish, user)
    assigned = web_wishes.assigned_to(call, wish, user)
    if assigned is None and not web_wishes.is_admin(call, application, user):
        return answers.error_page(403)
    if assigned is not None and wish.response_type != "token":
        return answers.error_page(400)
    call.quay.remember(call.session)
    return _ask(call, wish, user, application, as_json=given.get("format") == "json")


def _ask(call: Call, wish: Wish, user: User, application: Application, *, as_json: bool) -> web.Response:
    if as_json:
        return answers.plain_json(_question(call, wish, application))
    hidden = {"client_id": wish.client_id, "redirect_uri": wish.redirect_uri, "scope": wish.scope}
    hidden |= {"response_type": wish.response_type, "state": wish.state or ""}
    hidden |= {"assignment_uuid": wish.assignment_uuid or "", "_csrf_token": call.session.csrf}
    return answers.html(web_pages.consent(user, application, hidden, address(call.request.path_qs)), 200)


def _question(call: Call, wish: Wish, application: Application) -> dict[str, object]:
    """The consent page as data; the pictures are texts in it."""
    picture, owner = (json.dumps(found) for found in pictures(call, application))
    information = scopes.information(wish.scope)
    return {
        "application": {
            "avatar": picture,
            "description": application.description,
            "name": application.name,
            "organization": {"avatar": owner, "name": application.organization},
            "url": application.application_uri,
        },
        "assignment_uuid": wish.assignment_uuid,
        "client_id": wish.client_id,
        "csrf_token_val": call.session.csrf,
        "has_dangerous_scopes": any(found["dangerous"] for found in information),
        "redirect_uri": wish.redirect_uri,
        "response_type": wish.response_type,
        "scope": wish.scope,
        "scopes": information,
        "state": wish.state,
    }


async def _consented(call: Call) -> tuple[Wish, User]:
    """What the form of the consent page brings, and who sent it; a foreign address is 400 here."""
    wish, user = web_wishes.read(await call.form()), web_wishes.signed_in(call)
    application = web_wishes.application_of(call, wish)
    if not redirects.allowed(application.redirect_uri, wish.redirect_uri, call.quay.url):
        raise answers.Refusal(answers.oauth({"error": "invalid_request"}, 400))
    return wish, user


async def authorize_app(call: Call) -> web.Response:
    """POST oauth/authorizeapp: yes."""
    return _give(call, *await _consented(call))


async def deny_app(call: Call) -> web.Response:
    """POST oauth/denyapp: no. The state does not come back."""
    wish, _ = await _consented(call)
    return redirects.to(wish.redirect_uri, {"error": "authorization_denied"})


async def assign_user(call: Call) -> web.Response:
    """POST oauth/authorize/assignuser: an organization's admin wants somebody to have a token (facts §2.2)."""
    given = call.request.query
    wish = web_wishes.read(given)
    web_wishes.require(given, ("username",))
    user = web_wishes.signed_in(call)
    application = web_wishes.application_of(call, wish)
    if not web_wishes.is_admin(call, application, user):
        return answers.error_page(403)
    if not redirects.allowed(application.redirect_uri, wish.redirect_uri, call.quay.url):
        return redirects.to(application.redirect_uri, {"error": "redirect_uri_mismatch"})
    if given["username"] not in call.quay.users or not scopes.parse(wish.scope):
        return answers.lost()
    call.quay.assign(wish.client_id, given["username"], wish.scope, wish.redirect_uri, wish.response_type)
    about: dict[str, Any] = {"assigning_user": user.name, "assigned_user": given["username"]}
    about |= {"application": application.name, "client_id": wish.client_id}
    call.quay.note("oauth_token_assigned", application.organization, performer=user.name, **about)
    return answers.plain_json({"message": "Token assigned successfully"})


async def local_app(_: Call) -> web.Response:
    """GET oauth/localapp."""
    return answers.html(web_pages.local_app(), 200)
