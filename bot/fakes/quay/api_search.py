"""Search over the API: repositories, people, teams, robots, and names that begin somehow (facts §2.4, §3.5)."""

from typing import Any

from aiohttp import web

from bot.fakes.quay import answers, scopes
from bot.fakes.quay.call import Call
from bot.fakes.quay.records import FakeRepository
from bot.fakes.quay.rights import is_member, sees
from bot.fakes.quay.views_people import avatar

_SIZE, _PAGES = 10, 10
_FEW = 5  # of each kind in a search for everything
_SCORES = {"repository": 4, "team": 2}


def _matching(call: Call, query: str) -> list[FakeRepository]:
    """What the caller sees and has the words in its name or description, names first; namespaces do not count."""
    seen = [one for one in call.quay.repositories.values() if sees(call.quay, call.who, one.full_name)]
    found = [one for one in seen if query in one.name or query in one.description]
    return sorted(found, key=lambda one: query not in one.name)


def _entity(call: Call, name: str) -> dict[str, Any]:
    """An account, organization or robot among the results."""
    score = {"score": 1}
    if name in call.quay.robots:
        owner, _, short = name.partition("+")
        page = "organization" if owner in call.quay.organizations else "user"
        href = f"/{page}/{owner}?tab=robots&showRobot={name}"
        head = {"title": "robot", "kind": "robot", "avatar": None, "name": name, **score}
        return {**head, "href": href, "short_name": short}
    organization = call.quay.organizations.get(name)
    kind, short = ("organization", "org") if organization else ("user", "user")
    picture = avatar(name, short, organization.email if organization else None)
    return {"title": short, "kind": kind, "avatar": picture, "name": name, **score, "href": f"/{kind}/{name}"}


def _repository(call: Call, found: FakeRepository) -> dict[str, Any]:
    return {
        "kind": "repository",
        "title": "repo",
        "namespace": _entity(call, found.namespace),
        "name": found.name,
        "description": found.description,
        "is_public": found.public,
        "score": _SCORES["repository"],
        "href": f"/repository/{found.full_name}",
    }


def _usage(call: Call, found: FakeRepository) -> dict[str, Any]:
    """What `includeUsage` adds."""
    stars = sum(found.full_name in user.starred for user in call.quay.users.values())
    last = {"last_modified": int(found.newest_first()[0].start.timestamp())} if found.tags else {}
    return {**last, "stars": stars, "popularity": 0.0}


async def find_repositories(call: Call) -> web.Response:
    """GET find/repositories: ten on a page, at most ten pages."""
    page = min(max(call.number("page", 1, "The page."), 1), _PAGES)
    start, usage = (page - 1) * _SIZE, call.flag("includeUsage")
    found = _matching(call, call.request.query.get("query", ""))
    shown = [_repository(call, one) | (_usage(call, one) if usage else {}) for one in found[start : start + _SIZE]]
    more = len(found) > start + _SIZE
    return answers.answer(
        {"results": shown, "has_additional": more, "page": page, "page_size": _SIZE, "start_index": start}
    )


def _teams(call: Call, query: str) -> list[dict[str, Any]]:
    """Teams that the caller is in, or may manage."""
    return [
        {
            "kind": "team",
            "name": team.name,
            "organization": _entity(call, organization.name),
            "avatar": avatar(team.name, "team", team.name),
            "score": _SCORES["team"],
            "href": f"/organization/{organization.name}/teams/{team.name}",
        }
        for organization in call.quay.organizations.values()
        for team in organization.teams.values()
        if query in team.name and is_member(call.quay, call.who, organization, team.name)
    ]


def _robots(call: Call, query: str) -> list[dict[str, Any]]:
    """Robots of the caller and of organizations that they are in."""
    if call.who is None:
        return []
    name = call.who.user.name
    mine = {name} | {one.name for one in call.quay.organizations.values() if one.has(name, "admin")}
    names = [robot for robot in call.quay.robots if robot.partition("+")[0] in mine and query in robot]
    return [_entity(call, robot) for robot in names]


async def find_all(call: Call) -> web.Response:
    """GET find/all: a few of each kind; nothing for no words. Tokens without repo:read are refused."""
    if call.who is not None and not scopes.cover(call.who.scopes, frozenset({"repo:read"})):
        raise call.unauthorized()
    query = call.request.query.get("query", "")
    if not query:
        return answers.answer({"results": []})
    names = [name for name in (*call.quay.users, *call.quay.organizations) if name.startswith(query)]
    results = [
        *_teams(call, query)[:_FEW],
        *_robots(call, query)[:_FEW],
        *(_repository(call, one) for one in _matching(call, query)[:_FEW]),
        *(_entity(call, name) for name in names[:_FEW]),
    ]
    return answers.answer({"results": sorted(results, key=lambda one: -one["score"])})


def _person(call: Call, name: str, organization: str) -> dict[str, Any]:
    robot = name in call.quay.robots
    view = {"name": name, "kind": "user", "is_robot": robot, "avatar": avatar(name, "robot" if robot else "user")}
    known = call.quay.organizations.get(organization)
    return view if known is None else view | {"is_org_member": robot or known.has(name)}


async def find_entities(call: Call) -> web.Response:
    """GET entities/<prefix>: accounts by the start of their name; teams and the organization if asked for."""
    prefix, namespace = call.names["prefix"].replace(" ", "").lower(), call.request.query.get("namespace", "")
    people = [_person(call, name, namespace) for name in call.quay.users if name.startswith(prefix)][:_SIZE]
    organization = call.quay.organizations.get(namespace)
    if organization is None or not is_member(call.quay, call.who, organization):
        return answers.answer({"results": people})
    teams = [name for name in organization.teams if name.startswith(prefix) and call.flag("includeTeams")]
    results = [
        {"name": name, "kind": "team", "is_org_member": True, "avatar": avatar(name, "team", name)} for name in teams
    ] + people
    if call.flag("includeOrgs") and namespace.startswith(prefix):
        picture = avatar(namespace, "org", organization.email)
        results.append({"name": namespace, "kind": "org", "is_org_member": True, "avatar": picture})
    return answers.answer({"results": results})
