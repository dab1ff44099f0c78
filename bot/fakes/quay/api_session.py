"""Sessions over the API: the CSRF token, signing in and out (facts §2.5)."""

from aiohttp import web

from bot.fakes.quay import answers
from bot.fakes.quay.call import Call

_STRING = {"type": "string"}
_SIGN_IN = {
    "type": "object",
    "required": ["username", "password"],
    "properties": {"username": _STRING, "password": _STRING},
}


async def csrf_token(call: Call) -> web.Response:
    """GET csrf_token: the cookie is set by this."""
    call.quay.remember(call.session)
    return answers.answer({"csrf_token": call.session.csrf})


async def sign_in(call: Call) -> web.Response:
    """POST signin: the new CSRF token is in a header."""
    wish = await call.body(_SIGN_IN)
    complaint = call.quay.complaint_about(wish["username"], wish["password"])
    if complaint:
        body = {"needsEmailVerification": False, "invalidCredentials": True, "message": complaint}
        return answers.answer(body, 403)
    call.quay.sign_in(call.session, wish["username"])
    return answers.answer({"success": True}, headers={"X-Next-CSRF-Token": call.session.csrf})


async def sign_out(call: Call) -> web.Response:
    """POST signout: the session is forgotten."""
    call.quay.sign_out(call.session)
    return answers.answer({"success": True})
