"""Looking around after a refusal: a person, a repository, and what may be done there, found out over real HTTP."""

import json
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from inline_snapshot import snapshot

from bot.adapters.quay import QuayRegistry
from bot.adapters.quay.words import unclear
from bot.domain.errors import BotError, Forbidden, Lacking, NotLinked, UserError
from bot.ports import BuildRequest, Quay

RECORDED = json.loads((Path(__file__).parents[1] / "data" / "quay_client_recorded.json").read_text())
TOKEN = "t0ken-of-alice-0123456789-0123456789-012"


class Scene:
    """A Quay with one answer for the call and others for the look around."""

    def __init__(self, main: Any, status: int, *, user: Any = None, repository: Any = None) -> None:
        self.main = (main, status)
        self.looks = {"/api/v1/user/": user, "/api/v1/repository/acme/web": repository}
        self.asked: list[str] = []

    async def handle(self, request: web.Request) -> web.Response:
        self.asked.append(request.path)
        body, status = self.looks.get(request.path, self.main)
        text = body if isinstance(body, str) else json.dumps(body)
        return web.Response(status=status, text=text)


async def played(scene: Scene, wish: BuildRequest | None = None) -> BotError:
    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", scene.handle)
    async with TestServer(app) as server:
        registry = QuayRegistry(str(server.make_url("")))
        quay: Quay = registry.as_token(TOKEN)
        with pytest.raises(BotError) as caught:
            await quay.request_build("acme/web", wish or BuildRequest("https://a.example/x"))
        await registry.aclose()
    return caught.value


async def test_a_look_around_names_the_person_and_the_missing_role() -> None:
    scene = Scene(
        RECORDED["no_scope"]["answer"],
        403,
        user=(RECORDED["user"]["answer"], 200),
        repository=({"can_write": False, "can_admin": False}, 200),
    )
    error = await played(scene)
    assert type(error) is Lacking
    assert error.say.startswith("You (alice) can read acme/web but need write there to start builds.")
    assert sorted(scene.asked[1:]) == ["/api/v1/repository/acme/web", "/api/v1/user/"]


async def test_a_look_around_tells_a_missing_robot_from_a_missing_repository() -> None:
    wish = BuildRequest("https://a.example/x", pull_robot="acme+nosuch")
    here = (RECORDED["repo"]["answer"], 200)
    user = (RECORDED["user"]["answer"], 200)
    missing = RECORDED["build_missing"]["answer"]
    error = await played(Scene(missing, 404, user=user, repository=here), wish)
    assert error.say == snapshot(
        "There is no robot account “acme+nosuch”. Please check its full name (namespace+robot)."
    )
    error = await played(Scene(missing, 404, user=user, repository=(missing, 404)), wish)
    assert error.say == snapshot(
        "acme/web does not exist, or you (alice) may not see it. Please check the name and that your linked token has "
        "the scope `repo:read`, or ask the owner for access."
    )


@pytest.mark.parametrize(
    "broken", [("<html>", 500), ("<html>", 200), ("<html>", 403), ([], 200), ("[" * 100_000, 200), ("", 302)]
)
async def test_a_look_around_that_fails_still_leaves_the_general_sentence(broken: Any) -> None:
    error = await played(Scene(RECORDED["no_scope"]["answer"], 403, user=broken, repository=broken))
    assert type(error) is Forbidden
    assert error.say == unclear("acme/web", "write", "start builds")


async def test_a_dead_token_on_a_write_needs_no_look_around() -> None:
    scene = Scene(RECORDED["dead_write"]["answer"], 403)
    assert type(await played(scene)) is NotLinked
    assert scene.asked == ["/api/v1/repository/acme/web/build/"]


async def test_a_frozen_repository_is_asked_only_once() -> None:
    scene = Scene(RECORDED["frozen"]["answer"], 503)
    assert type(await played(scene)) is UserError
    assert len(scene.asked) == 1
