"""What reaches the bot: signed requests in Slack's shapes, within three seconds."""

import asyncio
import hashlib
import hmac

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from bot.fakes.slack import slack_escape
from tests.fakes.slack_desk import Heard, actions, button, desk, section


def signature_holds(heard: Heard, secret: str) -> bool:
    base = "v0:" + heard.headers["X-Slack-Request-Timestamp"] + ":" + heard.raw.decode()
    expected = "v0=" + hmac.new(secret.encode(), base.encode(), hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected, heard.headers["X-Slack-Signature"])


async def test_every_request_is_signed_with_the_clocks_time() -> None:
    async with desk(signing_secret="s3cret") as d:
        ts = await d.post(blocks=[actions(button("go", value="ü"))])
        await d.slack.command("U1", "C1", "grüße & <co>")
        await d.slack.click("U1", "C1", ts, "go")
        await d.slack.event({"type": "app_home_opened", "user": "U1"})
        assert len(d.bot.heard) == 3
        assert all(signature_holds(heard, "s3cret") for heard in d.bot.heard)
        assert not any(signature_holds(heard, "other") for heard in d.bot.heard)
        assert {heard.headers["X-Slack-Request-Timestamp"] for heard in d.bot.heard} == {
            str(int(d.clock.now().timestamp()))
        }


async def test_a_command_has_slacks_fields() -> None:
    async with desk() as d:
        answer = await d.slack.command("U1", "C1", " build acme/web ")
        fields = d.bot.heard[0].fields
        assert answer.status == 200
        assert set(fields) == {
            "token", "team_id", "team_domain", "channel_id", "channel_name", "user_id", "user_name", "command", "text",
            "api_app_id", "is_enterprise_install", "response_url", "trigger_id",
        }  # fmt: skip
        assert (fields["command"], fields["text"], fields["channel_name"]) == ("/quay", "build acme/web", "releases")
        assert d.bot.heard[0].headers["Content-Type"] == "application/x-www-form-urlencoded"
        assert d.slack.messages("C1") == []


async def test_private_channels_and_direct_messages_are_named_as_slack_names_them() -> None:
    async with desk() as d:
        d.slack.add_channel("G1", "secret", private=True, members=["U1"])
        for channel in ("G1", d.slack.im("U1")):
            await d.slack.command("U1", channel, "help")
        assert [heard.fields["channel_name"] for heard in d.bot.heard] == ["privategroup", "directmessage"]


async def test_mentions_in_a_command_arrive_as_ids() -> None:
    async with desk() as d:
        d.slack.add_channel("G1", "secret", private=True)
        await d.slack.command("U1", "C1", "tell @grace in #releases or #secret or @nobody")
        assert d.bot.heard[0].fields["text"] == "tell <@U2> in <#C1|releases> or <#G1|> or @nobody"


@pytest.mark.parametrize(
    ("typed", "arrives"),
    [
        ("build acme/web", "build acme/web"),
        ("a & b < c > d", "a &amp; b &lt; c &gt; d"),
        ("https://quay.io/repository/acme/x?a=1&b=2", "<https://quay.io/repository/acme/x?a=1&amp;b=2>"),
        ("see https://quay.io/x.", "see <https://quay.io/x>."),
        ("quay.io/acme/x", "<http://quay.io/acme/x|quay.io/acme/x>"),
        ("build quay.io/acme/x:v1.0 now", "build <http://quay.io/acme/x:v1.0|quay.io/acme/x:v1.0> now"),
        ("quay.io:8443/a/b", "<http://quay.io:8443/a/b|quay.io:8443/a/b>"),
        ("v1.2.3 Dockerfile.prod a/b.txt", "v1.2.3 Dockerfile.prod a/b.txt"),
        ("ada@example.com", "<mailto:ada@example.com|ada@example.com>"),
        ("<!channel>", "&lt;!channel&gt;"),
    ],
)
def test_typed_text_is_escaped_as_slack_does(typed: str, arrives: str) -> None:
    assert slack_escape(typed) == arrives


@given(st.text())
def test_no_raw_bracket_survives_except_round_links(typed: str) -> None:
    arrives = slack_escape(typed.replace(".", "").replace(":", "").replace("@", ""))
    assert "<" not in arrives
    assert ">" not in arrives


async def test_a_click_says_where_and_what() -> None:
    async with desk() as d:
        ts = await d.post("card", blocks=[section(), actions(button("go", value="42", style="primary"), block_id="b")])
        await d.slack.click("U1", "C1", ts, "go")
        payload = d.bot.heard[0].payload
        assert payload["type"] == "block_actions"
        assert payload["container"] == {"type": "message", "message_ts": ts, "channel_id": "C1", "is_ephemeral": False}
        act = payload["actions"][0]
        assert (act["action_id"], act["block_id"], act["value"], act["style"]) == ("go", "b", "42", "primary")
        assert (payload["message"]["text"], payload["channel"]["id"], payload["user"]["id"]) == ("card", "C1", "U1")
        assert payload["trigger_id"]


