"""Robots and mirrors against the fake Quay, over real HTTP: whose they are, who may what, what is never asked."""

# ruff: noqa: E501 - what people read stands on one line

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
from inline_snapshot import snapshot

from bot.adapters.quay import QuayRegistry
from bot.domain.errors import BotError, NeedsScope, NotLinked, TryLater, UserError
from bot.domain.robots import Mirrors, RobotRole
from bot.fakes.quay import FakeQuay
from bot.ports import Robots
from tests.adapters.quay_table import Table, registry_of
from tests.fakes.quay_scene import HandClock

ALL = "repo:admin user:read user:admin org:admin"
USER = ("GET /api/v1/user/", {"username": "alice", "organizations": [{"name": "acme", "public": False}]})


@asynccontextmanager
async def place() -> AsyncIterator[tuple[FakeQuay, QuayRegistry]]:
    """acme with web and its robot acme+ci; alice owns it, bob is in its team devs, carol is nobody there."""
    quay = FakeQuay(clock=HandClock())
    quay.add_organization("acme", admins=["alice"])
    quay.add_user("bob")
    quay.add_user("carol")
    quay.add_repository("acme/web")
    quay.add_repository("acme/mirrored")
    quay.add_repository("acme/empty-mirror", state="MIRROR")
    quay.add_robot("acme+ci", "builds and pushes")
    quay.add_robot("acme+mirror")
    quay.add_robot("alice+mine", "my own")
    quay.add_team("acme", "devs", members=["bob", "acme+ci"])
    quay.repositories["acme/web"].roles["acme+ci"] = "write"
    quay.add_mirror("acme/mirrored", "acme+mirror")
    await quay.start()
    registry = QuayRegistry(quay.url)
    try:
        yield quay, registry
    finally:
        await registry.aclose()
        await quay.stop()


def robots(quay: FakeQuay, registry: QuayRegistry, who: str = "alice", scopes: str = ALL) -> Robots:
    return registry.as_token(quay.token(who, scopes)).robots


async def fails(made: object) -> BotError:
    with pytest.raises(BotError) as caught:
        await made  # type: ignore[misc]  # whatever wish it is
    return caught.value


async def test_an_admin_sees_robots_with_their_teams_and_repositories() -> None:
    async with place() as (quay, registry):
        found = await robots(quay, registry).page("acme")
        assert [(one.name, one.description, one.teams, one.repositories) for one in found] == snapshot(
            [
                ("acme+ci", "builds and pushes", ("devs",), ("web",)),
                ("acme+mirror", "", (), ("mirrored",)),
            ]
        )
        assert found[0].created is not None
        assert found[0].last_used is None
        assert [one.name for one in await robots(quay, registry).page("alice")] == ["alice+mine"]
        assert (await robots(quay, registry).get("alice+mine")).description == "my own"


async def test_a_member_sees_robots_but_not_where_they_work() -> None:
    async with place() as (quay, registry):
        found = await robots(quay, registry, "bob").page("acme")
        assert [(one.name, one.teams, one.repositories) for one in found] == [
            ("acme+ci", None, None),
            ("acme+mirror", None, None),
        ]


@pytest.mark.parametrize("namespace", ["acme", "alice"])
async def test_tokens_are_never_asked_for(namespace: str) -> None:
    base = f"/api/v1/{'user' if namespace == 'alice' else 'organization/acme'}/robots"
    table = Table().tell(USER[0], 200, USER[1]).tell(f"GET {base}", 200, {"robots": [{"name": f"{namespace}+ci"}]})
    async with registry_of(table) as registry:
        mine = registry.as_token("t" * 40).robots
        await mine.page(namespace)
        await mine.get(f"{namespace}+ci")
    assert table.queries(base) == [{"token": "false", "permissions": "true"}] * 2
    assert f"GET {base}/ci" not in table.asked


async def test_a_token_that_an_old_quay_shows_all_the_same_goes_nowhere() -> None:
    row = {"name": "acme+ci", "token": "S3CRET", "teams": [{"name": "devs"}], "repositories": ["web", 7, None]}
    table = Table().tell(USER[0], 200, USER[1])
    table.tell("GET /api/v1/organization/acme/robots", 200, {"robots": [row, "odd", {"name": 5}]})
    async with registry_of(table) as registry:
        found = await registry.as_token("t" * 40).robots.page("acme")
    assert "S3CRET" not in repr(found)
    assert [(one.name, one.teams, one.repositories) for one in found] == [("acme+ci", ("devs",), ("web",))]


