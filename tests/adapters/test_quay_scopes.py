"""Which scopes a token has: what a few reads prove, and what nobody can know."""

from typing import Any

import httpx
import pytest

from bot.domain.errors import BotError, GiveUp, NotLinked, TryLater
from bot.ports import Scopes
from tests.adapters.quay_table import RECORDED, TOKEN, Table, registry_of

USER = "GET /api/v1/user/"
STARRED = "GET /api/v1/user/starred"
LISTED = "GET /api/v1/repository"
NO = RECORDED["starred_refused"]["answer"]
DEAD = RECORDED["user_revoked"]["answer"]
REPO = frozenset({"repo:read", "repo:write", "repo:admin"})


async def found(table: Table) -> Scopes:
    async with registry_of(table) as registry:
        return await registry.as_token(TOKEN).scopes()


async def fails(table: Table) -> BotError:
    with pytest.raises(BotError) as caught:
        await found(table)
    assert TOKEN not in f"{caught.value!r}{caught.value}{caught.value.say}"
    return caught.value


def listing(**places: list[dict[str, Any]]) -> Any:
    """GET repository?namespace=…, by namespace."""

    def answer(request: httpx.Request) -> httpx.Response:
        namespace = request.url.params["namespace"]
        rows = [{"namespace": namespace, "state": "NORMAL", **row} for row in places.get(namespace, [])]
        return httpx.Response(200, json={"repositories": rows})

    return answer


def carol(**places: list[dict[str, Any]]) -> Table:
    """Somebody in no organization, whose token has user:read and not user:admin."""
    return Table({LISTED: listing(**places)}).replay("user_outsider").replay("starred_refused")


def rights(*, write: bool, admin: bool) -> dict[str, bool]:
    return {"can_write": write, "can_admin": admin}


async def test_an_organizations_admin_with_every_scope_is_seen_to_have_them() -> None:
    table = Table().replay("user_all_scopes").replay("starred").replay("org_admin").replay("repo")
    table.replay("own_repos", LISTED)
    known = await found(table)
    assert known == Scopes(frozenset({"user:read", "user:admin", "org:admin"}) | REPO, frozenset())
    assert len(table.asked) <= 9
    assert {request.method for request in table.requests} == {"GET"}
    assert all(request.headers["Authorization"] == f"Bearer {TOKEN}" for request in table.requests)


async def test_nothing_is_claimed_about_what_nothing_tells() -> None:
    assert await found(carol()) == Scopes(frozenset({"user:read"}), frozenset({"user:admin"}))


@pytest.mark.parametrize(
    ("status", "seen", "has", "lacks"),
    [
        (200, rights(write=True, admin=True), REPO, set()),
        (200, rights(write=True, admin=False), {"repo:read", "repo:write"}, {"repo:admin"}),
        (200, rights(write=False, admin=False), {"repo:read"}, {"repo:write", "repo:admin"}),
        (403, NO, set(), REPO),
        (404, NO, set(), set()),
        (403, "<html>a wall", set(), set()),
        (500, "<html>", set(), set()),
        (200, "<html>", set(), set()),
        (200, [], set(), set()),
    ],
)
async def test_in_ones_own_namespace_the_role_is_sure_so_that_rights_tell_the_scope(
    status: int, seen: Any, has: set[str], lacks: set[str]
) -> None:
    table = carol(carol=[{"name": "app"}]).tell("GET /api/v1/repository/carol/app", status, seen)
    known = await found(table)
    assert known == Scopes(frozenset(has | {"user:read"}), frozenset(lacks | {"user:admin"}))


async def test_a_public_repository_does_not_prove_that_one_may_read() -> None:
    table = carol(carol=[{"name": "app", "is_public": True}])
    table.tell("GET /api/v1/repository/carol/app", 200, rights(write=False, admin=False))
    known = await found(table)
    assert "repo:read" not in known.has | known.lacks
    assert known.lacks >= {"repo:write", "repo:admin"}


async def test_a_private_repository_is_looked_at_rather_than_a_public_or_frozen_or_foreign_one() -> None:
    rows = [
        {"name": "frozen", "state": "READ_ONLY"},
        {"name": "open", "is_public": True},
        {"name": "other", "namespace": "acme"},
        {"name": "closed"},
        {"name": ""},
        {"name": "later"},
    ]
    table = carol(carol=rows)
    await found(table)
    looked_at = [one for one in table.asked if one.startswith("GET /api/v1/repository/")]
    assert looked_at == ["GET /api/v1/repository/carol/closed"]


