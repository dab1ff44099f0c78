"""Menus that search while one types, fields that depend on others, and what a view's state holds."""

import asyncio
from typing import Any

import pytest
from aiohttp import web

from tests.fakes.slack_desk import SUBMIT, Desk, actions, button, desk, field_block, modal

Json = dict[str, Any]


def option(value: str, **more: Any) -> Json:
    return {"text": {"type": "plain_text", "text": value}, "value": value, **more}


def seek(block: str, action: str = "seek", **more: Any) -> Json:
    """An input block with a menu that searches."""
    return field_block(block, type="external_select", action_id=action, min_query_length=1, **more)


REPO = {**seek("repo"), "dispatch_action": True}


async def opened(d: Desk, *blocks: Json, channel: str = "C1", **more: Any) -> Json:
    await d.slack.command("U1", channel, "restore")
    view = modal(*blocks, submit=SUBMIT, **more)
    reply = await d.call("views.open", trigger_id=d.bot.heard[-1].fields["trigger_id"], view=view)
    assert reply["ok"], reply
    made: Json = reply["view"]
    return made


def offers(d: Desk, *values: str) -> None:
    d.bot.says({"options": [option(value) for value in values]})


def values(d: Desk) -> Json:
    """The fields of the view as the bot heard of them last."""
    held: Json = d.bot.heard[-1].payload["view"]["state"]["values"]
    return held


async def test_typing_tells_the_field_the_text_and_the_view() -> None:
    async with desk() as d:
        view = await opened(d, REPO, callback_id="form", private_metadata="p")
        offers(d, "acme/api", "acme/web")
        answer = await d.slack.options("U1", "seek", "ac")
        assert [one["value"] for one in answer.body["options"]] == ["acme/api", "acme/web"]
        payload = d.bot.heard[-1].payload
        assert payload["type"] == "block_suggestion"
        assert (payload["action_id"], payload["block_id"], payload["value"]) == ("seek", "repo", "ac")
        assert (payload["user"]["id"], payload["team"]["id"]) == ("U1", d.slack.team)
        assert payload["container"] == {"type": "view", "view_id": view["id"]}
        sent = payload["view"]
        assert (sent["id"], sent["callback_id"], sent["private_metadata"]) == (view["id"], "form", "p")
        assert sent["state"]["values"] == {"repo": {"seek": {"type": "external_select", "selected_option": None}}}


async def test_a_search_goes_over_a_socket_too() -> None:
    async with desk() as d:
        await opened(d, REPO)
        headers = {"Authorization": f"Bearer {d.slack.app_token}"}
        _, _, reply = await d.raw("apps.connections.open", headers=headers)
        async with d.http.ws_connect(reply["url"]) as socket:
            assert (await socket.receive_json())["type"] == "hello"
            asking = asyncio.create_task(d.slack.choose("U1", "seek", "ac", "acme/web"))
            search = await socket.receive_json()
            assert (search["type"], search["payload"]["type"]) == ("interactive", "block_suggestion")
            await socket.send_json({"envelope_id": search["envelope_id"], "payload": {"options": [option("acme/web")]}})
            choice = await socket.receive_json()
            await socket.send_json({"envelope_id": choice["envelope_id"]})
            assert choice["payload"]["actions"][0]["selected_option"] == option("acme/web")
            assert (await asking).status == 200


async def test_a_search_that_is_late_shows_nothing() -> None:
    async with desk() as d:
        await opened(d, REPO)
        headers = {"Authorization": f"Bearer {d.slack.app_token}"}
        _, _, reply = await d.raw("apps.connections.open", headers=headers)
        async with d.http.ws_connect(reply["url"]):
            await d.slack.wait(lambda: d.slack._sockets.connected)
            assert d.slack.deadline == 3.0
            d.slack.deadline = 0.02
            assert (await d.slack.options("U1", "seek", "ac")).error == "operation_timeout"
        with pytest.raises(ValueError, match="offers no"):
            await d.slack.click_view("U1", "seek", value="acme/web")


async def test_two_menus_with_one_action_id_are_told_apart_by_their_blocks() -> None:
    async with desk() as d:
        await opened(d, seek("from"), seek("to"))
        offers(d, "v1")
        await d.slack.choose("U1", "seek", "v", "v1", block_id="to")
        assert d.bot.heard[-1].payload["block_id"] == "to"
        state = d.slack.open_views("U1")[0]["state"]["values"]
        assert state["from"]["seek"]["selected_option"] is None
        assert state["to"]["seek"]["selected_option"]["value"] == "v1"
        with pytest.raises(ValueError, match="offers no"):
            await d.slack.click_view("U1", "seek", value="v1", block_id="from")


