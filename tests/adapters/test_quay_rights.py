"""What a token may do, what a tag is now, and whose team one is in."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.quay.reading import to_digest
from bot.adapters.quay.shapes_people import TagsShape
from bot.domain.errors import BotError, GiveUp, Lacking, NotLinked, TryLater, UserError
from bot.ports import Sighting
from tests.adapters.quay_table import NOW, RECORDED, TOKEN, Table, registry_of

REPO = "GET /api/v1/repository/acme/web"
TAGS = f"{REPO}/tag/"
USER = "GET /api/v1/user/"
MEMBERS = "GET /api/v1/organization/acme/team/devs/members"
ORG = "GET /api/v1/organization/acme"
NO = RECORDED["tags_refused"]["answer"]
DEAD = RECORDED["user_revoked"]["answer"]


async def sighted(table: Table) -> Sighting:
    async with registry_of(table) as registry:
        return await registry.as_token(TOKEN).sighting("acme/web")


async def digest(table: Table, tag: str = "latest") -> str:
    async with registry_of(table) as registry:
        return await registry.as_token(TOKEN).tag_digest("acme/web", tag)


async def member(table: Table) -> bool | None:
    async with registry_of(table) as registry:
        return await registry.as_token(TOKEN).in_team("acme", "devs")


async def fails(call: Any) -> BotError:
    with pytest.raises(BotError) as caught:
        await call
    assert TOKEN not in f"{caught.value!r}{caught.value}{caught.value.say}"
    return caught.value


async def test_a_look_at_a_repository_tells_what_the_token_may_do_there() -> None:
    table = Table().replay("repo")
    assert await sighted(table) == Sighting(can_write=True, can_admin=True)
    assert table.queries("/api/v1/repository/acme/web") == [{"includeTags": "false"}]
    for odd in ({}, {"can_write": "true", "can_admin": 1}):
        assert await sighted(Table().tell(REPO, 200, odd)) == Sighting(can_write=False, can_admin=False)


async def test_a_repository_that_one_does_not_see_is_said_to_be_unseen() -> None:
    error = await fails(sighted(Table().tell(REPO, 403, NO).replay("user")))
    assert isinstance(error, Lacking)
    assert (error.needs, error.does) == ("read", "look around")
    assert (
        error.role
        == "acme/web does not exist, or you (alice) may not see it. Please check the name, or ask the owner for access."
    )
    assert error.say.startswith("acme/web does not exist, or you (alice) may not see it.")


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [(401, DEAD, NotLinked), (500, "<html>", GiveUp), (200, "<html>", GiveUp), (502, "<html>", TryLater)],
)
async def test_a_look_that_fails_says_why(status: int, body: Any, kind: type[BotError]) -> None:
    assert type(await fails(sighted(Table().tell(REPO, status, body)))) is kind


async def test_a_living_tags_digest_is_read_as_recorded() -> None:
    table = Table().replay("tag")
    assert await digest(table) == "sha256:a813c6d477a93d9688813911ba22a327f0f454c57c8164f12a285e29140f5dac"
    assert table.queries("/api/v1/repository/acme/web/tag/") == [
        {"specificTag": "latest", "onlyActiveTags": "true", "limit": "10"}
    ]


async def test_a_tag_that_is_not_there_has_no_digest() -> None:
    assert await digest(Table().replay("tag_missing"), "nonexist") == ""
    assert await digest(Table().replay("tag_deleted"), "v2") == ""
    assert await digest(Table().replay("tag"), "LATEST") == ""


async def test_a_tag_that_will_expire_still_lives() -> None:
    assert (await digest(Table().replay("tag_expiring"), "newtag")).startswith("sha256:a813")


async def test_of_a_tags_history_only_the_living_row_counts() -> None:
    rows = list(reversed(RECORDED["tag_history"]["answer"]["tags"]))
    assert (await digest(Table().tell(TAGS, 200, {"tags": rows}))).startswith("sha256:a813")


@pytest.mark.parametrize("body", ["<html>", {}, [], {"tags": [{"name": "latest"}]}, {"tags": None, "page": 1}])
async def test_an_answer_without_a_digest_is_never_taken_for_no_tag(body: Any) -> None:
    asked = digest(Table().tell(TAGS, 200, body))
    if body == {"tags": None, "page": 1}:
        assert await asked == ""
        return
    assert type(await fails(asked)) is GiveUp


async def test_a_tag_of_any_name_is_asked_for_by_that_name() -> None:
    table = Table().tell(TAGS, 200, {"tags": []})
    for name in ("a b", "a&b=c", "ü", "../x", "\ud800"):
        assert await digest(table, name) == ""
    asked = [query["specificTag"] for query in table.queries("/api/v1/repository/acme/web/tag/")]
    assert asked == ["a b", "a&b=c", "ü", "../x", "?"]


async def test_tags_of_an_unseen_repository_are_a_refusal() -> None:
    error = await fails(digest(Table().tell(TAGS, 403, NO).tell(REPO, 403, NO)))
    assert type(error) is Lacking
    assert "you may not see it" in error.say


moments = st.none() | st.integers(-(10**6), 10**6)


@given(st.lists(st.tuples(st.sampled_from(["latest", "v1"]), moments, st.sampled_from(["d1", "d2"])), max_size=6))
def test_the_digest_is_that_of_the_first_row_that_lives(rows: list[tuple[str, int | None, str]]) -> None:
    now = NOW.timestamp()
    raw = [
        {"name": name, "manifest_digest": d} | ({} if end is None else {"end_ts": now + end}) for name, end, d in rows
    ]
    living = [d for name, end, d in rows if name == "latest" and (end is None or end > 0)]
    assert to_digest(TagsShape.model_validate({"tags": raw}), "latest", NOW, "q") == (living[0] if living else "")


def test_a_tag_ends_at_its_second() -> None:
    raw = TagsShape.model_validate({"tags": [{"name": "v1", "manifest_digest": "d", "end_ts": int(NOW.timestamp())}]})
    assert to_digest(raw, "v1", NOW, "q") == ""
    assert to_digest(raw, "v1", NOW - timedelta(seconds=1), "q") == "d"


def as_member(name: str, *organizations: str) -> Table:
    user = {"username": name, "organizations": [{"name": one} for one in organizations]}
    return Table().tell(USER, 200, user)


async def test_a_member_and_an_admin_read_the_team_itself() -> None:
    assert await member(as_member("bob", "acme").replay("team_as_member")) is True
    assert await member(as_member("alice", "acme").replay("team")) is False


async def test_a_robot_of_that_name_or_an_open_invitation_is_no_member() -> None:
    rows = [{"name": "bob", "is_robot": True}, {"name": "bob", "invited": True}, {"name": "bo"}]
    assert await member(as_member("bob", "acme").tell(MEMBERS, 200, {"members": rows})) is False


async def test_whoever_is_in_no_team_of_the_organization_is_in_none_of_its_teams() -> None:
    table = as_member("carol", "beta").tell(MEMBERS, 403, NO)
    assert await member(table) is False
    assert await member(as_member("carol").breaks(MEMBERS, httpx.ReadTimeout("slow"))) is False


async def test_a_team_that_is_not_there_has_no_members() -> None:
    assert await member(as_member("alice", "acme").tell(MEMBERS, 404, RECORDED["org_missing"]["answer"])) is False


@pytest.mark.parametrize(
    ("recorded", "team", "expected"),
    [
        ("org_member", "devs", True),
        ("org_member", "owners", False),
        ("org_member", "nosuch", False),
        ("org_outsider", "devs", None),
        ("org_admin", "owners", None),
    ],
)
async def test_what_the_organization_shows_is_the_second_source(
    recorded: str, team: str, expected: bool | None
) -> None:
    members = f"GET /api/v1/organization/acme/team/{team}/members"
    table = as_member("bob", "acme").tell(members, 403, NO).replay(recorded, ORG)
    async with registry_of(table) as registry:
        assert await registry.as_token(TOKEN).in_team("acme", team) is expected


async def test_a_token_that_may_not_say_whose_it_is_can_still_be_a_members() -> None:
    table = Table().tell(USER, 401, DEAD).replay("team_as_member").replay("org_member", ORG)
    assert await member(table) is True
    assert await member(Table().tell(USER, 401, DEAD).replay("team").replay("org_outsider", ORG)) is None


async def test_a_dead_token_is_in_no_doubt() -> None:
    assert type(await fails(member(Table().tell(USER, 401, DEAD).tell(MEMBERS, 401, DEAD)))) is NotLinked


async def test_what_quay_could_not_say_is_not_taken_for_no() -> None:
    slow = httpx.ReadTimeout("slow")
    table = as_member("bob", "acme").breaks(MEMBERS, slow).replay("org_outsider", ORG)
    assert type(await fails(member(table))) is TryLater
    table = as_member("bob", "acme").tell(MEMBERS, 403, NO).breaks(ORG, slow)
    assert type(await fails(member(table))) is TryLater
    table = as_member("bob", "acme").tell(MEMBERS, 403, "<html>a wall").tell(ORG, 200, "<html>")
    assert type(await fails(member(table))) is GiveUp


async def test_a_view_without_organizations_proves_nothing() -> None:
    table = Table().tell(USER, 200, {"username": "bob"}).tell(MEMBERS, 403, NO).replay("org_outsider", ORG)
    assert await member(table) is None


async def test_names_that_cannot_be_are_refused_before_anything_is_sent() -> None:
    table = Table()
    async with registry_of(table) as registry:
        for organization, team in (("", "devs"), ("acme", ""), ("..", "devs")):
            assert isinstance(await fails(registry.as_token(TOKEN).in_team(organization, team)), UserError)
    assert table.asked == []
