"""The Slack app manifest, made from the commands that there are (facts §12)."""

from collections.abc import Iterable
from typing import Any

from bot.rules.quay_links import unfurl_domain
from handlers.command import Command
from handlers.commands import COMMANDS
from handlers.shortcuts import Shortcut, usable

NAME = "quaybot"
DESCRIPTION = "Alerts, tags, builds and robots of your Quay registry, in your channels."
LONG_DESCRIPTION = (
    "quaybot connects a Quay container registry with Slack. Channels see pushes, builds, vulnerabilities, mirror "
    "syncs and quota warnings as cards that keep themselves up to date. With /quay, everybody "
    "can look back in a tag's history and restore it, run builds, renew robot tokens and post registry messages, each "
    "with their own Quay account and its rights."
)
LONGEST = {"description": 2000, "usage_hint": 1000}

SCOPES = (
    "app_mentions:read",  # questions in threads, where slash commands do not exist
    "channels:history",  # looking for a post whose answer got lost
    "channels:read",  # who is in a public channel, for policies that name one
    "chat:write",
    "chat:write.public",  # posting to public channels without being invited
    "commands",
    "files:write",  # lists as files
    "groups:history",
    "groups:read",  # the same for private channels
    "im:history",
    "im:write",  # telling the asker when a channel cannot be posted to; sending files
    "links:read",  # links to Quay, to show below them what they are about
    "links:write",
    "usergroups:read",  # who is in a user group, for policies and approvals that name one
    "users:read",  # the name on the linking page; who has left, so that their account is forgotten
)
EVENTS = (
    "app_home_opened",  # the Home tab is drawn
    "app_mention",
    "app_uninstalled",  # everybody's account is forgotten
    "link_shared",
    "tokens_revoked",  # the same, when the bot's own token is revoked
    "user_change",  # whoever is deactivated is forgotten
)
_LINKS = "link"  # how everything about links is called
PATH = "/slack/events"


def manifest(
    public_url: str, *, quay_url: str = "", socket_mode: bool, commands: Iterable[Command] = COMMANDS.values()
) -> dict[str, Any]:
    """The manifest of this app (v2). `public_url` is where Slack reaches the bot; Socket Mode needs none.

    Links are asked for only if Slack can know those to the Quay of `quay_url` (facts §9).
    """
    commands, domain = tuple(commands), unfurl_domain(quay_url)
    links = {"unfurl_domains": [domain]} if domain else {}
    address = public_url.rstrip("/") + PATH
    request = {} if socket_mode else {"request_url": address}
    menus = {} if socket_mode else {"message_menu_options_url": address}  # for the fields that search
    slash = {
        "command": "/quay",
        "description": _clip("Tags, builds, robots, messages and alerts of your Quay registry", LONGEST["description"]),
        "usage_hint": _clip(" | ".join(_hints(commands)), LONGEST["usage_hint"]),
        "should_escape": True,
    }
    return {
        "_metadata": {"major_version": 2, "minor_version": 1},
        "display_information": {
            "name": NAME,
            "description": DESCRIPTION,
            "long_description": LONG_DESCRIPTION,
            "background_color": "#1b3a57",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": True,
            },
            "bot_user": {"display_name": NAME, "always_online": True},
            "slash_commands": [slash if socket_mode else slash | {"url": address}],
            "shortcuts": [_shortcut(one) for one in usable({command.word: command for command in commands})],
            **links,
        },
        "oauth_config": {"scopes": {"bot": [one for one in SCOPES if domain or not one.startswith(_LINKS)]}},
        "settings": {
            "event_subscriptions": {
                **request,
                "bot_events": [one for one in EVENTS if domain or not one.startswith(_LINKS)],
            },
            "interactivity": {"is_enabled": True, **request, **menus},
            "org_deploy_enabled": False,
            "socket_mode_enabled": socket_mode,
            "token_rotation_enabled": False,
        },
    }


def _shortcut(one: Shortcut) -> dict[str, str]:
    return {
        "name": one.name,
        "type": "message" if one.message else "global",
        "callback_id": one.id,
        "description": one.description,
    }


def _hints(commands: Iterable[Command]) -> list[str]:
    """One short hint for each command: the beginning of its first form."""
    return [" ".join(command.usage[0].split()[:2]) for command in commands]


def _clip(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"
