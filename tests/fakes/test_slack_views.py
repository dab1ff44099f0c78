"""Modals and home tabs: triggers, the stack, and what a submission may answer."""

from typing import Any

import pytest
from aiohttp import web

from tests.fakes.slack_desk import SUBMIT, Desk, actions, button, desk, field_block, modal, section


async def trigger(d: Desk) -> str:
    await d.slack.command("U1", "C1", "build")
    return d.bot.heard[-1].fields["trigger_id"]


async def opened(d: Desk, view: dict[str, Any]) -> dict[str, Any]:
    reply = await d.call("views.open", trigger_id=await trigger(d), view=view)
    assert reply["ok"], reply
    made: dict[str, Any] = reply["view"]
    return made


async def inner_trigger(d: Desk) -> str:
    await d.slack.click_view("U1", "more")
    name: str = d.bot.heard[-1].payload["trigger_id"]
    return name


PUSHABLE = modal(actions(button("more")))


async def test_a_trigger_opens_one_view_for_the_person_who_caused_it() -> None:
    async with desk() as d:
        name = await trigger(d)
        assert (await d.call("views.open", trigger_id=name, view=modal(private_metadata="p")))["ok"]
        assert [view["private_metadata"] for view in d.slack.open_views("U1")] == ["p"]
        assert (await d.call("views.open", trigger_id=name, view=modal()))["error"] == "exchanged_trigger_id"


async def test_a_trigger_lives_three_seconds() -> None:
    async with desk() as d:
        young, old = await trigger(d), await trigger(d)
        d.clock.pass_by(3)
        assert (await d.call("views.open", trigger_id=young, view=modal()))["ok"]
        d.clock.pass_by(0.1)
        assert (await d.call("views.open", trigger_id=old, view=modal()))["error"] == "expired_trigger_id"


async def test_an_invented_trigger_opens_nothing() -> None:
    async with desk() as d:
        assert (await d.call("views.open", trigger_id="1.2.3", view=modal()))["error"] == "invalid_trigger_id"
        assert (await d.call("views.open", view=modal()))["error"] == "invalid_arguments"


async def test_a_bad_view_is_refused_and_leaves_the_trigger_unused() -> None:
    async with desk() as d:
        name = await trigger(d)
        reply = await d.call("views.open", trigger_id=name, view=modal(title={"type": "plain_text", "text": "x" * 25}))
        line = "[ERROR] must be less than 25 characters [json-pointer:/view/title/text]"
        assert (reply["error"], reply["response_metadata"]["messages"]) == ("invalid_arguments", [line])
        huge = modal(*[section("x" * 2900)] * 100)
        assert (await d.call("views.open", trigger_id=name, view=huge))["error"] == "view_too_large"
        assert (await d.call("views.open", trigger_id=name, view={"type": "home", "blocks": [section()]}))["error"] == (
            "invalid_arguments"
        )
        assert (await d.call("views.open", trigger_id=name, view=modal()))["ok"]


async def test_three_modals_lie_on_each_other_and_no_fourth() -> None:
    async with desk() as d:
        await opened(d, PUSHABLE)
        for _ in range(2):
            assert (await d.call("views.push", trigger_id=await inner_trigger(d), view=PUSHABLE))["ok"]
        reply = await d.call("views.push", trigger_id=await inner_trigger(d), view=PUSHABLE)
        assert reply["error"] == "push_limit_reached"
        bottom, middle, top = d.slack.open_views("U1")
        assert (middle["previous_view_id"], top["root_view_id"]) == (bottom["id"], bottom["id"])


async def test_pushing_needs_a_trigger_from_inside_a_modal() -> None:
    async with desk() as d:
        assert (await d.call("views.push", trigger_id=await trigger(d), view=modal()))["error"] == "not_found"


