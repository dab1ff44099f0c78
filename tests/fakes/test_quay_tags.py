"""Tags of the fake: what restoring, moving, expiring and deleting leave behind, and what stands in the way."""

from datetime import timedelta
from typing import Any

import pytest

from tests.fakes.quay_scene import WEB, Scene, scene

NOBODYS = f"sha256:{'0' * 64}"


async def _restore(here: Scene, digest: str, tag: str = "latest", who: str = "alice") -> tuple[int, Any]:
    return (await here.call(who, "POST", f"{WEB}/tag/{tag}/restore", {"manifest_digest": digest}))[:2]


async def _history(here: Scene, tag: str = "latest", **more: Any) -> list[dict[str, Any]]:
    _, body, _ = await here.call("alice", "GET", f"{WEB}/tag/", specificTag=tag, **more)
    rows: list[dict[str, Any]] = body["tags"]
    return rows


async def test_a_restored_tag_has_one_more_row_and_tells_no_hook() -> None:
    async with scene() as here:
        good = here.quay.push("acme/web", "latest", by="bob")
        here.clock.pass_by(60)
        bad = here.quay.push("acme/web", "latest", by="bob")
        await here.listen("repo_push")
        for _ in range(2):  # again is once more
            here.clock.pass_by(60)
            assert await _restore(here, good) == (200, {})
        rows = await _history(here)
        assert [row["manifest_digest"] for row in rows] == [good, good, bad, good]
        assert [row["reversion"] for row in rows] == [True, True, False, False]
        assert "end_ts" not in rows[0]
        assert [row["end_ts"] for row in rows[1:]] == [row["start_ts"] for row in rows[:-1]]
        assert await here.quay.work() == 0
        assert [row.kind for row in here.quay.usage[-2:]] == ["revert_tag", "revert_tag"]
        assert here.quay.usage[-1].performer == "alice"


async def test_whether_the_digest_was_ever_under_this_tag_is_not_asked() -> None:
    async with scene() as here:
        other = here.quay.push("acme/web", "other")
        for tag in ("never-seen", "bad tag"):
            assert await _restore(here, other, tag) == (200, {})
            assert [row["manifest_digest"] for row in await _history(here, tag)] == [other]
        assert (await _restore(here, NOBODYS))[0] == 404
        pushed = here.quay.push("acme/pub", "latest")
        assert (await _restore(here, pushed))[0] == 404


async def test_what_the_garbage_collector_took_cannot_be_restored() -> None:
    async with scene() as here:
        old = here.quay.push("acme/web", "latest")
        here.quay.push("acme/web", "latest")
        here.quay.collect("acme/web", old, rows_too=False)
        assert len(await _history(here)) == 2
        assert (await _restore(here, old))[0] == 404
        assert (await here.call("alice", "GET", f"{WEB}/manifest/{old}/security"))[0] == 404
        here.quay.collect("acme/web", old)
        (row,) = await _history(here)
        with pytest.raises(ValueError, match="living"):
            here.quay.collect("acme/web", row["manifest_digest"])
        assert here.quay.push("acme/web", "latest", digest=old) == old
        assert await _restore(here, old) == (200, {})


@pytest.mark.parametrize(
    ("method", "ending", "body"),
    [
        ("POST", "/restore", {"manifest_digest": NOBODYS}),
        ("PUT", "", {"manifest_digest": NOBODYS}),
        ("DELETE", "", None),
    ],
)
@pytest.mark.parametrize("state", ["MIRROR", "READ_ONLY"])
async def test_tags_of_a_repository_that_takes_nothing_stay(
    method: str, ending: str, body: dict[str, str] | None, state: str
) -> None:
    async with scene() as here:
        here.quay.push("acme/web", "latest")
        here.quay.repositories["acme/web"].state = state
        status, answer, _ = await here.call("alice", method, f"{WEB}/tag/latest{ending}", body)
        number = {"READ_ONLY": 1, "MIRROR": 2}[state]
        assert (status, answer) == (503, {"message": f"Repository is in read only or mirror mode: {number}"})


async def test_an_immutable_tag_is_409_for_everything() -> None:
    async with scene() as here:
        digest = here.quay.push("acme/web", "latest", "v1")
        assert "immutable" not in (await _history(here))[0]
        here.quay.make_immutable("acme/web", "latest")
        for method, ending, body in (
            ("POST", "/restore", {"manifest_digest": digest}),
            ("PUT", "", {"manifest_digest": digest}),
            ("PUT", "", {"expiration": 1795691638}),
            ("DELETE", "", None),
        ):
            status, answer, _ = await here.call("alice", method, f"{WEB}/tag/latest{ending}", body)
            assert (status, answer["error_type"], answer["status"]) == (409, "tag_immutable", 409)
        assert [row["immutable"] for row in await _history(here) + await _history(here, "v1")] == [True, False]
        with pytest.raises(ValueError, match="immutable"):
            here.quay.push("acme/web", "latest")
        with pytest.raises(KeyError):
            here.quay.make_immutable("acme/web", "nope")
        assert (await here.call("alice", "PUT", f"{WEB}/tag/latest", {"immutable": False}))[0] == 201
        assert (await here.call("alice", "DELETE", f"{WEB}/tag/latest"))[0] == 204


