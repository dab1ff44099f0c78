"""The page's routes over the fake Slack: what a person does on the page arrives at a bot, and its answer is seen."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.fakes.page import Board, DemoWorld, Hint, Note, routes
from bot.fakes.slack import FakeSlack
from tests.fakes.slack_desk import Desk, desk

BUTTON = {"type": "button", "action_id": "ack", "text": {"type": "plain_text", "text": "I do"}, "value": "7"}
CHOICES = [{"text": {"type": "plain_text", "text": name}, "value": name} for name in ("push", "build")]
VIEW = {
    "type": "modal",
    "title": {"type": "plain_text", "text": "Subscribe"},
    "submit": {"type": "plain_text", "text": "Save"},
    "blocks": [
        {
            "type": "input",
            "block_id": "name",
            "label": {"type": "plain_text", "text": "Name"},
            "element": {"type": "plain_text_input", "action_id": "text"},
        },
        {
            "type": "input",
            "block_id": "events",
            "label": {"type": "plain_text", "text": "Events"},
            "element": {"type": "checkboxes", "action_id": "pick", "options": CHOICES},
        },
    ],
}


@dataclass
class World:
    slack: FakeSlack
    board: Board = field(default_factory=Board)
    queued: int = 0
    waiting: int = 0

    def notes(self, user: str) -> Sequence[Note]:
        return ()

    def tries(self, user: str) -> Sequence[Hint]:
        return ()

    def repositories(self) -> Sequence[str]:
        return ()

    def hints(self) -> Sequence[Hint]:
        return ()

    async def happen(self, what: str, wish: Mapping[str, str]) -> str:
        return what


@dataclass
class Page:
    desk: Desk
    board: Board
    client: TestClient[web.Request, web.Application]

    async def act(self, name: str, **body: Any) -> tuple[int, Any]:
        headers = {"X-Quaybot-Demo": "1"}
        async with self.client.post(f"/demo/{name}", json={"user": "U1", **body}, headers=headers) as response:
            return response.status, await response.json()

    async def state(self, user: str = "U1") -> Any:
        async with self.client.get("/demo/state", params={"user": user}) as response:
            return await response.json()


@asynccontextmanager
async def page() -> AsyncIterator[Page]:
    async with desk() as one:
        world: DemoWorld = World(one.slack)
        one.slack.on_change = world.board.bump
        app = web.Application()
        app.add_routes(routes(world))
        async with TestClient(TestServer(app)) as client:
            yield Page(one, world.board, client)


async def test_a_file_is_downloaded_by_those_who_see_its_conversation() -> None:
    async with page() as here:
        reply = await here.desk.call("files.getUploadURLExternal", filename="a “b”.csv", length=3)
        async with here.desk.http.post(reply["upload_url"], data=b"a,b"):
            pass
        wanted = [{"id": reply["file_id"]}]
        sent = await here.desk.call("files.completeUploadExternal", files=wanted, channel_id=here.desk.slack.im("U1"))
        assert sent["ok"]
        async with here.client.get(f"/demo/file/{reply['file_id']}", params={"user": "U1"}) as response:
            assert (response.status, await response.read()) == (200, b"a,b")
            assert response.content_type == "application/octet-stream"
            assert response.headers["Content-Disposition"] == "attachment; filename*=UTF-8''a%20%E2%80%9Cb%E2%80%9D.csv"
        for path, user in ((reply["file_id"], "U2"), ("F404", "U1"), (reply["file_id"], "U404")):
            async with here.client.get(f"/demo/file/{path}", params={"user": user}) as response:
                assert response.status == 404


async def test_a_command_arrives_without_its_slash_word_and_its_answer_is_seen_by_one_person_only() -> None:
    async with page() as here:
        here.desk.bot.says({"text": "Here are the tags."})
        before = here.board.version
        assert await here.act("command", channel="C1", text="/quay tags acme/api") == (200, {})
        heard = here.desk.bot.heard[0].fields
        assert (heard["command"], heard["text"]) == ("/quay", "tags acme/api")
        assert [(one["text"], one["channel"]) for one in (await here.state())["whispers"]] == [
            ("Here are the tags.", "C1")
        ]
        assert (await here.state("U2"))["whispers"] == []
        assert here.board.version > before


async def test_a_button_arrives_with_its_value() -> None:
    async with page() as here:
        ts = await here.desk.post(blocks=[{"type": "actions", "elements": [BUTTON]}])
        assert await here.act("click", channel="C1", ts=ts, action_id="ack") == (200, {})
        assert here.desk.bot.heard[0].payload["actions"][0]["value"] == "7"
        assert [message["ts"] for message in (await here.state())["messages"]["C1"]] == [ts]


async def test_a_button_that_is_not_there_is_explained() -> None:
    async with page() as here:
        status, body = await here.act("click", channel="C1", ts="1.0", action_id="ack")
        assert status == 409
        assert body["error"].startswith("That did not work: ")


async def test_a_modal_is_filled_in_corrected_and_saved() -> None:
    async with page() as here:
        here.desk.bot.answer = web.Response
        await here.act("command", channel="C1", text="/quay subscribe")
        trigger = here.desk.bot.heard[0].fields["trigger_id"]
        assert (await here.desk.call("views.open", trigger_id=trigger, view=VIEW))["ok"]
        assert [view["title"]["text"] for view in (await here.state())["views"]] == ["Subscribe"]

        name = {"text": {"type": "plain_text_input", "value": "api"}}
        events = {"pick": {"type": "checkboxes", "selected_options": CHOICES[:1]}}
        here.desk.bot.says({"response_action": "errors", "errors": {"name": "Taken."}})
        _, answer = await here.act("submit", values={"name": name, "events": events})
        assert answer["body"]["errors"] == {"name": "Taken."}
        here.desk.bot.answer = web.Response
        assert (await here.act("submit", values={"name": name, "events": events}))[0] == 200

        assert here.desk.bot.heard[-1].payload["view"]["state"]["values"] == {"name": name, "events": events}
        assert (await here.state())["views"] == []


async def test_a_search_and_a_choice_arrive_with_the_form_around_them() -> None:
    async with page() as here:
        here.desk.slack.shortcuts = [{"name": "Find", "type": "global", "callback_id": "find", "description": "Look"}]
        assert await here.act("shortcut", callback_id="find") == (200, {})
        trigger = here.desk.bot.heard[-1].payload["trigger_id"]
        menu = {"type": "external_select", "action_id": "seek"}
        repo = {**VIEW["blocks"][0], "block_id": "repo", "element": menu, "dispatch_action": True}
        view = {**VIEW, "blocks": [repo, VIEW["blocks"][0]]}
        assert (await here.desk.call("views.open", trigger_id=trigger, view=view))["ok"]

        here.desk.bot.says({"options": CHOICES})
        _, found = await here.act("options", action_id="seek", block_id="repo", value="pus")
        assert found["body"]["options"] == CHOICES
        value = {"type": "external_select", "selected_option": CHOICES[0]}
        values = {"name": {"text": {"type": "plain_text_input", "value": "half"}}, "repo": {"seek": value}}
        sent = {"action_id": "seek", "block_id": "repo", "value": value, "values": values}
        assert await here.act("click_view", **sent) == (200, {})
        assert here.desk.bot.heard[-1].payload["view"]["state"]["values"] == values


async def test_a_bot_that_fails_is_told_in_slacks_words() -> None:
    async with page() as here:
        here.desk.bot.answer = lambda: web.Response(status=500)
        status, body = await here.act("command", channel="C1", text="/quay")
        assert status == 502
        assert body == {"error": "/quay failed with the error “dispatch_failed”. Try again in a moment."}


async def test_while_slack_is_down_nothing_reaches_the_bot_and_the_page_says_so() -> None:
    async with page() as here:
        ts = await here.desk.post(blocks=[{"type": "actions", "elements": [BUTTON]}])
        here.desk.slack.down = True
        status, body = await here.act("command", channel="C1", text="/quay tags acme/api")
        assert (status, body) == (503, {"error": "Slack is down: your command cannot reach the bot."})
        status, body = await here.act("click", channel="C1", ts=ts, action_id="ack")
        assert (status, body) == (503, {"error": "Slack is down: your click cannot reach the bot."})
        assert here.desk.bot.heard == []
