"""Repositories over the API: exact calls, what comes out of recorded answers, and a sentence for each refusal."""

# ruff: noqa: E501 - golden sentences stand on one line

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from bot.adapters.quay.repositories import to_found, to_row, to_whole
from bot.adapters.quay.shapes_repositories import FoundShape, RowShape, WholeShape
from bot.domain.errors import BotError, Lacking, NeedsScope, TryLater, UserError
from bot.domain.repositories import LogPage, Mirroring, Repository
from bot.ports import Quay
from tests.adapters.quay_table import NOW, RECORDED, TOKEN, Table, registry_of

R = "/api/v1/repository/acme/web"
WHOLE = {
    "namespace": "acme",
    "name": "web",
    "kind": "image",
    "description": "the *web* app",
    "is_public": False,
    "status_token": "3bbe6fdd-6dc0-4a04-9e4a-8b963890ab3a",
    "tag_expiration_s": 1209600,
    "state": "NORMAL",
    "tags": {
        "v1": {
            "name": "v1",
            "size": 1,
            "last_modified": "Mon, 23 Nov 2026 11:13:57 -0000",
            "manifest_digest": "sha256:a",
        },
        "v2": {
            "name": "v2",
            "size": 1,
            "last_modified": "Mon, 23 Nov 2026 11:23:26 -0000",
            "manifest_digest": "sha256:b",
        },
    },
    "can_write": True,
    "can_admin": True,
}
ROW = {
    "namespace": "acme",
    "name": "team/api",
    "description": "nested name",
    "is_public": True,
    "kind": "image",
    "state": "READ_ONLY",
    "last_modified": 1795432984,
    "quota_report": {"quota_bytes": 5_000_000_000, "configured_quota": None},
}
FOUND = {
    "kind": "repository",
    "namespace": {"title": "org", "kind": "organization", "name": "acme"},
    "name": "web",
    "description": "new *markdown* description",
    "is_public": False,
    "score": 4,
    "last_modified": 1795432984,
}
UNAUTHORIZED = RECORDED["usage_refused"]["answer"]


async def asks(table: Table, wish: Any) -> Any:
    async with registry_of(table) as registry:
        return await wish(registry.as_token(TOKEN))


async def refused(table: Table, wish: Any) -> BotError:
    with pytest.raises(BotError) as caught:
        await asks(table, wish)
    return caught.value


def sent(table: Table) -> list[tuple[str, str, Any]]:
    return [
        (
            one.method,
            str(one.url).removeprefix("https://quay.example"),
            json.loads(one.content) if one.content else None,
        )
        for one in table.requests
    ]


async def test_one_repository_is_read_with_its_tags_and_without_its_statistics() -> None:
    table = Table().tell(f"GET {R}", 200, WHOLE)
    assert await asks(table, lambda quay: quay.repositories.get("acme/web")) == snapshot(
        Repository(
            name="acme/web",
            description="the *web* app",
            can_write=True,
            can_admin=True,
            keeps_for=1209600,
            tags=2,
            newest_tag="v2",
            last_changed=datetime(2026, 11, 23, hour=11, minute=23, second=26, tzinfo=UTC),
        )
    )
    assert sent(table) == [("GET", f"{R}?includeTags=true&includeStats=false", None)]


async def test_a_namespace_is_read_page_by_page() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        page = request.url.params.get("next_page")
        return httpx.Response(200, json={"repositories": [ROW]} | ({} if page else {"next_page": "token of page 2"}))

    table = Table({"GET /api/v1/repository": answer})
    first = await asks(table, lambda quay: quay.repositories.page("acme"))
    assert (first.rows, first.next) == snapshot(
        (
            (
                Repository(
                    name="acme/team/api",
                    description="nested name",
                    public=True,
                    state="READ_ONLY",
                    last_changed=datetime(2026, 11, 23, hour=11, minute=23, second=4, tzinfo=UTC),
                    bytes_used=5000000000,
                ),
            ),
            "token of page 2",
        )
    )
    assert (await asks(table, lambda quay: quay.repositories.page("acme", next_page=first.next))).next == ""
    assert table.queries("/api/v1/repository") == [
        {"namespace": "acme", "last_modified": "true"},
        {"namespace": "acme", "last_modified": "true", "next_page": "token of page 2"},
    ]