async def test_an_update_needs_the_newest_hash_if_it_names_one() -> None:
    async with desk() as d:
        view = await opened(d, modal())
        changed = await d.call("views.update", view_id=view["id"], view=modal(private_metadata="2"), hash=view["hash"])
        assert changed["view"]["private_metadata"] == "2"
        again = await d.call("views.update", view_id=view["id"], view=modal(), hash=view["hash"])
        assert again["error"] == "hash_conflict"
        assert (await d.call("views.update", view_id=view["id"], view=modal()))["ok"]


async def test_an_update_of_a_closed_view_finds_nothing() -> None:
    async with desk() as d:
        view = await opened(d, modal())
        await d.slack.close_view("U1")
        assert (await d.call("views.update", view_id=view["id"], view=modal()))["error"] == "not_found"
        assert (await d.call("views.update", view=modal()))["error"] == "invalid_arguments"


async def test_an_external_id_is_used_once_at_a_time() -> None:
    async with desk() as d:
        await opened(d, modal(external_id="build-1"))
        assert (await d.call("views.update", external_id="build-1", view=modal(external_id="build-1")))["ok"]
        home = {"type": "home", "blocks": [section()], "external_id": "build-1"}
        assert (await d.call("views.publish", user_id="U1", view=home))["error"] == "duplicate_external_id"
        await d.slack.close_view("U1")
        assert (await d.call("views.publish", user_id="U1", view=home))["ok"]


async def test_a_home_tab_is_published_with_a_hash_against_races() -> None:
    home = {"type": "home", "blocks": [section("welcome")]}
    async with desk() as d:
        first = await d.call("views.publish", user_id="U1", view=home)
        shown = d.slack.home("U1")
        assert shown is not None
        assert shown["blocks"][0]["text"]["text"] == "welcome"
        assert (await d.call("views.publish", user_id="U1", view=home, hash=first["view"]["hash"]))["ok"]
        late = await d.call("views.publish", user_id="U1", view=home, hash=first["view"]["hash"])
        assert late["error"] == "hash_conflict"
        d.slack.home_tab_enabled = False
        assert (await d.call("views.publish", user_id="U1", view=home))["error"] == "not_enabled"
        assert (await d.call("views.publish", user_id="U404", view=home))["error"] == "invalid_arguments"


async def test_a_submission_carries_what_was_typed_and_closes_the_modal() -> None:
    async with desk() as d:
        await opened(d, modal(field_block("url"), callback_id="build", private_metadata="p", submit=SUBMIT))
        assert (await d.slack.submit("U1", {"url": {"in": "https://x"}})).status == 200
        payload = d.bot.heard[-1].payload
        assert (payload["type"], payload["view"]["callback_id"]) == ("view_submission", "build")
        assert payload["view"]["state"]["values"] == {"url": {"in": {"type": "plain_text_input", "value": "https://x"}}}
        assert d.slack.open_views("U1") == []


async def test_the_form_itself_holds_back_what_slack_would_not_send() -> None:
    async with desk() as d:
        menu = {"type": "static_select", "options": [{"text": {"type": "plain_text", "text": "a"}, "value": "a"}]}
        blocks = [
            field_block("need", max_length=3),
            field_block("menu", **menu),
            {**field_block("may"), "optional": True},
        ]
        await opened(d, modal(*blocks, submit=SUBMIT))
        heard = len(d.bot.heard)
        for values in (
            {},
            {"need": {"in": "abc"}},
            {"need": {"in": "abcd"}, "menu": {"in": "a"}},
            {"need": {"in": "abc"}, "menu": {"in": "b"}},
            {"other": {"in": "x"}},
        ):
            with pytest.raises(ValueError, match=r"need|menu|in |other"):
                await d.slack.submit("U1", values)
        assert len(d.bot.heard) == heard
        await d.slack.submit("U1", {"need": {"in": "abc"}, "menu": {"in": "a"}})
        values = d.bot.heard[-1].payload["view"]["state"]["values"]
        assert values["menu"]["in"]["selected_option"]["value"] == "a"