async def test_an_immutable_wish_means_nothing_to_a_server_without_that_feature() -> None:
    async with scene() as here:
        here.quay.push("acme/web", "latest")
        logged = len(here.quay.usage)
        assert (await here.call("alice", "PUT", f"{WEB}/tag/latest", {"immutable": True}))[:2] == (201, "Updated")
        assert len(here.quay.usage) == logged
        assert (await here.call("alice", "DELETE", f"{WEB}/tag/latest"))[0] == 204


async def test_a_tag_that_expires_lives_until_then() -> None:
    async with scene() as here:
        digest = here.quay.push("acme/web", "latest")
        end = int(here.clock.now().timestamp()) + 3600
        for wish in (end, None, end):
            assert (await here.call("alice", "PUT", f"{WEB}/tag/latest", {"expiration": wish}))[0] == 201
        assert (await _history(here, onlyActiveTags="true"))[0]["end_ts"] == end
        kinds = [row.metadata for row in here.quay.usage if row.kind == "change_tag_expiration"]
        assert [(one["expiration_date"], one["old_expiration_date"]) for one in kinds] == [
            (end, None),
            (None, end),
            (end, None),
        ]
        here.clock.pass_by(3600)
        assert await _history(here, onlyActiveTags="true") == []
        assert (await here.call("alice", "GET", WEB))[1]["tags"] == {}
        assert (await here.call("alice", "GET", f"{WEB}/manifest/{digest}"))[0] == 404
        assert (await here.call("alice", "DELETE", f"{WEB}/tag/latest"))[0] == 404
        assert await _restore(here, digest) == (200, {})


@pytest.mark.parametrize("wish", [1000, 1e300, -1])
async def test_a_time_that_is_past_or_none_is_refused_without_a_word(wish: float) -> None:
    async with scene() as here:
        here.quay.push("acme/web", "latest")
        status, body, _ = await here.call("alice", "PUT", f"{WEB}/tag/latest", {"expiration": wish})
        assert (status, list(body)) == (400, ["message"])


async def test_a_tag_moves_only_to_what_a_living_tag_has() -> None:
    async with scene() as here:
        old = here.quay.push("acme/web", "latest")
        new = here.quay.push("acme/web", "latest")
        for digest in (old, NOBODYS, None):
            assert (await here.call("alice", "PUT", f"{WEB}/tag/v1", {"manifest_digest": digest}))[0] == 404
        assert (await here.call("alice", "PUT", f"{WEB}/tag/v1", {"manifest_digest": new}))[0] == 201
        assert here.quay.usage[-1].kind == "create_tag"
        assert [row["reversion"] for row in await _history(here, "v1")] == [False]


async def test_a_deleted_tag_stays_in_the_history_and_comes_back() -> None:
    async with scene() as here:
        digest = here.quay.push("acme/web", "latest")
        here.clock.pass_by(60)
        assert (await here.call("alice", "DELETE", f"{WEB}/tag/latest"))[0] == 204
        assert (await here.call("alice", "DELETE", f"{WEB}/tag/latest"))[0] == 404
        (row,) = await _history(here)
        assert row["end_ts"] == row["start_ts"] + 60
        assert await _restore(here, digest) == (200, {})
        assert [one["reversion"] for one in await _history(here)] == [True, False]


async def test_what_was_pushed_long_ago_has_its_place_in_the_history_and_tells_nobody() -> None:
    async with scene() as here:
        await here.listen("repo_push")
        here.quay.push("acme/web", "latest", ago=timedelta(days=2), by="bob")
        here.quay.push("acme/web", "latest", ago=timedelta(hours=2))
        now = int(here.clock.now().timestamp())
        assert [now - row["start_ts"] for row in await _history(here)] == [7200, 172800]
        assert await here.quay.work() == 0
        _, body, _ = await here.call("alice", "GET", f"{WEB}/logs", starttime="11/20/2026")
        kinds = ["add_repo_notification", "push_repo", "push_repo"]
        assert [row["kind"] for row in body["logs"]] == kinds
        assert body["logs"][2]["datetime"] == "Sat, 21 Nov 2026 11:16:10 -0000"


async def test_a_label_of_an_image_may_let_its_tag_expire() -> None:
    async with scene() as here:
        here.quay.push("acme/web", "short", labels={"quay.expires-after": "2h"})
        here.quay.push("acme/web", "odd", labels={"quay.expires-after": "soon"})
        (row,) = await _history(here, "short")
        assert row["end_ts"] - row["start_ts"] == 7200
        assert "end_ts" not in (await _history(here, "odd"))[0]


async def test_the_history_of_a_tag_has_dead_rows_unless_they_are_left_out() -> None:
    async with scene() as here:
        first = here.quay.push("acme/web", "latest", "v1")
        here.clock.pass_by(60)
        second = here.quay.push("acme/web", "latest")
        path = f"{WEB}/tag/"
        _, body, _ = await here.call("alice", "GET", path, specificTag="latest")
        assert [row["manifest_digest"] for row in body["tags"]] == [second, first]
        assert body["tags"][1]["end_ts"] == body["tags"][0]["start_ts"]
        _, body, _ = await here.call("alice", "GET", path, onlyActiveTags="true", limit=1)
        assert ([row["name"] for row in body["tags"]], body["has_additional"]) == (["latest"], True)
        _, body, _ = await here.call("alice", "GET", path, filter_tag_name="like:v", limit=1000, page=0)
        assert ([row["name"] for row in body["tags"]], body["page"]) == (["v1"], 1)
        _, view, _ = await here.call("alice", "GET", WEB)
        assert {name: tag["manifest_digest"] for name, tag in view["tags"].items()} == {"latest": second, "v1": first}
