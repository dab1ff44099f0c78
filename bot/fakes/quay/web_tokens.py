"""The token endpoint: a code becomes a token, once (facts §2.1)."""

import hmac
from collections.abc import Mapping

from aiohttp import web

from bot.fakes.quay import answers, redirects
from bot.fakes.quay.call import Call
from bot.fakes.quay.clients import LIFE
from bot.fakes.quay.web_wishes import require

_REQUIRED = ("grant_type", "client_id", "redirect_uri", "code", "scope")


def _error(call: Call, given: Mapping[str, str]) -> str:
    """What is wrong with the request, "" if nothing is. The scope has to be the code's own to the letter."""
    application = call.quay.applications.get(given["client_id"])
    if given["grant_type"] != "authorization_code":
        return "unsupported_grant_type"
    secret = given.get("client_secret", "").encode()
    if application is None or not hmac.compare_digest(application.client_secret.encode(), secret):
        return "invalid_client"
    code = call.quay.codes.get(given["code"])
    if code is None or code.client_id != application.client_id or code.scope != given["scope"]:
        return "invalid_grant"
    if not redirects.allowed(application.redirect_uri, given["redirect_uri"], call.quay.url):
        return "invalid_grant"
    return ""


async def access_token(call: Call) -> web.Response:
    """POST oauth/access_token: the query and the form count alike; a Basic header makes the server fall over."""
    given = {**await call.form(), **call.request.query}
    require(given, _REQUIRED)
    if call.request.headers.get("Authorization", "").lower().startswith("basic"):
        raise answers.crash()
    error = _error(call, given)
    if error:
        return answers.oauth({"error": error}, 400)
    code = call.quay.codes.pop(given["code"])
    secret, _ = call.quay.mint(code.user, code.client_id, code.scope)
    call.quay.changed()
    body = {"access_token": secret, "token_type": "Bearer", "expires_in": LIFE, "refresh_token": None}
    return answers.oauth(body)
