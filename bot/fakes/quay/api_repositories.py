"""Repositories over the API: look at one, list, search, tags and their history, scan results (facts §3.1, §3.5)."""

from datetime import timedelta
from typing import Any

from aiohttp import web

from bot.fakes.quay import answers, paging
from bot.fakes.quay.call import Call
from bot.fakes.quay.records import FakeRepository, Finding, TagRow
from bot.fakes.quay.rights import sees
from bot.fakes.quay.views import when
from bot.fakes.quay.views_people import avatar

_PAGE = 100


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
        "tag_expiration_s": 1209600,
        "is_free_account": True,
        "state": found.state,
    }
    if call.flag("includeTags", default=True):
        alive = [row for row in reversed(found.tags) if row.end is None][:500]
        view["tags"] = {row.name: _tag_of_map(row) for row in alive}
    view |= {"can_write": call.may("write"), "can_admin": call.may("admin")}
    if call.flag("includeStats"):
        today = call.quay.clock.now().date()
        days = [today - timedelta(days=back) for back in range(1, 92)]
        view["stats"] = [{"date": day.isoformat(), "count": 0} for day in days]
    return answers.answer(view)


def _tag_of_map(row: TagRow) -> dict[str, Any]:
    return {
        "name": row.name,
        "size": row.size,
        "last_modified": when(row.start),
        "manifest_digest": row.digest,
    }


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
        view["last_modified"] = int(found.tags[-1].start.timestamp()) if found.tags else None
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


async def find_repositories(call: Call) -> web.Response:
    """GET find/repositories: ten on a page, at most ten pages."""
    query = call.request.query.get("query", "")
    page = min(max(call.number("page", 1, "The page."), 1), 10)
    start = (page - 1) * 10
    found = [r for r in call.quay.repositories.values() if sees(call.quay, call.who, r.full_name)]
    found = [repository for repository in found if query in repository.full_name]
    return answers.answer(
        {
            "results": [_search_entry(call, repository) for repository in found[start : start + 10]],
            "has_additional": len(found) > start + 10,
            "page": page,
            "page_size": 10,
            "start_index": start,
        }
    )


def _search_entry(call: Call, found: FakeRepository) -> dict[str, Any]:
    is_org = found.namespace in call.quay.organizations
    kind, short = ("organization", "org") if is_org else ("user", "user")
    owner = {"title": short, "kind": kind, "avatar": avatar(found.namespace, short), "name": found.namespace}
    return {
        "kind": "repository",
        "title": "repo",
        "namespace": {**owner, "score": 1, "href": f"/{kind}/{found.namespace}"},
        "name": found.name,
        "description": found.description,
        "is_public": found.public,
        "score": 4,
        "href": f"/repository/{found.full_name}",
    }


def _row(row: TagRow) -> dict[str, Any]:
    view: dict[str, Any] = {
        "name": row.name,
        "reversion": row.reversion,
        "start_ts": int(row.start.timestamp()),
    }
    if row.end is not None:
        view["end_ts"] = int(row.end.timestamp())
    view |= {"manifest_digest": row.digest, "is_manifest_list": False, "size": row.size}
    view["last_modified"] = when(row.start)
    return view if row.end is None else view | {"expiration": when(row.end)}


def _matches(call: Call, row: TagRow) -> bool:
    query = call.request.query
    kind, _, wanted = query.get("filter_tag_name", "").partition(":")
    return (
        (not call.flag("onlyActiveTags") or row.end is None)
        and query.get("specificTag", row.name) == row.name
        and (kind != "like" or wanted in row.name)
        and (kind != "eq" or wanted == row.name)
    )


async def list_tags(call: Call) -> web.Response:
    """GET tag/: newest first, dead rows included unless onlyActiveTags; limits out of range are clamped."""
    found = call.repository("read")
    help_text = "Limit to the number of results to return per page. Max 100."
    limit = min(max(call.number("limit", 50, help_text), 1), 100)
    page = max(call.number("page", 1, "Page index for the results. Default 1."), 1)
    kind, colon, _ = call.request.query.get("filter_tag_name", "eq:").partition(":")
    if kind not in {"like", "eq"} or not colon:
        text = "Unsupported syntax for filter_tag_name. Expected <operation>:<tag_name> where <operation>"
        raise answers.message(400, f"{text}can be 'like' or 'eq'.")
    rows = [row for row in reversed(found.tags) if _matches(call, row)]
    start = (page - 1) * limit
    shown = [_row(row) for row in rows[start : start + limit]]
    return answers.answer({"tags": shown, "page": page, "has_additional": len(rows) > start + limit})


def _feature(digest: str, finding: Finding) -> dict[str, Any]:
    entry = {
        "Severity": finding.severity,
        "NamespaceName": "rhel-vex",
        "Link": finding.link,
        "FixedBy": "0:9.9.9-1.el9" if finding.fixable else "",
        "Description": finding.description,
        "Name": finding.cve,
        "Metadata": {"UpdatedBy": "rhel-vex", "NVD": {"CVSSv3": {"Vectors": "", "Score": ""}}},
    }
    return {
        "Name": finding.package,
        "VersionFormat": "",
        "NamespaceName": "",
        "AddedBy": digest,
        "Version": "1.0.0-1.el9",
        "BaseScores": [],
        "CVEIds": [finding.cve],
        "Vulnerabilities": [entry],
    }


async def get_security(call: Call) -> web.Response:
    """GET manifest/<digest>/security: what the scanner found; package names are only here (facts §1.2)."""
    found, digest = call.repository("read"), call.names["manifestref"]
    names = {row.name for row in found.tags if row.digest == digest}
    if not names:
        raise call.missing()
    features = [_feature(digest, finding) for finding in found.findings if finding.tags & names]
    layer = {"Name": digest, "ParentName": "", "NamespaceName": "", "IndexedByVersion": 4, "Features": features}
    return answers.answer({"status": "scanned", "data": {"Layer": layer}})
