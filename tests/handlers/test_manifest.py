"""The app manifest against the limits that Slack documents."""

from dataclasses import replace

import pytest
from inline_snapshot import snapshot

from handlers.commands import COMMANDS
from handlers.manifest import EVENTS, SCOPES, manifest

KEYS = {
    "": {"_metadata", "display_information", "features", "oauth_config", "settings"},
    "_metadata": {"major_version", "minor_version"},
    "display_information": {"name", "description", "long_description", "background_color"},
    "features": {"app_home", "bot_user", "slash_commands", "shortcuts", "unfurl_domains"},
    "features.app_home": {"home_tab_enabled", "messages_tab_enabled", "messages_tab_read_only_enabled"},
    "features.bot_user": {"display_name", "always_online"},
    "features.slash_commands": {"command", "description", "url", "usage_hint", "should_escape"},
    "features.shortcuts": {"name", "type", "callback_id", "description"},
    "oauth_config": {"redirect_urls", "scopes", "token_management_enabled"},
    "oauth_config.scopes": {"bot", "user", "bot_optional", "user_optional"},
    "settings": {
        "event_subscriptions",
        "interactivity",
        "incoming_webhooks",
        "org_deploy_enabled",
        "socket_mode_enabled",
        "token_rotation_enabled",
        "is_hosted",
        "function_runtime",
        "allowed_ip_address_ranges",
    },
    "settings.event_subscriptions": {"request_url", "bot_events", "user_events", "metadata_subscriptions"},
    "settings.interactivity": {"is_enabled", "request_url", "message_menu_options_url"},
}


def unknown(value, path: str = "") -> list[str]:
    if isinstance(value, list):
        return [key for entry in value if isinstance(entry, dict) for key in unknown(entry, path)]
    if not isinstance(value, dict):
        return []
    found = [f"{path}.{key}" for key in value if key not in KEYS[path]]
    return found + [key for name, entry in value.items() for key in unknown(entry, f"{path}.{name}".strip("."))]


@pytest.mark.parametrize("socket_mode", [True, False])
def test_slack_knows_every_key(socket_mode):
    assert unknown(manifest("https://bot.example", socket_mode=socket_mode)) == []


def test_the_texts_are_within_their_limits():
    app = manifest("https://bot.example", socket_mode=False)
    shown = app["display_information"]
    assert len(shown["name"]) <= 35
    assert len(shown["description"]) <= 140
    assert 175 <= len(shown["long_description"]) <= 4000
    assert len(app["features"]["bot_user"]["display_name"]) <= 80
    [slash] = app["features"]["slash_commands"]
    assert len(slash["command"]) <= 32
    assert len(slash["description"]) <= 2000
    assert len(slash["usage_hint"]) <= 1000
    shortcuts = app["features"]["shortcuts"]
    assert 0 < len(shortcuts) <= 10
    assert all(len(one["name"]) <= 24 and len(one["description"]) <= 150 for one in shortcuts)
    assert len({one["callback_id"] for one in shortcuts}) == len(shortcuts)


def test_many_commands_do_not_make_the_hint_too_long():
    many = [replace(COMMANDS["build"], word=f"word{n}", usage=(f"word{n} {'x' * 50}",)) for n in range(50)]
    [slash] = manifest("https://bot.example", socket_mode=False, commands=many)["features"]["slash_commands"]
    assert len(slash["usage_hint"]) == 1000


def test_over_http_slack_is_told_where_to_call():
    app = manifest("https://bot.example/", socket_mode=False)
    [slash] = app["features"]["slash_commands"]
    assert slash["url"] == "https://bot.example/slack/events"
    assert slash["should_escape"] is True
    assert slash["usage_hint"].startswith(" ".join(next(iter(COMMANDS.values())).usage[0].split()[:2]))
    assert app["settings"] == snapshot(
        {
            "event_subscriptions": {
                "request_url": "https://bot.example/slack/events",
                "bot_events": ["app_home_opened", "app_mention", "app_uninstalled", "tokens_revoked", "user_change"],
            },
            "interactivity": {
                "is_enabled": True,
                "request_url": "https://bot.example/slack/events",
                "message_menu_options_url": "https://bot.example/slack/events",
            },
            "org_deploy_enabled": False,
            "socket_mode_enabled": False,
            "token_rotation_enabled": False,
        }
    )
    assert app["oauth_config"] == snapshot(
        {
            "scopes": {
                "bot": [
                    "app_mentions:read",
                    "channels:history",
                    "channels:read",
                    "chat:write",
                    "chat:write.public",
                    "commands",
                    "files:write",
                    "groups:history",
                    "groups:read",
                    "im:history",
                    "im:write",
                    "usergroups:read",
                    "users:read",
                ]
            }
        }
    )


def test_the_home_tab_is_on():
    app = manifest("https://bot.example", socket_mode=False)
    assert app["features"]["app_home"]["home_tab_enabled"] is True


def test_links_are_asked_for_where_slack_can_know_those_to_our_quay():
    app = manifest("https://bot.example", quay_url="https://Quay.example.com:8443/quay", socket_mode=False)
    assert app["features"]["unfurl_domains"] == ["quay.example.com"]
    assert {"links:read", "links:write"} <= set(app["oauth_config"]["scopes"]["bot"])
    assert "link_shared" in app["settings"]["event_subscriptions"]["bot_events"]


@pytest.mark.parametrize("quay_url", ["", "http://quay:8080", "https://10.0.0.5", "https://[::1]", "http://localhost"])
def test_links_are_not_asked_for_where_slack_cannot_know_them(quay_url):
    app = manifest("https://bot.example", quay_url=quay_url, socket_mode=False)
    assert "unfurl_domains" not in app["features"]
    assert not [scope for scope in app["oauth_config"]["scopes"]["bot"] if scope.startswith("links:")]
    assert "link_shared" not in app["settings"]["event_subscriptions"]["bot_events"]


def test_nothing_is_asked_for_twice_and_everything_is_in_order():
    assert list(SCOPES) == sorted(set(SCOPES))
    assert list(EVENTS) == sorted(set(EVENTS))


def test_the_shortcuts_of_messages_and_of_the_workspace_are_those_whose_forms_there_are():
    commands = [replace(COMMANDS["restore"]), replace(COMMANDS["vulns"], form=None)]
    app = manifest("https://bot.example", socket_mode=False, commands=commands)
    assert app["features"]["shortcuts"] == snapshot(
        [
            {
                "name": "Restore a tag",
                "type": "global",
                "callback_id": "restore_tag",
                "description": "Make a tag point at an image that it had before",
            },
            {
                "name": "Restore this tag",
                "type": "message",
                "callback_id": "restore_this",
                "description": "Restore the tag that this message names",
            },
        ]
    )


def test_over_a_socket_no_address_is_named():
    app = manifest("", socket_mode=True)
    assert "url" not in app["features"]["slash_commands"][0]
    events = [one for one in EVENTS if one != "link_shared"]
    assert app["settings"]["event_subscriptions"] == {"bot_events": events}
    assert app["settings"]["interactivity"] == {"is_enabled": True}
    assert app["settings"]["socket_mode_enabled"] is True
