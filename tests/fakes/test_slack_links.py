"""Links and the Home tab in the fake Slack: what the bot is told, and what it may show."""

import pytest

from tests.fakes.slack_desk import Desk, actions, button, desk, section

LINK = "https://quay.example.com/repository/acme/web"


async def unfurl(d: Desk, place: dict[str, str], url: str = LINK, *blocks: object) -> dict[str, object]:
    return await d.call("chat.unfurl", unfurls={url: {"blocks": list(blocks) or [section("web")]}}, **place)


def told(d: Desk) -> list[dict[str, object]]:
    return [one.payload["event"] for one in d.bot.heard]


async def test_a_link_is_told_while_it_is_written_and_when_it_is_there() -> None:
    async with desk() as d:
        d.slack.unfurl_domains = ["example.com"]
        ts = await d.slack.share("U1", "C1", f"look: {LINK} and {LINK} and https://other.example/x")
        composer, there = told(d)
        assert (composer["channel"], composer["source"]) == ("COMPOSER", "composer")
        assert composer["message_ts"] == composer["unfurl_id"]
        assert (there["channel"], there["message_ts"], there["source"]) == ("C1", ts, "conversations_history")
        assert there["links"] == [{"url": LINK, "domain": "example.com"}]


@pytest.mark.parametrize(
    ("domain", "url"),
    [
        ("quay", "https://quay/repository/a/b"),  # no top level domain
        ("10.0.0.5", "https://10.0.0.5/repository/a/b"),
        ("quay.example.com", "https://example.com/repository/a/b"),  # a domain above the one that is registered
        ("example.com", "https://notexample.com/repository/a/b"),
    ],
)
async def test_other_links_are_told_to_nobody(domain: str, url: str) -> None:
    async with desk() as d:
        d.slack.unfurl_domains = [domain]
        await d.slack.share("U1", "C1", url)
        assert told(d) == []


async def test_ports_do_not_matter() -> None:
    async with desk() as d:
        d.slack.unfurl_domains = ["quay.example.com"]
        await d.slack.share("U1", "C1", "http://quay.example.com:8080/repository/acme/web")
        assert len(told(d)) == 2


async def test_what_is_shown_below_a_link_stands_there_once() -> None:
    async with desk() as d:
        d.slack.unfurl_domains = ["example.com"]
        ts = await d.slack.share("U1", "C1", LINK)
        place = {"channel": "C1", "ts": ts}
        assert (await unfurl(d, place))["ok"]
        assert (await unfurl(d, place, LINK, section("newer")))["ok"]
        (message,) = d.slack.messages("C1")
        (below,) = message["attachments"]
        assert (below["from_url"], below["is_app_unfurl"]) == (LINK, True)
        assert below["blocks"][0]["text"]["text"] == "newer"


async def test_what_is_shown_by_its_unfurl_id_is_taken_as_well() -> None:
    async with desk() as d:
        d.slack.unfurl_domains = ["example.com"]
        await d.slack.share("U1", "C1", LINK)
        name = str(told(d)[0]["unfurl_id"])
        assert (await unfurl(d, {"unfurl_id": name, "source": "composer"}))["ok"]
        assert (await unfurl(d, {"unfurl_id": name}))["error"] == "invalid_source"
        assert (await unfurl(d, {"unfurl_id": "Uf9", "source": "composer"}))["error"] == "cannot_find_message"


async def test_nothing_is_shown_below_links_that_the_bot_was_not_told_of() -> None:
    async with desk() as d:
        d.slack.unfurl_domains = ["example.com"]
        ts, silent = await d.slack.share("U1", "C1", LINK), d.slack.say("U1", "C1", LINK)
        place = {"channel": "C1", "ts": ts}
        assert (await unfurl(d, place, "https://example.com/other"))["error"] == "cannot_unfurl_url"
        assert (await unfurl(d, {"channel": "C1", "ts": silent}))["error"] == "message_not_found"
        assert (await d.call("chat.unfurl", unfurls={}, **place))["error"] == "missing_unfurls"
        rich = {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": []}]}
        assert (await unfurl(d, place, LINK, rich))["error"] == "invalid_blocks"
        d.slack.scopes.remove("links:write")
        assert (await unfurl(d, place))["error"] == "missing_scope"


async def test_each_visit_of_the_home_tab_is_told() -> None:
    async with desk() as d:
        await d.slack.open_home("U1")
        home = {"type": "home", "blocks": [section(), actions(button("link", value="x")), actions(button("link"))]}
        await d.call("views.publish", user_id="U1", view=home)
        await d.slack.open_home("U1")
        first, second = told(d)
        assert (first["type"], first["user"], first["tab"], "view" in first) == ("app_home_opened", "U1", "home", False)
        assert second["view"]["type"] == "home"  # type: ignore[index]
        assert d.slack.home("U2") is None


async def test_a_button_of_the_home_tab_is_pressed_without_a_channel() -> None:
    async with desk() as d:
        home = {"type": "home", "blocks": [actions(button("go", value="one")), actions(button("go", value="two"))]}
        await d.call("views.publish", user_id="U1", view=home)
        await d.slack.click_home("U1", "go", index=1)
        pressed = d.bot.heard[-1].payload
        assert pressed["actions"][0]["value"] == "two"
        assert (pressed["view"]["type"], "channel" in pressed, "response_url" in pressed) == ("home", False, False)
        with pytest.raises(ValueError, match="no stop"):
            await d.slack.click_home("U1", "stop")
        with pytest.raises(ValueError, match="no Home tab yet"):
            await d.slack.click_home("U2", "go")


async def test_an_app_without_a_home_tab_cannot_be_visited() -> None:
    async with desk() as d:
        d.slack.home_tab_enabled = False
        with pytest.raises(ValueError, match="no Home tab"):
            await d.slack.open_home("U1")
