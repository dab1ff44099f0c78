"""Who am I, who is somebody, stars, and the superusers' list of accounts (facts §2.4, §3.5)."""

from aiohttp import web

from bot.fakes.quay import answers, paging, scopes
from bot.fakes.quay.call import Call
from bot.fakes.quay.identities import User
from bot.fakes.quay.rights import is_superuser, may, sees
from bot.fakes.quay.views_people import avatar, superuser_view, user_view

_PAGE = 100
_NOT_FOUND = (
    "The requested URL was not found on the server. "
    "If you entered the URL manually please check your spelling and try again."
)
_STRING = {"type": "string"}
_STAR = {
    "type": "object",
    "required": ["namespace", "repository"],
    "properties": {"namespace": _STRING, "repository": _STRING},
}
_SWITCH = {"type": "object", "properties": {"enabled": {"type": "boolean"}}}


async def get_me(call: Call) -> web.Response:
    """GET user: 401 without a living token, and also for a good token without user:read (facts §2.4)."""
    if call.who is None or not call.who.scopes & {"user:read", "user:admin"}:
        raise call.problem("invalid_token", "Requires authentication", session_required=False)
    return answers.answer(user_view(call, call.who.user, call.who.scopes))


async def describe_user(call: Call) -> web.Response:
    """GET users/<name>: for everybody; organizations are none."""
    user = call.quay.users.get(call.names["username"])
    if user is None:
        raise answers.message(404, _NOT_FOUND)
    view = {"anonymous": False, "username": user.name, "avatar": avatar(user.name, "user")}
    return answers.answer(view)


async def list_stars(call: Call) -> web.Response:
    """GET user/starred: needs user:admin, and changes nothing: a good probe for that scope."""
    who = call.person("user:admin")
    alive = [name for name in who.user.starred if name in call.quay.repositories and sees(call.quay, who, name)]
    shown, more = paging.page(call, [call.quay.repositories[name] for name in alive], _PAGE)
    keys = [
        {"namespace": r.namespace, "name": r.name, "description": r.description, "is_public": r.public} for r in shown
    ]
    return answers.answer({"repositories": keys, **more})


async def star(call: Call) -> web.Response:
    """POST user/starred: a repository that is not there is 200 with null."""
    who = call.who
    if who is None or not scopes.cover(who.scopes, frozenset({"repo:read"})):
        raise call.unauthorized()
    wish = await call.body(_STAR)
    name = f"{wish['namespace']}/{wish['repository']}"
    if name not in call.quay.repositories or not may(call.quay, who, name, "read"):
        return answers.answer(None)
    if name not in who.user.starred:
        who.user.starred.append(name)
        call.quay.changed()
    return answers.answer({"namespace": wish["namespace"], "repository": wish["repository"]}, 201)


async def unstar(call: Call) -> web.Response:
    """DELETE a star."""
    who, name = call.person("user:admin"), call.names["repository"]
    if name not in who.user.starred:
        raise call.missing()
    who.user.starred.remove(name)
    call.quay.changed()
    return answers.nothing()


def _superuser(call: Call) -> None:
    if not is_superuser(call.who):
        raise call.unauthorized()


async def list_users(call: Call) -> web.Response:
    """GET superuser/users/: `limit` (50, 100 at most), and `disabled` false leaves those out."""
    _superuser(call)
    limit = call.number("limit", 50, "Limit to the number of results to return per page. Max 100.")
    if not 0 < limit <= _PAGE:
        raise call.problem("invalid_request", "Page limit is out of range")
    everybody = call.flag("disabled", default=True)
    found = [user for user in call.quay.users.values() if everybody or user.enabled]
    shown, more = paging.page(call, found, limit)
    return answers.answer({"users": [superuser_view(user) for user in shown], **more})


def _user(call: Call) -> User:
    _superuser(call)
    found = call.quay.users.get(call.names["username"])
    if found is None:
        raise call.missing()
    return found


async def get_user(call: Call) -> web.Response:
    """GET superuser/users/<name>."""
    return answers.answer(superuser_view(_user(call)))


async def change_user(call: Call) -> web.Response:
    """PUT superuser/users/<name>: the answer shows how the account was before."""
    user = _user(call)
    before, wish = superuser_view(user), await call.body(_SWITCH)
    user.enabled = wish.get("enabled", user.enabled)
    call.quay.changed()
    return answers.answer(before)
