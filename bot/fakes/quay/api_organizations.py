"""Organizations over the API (facts §3.5)."""

from aiohttp import web

from bot.fakes.quay import answers
from bot.fakes.quay.call import Call
from bot.fakes.quay.views_people import organization_view

_STRING = {"type": "string"}
_EXPIRATIONS = (0, 86400, 604800, 1209600, 2419200)  # seconds that the real server offers
_CHANGE = {"type": "object", "properties": {"email": _STRING, "tag_expiration_s": {"type": "number"}}}
_NEW = {"type": "object", "required": ["name"], "properties": {"name": _STRING, "email": _STRING}}


async def create(call: Call) -> web.Response:
    """POST a new organization; the caller owns it."""
    who = call.person("user:admin")
    wish = await call.body(_NEW)
    name, mail, quay = wish["name"], wish.get("email", ""), call.quay
    if name in quay.organizations or name in quay.users:
        raise call.problem("invalid_request", "A user or organization with this name already exists")
    taken = {user.email for user in quay.users.values()} | {made.email for made in quay.organizations.values()}
    if mail in taken:
        raise call.problem("invalid_request", f"Email has already been used: {mail}")
    quay.add_organization(name, admins=[who.user.name], email=mail)
    call.note("org_create", name, namespace=name, email=mail)
    return answers.answer("Created", 201)


async def get_one(call: Call) -> web.Response:
    """GET an organization: for everybody, but strangers see little of it."""
    return answers.answer(organization_view(call, call.organization(admin=False)))


async def change(call: Call) -> web.Response:
    """PUT: mail address and time machine window."""
    organization = call.organization()
    wish = await call.body(_CHANGE)
    seconds = wish.get("tag_expiration_s", organization.tag_expiration_s)
    if seconds not in _EXPIRATIONS:
        raise answers.message(400, "Invalid tag expiration option")
    organization.tag_expiration_s = int(seconds)
    organization.email = wish.get("email", organization.email)
    call.quay.changed()
    return answers.answer(organization_view(call, organization))
