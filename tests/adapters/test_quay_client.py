"""Every wish of the Quay port against recorded answers: method, exact path, body and header, and what comes out."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from inline_snapshot import snapshot

from bot.adapters.quay import QuayRegistry
from bot.domain.errors import BotError, GiveUp, NotLinked, UserError
from bot.domain.events import Phase
from bot.domain.repositories import Trigger
from bot.ports import BuildRequest, LogLine, Quay, QuayUser, Registry

RECORDED = json.loads((Path(__file__).parents[1] / "data" / "quay_client_recorded.json").read_text())
TOKEN = "t0ken-of-alice-0123456789-0123456789-012"
GIT_TRIGGER = "73fe24b7-353d-4b12-bf89-8e85ad0c120a"
SHA = "a" * 40


class Replay:
    """A Quay that gives the answers it was told and remembers what it was asked."""

    def __init__(self) -> None:
        self.answers: dict[tuple[str, str], tuple[int, Any]] = {}
        self.asked: list[tuple[str, str, Any]] = []
        self.headers: list[dict[str, str]] = []

    def tell(self, method: str, path: str, answer: Any, status: int = 200) -> None:
        self.answers[method, path] = (status, answer)

    def replay(self, name: str, path: str = "") -> None:
        one = RECORDED[name]
        self.tell(one["method"], path or one["path"], one["answer"], one["status"])

    async def handle(self, request: web.Request) -> web.Response:
        body = await request.read()
        self.asked.append((request.method, request.raw_path, json.loads(body) if body else None))
        self.headers.append(dict(request.headers))
        path = request.raw_path.partition("?")[0]
        status, answer = self.answers.get((request.method, path), (404, RECORDED["build_missing"]["answer"]))
        if isinstance(answer, str) and answer.startswith("<"):
            return web.Response(status=status, text=answer, content_type="text/html")
        return web.json_response(answer, status=status)


@pytest.fixture
def site() -> Replay:
    return Replay()


@pytest.fixture
async def registry(site: Replay) -> AsyncIterator[QuayRegistry]:
    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", site.handle)
    async with TestServer(app) as server:
        registry = QuayRegistry(str(server.make_url("/")))
        yield registry
        await registry.aclose()


@pytest.fixture
def quay(registry: QuayRegistry) -> Quay:
    port: Registry = registry
    return port.as_token(TOKEN)


async def fails(call: Any) -> BotError:
    with pytest.raises(BotError) as caught:
        await call
    assert TOKEN not in f"{caught.value} {caught.value!r} {caught.value.say}"
    return caught.value


async def test_whoami_asks_for_the_user_with_the_token_in_one_header(quay: Quay, site: Replay) -> None:
    site.replay("user")
    assert await quay.whoami() == QuayUser("alice")
    assert site.asked == [("GET", "/api/v1/user/", None)]
    assert site.headers[0]["Authorization"] == f"Bearer {TOKEN}"


async def test_a_build_is_requested_as_recorded(quay: Quay, site: Replay) -> None:
    site.replay("request_build")
    sent = RECORDED["request_build"]["sent"]
    wish = BuildRequest(
        sent["archive_url"],
        tuple(sent["docker_tags"]),
        dockerfile=sent["dockerfile_path"],
        context=sent["context"],
    )
    build = await quay.request_build("acme/web", wish)
    assert site.asked == [("POST", "/api/v1/repository/acme/web/build/", sent)]
    assert site.headers[0]["Content-Type"] == "application/json"
    assert (build.repository, build.phase, build.name, build.tags) == (
        "acme/web",
        Phase.WAITING,
        "916b9d1",
        ("latest", "build-1"),
    )
    assert build.started == datetime(2026, 11, 23, 11, 16, 10, tzinfo=UTC)
    assert build.requested_by == "alice"
    assert build.progress is None
    assert "example.com" not in repr(build)


async def test_only_what_was_said_is_sent_and_tags_only_once(quay: Quay, site: Replay) -> None:
    site.replay("request_build")
    wish = BuildRequest("https://example.com/x.tgz", ("v1", "v1"), subdirectory="app", pull_robot="acme+ci")
    await quay.request_build("acme/web", wish)
    assert site.asked[0][2] == {
        "archive_url": "https://example.com/x.tgz",
        "docker_tags": ["v1"],
        "subdirectory": "app",
        "pull_robot": "acme+ci",
    }


async def test_nested_names_keep_their_slashes_and_odd_characters_are_encoded(quay: Quay, site: Replay) -> None:
    site.replay("get_build", "/api/v1/repository/acme/team/a%20pi%3F/build/b%2F%231")
    await quay.build("acme/team/a pi?", "b/#1")
    assert site.asked == [("GET", "/api/v1/repository/acme/team/a%20pi%3F/build/b%2F%231", None)]


@pytest.mark.parametrize("name", ["web", "", "/web", "acme/", "acme/../user", "acme//web", "acme/" + "x" * 300])
async def test_a_name_that_is_no_repository_is_refused_before_anything_is_sent(
    quay: Quay, site: Replay, name: str
) -> None:
    error = await fails(quay.build(name, "b"))
    assert isinstance(error, UserError)
    assert "write it as namespace/name" in error.say
    assert site.asked == []


async def test_an_empty_build_id_is_refused_before_anything_is_sent(quay: Quay, site: Replay) -> None:
    for call in (quay.build, quay.cancel_build, quay.build_log, quay.retry_build):
        assert (await fails(call("acme/web", ""))).say == "“” is not the id of a build."
    assert site.asked == []


async def test_a_path_prefix_in_the_address_is_kept() -> None:
    site = Replay()
    site.replay("user", "/inner/quay/api/v1/user/")
    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", site.handle)
    async with TestServer(app) as server:
        for prefix in ("/inner/quay", "/inner/quay/"):
            registry = QuayRegistry(str(server.make_url(prefix)))
            assert await registry.as_token(TOKEN).whoami() == QuayUser("alice")
            await registry.aclose()


@pytest.mark.parametrize(
    "url",
    [
        "quay.io",
        "http://a:b",
        f"http://{'a' * 70}",
        "ftp://quay.io",
        "https://",
        "https://me:pw@quay.io",
        "https://q.io/?a=1",
    ],
)
def test_an_address_that_cannot_be_a_quay_is_refused_at_once(url: str) -> None:
    with pytest.raises(ValueError, match="The address of Quay"):
        QuayRegistry(url)


async def test_a_pushed_build_tells_its_commit(quay: Quay, site: Replay) -> None:
    site.replay("pushed_build")
    build = await quay.build("acme/web", "16456ca4-4e2c-4a29-ad10-f4853c295f50")
    assert (build.trigger, build.ref, build.commit) == ("custom-git", "refs/heads/main", "b" * 40)
    assert (build.commit_url, build.commit_message, build.author) == ("https://git.example/c/b", "fix it", "dev")
    assert "SECRET-IN-CONFIG" not in repr(build)


async def test_triggers_come_without_their_config(quay: Quay, site: Replay) -> None:
    site.replay("triggers")
    assert await quay.triggers("acme/web") == (
        Trigger(GIT_TRIGGER, "custom-git", active=True, enabled=True, source="git@127.0.0.1:acme/web.git"),
    )


async def test_a_custom_git_trigger_starts_with_a_commit(quay: Quay, site: Replay) -> None:
    path = f"/api/v1/repository/acme/web/trigger/{GIT_TRIGGER}"
    site.tell("GET", path, RECORDED["triggers"]["answer"]["triggers"][0])
    site.tell("POST", f"{path}/start", RECORDED["start"]["answer"], 201)
    build = await quay.start_trigger("acme/web", GIT_TRIGGER, commit=SHA)
    assert site.asked == [("GET", path, None), ("POST", f"{path}/start", {"commit_sha": SHA})]
    assert (build.trigger, build.commit) == ("custom-git", SHA)
    assert "SECRET-IN-CONFIG" not in repr(build)


async def test_a_hosted_trigger_starts_with_a_branch(quay: Quay, site: Replay) -> None:
    site.replay("start", "/api/v1/repository/acme/web/trigger/t1/start")
    await quay.start_trigger("acme/web", "t1", branch="refs/heads/feature/x")
    assert site.asked == [
        (
            "POST",
            "/api/v1/repository/acme/web/trigger/t1/start",
            {"refs": {"kind": "branch", "name": "feature/x"}},
        )
    ]


async def test_a_hosted_trigger_is_not_started_with_a_commit_it_would_ignore(quay: Quay, site: Replay) -> None:
    site.tell("GET", "/api/v1/repository/acme/web/trigger/t1", {"id": "t1", "service": "github"})
    error = await fails(quay.start_trigger("acme/web", "t1", commit=SHA))
    assert error.say == snapshot("This build trigger builds branches: name a branch, not a commit.")
    assert [method for method, _, _ in site.asked] == ["GET"]


async def test_a_start_without_one_clear_wish_is_refused(quay: Quay, site: Replay) -> None:
    for wish in ({}, {"branch": "main", "commit": SHA}, {"branch": "", "commit": ""}):
        error = await fails(quay.start_trigger("acme/web", "t1", **wish))
        assert error.say == snapshot("Please name either a branch or a commit, and only one of them.")
    error = await fails(quay.start_trigger("acme/web", "t1", commit="abc"))
    assert error.say == snapshot("A commit is named by its SHA: at least 7 hex digits.")
    assert site.asked == []


async def test_the_log_is_read_from_an_entry_on(quay: Quay, site: Replay) -> None:
    path = "/api/v1/repository/acme/web/build/b1/logs"
    entries = [{"message": "Step 1/2 :", "type": "command"}, {"message": "hello"}, {"message": 3, "type": "x"}]
    site.tell("GET", path, {"start": 4, "total": 7, "logs": entries})
    log = await quay.build_log("acme/web", "b1", start=4)
    assert site.asked == [("GET", f"{path}?start=4", None)]
    assert (log.start, log.total, log.archived) == (4, 7, False)
    assert log.lines == (LogLine("Step 1/2 :", "command"), LogLine("hello"), LogLine(""))


async def test_an_archived_log_is_said_to_be_archived_without_its_address(quay: Quay, site: Replay) -> None:
    site.tell("GET", "/api/v1/repository/acme/web/build/b1/logs", {"logs_url": "https://s3/x?sig=SECRET"})
    log = await quay.build_log("acme/web", "b1")
    assert log.archived
    assert log.lines == ()
    assert "SECRET" not in repr(log)


async def test_a_cancel_is_a_delete(quay: Quay, site: Replay) -> None:
    site.replay("cancel")
    await quay.cancel_build("acme/web", "2e618f59-4927-44d0-834e-1d4410450a8a")
    assert site.asked == [("DELETE", RECORDED["cancel"]["path"], None)]


def an_old_build(**changes: Any) -> dict[str, Any]:
    return {**RECORDED["get_build"]["answer"], **changes}


async def retried(quay: Quay, site: Replay, old: dict[str, Any]) -> tuple[str, str, Any]:
    site.tell("GET", "/api/v1/repository/acme/web/build/old", old)
    site.replay("request_build")
    for trigger in (GIT_TRIGGER, "t1"):
        site.replay("start", f"/api/v1/repository/acme/web/trigger/{trigger}/start")
    await quay.retry_build("acme/web", "old")
    return site.asked[-1]


async def test_a_retry_asks_for_the_same_archive_with_the_same_words(quay: Quay, site: Replay) -> None:
    asked = await retried(quay, site, an_old_build(pull_robot={"name": "acme+ci", "kind": "user", "is_robot": True}))
    assert asked == (
        "POST",
        "/api/v1/repository/acme/web/build/",
        RECORDED["request_build"]["sent"] | {"pull_robot": "acme+ci"},
    )


async def test_a_retry_of_an_uploaded_file_names_the_file(quay: Quay, site: Replay) -> None:
    _, _, body = await retried(quay, site, an_old_build(archive_url=None, resource_key="file-7"))
    assert body["file_id"] == "file-7"
    assert "archive_url" not in body


async def test_a_retry_of_a_custom_git_build_starts_the_same_commit(quay: Quay, site: Replay) -> None:
    old = RECORDED["start"]["answer"] | {"trigger": {"id": GIT_TRIGGER, "service": "custom-git"}}
    asked = await retried(quay, site, old)
    assert asked == ("POST", f"/api/v1/repository/acme/web/trigger/{GIT_TRIGGER}/start", {"commit_sha": SHA})


@pytest.mark.parametrize(
    ("ref", "sent"),
    [
        ("refs/heads/feature/x", {"kind": "branch", "name": "feature/x"}),
        ("refs/tags/v1", {"kind": "tag", "name": "v1"}),
    ],
)
async def test_a_retry_of_a_hosted_build_starts_the_same_ref(
    quay: Quay, site: Replay, ref: str, sent: dict[str, str]
) -> None:
    old = an_old_build(
        archive_url=None, trigger={"id": "t1", "service": "github"}, trigger_metadata={"ref": ref, "commit": SHA}
    )
    assert (await retried(quay, site, old))[2] == {"refs": sent}


@pytest.mark.parametrize(
    "old",
    [
        an_old_build(archive_url=None),
        an_old_build(archive_url=None, trigger={"id": "t1", "service": "github"}, trigger_metadata=None),
        an_old_build(archive_url=None, trigger={"id": "t1", "service": "custom-git"}, trigger_metadata={}),
    ],
)
async def test_a_retry_that_knows_too_little_is_refused(quay: Quay, site: Replay, old: dict[str, Any]) -> None:
    error = await fails(retried(quay, site, old))
    assert isinstance(error, UserError)
    assert error.say == snapshot(
        "Quay does not tell what this build was made from, so it cannot be started again from here. "
        "Please start a new build."
    )
    assert [method for method, _, _ in site.asked] == ["GET"]


async def test_a_reader_is_told_that_a_retry_takes_write(quay: Quay, site: Replay) -> None:
    site.replay("user")
    site.tell("GET", "/api/v1/repository/acme/web", {"can_write": False, "can_admin": False})
    error = await fails(retried(quay, site, RECORDED["build_as_reader"]["answer"]))
    assert error.say.startswith("You (alice) can read acme/web but need write there to start builds.")


@pytest.mark.parametrize(
    "address",
    [
        "ftp://x.org/a",
        "not a url",
        "https:///a",
        "https://x.org/ü.tgz",
        "https://x.org/a b",
        "https://x:99999/",
        "",
        "http://[x",
    ],
)
async def test_an_archive_address_that_would_crash_quay_is_refused_before(
    quay: Quay, site: Replay, address: str
) -> None:
    error = await fails(quay.request_build("acme/web", BuildRequest(address)))
    assert error.say == snapshot(
        "The archive address must be a complete http or https address in plain ASCII, for example "
        "https://example.com/app.tar.gz."
    )
    assert site.asked == []


async def test_a_dockerfile_and_a_subdirectory_are_refused(quay: Quay, site: Replay) -> None:
    wish = BuildRequest("https://example.com/x", dockerfile="a", subdirectory="b")
    assert isinstance(await fails(quay.request_build("acme/web", wish)), UserError)
    assert site.asked == []


@pytest.mark.parametrize("answer", ["<html>hello", [], None, 3, {}, {"id": "x"}, {"id": "", "phase": "waiting"}])
async def test_an_answer_without_a_build_in_it_is_given_up(quay: Quay, site: Replay, answer: Any) -> None:
    site.tell("GET", "/api/v1/repository/acme/web/build/b1", answer)
    error = await fails(quay.build("acme/web", "b1"))
    assert isinstance(error, GiveUp)
    assert "answered something that this bot does not understand" in error.say


async def test_a_wrong_shape_is_logged_by_keys_and_not_by_values(quay: Quay, site: Replay) -> None:
    site.tell("GET", "/api/v1/repository/acme/web/build/b1", {"archive_url": "https://a/?sig=SECRET", "id": "SECRET"})
    error = await fails(quay.build("acme/web", "b1"))
    assert str(error) == snapshot("BuildShape: status 200, 56 bytes, phase: missing")


async def test_a_token_that_could_not_be_a_header_is_a_dead_link(registry: QuayRegistry, site: Replay) -> None:
    for token in ("", "two words", "line\r\nHost: evil", "tökén"):
        with pytest.raises(NotLinked) as caught:
            await registry.as_token(token).whoami()
        assert not token or token not in f"{caught.value!r}{caught.value}"
    assert site.asked == []


async def test_a_client_shows_no_token(quay: Quay, registry: QuayRegistry) -> None:
    assert TOKEN not in repr(quay) + str(quay) + repr(registry)
