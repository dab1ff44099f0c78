"""Signing in with a browser: a form for people, beside the API's own call (facts §2.5)."""

from collections.abc import Iterator
from urllib.parse import quote, urlencode

from aiohttp import web

from bot.fakes.quay import answers, web_pages
from bot.fakes.quay.call import Call


def address(onward: str) -> str:
    """The sign-in page that goes on to a path of this server."""
    return f"/signin?next={quote(onward, safe='')}"


def _local(onward: str) -> str:
    """The path to go on to, "" if it leads anywhere else than to this server."""
    inside = onward.startswith("/") and not onward.startswith("//") and "\\" not in onward
    return onward if inside and onward.isprintable() else ""


def _show(call: Call, onward: str, complaint: str = "") -> web.Response:
    call.quay.remember(call.session)
    hidden = {"_csrf_token": call.session.csrf, "next": onward}
    offered = [u for u in call.quay.users.values() if u.enabled] if call.quay.offers_accounts else []
    return answers.html(web_pages.sign_in(hidden, complaint, offered), 403 if complaint else 200)


async def show(call: Call) -> web.Response:
    """GET signin: the form."""
    return _show(call, _local(call.request.query.get("next", "")))


async def sign_in(call: Call) -> web.Response:
    """POST signin: on to where they wanted to go, or the form again."""
    form = await call.form()
    onward, username = _local(form.get("next", "")), form.get("username", "")
    complaint = call.quay.complaint_about(username, form.get("password", ""))
    if complaint:
        return _show(call, onward, complaint)
    call.quay.sign_in(call.session, username)
    if onward:
        return answers.html("", 303, {"Location": onward})
    return _front(call)


async def front(call: Call) -> web.Response:
    """GET /: the front page."""
    return _front(call)


def _front(call: Call) -> web.Response:
    person = call.quay.person_of(call.session)
    name = person.user.name if person else ""
    return answers.html(web_pages.front(name, _assigned(call, name), address("/")), 200)


def _assigned(call: Call, name: str) -> Iterator[tuple[str, str]]:
    """What waits for somebody's consent (facts §2.2): the application's name, and the consent page's address."""
    for made in call.quay.assignments.values():
        if made.username == name:
            asked = {
                "client_id": made.client_id,
                "redirect_uri": made.redirect_uri,
                "scope": made.scope,
                "response_type": made.response_type,
                "assignment_uuid": made.uuid,
            }
            yield call.quay.applications[made.client_id].name, f"/oauth/authorize?{urlencode(asked, quote_via=quote)}"