async def test_only_what_was_offered_can_be_chosen() -> None:
    async with desk() as d:
        await opened(d, seek("repo"))
        with pytest.raises(ValueError, match="type into it"):
            await d.slack.submit("U1", {"repo": {"seek": "acme/api"}})
        offers(d, "acme/api")
        await d.slack.options("U1", "seek", "api")
        with pytest.raises(ValueError, match="offers no"):
            await d.slack.submit("U1", {"repo": {"seek": "acme/secret"}})
        with pytest.raises(ValueError, match="offers no"):
            await d.slack.submit("U1", {"repo": {"seek": option("acme/secret")}})
        d.bot.answer = web.Response
        await d.slack.submit("U1", {"repo": {"seek": "acme/api"}})
        assert values(d)["repo"]["seek"]["selected_option"] == option("acme/api")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"options": [option("a")], "option_groups": [{"label": option("g")["text"], "options": [option("a")]}]},
        {"options": [option("x")] * 101},
        {"options": [option("x" * 76)]},
        {"options": [{"text": {"type": "plain_text", "text": "x"}, "value": "x" * 151}]},
        {"options": [{"text": {"type": "mrkdwn", "text": "x"}, "value": "x"}]},
        {"options": [option("x", colour="red")]},
        {"option_groups": [{"label": {"type": "plain_text", "text": "x" * 76}, "options": [option("x")]}]},
        {"options": "x"},
        "x",
    ],
)
async def test_an_answer_that_slack_would_not_show_is_trouble(body: Any) -> None:
    async with desk() as d:
        await opened(d, REPO)
        d.bot.says(body)
        assert (await d.slack.choose("U1", "seek", "ac", "x")).error == "invalid_options"
        assert d.bot.heard[-1].payload["type"] == "block_suggestion"


async def test_options_in_groups_can_be_chosen() -> None:
    async with desk() as d:
        await opened(d, REPO)
        d.bot.says({"option_groups": [{"label": option("g")["text"], "options": [option("a"), option("b")]}]})
        await d.slack.choose("U1", "seek", "ac", "b")
        assert values(d)["repo"]["seek"]["selected_option"] == option("b")


async def test_a_failing_search_offers_nothing() -> None:
    async with desk() as d:
        await opened(d, REPO)
        d.bot.answer = lambda: web.json_response({"options": [option("a")]}, status=500)
        assert (await d.slack.choose("U1", "seek", "a", "a")).error == "dispatch_failed"
        assert d.slack.open_views("U1")[0]["state"]["values"]["repo"]["seek"]["selected_option"] is None


async def test_a_choice_is_told_only_with_dispatch_action_and_brings_the_other_fields() -> None:
    async with desk() as d:
        await opened(d, REPO, seek("tag", "seek:tag"), field_block("why"))
        offers(d, "acme/web")
        heard = len(d.bot.heard)
        await d.slack.choose("U1", "seek:tag", "a", "acme/web")
        await d.slack.click_view("U1", "in", value="because")
        assert len(d.bot.heard) == heard + 1  # the search
        await d.slack.choose("U1", "seek", "acme", "acme/web")
        payload = d.bot.heard[-1].payload
        assert (payload["type"], payload["container"]["type"]) == ("block_actions", "view")
        [act] = payload["actions"]
        assert (act["action_id"], act["block_id"], act["selected_option"]) == ("seek", "repo", option("acme/web"))
        assert values(d)["repo"]["seek"]["selected_option"] == option("acme/web")
        assert values(d)["tag"]["seek:tag"]["selected_option"] == option("acme/web")
        assert values(d)["why"]["in"]["value"] == "because"


async def test_what_is_typed_elsewhere_goes_along_with_a_choice() -> None:
    async with desk() as d:
        await opened(d, REPO, field_block("why", min_length=9))
        offers(d, "acme/web")
        await d.slack.options("U1", "seek", "acme")
        half = {"why": {"in": "half"}, "gone": {"in": "x"}}
        await d.slack.click_view("U1", "seek", value="acme/web", values=half)
        assert values(d)["why"]["in"]["value"] == "half"
        with pytest.raises(ValueError, match="does not take 4"):
            await d.slack.submit("U1", {})


async def test_a_search_sees_the_fields_as_the_bot_left_them() -> None:
    async with desk() as d:
        view = await opened(d, REPO, seek("tag", "seek:tag"), private_metadata="")
        offers(d, "acme/web")
        await d.slack.choose("U1", "seek", "acme", "acme/web")
        await d.slack.options("U1", "seek:tag", "v")
        assert values(d)["repo"]["seek"]["selected_option"] is None  # chosen since the view was opened
        update = modal(REPO, seek("tag", "seek:tag"), submit=SUBMIT, private_metadata="acme/web")
        assert (await d.call("views.update", view_id=view["id"], view=update))["ok"]
        await d.slack.options("U1", "seek:tag", "v")
        assert d.bot.heard[-1].payload["view"]["private_metadata"] == "acme/web"
        assert values(d)["repo"]["seek"]["selected_option"] == option("acme/web")