async def test_roles_take_both_scopes_and_without_them_nobody_tells() -> None:
    async with place() as (quay, registry):
        assert await robots(quay, registry).roles("acme+ci") == (RobotRole("acme/web", "write"),)
        assert await robots(quay, registry).roles("alice+mine") == ()
        assert await robots(quay, registry, scopes="user:read org:admin").roles("acme+ci") is None
        assert await robots(quay, registry, scopes="user:read user:admin").roles("acme+ci") is None
        assert await robots(quay, registry, "bob").roles("acme+ci") is None


async def test_mirrors_are_named_with_their_robots() -> None:
    async with place() as (quay, registry):
        assert await robots(quay, registry).mirrors("acme") == Mirrors((("acme/mirrored", "acme+mirror"),), (), True)
        poor = await robots(quay, registry, scopes="user:read repo:read").mirrors("acme")
        assert poor == Mirrors((), ("acme/empty-mirror", "acme/mirrored"), True)


async def test_of_too_many_mirrors_those_that_nobody_looked_at_are_named() -> None:
    rows = [{"namespace": "acme", "name": f"m{number:03}", "state": "MIRROR"} for number in range(70)]
    table = Table().tell("GET /api/v1/repository", 200, {"repositories": rows})
    for row in rows:
        table.tell(f"GET /api/v1/repository/acme/{row['name']}/mirror", 200, {"robot_username": "acme+m"})
    async with registry_of(table) as registry:
        found = await registry.as_token("t" * 40).robots.mirrors("acme")
    assert (len(found.robots), len(found.unseen), found.whole) == (60, 10, True)


async def test_a_list_of_repositories_without_end_is_left_and_said_to_be_so() -> None:
    table = Table()
    pages = iter(range(1000))
    answer = {"repositories": [{"namespace": "acme", "name": "web", "state": "NORMAL"}]}
    table.answers["GET /api/v1/repository"] = lambda _: httpx.Response(
        200, json={**answer, "next_page": f"p{next(pages)}"}
    )
    async with registry_of(table) as registry:
        found = await registry.as_token("t" * 40).robots.mirrors("acme")
    assert found == Mirrors((), (), False)
    assert len(table.asked) == 10


async def test_a_new_robot_comes_with_its_token_and_a_new_token_replaces_it() -> None:
    async with place() as (quay, registry):
        mine = robots(quay, registry)
        for name in ("acme+deploy-prod", "alice+laptop"):
            made = await mine.create(name, "by hand")
            assert made.token == quay.robots[name].token
            assert made.token not in repr(made)
            again = await mine.regenerate(name)
            assert again.token == quay.robots[name].token != made.token
            await mine.delete(name)
            assert name not in quay.robots


async def test_each_refusal_has_its_own_sentence() -> None:
    async with place() as (quay, registry):
        mine = robots(quay, registry)
        said = [
            await fails(mine.get("acme+nobody")),
            await fails(mine.regenerate("acme+nobody")),
            await fails(mine.delete("alice+nobody")),
            await fails(mine.create("acme+ci")),
            await fails(mine.create("acme+Bad-Name")),
            await fails(mine.create("acme+x")),
            await fails(mine.create("acme+fine", "x" * 256)),
            await fails(mine.delete("acme+mirror")),
            await fails(mine.regenerate("acme")),
        ]
    assert {type(error) for error in said} == {UserError}
    assert [error.say for error in said] == snapshot(
        [
            "There is no robot account acme+nobody. `/quay robot list acme` shows those that there are.",
            "There is no robot account acme+nobody. `/quay robot list acme` shows those that there are.",
            "There is no robot account alice+nobody. `/quay robot list alice` shows those that there are.",
            "There is a robot account acme+ci already. Choose another name, or make a new token for it: `/quay robot regenerate acme+ci`.",
            "“Bad-Name” cannot be the name of a robot account. Such names have 2 to 255 lower-case letters and digits, with single dots, dashes or underscores between them, like ci or deploy-prod.",
            "“x” cannot be the name of a robot account. Such names have 2 to 255 lower-case letters and digits, with single dots, dashes or underscores between them, like ci or deploy-prod.",
            "A description has at most 255 characters; this one has 256. Please shorten it.",
            "Quay does not delete acme+mirror while a mirror works with it. Give that mirror another robot account in Quay first.",
            "“acme” is not the full name of a robot account: write it as namespace+name, like acme+ci.",
        ]
    )