def bob(seen: dict[str, bool], organization: str = "org_member") -> Table:
    """A member of acme who has no repository of his own."""
    user = {"username": "bob", "organizations": [{"name": "acme"}]}
    table = Table({LISTED: listing(acme=[{"name": "web"}])}).tell(USER, 200, user).replay("starred")
    return table.replay(organization, "GET /api/v1/organization/acme").tell(
        "GET /api/v1/repository/acme/web", 200, seen
    )


async def test_where_the_role_is_not_sure_only_what_works_counts() -> None:
    weak = await found(bob(rights(write=False, admin=False)))
    assert (weak.has, weak.lacks) == ({"user:read", "user:admin", "repo:read"}, set())
    writer = await found(bob(rights(write=True, admin=False)))
    assert (writer.has, writer.lacks) == ({"user:read", "user:admin", "repo:read", "repo:write"}, set())


async def test_an_admin_of_an_organization_surely_has_the_role_there() -> None:
    known = await found(bob(rights(write=True, admin=False), "org_admin"))
    assert known.lacks == {"repo:admin"}
    assert "org:admin" in known.has


async def test_a_member_whom_the_organization_does_not_know_lacks_its_scope() -> None:
    assert "org:admin" in (await found(bob(rights(write=False, admin=False), "org_outsider"))).lacks


async def test_a_public_organization_is_not_taken_for_ones_own() -> None:
    user = {"username": "bob", "organizations": [{"name": "library", "public": True}]}
    table = Table().tell(USER, 200, user).replay("starred")
    await found(table)
    assert not any("organization" in one for one in table.asked)


async def test_a_superuser_proves_nothing_in_organizations_but_the_own_scope() -> None:
    table = bob(rights(write=True, admin=False), "org_admin")
    user = {"username": "bob", "super_user": True, "organizations": [{"name": "acme"}]}
    known = await found(table.tell(USER, 200, user))
    assert "super:user" in known.has
    assert "org:admin" not in known.has
    assert known.lacks == set()


async def test_a_recorded_superuser_is_known_by_the_view() -> None:
    assert "super:user" in (await found(Table().replay("user_super").replay("starred_refused"))).has
    known = await found(carol())
    assert "super:user" not in known.has | known.lacks


async def test_a_dead_token_is_known_by_a_second_read() -> None:
    error = await fails(Table().replay("user_revoked").tell(STARRED, 401, DEAD))
    assert type(error) is NotLinked
    assert error.say.startswith("Quay does not accept your linked token any more")


@pytest.mark.parametrize(("status", "body"), [(403, NO), (200, {"repositories": []})])
async def test_a_good_token_without_user_read_is_not_taken_for_dead(status: int, body: Any) -> None:
    known = await found(Table().replay("user_revoked").tell(STARRED, status, body))
    assert "user:read" in known.lacks
    assert ("user:admin" in known.has) is (status == 200)


async def test_while_quay_is_away_nobody_is_called_dead() -> None:
    slow = httpx.ReadTimeout("slow")
    assert type(await fails(Table().breaks(USER, slow).breaks(STARRED, slow))) is TryLater
    assert type(await fails(Table().replay("user_revoked").breaks(STARRED, slow))) is TryLater
    assert type(await fails(Table().breaks(USER, slow).tell(STARRED, 401, DEAD))) is TryLater
    assert type(await fails(Table().tell(USER, 403, "<html>").tell(STARRED, 401, DEAD))) is GiveUp
    assert type(await fails(Table().tell(USER, 403, NO).tell(STARRED, 401, DEAD))) is GiveUp


async def test_one_look_that_fails_spoils_nothing_else() -> None:
    table = bob(rights(write=True, admin=True)).breaks("GET /api/v1/organization/acme", httpx.ReadError("reset"))
    table.breaks(STARRED, httpx.ReadError("reset"))
    known = await found(table)
    assert known == Scopes(REPO | {"user:read"}, frozenset())


async def test_every_look_is_tried_once_only() -> None:
    table = bob(rights(write=True, admin=True)).tell("GET /api/v1/organization/acme", 502, "<html>")
    await found(table)
    assert len(table.asked) == len(set(table.asked)) + 1  # the list of each namespace has the same path


async def test_many_organizations_do_not_make_many_reads() -> None:
    user = {"username": "bob", "organizations": [{"name": f"o{number}"} for number in range(50)]}
    table = Table({LISTED: listing()}).tell(USER, 200, user).replay("starred")
    await found(table)
    assert len(table.asked) <= 9