async def test_an_update_keeps_fields_of_the_same_ids_and_forgets_the_others() -> None:
    async with desk() as d:
        view = await opened(d, REPO, seek("tag@1", "seek:tag"), field_block("why", initial_value="first"))
        offers(d, "acme/web", "v1")
        await d.slack.choose("U1", "seek", "acme", "acme/web")
        await d.slack.choose("U1", "seek:tag", "v", "v1")
        again = modal(REPO, seek("tag@2", "seek:tag"), field_block("why", initial_value="second"), submit=SUBMIT)
        kept = (await d.call("views.update", view_id=view["id"], view=again))["view"]["state"]["values"]
        assert kept["repo"]["seek"]["selected_option"] == option("acme/web")
        assert kept["tag@2"] == {"seek:tag": {"type": "external_select", "selected_option": None}}
        assert "tag@1" not in kept
        assert kept["why"]["in"]["value"] == "first"  # a new initial value changes nothing
        with pytest.raises(ValueError, match="offers no"):
            await d.slack.click_view("U1", "seek:tag", value="v1")


async def test_a_choice_that_an_updated_menu_does_not_offer_is_forgotten() -> None:
    async with desk() as d:
        menu = field_block("menu", type="static_select", options=[option("a"), option("b")])
        view = await opened(d, menu)
        await d.slack.click_view("U1", "in", value="b")
        fewer = field_block("menu", type="static_select", options=[option("a")], initial_option=option("a"))
        reply = await d.call("views.update", view_id=view["id"], view=modal(fewer, submit=SUBMIT))
        assert reply["view"]["state"]["values"]["menu"]["in"]["selected_option"] == option("a")


async def test_a_menu_under_a_message_searches_there_and_its_choice_stays() -> None:
    async with desk() as d:
        menu = {"type": "external_select", "action_id": "seek"}
        ts = await d.post(blocks=[actions(menu, button("go"), block_id="b")])
        offers(d, "acme/web")
        with pytest.raises(ValueError, match="offers no"):
            await d.slack.click("U1", "C1", ts, "seek", value="acme/web")
        await d.slack.options("U1", "seek", "acme", channel="C1", ts=ts)
        payload = d.bot.heard[-1].payload
        assert (payload["channel"]["id"], payload["message"]["ts"], payload["block_id"]) == ("C1", ts, "b")
        await d.slack.click("U1", "C1", ts, "seek", value="acme/web")
        await d.slack.click("U1", "C1", ts, "go")
        held = d.bot.heard[-1].payload["state"]["values"]
        assert held == {"b": {"seek": {"type": "external_select", "selected_option": option("acme/web")}}}


@pytest.mark.parametrize(
    ("element", "value"),
    [
        ({"type": "users_select"}, "U404"),
        ({"type": "conversations_select"}, "C404"),
        ({"type": "conversations_select", "filter": {"include": ["private"]}}, "C1"),
        ({"type": "multi_channels_select"}, ["C1", "C404"]),
        ({"type": "datepicker"}, "2026-02-30"),
        ({"type": "timepicker"}, "25:00"),
        ({"type": "checkboxes", "options": [option("a")]}, ["a", "b"]),
    ],
)
async def test_nobody_can_choose_what_a_field_does_not_offer(element: Json, value: Any) -> None:
    async with desk() as d:
        await opened(d, field_block("f", **element))
        with pytest.raises(ValueError, match=r"in: there is no|in offers no|in does not take"):
            await d.slack.submit("U1", {"f": {"in": value}})


async def test_the_current_conversation_is_chosen_and_can_be_answered_in() -> None:
    async with desk() as d:
        more = {"default_to_current_conversation": True, "response_url_enabled": True}
        await opened(d, field_block("where", type="conversations_select", **more))
        await d.slack.submit("U1", {})
        payload = d.bot.heard[-1].payload
        assert payload["view"]["state"]["values"]["where"]["in"]["selected_conversation"] == "C1"
        [url] = payload["response_urls"]
        assert (url["block_id"], url["action_id"], url["channel_id"]) == ("where", "in", "C1")
        await d.respond(url["response_url"], {"text": "done", "response_type": "in_channel"})
        assert [message["text"] for message in d.slack.messages("C1")] == ["done"]
