"""The fake Slack's people: user groups, those who leave, those of other workspaces, and Enterprise Grid."""

import pytest
from aiohttp import web

from tests.fakes.slack_desk import SUBMIT, actions, button, desk, field_block, modal


async def test_a_user_group_lists_those_who_are_still_there():
    async with desk() as d:
        d.slack.add_group("S1", ["U1", "U2"])
        assert (await d.call("usergroups.users.list", usergroup="S1"))["users"] == ["U1", "U2"]
        d.slack.deactivate("U2")
        assert (await d.call("usergroups.users.list", usergroup="S1"))["users"] == ["U1"]
        assert (await d.call("usergroups.users.list", usergroup="S2"))["error"] == "no_such_subteam"


async def test_without_the_scope_there_are_no_user_groups():
    async with desk() as d:
        d.slack.add_group("S1", ["U1"])
        d.slack.scopes.discard("usergroups:read")
        answer = await d.call("usergroups.users.list", usergroup="S1")
        assert (answer["error"], answer["needed"]) == ("missing_scope", "usergroups:read")


async def test_strangers_and_unknown_people_are_in_no_user_group():
    async with desk() as d:
        d.slack.add_user("U7", "zoe", team="T0OTHER")
        for user in ("U7", "U9"):
            with pytest.raises(ValueError, match=user):
                d.slack.add_group("S1", [user])


async def test_who_leaves_is_told_of_in_an_event():
    async with desk() as d:
        await d.slack.event(d.slack.deactivate("U1"))
        event = d.bot.heard[-1].payload["event"]
        assert (event["type"], event["user"]["id"], event["user"]["deleted"]) == ("user_change", "U1", True)
        assert (await d.call("users.info", user="U1"))["user"]["deleted"] is True


@pytest.mark.parametrize("event", [{"type": "app_uninstalled"}, {"type": "tokens_revoked", "tokens": {"bot": ["U0"]}}])
async def test_the_end_of_an_installation_is_an_event_like_any_other(event):
    async with desk() as d:
        await d.slack.event(event)
        payload = d.bot.heard[-1].payload
        assert (payload["team_id"], payload["event"]["type"]) == ("T0FAKE", event["type"])


async def test_somebody_of_another_workspace_clicks_with_their_own_team():
    async with desk() as d:
        d.slack.add_user("U7", "zoe", team="T0OTHER")
        d.slack.channels["C1"].members.add("U7")
        ts = await d.post(blocks=[actions(button("go"))])
        await d.slack.click("U7", "C1", ts, "go")
        payload = d.bot.heard[-1].payload
        assert (payload["user"]["id"], payload["user"]["team_id"]) == ("U7", "T0OTHER")
        told = (await d.call("users.info", user="U7"))["user"]
        assert (told["team_id"], told["is_stranger"]) == ("T0OTHER", True)
        assert (await d.call("conversations.info", channel="C1"))["channel"]["is_ext_shared"] is True


async def test_somebody_of_another_workspace_has_no_slash_commands():
    async with desk() as d:
        d.slack.add_user("U7", "zoe", team="T0OTHER")
        with pytest.raises(ValueError, match="not installed"):
            await d.slack.command("U7", "C1", "help")


async def test_what_a_stranger_says_comes_with_a_sign_that_the_channel_is_shared():
    async with desk() as d:
        d.slack.add_user("U7", "zoe", team="T0OTHER")
        await d.slack.event(
            {"type": "app_mention", "user": "U7", "user_team": "T0OTHER", "channel": "C1", "text": "hi"}
        )
        assert d.bot.heard[-1].payload["is_ext_shared_channel"] is True
        await d.slack.event({"type": "app_mention", "user": "U1", "channel": "C1", "text": "hi"})
        assert d.bot.heard[-1].payload["is_ext_shared_channel"] is False


async def test_in_enterprise_grid_commands_name_the_workspace_and_clicks_the_organization():
    async with desk(enterprise="E0FAKE") as d:
        assert (await d.call("auth.test"))["enterprise_id"] == "E0FAKE"
        await d.slack.command("U1", "C1", "help")
        fields = d.bot.heard[-1].fields
        assert (fields["team_id"], fields["enterprise_id"]) == ("T0FAKE", "E0FAKE")
        ts = await d.post(blocks=[actions(button("go"))])
        await d.slack.click("U1", "C1", ts, "go")
        payload = d.bot.heard[-1].payload
        assert (payload["user"]["team_id"], payload["team"]["id"]) == ("E0FAKE", "T0FAKE")
        assert payload["enterprise"]["id"] == payload["team"]["enterprise_id"] == "E0FAKE"


async def test_without_enterprise_grid_nothing_names_an_organization():
    async with desk() as d:
        assert "enterprise_id" not in await d.call("auth.test")
        await d.slack.command("U1", "C1", "help")
        assert "enterprise_id" not in d.bot.heard[-1].fields


async def test_an_attacker_may_press_what_only_somebody_else_sees():
    async with desk() as d:
        await d.call("chat.postEphemeral", channel="C1", user="U1", text="x", blocks=[actions(button("go", value="v"))])
        ts = d.slack.whispers("U1")[0]["ts"]
        with pytest.raises(ValueError, match="sees no message"):
            await d.slack.click("U2", "C1", ts, "go", whisper=True)
        await d.slack.click("U2", "C1", ts, "go", whisper=True, seen_by="U1")
        payload = d.bot.heard[-1].payload
        assert (payload["user"]["id"], payload["actions"][0]["value"]) == ("U2", "v")


async def test_an_attacker_may_press_and_send_in_somebody_elses_modal():
    async with desk() as d:
        await d.slack.command("U1", "C1", "build")
        trigger = d.bot.heard[-1].fields["trigger_id"]
        view = modal(actions(button("go")), field_block("tag"), submit=SUBMIT, private_metadata="p")
        await d.call("views.open", trigger_id=trigger, view=view)
        await d.slack.click_view("U2", "go", seen_by="U1")
        assert d.bot.heard[-1].payload["user"]["id"] == "U2"
        d.bot.answer = web.Response
        await d.slack.submit("U2", {"tag": {"in": "v1"}}, seen_by="U1")
        payload = d.bot.heard[-1].payload
        assert (payload["user"]["id"], payload["view"]["private_metadata"]) == ("U2", "p")
        assert d.slack.open_views("U1") == []
