"""Repositories over the API: look at one, list, describe, show or hide, and where it is mirrored from (facts §3.5)."""

from datetime import timedelta
from typing import Any

from aiohttp import web

from bot.fakes.quay import answers, paging
from bot.fakes.quay.call import Call
from bot.fakes.quay.records import FakeRepository
from bot.fakes.quay.rights import sees
from bot.fakes.quay.views_images import tag_of_map

_PAGE = 100
_DESCRIPTION = {
    "type": "object",
    "description": "Fields which can be updated in a repository.",
    "required": ["description"],
    "properties": {"description": {"type": "string", "description": "Markdown encoded description for the repository"}},
}
_VISIBILITY = {
    "type": "object",
    "description": "Change the visibility for the repository.",
    "required": ["visibility"],
    "properties": {
        "visibility": {
            "type": "string",
            "description": "Visibility which the repository will start with",
            "enum": ["public", "private"],
        }
    },
}


def _keeps_for(call: Call, found: FakeRepository) -> int:
    """The time machine window in seconds, which is the namespace's."""
    organization = call.quay.organizations.get(found.namespace)
    return organization.tag_expiration_s if organization else 1209600


async def get_repository(call: Call) -> web.Response:
    """GET one: can_write and can_admin are the caller's rights under this token's scopes."""
    found = call.repository("read")
    view: dict[str, Any] = {
        "namespace": found.namespace,
        "name": found.name,
        "kind": "image",
        "description": found.description,
        "is_public": found.public,
        "is_organization": found.namespace in call.quay.organizations,
        "is_starred": found.full_name in _stars(call),
        "status_token": found.badge,
        "trust_enabled": False,
        "tag_expiration_s": _keeps_for(call, found),
        "is_free_account": True,
        "state": found.state,
    }
    if call.flag("includeTags", default=True):
        alive = [row for row in found.newest_first() if row.alive(call.quay.clock.now())][:500]
        view["tags"] = {row.name: tag_of_map(found, row) for row in alive}
    view |= {"can_write": call.may("write"), "can_admin": call.may("admin")}
    if call.flag("includeStats"):
        today = call.quay.clock.now().date()
        days = [today - timedelta(days=back) for back in range(1, 92)]
        view["stats"] = [{"date": day.isoformat(), "count": 0} for day in days]
    return answers.answer(view)


def _list_entry(call: Call, found: FakeRepository) -> dict[str, Any]:
    view: dict[str, Any] = {
        "namespace": found.namespace,
        "name": found.name,
        "description": found.description,
        "is_public": found.public,
        "kind": "image",
        "state": found.state,
    }
    if call.flag("last_modified"):
        view["last_modified"] = int(found.newest_first()[0].start.timestamp()) if found.tags else None
    if call.flag("popularity"):
        view["popularity"] = 0.0
    starred = found.full_name in _stars(call)
    return view | {"is_starred": starred, "quota_report": {"quota_bytes": 0, "configured_quota": None}}


def _stars(call: Call) -> list[str]:
    return call.who.user.starred if call.who is not None else []


async def list_repositories(call: Call) -> web.Response:
    """GET the list: one of namespace, public and starred is required; a hundred on a page."""
    namespace, public = call.request.query.get("namespace"), call.flag("public")
    if not (namespace or public or call.flag("starred")):
        text = "namespace, starred or public are required for this API call"
        raise call.problem("invalid_request", text)
    found = [r for r in call.quay.repositories.values() if sees(call.quay, call.who, r.full_name, public=public)]
    if namespace:
        found = [repository for repository in found if repository.namespace == namespace]
    elif not public:
        found = [repository for repository in found if repository.full_name in _stars(call)]
    shown, more = paging.page(call, found, _PAGE)
    return answers.answer({"repositories": [_list_entry(call, repository) for repository in shown], **more})


async def describe(call: Call) -> web.Response:
    """PUT: another description, Markdown."""
    found = call.repository("write")
    found.description = (await call.body(_DESCRIPTION))["description"]
    about = {"repo": found.name, "namespace": found.namespace, "description": found.description}
    call.note("set_repo_description", found.full_name, **about)
    call.quay.changed()
    return answers.answer({"success": True})


async def change_visibility(call: Call) -> web.Response:
    """POST changevisibility: show it to everybody, or not."""
    found = call.repository("admin")
    visibility = (await call.body(_VISIBILITY))["visibility"]
    found.public = visibility == "public"
    about = {"repo": found.name, "namespace": found.namespace, "visibility": visibility}
    call.note("change_repo_visibility", found.full_name, **about)
    call.quay.changed()
    return answers.answer({"success": True})


async def get_mirror(call: Call) -> web.Response:
    """GET mirror: where it is copied from, and with which robot; 404 for what is no mirror."""
    mirror = call.repository("admin").mirror
    if mirror is None:
        raise call.missing()
    start = mirror.started.strftime("%Y-%m-%dT%H:%M:%SZ")
    view = {
        "is_enabled": mirror.enabled,
        "mirror_type": "PULL",
        "external_reference": mirror.source,
        "external_registry_username": mirror.username,
        "external_registry_config": {},
        "sync_interval": mirror.interval,
        "skopeo_timeout_interval": 300,
        "sync_start_date": start,
        "sync_expiration_date": None,
        "sync_retries_remaining": 3,
        "sync_status": mirror.status,
        "root_rule": {"rule_kind": "tag_glob_csv", "rule_value": list(mirror.patterns)},
        "robot_username": mirror.robot,
        "architecture_filter": [],
    }
    return answers.answer(view)