async def test_a_page_that_leads_to_itself_is_the_last_one() -> None:
    table = Table().tell("GET /api/v1/repository", 200, {"repositories": [], "next_page": "again"})
    assert (await asks(table, lambda quay: quay.repositories.page("acme", next_page="again"))).next == ""


async def test_a_search_has_ten_pages() -> None:
    table = Table().tell("GET /api/v1/find/repositories", 200, {"results": [FOUND, {"name": "odd"}, 3]})
    assert await asks(table, lambda quay: quay.repositories.search("web", page=2)) == snapshot(
        (
            Repository(
                name="acme/web",
                description="new *markdown* description",
                state="",
                last_changed=datetime(2026, 11, 23, hour=11, minute=23, second=4, tzinfo=UTC),
            ),
        )
    )
    assert await asks(table, lambda quay: quay.repositories.search("web", page=11)) == ()
    assert table.queries("/api/v1/find/repositories") == [{"query": "web", "page": "2", "includeUsage": "true"}]


async def test_namespaces_are_ones_own_and_the_organizations_that_one_belongs_to() -> None:
    organizations = [{"name": "acme"}, {"name": "elsewhere", "public": True}, {"name": ""}]
    table = Table().tell("GET /api/v1/user/", 200, {"username": "alice", "organizations": organizations})
    assert await asks(table, lambda quay: quay.repositories.namespaces()) == ("alice", "acme")


@pytest.mark.parametrize(
    ("wish", "call"),
    [
        (
            lambda q: q.repositories.set_visibility("acme/web", public=True),
            ("POST", f"{R}/changevisibility", {"visibility": "public"}),
        ),
        (
            lambda q: q.repositories.set_visibility("acme/web", public=False),
            ("POST", f"{R}/changevisibility", {"visibility": "private"}),
        ),
        (lambda q: q.repositories.describe("acme/web", "x"), ("PUT", R, {"description": "x"})),
        (
            lambda q: q.repositories.switch_trigger("acme/web", "73fe", enabled=False),
            ("PUT", f"{R}/trigger/73fe", {"enabled": False}),
        ),
    ],
    ids=["public", "private", "describe", "trigger"],
)
async def test_changes_are_sent_once_and_exactly(wish: Any, call: tuple[str, str, Any]) -> None:
    table = Table().tell(f"{call[0]} {call[1]}", 200, {"success": True})
    await asks(table, wish)
    assert sent(table) == [call]
    broken = Table().breaks(f"{call[0]} {call[1]}", httpx.ReadTimeout("late"))
    error = await refused(broken, wish)
    assert isinstance(error, TryLater)
    assert error.doubtful
    assert "before you ask again" in error.say
    assert len(broken.requests) == 1