async def test_a_bad_name_is_refused_before_quay_is_asked() -> None:
    table = Table()
    async with registry_of(table) as registry:
        await fails(registry.as_token("t" * 40).robots.create("acme+Bad"))
    assert table.asked == []


async def test_who_may_not_is_told_whether_it_is_the_role_or_the_scope() -> None:
    async with place() as (quay, registry):
        said = {
            "a member": await fails(robots(quay, registry, "bob").regenerate("acme+ci")),
            "a stranger": await fails(robots(quay, registry, "carol").regenerate("acme+ci")),
            "no such organization": await fails(robots(quay, registry).page("nothing")),
            "an admin without org:admin": await fails(robots(quay, registry, scopes="user:read").delete("acme+ci")),
            "an owner without user:admin": await fails(robots(quay, registry, scopes="user:read").page("alice")),
        }
    assert {who: (type(error).__name__, error.say) for who, error in said.items()} == snapshot(
        {
            "a member": (
                "Forbidden",
                "Only admins of the organization acme can make new tokens for robot accounts, and you are none of them. Please ask one.",
            ),
            "a stranger": (
                "Forbidden",
                "You are not a member of the organization acme, or there is none of that name. Only its admins can make new tokens for robot accounts: please check the name, or ask one of them.",
            ),
            "no such organization": (
                "Forbidden",
                "You are not a member of the organization nothing, or there is none of that name. Only its admins can see the robot accounts: please check the name, or ask one of them.",
            ),
            "an admin without org:admin": (
                "NeedsScope",
                "Your token was made without the scope `org:admin`, and it takes that to delete robot accounts. Please link your account again, with that scope.",
            ),
            "an owner without user:admin": (
                "NeedsScope",
                "Your token was made without the scope `user:admin`, and it takes that to see the robot accounts. Please link your account again, with that scope.",
            ),
        }
    )
    scopes = [error.scopes for error in said.values() if isinstance(error, NeedsScope)]
    assert scopes == [{"org:admin"}, {"user:admin"}]


async def test_a_dead_token_is_said_to_be_one() -> None:
    async with place() as (_, registry):
        assert isinstance(await fails(registry.as_token("d" * 40).robots.regenerate("acme+ci")), NotLinked)


@pytest.mark.parametrize("broken", [httpx.ReadTimeout("late"), httpx.RemoteProtocolError("cut")])
async def test_a_new_token_is_asked_for_once_and_a_doubt_says_what_to_do(broken: Exception) -> None:
    what = "POST /api/v1/organization/acme/robots/ci/regenerate"
    table = Table().tell(USER[0], 200, USER[1]).breaks(what, broken)
    async with registry_of(table) as registry:
        error = await fails(registry.as_token("t" * 40).robots.regenerate("acme+ci"))
    assert isinstance(error, TryLater)
    assert error.doubtful
    assert table.asked.count(what) == 1
    assert error.say == snapshot(
        "Quay at quay.example did not answer in time after it was asked to make new tokens for robot accounts, so nobody knows whether it did. Please look at the robot account in Quay before you ask again. If its old token is refused now, a new one was made that nobody has seen: regenerate it again."
    )


async def test_an_answer_without_a_token_is_not_taken_for_one() -> None:
    what = "POST /api/v1/organization/acme/robots/ci/regenerate"
    table = Table().tell(USER[0], 200, USER[1]).tell(what, 200, {"name": "acme+ci", "token": ""})
    async with registry_of(table) as registry:
        error = await fails(registry.as_token("t" * 40).robots.regenerate("acme+ci"))
    assert "does not understand" in error.say