async def test_initial_values_count_as_filled_in() -> None:
    async with desk() as d:
        await opened(d, modal(field_block("tag", initial_value="latest"), submit=SUBMIT))
        await d.slack.submit("U1", {})
        assert d.bot.heard[-1].payload["view"]["state"]["values"]["tag"]["in"]["value"] == "latest"


@pytest.mark.parametrize(
    ("body", "titles", "error"),
    [
        ({"response_action": "clear"}, [], None),
        ({"response_action": "update", "view": modal(private_metadata="new")}, ["old", "new"], None),
        ({"response_action": "push", "view": modal(private_metadata="new")}, ["old", "form", "new"], None),
        ({"response_action": "update", "view": {"type": "modal"}}, ["old", "form"], "invalid_arguments"),
        ({"response_action": "errors", "errors": {"url": "no such place"}}, ["old", "form"], None),
        ({"response_action": "errors", "errors": {"typo": "x"}}, ["old", "form"], "invalid_errors"),
        ({"response_action": "dance"}, ["old", "form"], "invalid_response_action"),
    ],
)
async def test_an_answer_to_a_submission_is_obeyed(body: Any, titles: list[str], error: str | None) -> None:
    async with desk() as d:
        await opened(d, modal(actions(button("more")), private_metadata="old"))
        form = modal(field_block("url"), submit=SUBMIT, private_metadata="form")
        await d.call("views.push", trigger_id=await inner_trigger(d), view=form)
        d.bot.says(body)
        answer = await d.slack.submit("U1", {"url": {"in": "x"}})
        assert (answer.error, answer.body) == (error, body)
        assert [view["private_metadata"] for view in d.slack.open_views("U1")] == titles


async def test_errors_are_shown_at_the_field_until_the_next_try() -> None:
    async with desk() as d:
        await opened(d, modal(field_block("url"), submit=SUBMIT))
        d.bot.says({"response_action": "errors", "errors": {"url": "no"}})
        await d.slack.submit("U1", {"url": {"in": "x"}})
        assert d.slack.open_views("U1")[0]["errors"] == {"url": "no"}
        d.bot.says({})
        await d.slack.submit("U1", {"url": {"in": "y"}})
        assert "errors" not in d.bot.heard[-1].payload["view"]
        assert d.slack.open_views("U1") == []


async def test_closing_is_told_only_to_those_who_asked() -> None:
    async with desk() as d:
        await opened(d, modal())
        heard = len(d.bot.heard)
        await d.slack.close_view("U1")
        assert len(d.bot.heard) == heard
        await opened(d, modal(notify_on_close=True, callback_id="build"))
        await d.slack.close_view("U1")
        assert (d.bot.heard[-1].payload["type"], d.bot.heard[-1].payload["is_cleared"]) == ("view_closed", False)
        with pytest.raises(ValueError, match="no modal"):
            await d.slack.close_view("U1")


async def test_an_external_select_asks_for_options_after_three_letters() -> None:
    async with desk() as d:
        await opened(d, modal(field_block("repo", type="external_select", action_id="repo"), submit=SUBMIT))
        heard = len(d.bot.heard)
        assert (await d.slack.options("U1", "repo", "ac")).error == "min_query_length"
        assert len(d.bot.heard) == heard
        options = {"options": [{"text": {"type": "plain_text", "text": "acme/x"}, "value": "acme/x"}]}
        d.bot.says(options)
        assert (await d.slack.options("U1", "repo", "acm")).body == options
        payload = d.bot.heard[-1].payload
        assert (payload["type"], payload["action_id"], payload["value"]) == ("block_suggestion", "repo", "acm")
        d.bot.says({"options": options["options"] * 101})
        assert (await d.slack.options("U1", "repo", "acm")).error == "invalid_options"