async def test_each_refusal_is_a_sentence_of_its_own() -> None:
    def publish(quay: Quay) -> Any:
        return quay.repositories.set_visibility("acme/web", public=False)

    looks = {
        f"GET {R}": (200, {"can_write": True, "can_admin": False}),
        "GET /api/v1/user/": (200, {"username": "bob"}),
    }
    said = {}
    readonly = {"errors": [{"code": "DENIED", "is_readonly": True}]}
    plan = {"detail": "…", "error_type": "exceeds_license", "status": 402}
    frozen = {"message": "Repository is in read only or mirror mode: 2"}
    for status, body in ((403, UNAUTHORIZED), (405, readonly), (402, plan), (503, frozen), (400, {"message": "a\nb"})):
        table = Table({f"POST {R}/changevisibility": (status, body), **looks})
        error = await refused(table, publish)
        said[status] = (type(error).__name__, error.say)
    assert said == snapshot(
        {
            403: (
                "Lacking",
                "You (bob) can write to acme/web but need admin there to change its visibility. Either your account lacks that role: ask an admin of the repository. Or your linked token lacks the scope `repo:admin`: make one that has it and run `/quay link` again.",
            ),
            405: (
                "UserError",
                "The whole registry is read-only at the moment. Please try again when its maintenance is over.",
            ),
            402: (
                "UserError",
                "The plan of this namespace does not allow that: it has no room for one more private repository. Please ask an admin of the namespace.",
            ),
            503: (
                "UserError",
                "acme/web is a mirror, so nothing can be built or changed there. An admin can change that in Quay.",
            ),
            400: (
                "UserError",
                "Quay did not accept the values of this request. Please check tags, paths and addresses and try again.",
            ),
        }
    )


@pytest.mark.parametrize(
    ("body", "mirroring"),
    [
        (
            {"sync_status": "FAIL", "is_enabled": True, "sync_start_date": "2026-11-24T09:00:00Z"},
            Mirroring("FAIL", enabled=True, next_at=datetime(2026, 11, 24, 9, tzinfo=UTC)),
        ),
        ({"sync_status": "NEVER_RUN", "sync_start_date": "soon"}, Mirroring("NEVER_RUN", enabled=False)),
        ({"external_registry_username": "secret"}, Mirroring("", enabled=False)),
    ],
)
async def test_how_a_mirror_is_is_read_without_what_it_signs_in_with(body: Any, mirroring: Mirroring) -> None:
    table = Table().tell(f"GET {R}/mirror", 200, body)
    assert await asks(table, lambda quay: quay.repositories.mirror("acme/web")) == mirroring


async def test_what_is_no_mirror_is_none_only_if_the_repository_is_there() -> None:
    user = {"GET /api/v1/user/": (200, {"username": "alice"})}
    there = Table({**user, f"GET {R}": (200, {"can_write": True, "can_admin": True})})
    assert await asks(there, lambda quay: quay.repositories.mirror("acme/web")) is None
    gone = await refused(Table(user), lambda quay: quay.repositories.mirror("acme/web"))
    assert gone.say.startswith("acme/web does not exist, or you (alice) may not see it.")
    writer = Table({**user, f"GET {R}": (200, {"can_write": True}), f"GET {R}/mirror": (403, UNAUTHORIZED)})
    assert isinstance(await refused(writer, lambda quay: quay.repositories.mirror("acme/web")), Lacking)


async def test_what_is_hidden_and_what_is_missing_read_alike() -> None:
    def get(quay: Quay) -> Any:
        return quay.repositories.get("acme/web")

    user = (200, {"username": "bob"})
    hidden = await refused(Table({f"GET {R}": (403, UNAUTHORIZED), "GET /api/v1/user/": user}), get)
    missing = await refused(Table({"GET /api/v1/user/": user}), get)
    assert isinstance(hidden, Lacking)
    assert [hidden.say, missing.say] == snapshot(
        [
            "acme/web does not exist, or you (bob) may not see it. Please check the name and that your linked token has the scope `repo:read`, or ask the owner for access.",
            "acme/web does not exist, or you (bob) may not see it. Please check the name and that your linked token has the scope `repo:read`, or ask the owner for access.",
        ]
    )


@given(
    st.dictionaries(
        st.sampled_from([*WHOLE, *ROW, *FOUND]),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
            lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=9), inner, max_size=2),
            max_leaves=5,
        ),
    )
)
def test_any_answer_is_read_or_left_out(body: dict[str, Any]) -> None:
    whole = to_whole(WholeShape.model_validate(body), "acme/web")
    assert whole.name
    for found in (whole, to_row(RowShape.model_validate(body)), to_found(FoundShape.model_validate(body))):
        assert isinstance(found, Repository)
        assert found.last_changed is None or found.last_changed.tzinfo is UTC


