"""Everything that the page shows to one acting person, as one JSON value."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from aiohttp import web

from bot.fakes.page.door import Refused, guarded, told
from bot.fakes.page.happenings import HAPPENINGS
from bot.fakes.page.world import DemoWorld, Named, SlackSide

SHOWN = 150
"""How many messages of a channel the page gets at most: the newest ones."""


def route(demo: DemoWorld) -> web.RouteDef:
    """`GET /demo/state?user=U…`; without a user, as the first person."""

    async def get(request: web.Request) -> web.Response:
        return told(seen_by(demo, acting(demo.slack, request.query.get("user"))))

    return web.get("/demo/state", guarded(get))


def acting(slack: SlackSide, user: str | None) -> str:
    """The person to act as. Raises Refused for somebody who is not there."""
    known = people(slack)
    if user and user not in known:
        raise Refused(404, "There is no such person here.")
    if not known:
        raise Refused(404, "Nobody is here yet.")
    return user or next(iter(known))


def people(slack: SlackSide) -> dict[str, Named]:
    """Everybody one can act as."""
    return {id_: user for id_, user in slack.users.items() if id_ != slack.bot_user and not _silent(user)}


def seen_by(demo: DemoWorld, user: str) -> dict[str, Any]:
    """The whole state for `user`. `messages` is by channel id, everything else is in the order to show it."""
    slack = demo.slack
    channels = [channel for channel in slack.channels.values() if visible(channel, user)]
    bot = slack.users.get(slack.bot_user)
    return {
        "version": demo.board.version,
        "user": user,
        "bot": {"id": slack.bot_user, "name": bot.name if bot else "quaybot"},
        "users": [{"id": person.id, "name": person.name} for person in people(slack).values()],
        "channels": [_channel(channel) for channel in channels],
        "messages": {channel.id: list(slack.messages(channel.id))[-SHOWN:] for channel in channels},
        "whispers": list(slack.whispers(user))[-SHOWN:],
        "views": list(slack.open_views(user)),
        "home": slack.home(user),
        "status": {"queued": demo.queued, "waiting": demo.waiting, "down": slack.down},
        "shortcuts": list(slack.shortcuts),
        "notes": [asdict(note) for note in demo.notes(user)],
        "tries": [asdict(hint) for hint in demo.tries(user)],
        "repositories": list(demo.repositories()),
        "hints": [asdict(hint) for hint in demo.hints()],
        "happenings": [asdict(happening) for happening in HAPPENINGS],
        "log": [asdict(line) for line in demo.board.lines],
    }


def _channel(channel: Named) -> Mapping[str, Any]:
    kind = "direct" if channel.id.startswith("D") else "channel"
    return {"id": channel.id, "name": channel.name, "kind": kind}


def visible(channel: Named, user: str) -> bool:
    """May that person see it? Direct conversations and private channels are for their members, where these are told."""
    closed = channel.id.startswith("D") or getattr(channel, "private", False)
    members = getattr(channel, "members", None)
    return not closed or not members or user in members


def _silent(user: Named) -> bool:
    return bool(getattr(user, "deleted", False) or getattr(user, "bot", False))