async def test_a_choice_in_a_modal_is_told_and_remembered() -> None:
    async with desk() as d:
        options = [{"text": {"type": "plain_text", "text": name}, "value": name} for name in ("a", "b")]
        menu = {"type": "static_select", "action_id": "menu", "options": options, "initial_option": options[0]}
        await opened(d, modal(actions(menu, block_id="top"), submit=SUBMIT))
        await d.slack.click_view("U1", "menu", value="b")
        payload = d.bot.heard[-1].payload
        assert payload["view"]["state"]["values"]["top"]["menu"]["selected_option"]["value"] == "b"
        assert payload["container"]["type"] == "view"
        with pytest.raises(ValueError, match="offers no"):
            await d.slack.click_view("U1", "menu", value="c")
        with pytest.raises(ValueError, match="no other"):
            await d.slack.click_view("U1", "other")


@pytest.mark.parametrize(
    ("element", "value", "held"),
    [
        ({"type": "datepicker"}, "2026-11-23", {"selected_date": "2026-11-23"}),
        ({"type": "users_select"}, "U1", {"selected_user": "U1"}),
        ({"type": "number_input", "is_decimal_allowed": False}, "3", {"value": "3"}),
        ({"type": "multi_channels_select"}, ["C1"], {"selected_channels": ["C1"]}),
        ({"type": "timepicker"}, "23:59", {"selected_time": "23:59"}),
        ({"type": "conversations_select"}, "C1", {"selected_conversation": "C1"}),
        (
            {"type": "external_select", "initial_option": {"text": {"type": "plain_text", "text": "A"}, "value": "a"}},
            "a",
            {"selected_option": {"text": {"type": "plain_text", "text": "A"}, "value": "a"}},
        ),
        (
            {"type": "checkboxes", "options": [{"text": {"type": "plain_text", "text": "A"}, "value": "a"}]},
            ["a"],
            {"selected_options": [{"text": {"type": "plain_text", "text": "A"}, "value": "a"}]},
        ),
    ],
)
async def test_each_kind_of_field_has_its_own_word_for_its_value(element: Any, value: Any, held: Any) -> None:
    async with desk() as d:
        await opened(d, modal(field_block("f", **element), submit=SUBMIT))
        await d.slack.submit("U1", {"f": {"in": value}})
        state = d.bot.heard[-1].payload["view"]["state"]["values"]["f"]["in"]
        assert state == {"type": element["type"], **held}


async def test_a_view_that_clears_on_close_takes_the_whole_stack_with_it() -> None:
    async with desk() as d:
        await opened(d, PUSHABLE)
        last = modal(clear_on_close=True, notify_on_close=True)
        await d.call("views.push", trigger_id=await inner_trigger(d), view=last)
        await d.slack.close_view("U1")
        assert d.slack.open_views("U1") == []
        assert d.bot.heard[-1].payload["is_cleared"] is True


async def test_a_modal_without_a_submit_button_cannot_be_submitted() -> None:
    async with desk() as d:
        await opened(d, modal())
        with pytest.raises(ValueError, match="no submit"):
            await d.slack.submit("U1", {})


async def test_a_failed_submission_leaves_the_modal_open() -> None:
    async with desk() as d:
        await opened(d, modal(field_block("url"), submit=SUBMIT))
        d.bot.answer = lambda: web.Response(status=500)
        assert (await d.slack.submit("U1", {"url": {"in": "x"}})).error == "dispatch_failed"
        assert len(d.slack.open_views("U1")) == 1


async def test_an_external_select_under_a_message_asks_too() -> None:
    async with desk() as d:
        menu = {"type": "external_select", "action_id": "repo", "min_query_length": 0}
        ts = await d.post(blocks=[actions(menu)])
        d.bot.says({"options": []})
        assert (await d.slack.options("U1", "repo", "", channel="C1", ts=ts)).body == {"options": []}
        assert d.bot.heard[-1].payload["container"]["message_ts"] == ts
        with pytest.raises(ValueError, match="no menu"):
            await d.slack.options("U1", "other", "abc", channel="C1", ts=ts)