def entries(*kinds: tuple[str, str]) -> list[dict[str, Any]]:
    return [
        {"kind": kind, "datetime": format_datetime(NOW - timedelta(minutes=age)), "performer": {"name": name}}
        for age, (kind, name) in enumerate(kinds)
    ]


async def part(table: Table, target: str, **more: Any) -> LogPage:
    found: LogPage = await asks(table, lambda quay: quay.log_page(target, NOW - timedelta(days=1), NOW, **more))
    return found


async def test_the_log_of_a_namespace_is_an_organizations_or_ones_own() -> None:
    user = (200, {"username": "alice"})
    log = (200, {"logs": entries(("create_robot", "alice"))})
    table = Table({"GET /api/v1/user/": user, "GET /api/v1/organization/acme/logs": log, "GET /api/v1/user/logs": log})
    for target in ("acme", "alice"):
        assert [one.kind for one in (await part(table, target)).entries] == ["create_robot"]
        assert await asks(table, lambda quay, t=target: quay.log(t, NOW - timedelta(days=1), NOW))
    assert table.asked[1::2] == ["GET /api/v1/organization/acme/logs"] * 2 + ["GET /api/v1/user/logs"] * 2
    assert table.queries("/api/v1/user/logs")[0] == {"starttime": "11/22/2026", "endtime": "11/23/2026"}


async def test_whoever_may_not_read_a_namespaces_log_is_told_what_it_takes() -> None:
    user = (200, {"username": "alice"})
    said = []
    for target, path in (("acme", "organization/acme/logs"), ("alice", "user/logs")):
        error = await refused(
            Table({"GET /api/v1/user/": user, f"GET /api/v1/{path}": (403, UNAUTHORIZED)}),
            lambda quay, t=target: quay.log(t, NOW, NOW),
        )
        assert isinstance(error, NeedsScope)
        said.append((error.say, sorted(error.scopes)))
    missing = await refused(Table({"GET /api/v1/user/": user}), lambda quay: quay.log("nosuch", NOW, NOW))
    assert type(missing) is UserError
    assert [*said, missing.say] == snapshot(
        [
            (
                "Quay did not let you read the usage log. That is for admins of the organization acme, and it takes a token with the scope `org:admin`.",
                ["org:admin"],
            ),
            (
                "Quay did not let you read your usage log. That takes a token with the scope `user:admin`.",
                ["user:admin"],
            ),
            "There is no organization nosuch in Quay, or you may not see it. Please check the name.",
        ]
    )


async def test_a_part_of_the_log_is_whole_pages_and_the_way_to_older_ones() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        page = int(request.url.params.get("next_page", "0"))
        mine = [("push_repo", "alice" if number % 4 == 0 else "bob") for number in range(20)]
        return httpx.Response(200, json={"logs": entries(*mine), "next_page": str(page + 1)})

    table = Table({f"GET {R}/logs": answer})
    everything = await part(table, "acme/web")
    assert (len(everything.entries), everything.next, len(table.requests)) == (20, "1", 1)
    some = await part(table, "acme/web", by="Alice", kind="push_repo", next_page="1")
    assert (len(some.entries), some.next, {one.performer for one in some.entries}) == (20, "5", {"alice"})
    none = await part(table, "acme/web", kind="delete_tag")
    assert (none.entries, none.next) == ((), "15")


async def test_a_build_is_by_whoever_asked_for_it() -> None:
    log = {"kind": "build_dockerfile", "datetime": format_datetime(NOW), "metadata": {"manual_user": "bob"}}
    table = Table().tell(f"GET {R}/logs", 200, {"logs": [log]})
    assert len((await part(table, "acme/web", by="bob")).entries) == 1
    assert len((await part(table, "acme/web", by="alice")).entries) == 0
