"""The Web API's methods: who answers, how often a minute and with which scope."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.fakes.slack import chat, conversations, files, people, unfurls, views
from bot.fakes.slack.arguments import Arguments
from bot.fakes.slack.model import Json
from bot.fakes.slack.state import Workspace

T2, T3, T4, SPECIAL = 20, 50, 100, 300
"""Calls a minute (facts §2). SPECIAL stands for Slack's "several hundred"."""


@dataclass(frozen=True, slots=True)
class Method:
    """One method. `scopes`: one of them is enough; empty: none is needed."""

    run: Callable[[Workspace, Arguments], Json]
    tier: int
    scopes: tuple[str, ...] = ()


READ = ("channels:read", "groups:read", "im:read", "mpim:read")
HISTORY = ("channels:history", "groups:history", "im:history", "mpim:history")
METHODS = {
    "api.test": Method(people.api_test, T4),
    "auth.test": Method(people.auth_test, SPECIAL),
    "chat.postMessage": Method(chat.post, SPECIAL, ("chat:write",)),
    "chat.update": Method(chat.update, T3, ("chat:write",)),
    "chat.delete": Method(chat.delete, T3, ("chat:write",)),
    "chat.postEphemeral": Method(chat.whisper, T4, ("chat:write",)),
    "chat.unfurl": Method(unfurls.unfurl, T3, ("links:write",)),
    "chat.getPermalink": Method(chat.permalink, SPECIAL),
    "conversations.info": Method(conversations.info, T3, READ),
    "conversations.list": Method(conversations.everything, T2, READ),
    "conversations.open": Method(conversations.open_im, T3, ("im:write",)),
    "conversations.members": Method(conversations.members, T4, READ),
    "conversations.history": Method(conversations.history, T3, HISTORY),
    "conversations.replies": Method(conversations.replies, T3, HISTORY),
    "users.info": Method(people.info, T4, ("users:read",)),
    "users.list": Method(people.everybody, T2, ("users:read",)),
    "usergroups.users.list": Method(people.group, T2, ("usergroups:read",)),
    "users.conversations": Method(conversations.of_user, T3, READ),
    "views.open": Method(views.open_view, T4),
    "views.push": Method(views.push, T4),
    "views.update": Method(views.update, T4),
    "views.publish": Method(views.publish, T4),
    "files.getUploadURLExternal": Method(files.promise, T4, ("files:write",)),
    "files.completeUploadExternal": Method(files.complete, T4, ("files:write",)),
}
SCOPES = {
    "chat:write", "commands", "app_mentions:read", "users:read", "channels:read", "groups:read", "im:read", "im:write",
    "channels:history", "groups:history", "im:history", "files:write", "usergroups:read", "links:read",
    "links:write",
}  # fmt: skip
"""What the fake app was granted, unless a test takes some away."""