async def test_a_click_in_an_attachment_names_the_attachment() -> None:
    async with desk() as d:
        attachments = [{"text": "old style"}, {"color": "#fff", "blocks": [actions(button("go"))]}]
        ts = await d.post(attachments=attachments)
        await d.slack.click("U1", "C1", ts, "go")
        container = d.bot.heard[0].payload["container"]
        assert (container["type"], container["attachment_id"]) == ("message_attachment", 2)


async def test_a_click_on_a_whisper_does_not_bring_the_message_along() -> None:
    async with desk() as d:
        reply = await d.call("chat.postEphemeral", channel="C1", user="U1", text="psst", blocks=[actions(button("go"))])
        await d.slack.click("U1", "C1", reply["message_ts"], "go", whisper=True)
        payload = d.bot.heard[0].payload
        assert payload["container"]["is_ephemeral"]
        assert "message" not in payload


async def test_nobody_can_click_what_is_not_there() -> None:
    async with desk() as d:
        ts = await d.post(blocks=[actions(button("go"))])
        for user, channel, stamp, action in (
            ("U1", "C1", ts, "stop"),
            ("U1", "C1", "1.000000", "go"),
            ("U1", "C404", ts, "go"),
            ("U404", "C1", ts, "go"),
        ):
            with pytest.raises(ValueError, match=r"no "):
                await d.slack.click(user, channel, stamp, action)


async def test_a_menu_under_a_message_sends_the_chosen_option() -> None:
    option = {"text": {"type": "plain_text", "text": "A"}, "value": "a"}
    async with desk() as d:
        ts = await d.post(blocks=[actions({"type": "overflow", "action_id": "menu", "options": [option]})])
        await d.slack.click("U1", "C1", ts, "menu", value="a")
        assert d.bot.heard[0].payload["actions"][0]["selected_option"] == option
        with pytest.raises(ValueError, match="offers no"):
            await d.slack.click("U1", "C1", ts, "menu", value="b")


async def test_a_repeated_event_keeps_its_id_and_says_that_it_is_repeated() -> None:
    async with desk() as d:
        await d.slack.event({"type": "app_mention", "text": "hi"}, event_id="Ev1")
        await d.slack.event({"type": "app_mention", "text": "hi"}, event_id="Ev1", retry=2, retry_reason="http_error")
        first, second = d.bot.heard
        assert first.payload["event_id"] == second.payload["event_id"] == "Ev1"
        assert (first.payload["type"], first.payload["event"]["type"]) == ("event_callback", "app_mention")
        assert "X-Slack-Retry-Num" not in first.headers
        assert (second.headers["X-Slack-Retry-Num"], second.headers["X-Slack-Retry-Reason"]) == ("2", "http_error")


async def test_a_bot_that_refuses_is_shown_as_failed() -> None:
    async with desk() as d:
        d.bot.answer = lambda: web.json_response({"error": "unhandled"}, status=404)
        answer = await d.slack.command("U1", "C1", "help")
        assert (answer.status, answer.body, answer.error) == (404, {"error": "unhandled"}, "dispatch_failed")
        assert d.slack.whispers("U1") == []


async def test_a_slow_bot_is_not_waited_for() -> None:
    async with desk() as d:
        waiting = asyncio.Event()
        hung = web.Application()

        async def hang(request: web.Request) -> web.Response:
            await waiting.wait()
            return web.Response()

        hung.router.add_post("/", hang)
        runner = web.AppRunner(hung, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        d.slack.deliver_to = f"http://127.0.0.1:{runner.addresses[0][1]}/"
        assert d.slack.deadline == 3.0
        d.slack.deadline = 0.05
        answer = await d.slack.command("U1", "C1", "help")
        assert (answer.status, answer.error) == (0, "operation_timeout")
        waiting.set()
        await runner.cleanup()
        assert (await d.slack.command("U1", "C1", "help")).error == "connection_failed"


async def test_without_an_address_nothing_can_be_delivered() -> None:
    async with desk() as d:
        d.slack.deliver_to = ""
        with pytest.raises(RuntimeError, match="deliver_to"):
            await d.slack.command("U1", "C1", "help")


async def test_waiting_ends_with_the_change_that_was_waited_for() -> None:
    async with desk() as d:
        changes: list[int] = []
        d.slack.on_change = lambda: changes.append(1)
        waiter = asyncio.create_task(d.slack.wait(lambda: d.slack.messages("C1")))
        await d.post("here")
        assert (await waiter)[0]["text"] == "here"
        assert changes
        with pytest.raises(TimeoutError):
            await d.slack.wait(lambda: False, timeout=0.01)


async def test_two_redirects_are_followed_and_no_third() -> None:
    async with desk() as d:
        d.bot.answer = lambda: web.Response(status=307, headers={"Location": "/slack/events"})
        answer = await d.slack.event({"type": "app_mention"})
        assert (answer.status, answer.error) == (0, "too_many_redirects")
        assert len(d.bot.heard) == 3


@pytest.mark.parametrize("kind", ["text/plain", "application/json"])
async def test_an_answer_that_is_no_json_is_shown_as_text(kind: str) -> None:
    async with desk() as d:
        d.bot.answer = lambda: web.Response(text="just words", content_type=kind)
        assert (await d.slack.command("U1", "C1", "help")).body == "just words"
        assert [w["text"] for w in d.slack.whispers("U1")] == ["just words"]
