"""A small scripted world for the page: a Slack that answers by a script, and a Quay that only says what it did."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.domain.errors import UserError
from bot.fakes.page import Board, Hint, Note

NASTY = "<img src=x onerror=\"document.title='hacked'\">"
START = 1_763_900_000

Json = dict[str, Any]


@dataclass(frozen=True)
class Place:
    id: str
    name: str
    members: frozenset[str] = frozenset()
    private: bool = False


@dataclass(frozen=True)
class Person:
    id: str
    name: str
    bot: bool = False


@dataclass(frozen=True)
class Answered:
    status: int = 200
    body: Any = None
    error: str | None = None


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text, "emoji": True}


def mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def card(**confirm: Any) -> Json:
    button = {"type": "button", "action_id": "ack", "style": "danger", "text": plain("Delete"), **confirm}
    blocks = [
        {"type": "header", "text": plain(f"A header {NASTY}")},
        {
            "type": "section",
            "text": mrkdwn(f"*acme/api* got `v1` from {escaped(NASTY)} and <https://quay.io/x|a link>"),
        },
        {"type": "section", "fields": [mrkdwn("*Size*\n48 MB"), mrkdwn("<javascript:alert(1)|not a link>")]},
        {"type": "context", "elements": [mrkdwn("_soon_ <!date^1763900000^{date_num}|never> :tada:")]},
    ]
    hanging = [{"type": "actions", "elements": [button]}]
    return {"blocks": blocks, "attachments": [{"color": "#e01e5a", "blocks": hanging}]}


def option(value: str) -> Json:
    return {"text": plain(value), "value": value}


def text_input(block: str, label: str, **element: Any) -> Json:
    return {
        "type": "input",
        "block_id": block,
        "label": plain(label),
        "element": {"type": "plain_text_input", "action_id": "text", **element},
    }


PRESS: Json = {"type": "button", "action_id": "unlink", "text": plain("Unlink")}
MODAL: Json = {
    "id": "V1",
    "type": "modal",
    "title": plain("Subscribe"),
    "submit": plain("Save"),
    "close": plain("Cancel"),
    "blocks": [
        text_input("name", "Name", min_length=2),
        text_input("why", "Why", multiline=True) | {"optional": True},
        {
            "type": "input",
            "block_id": "repository",
            "label": plain("Repository"),
            "element": {"type": "external_select", "action_id": "pick", "min_query_length": 1},
        },
        {
            "type": "input",
            "block_id": "severity",
            "label": plain("Severity"),
            "element": {"type": "static_select", "action_id": "pick", "options": [option("High"), option("Low")]},
        },
        {
            "type": "input",
            "block_id": "events",
            "optional": True,
            "label": plain("Events"),
            "hint": plain("Leave all empty for every event."),
            "element": {"type": "checkboxes", "action_id": "pick", "options": [option("push"), option("build")]},
        },
    ],
}


@dataclass
class ScriptedSlack:
    """Remembers what was done in `done` and plays a fixed answer to it."""

    board: Board
    bot_user: str = "UBOT"
    down: bool = False
    done: list[tuple[Any, ...]] = field(default_factory=list)
    views: dict[str, list[Json]] = field(default_factory=dict)
    pushes: list[Json] = field(default_factory=list)
    whispered: dict[str, list[Json]] = field(default_factory=dict)
    said: dict[str, list[Json]] = field(default_factory=lambda: {"C1": [], "C2": [], "D1": []})
    answer: Answered = Answered()
    files: list[Json] = field(default_factory=list)
    shortcuts: list[Json] = field(default_factory=list)
    offer: Answered | None = None  # instead of the repositories, for whoever types
    filled: dict[str, dict[str, Any]] = field(default_factory=dict)  # by whom presses something in a modal
    updates: dict[str, Json] = field(default_factory=dict)  # what a press in a modal makes of it, by its id
    homes: dict[str, Json] = field(default_factory=dict)  # the Home tabs, from the first visit on

    @property
    def channels(self) -> dict[str, Place]:
        places = (Place("C1", "releases"), Place("C2", "security"), Place("D1", "alice", frozenset({"U1"})))
        return {place.id: place for place in places}

    @property
    def users(self) -> dict[str, Person]:
        persons = (Person("U1", "alice"), Person("U2", "bob"), Person("UBOT", "quaybot", bot=True))
        return {person.id: person for person in persons}

    def messages(self, channel: str) -> list[Json]:
        return self.said[channel]

    def whispers(self, user: str) -> list[Json]:
        return self.whispered.get(user, [])

    def open_views(self, user: str) -> list[Json]:
        return self.views.get(user, [])

    def home(self, user: str) -> Json | None:
        return self.homes.get(user)

    async def open_home(self, user: str) -> Answered:
        self.done.append(("home", user))
        row = {"type": "actions", "block_id": "b2", "elements": [PRESS]}
        said = {
            "type": "section",
            "block_id": "b1",
            "text": mrkdwn(f"Hello *{self.users[user].name}* {escaped(NASTY)}"),
        }
        self.homes[user] = {"id": f"V-{user}", "type": "home", "blocks": [said, row]}
        self.board.bump()
        return self.answer

    async def click_home(self, user: str, action_id: str, *, value: Any = None, block_id: str = "") -> Answered:
        self.done.append(("click_home", user, action_id, block_id))
        said = {"type": "section", "block_id": "b1", "text": mrkdwn("It is done.")}
        self.homes[user] = {**self.homes[user], "blocks": [said, *self.homes[user]["blocks"][1:]]}
        self.board.bump()
        return self.answer

    async def share(self, user: str, channel: str, text: str) -> str:
        self.done.append(("share", user, channel, text))
        below = [
            {"from_url": text, "is_app_unfurl": True, "blocks": [{"type": "section", "text": mrkdwn("*acme/web*")}]}
        ]
        return self.say(channel, user=user, bot_id=None, text=f"<{text}>", attachments=below)

    def say(self, channel: str, **message: Any) -> str:
        ts = f"{START + len(self.said[channel])}.000100"
        self.said[channel].append({"type": "message", "user": "UBOT", "bot_id": "B1", "ts": ts, "text": "", **message})
        self.board.bump()
        return ts

    async def command(self, user: str, channel: str, text: str, command: str) -> Answered:
        self.done.append(("command", user, channel, text))
        ts = f"{START + 500 + len(self.done)}.000100"
        whisper = {"channel": channel, "user": "UBOT", "ts": ts, "text": f"You said `{escaped(text)}`"}
        self.whispered.setdefault(user, []).append(whisper)
        self.board.bump()
        return self.answer

    async def click(
        self,
        user: str,
        channel: str,
        ts: str,
        action_id: str,
        *,
        whisper: bool = False,
        value: Any = None,
        block_id: str = "",
    ) -> Answered:
        self.done.append(("click", user, channel, ts, action_id, whisper, value))
        messages = self.whispers(user) if whisper else self.said[channel]
        if ts not in {message["ts"] for message in messages}:
            raise LookupError("that message is gone")
        self.views[user] = [MODAL]
        self.board.bump()
        return self.answer

    async def click_view(
        self,
        user: str,
        action_id: str,
        *,
        value: Any = None,
        block_id: str = "",
        values: dict[str, dict[str, Any]] | None = None,
    ) -> Answered:
        self.done.append(("click_view", user, action_id, value))
        self.filled = values or {}
        views = [*self.open_views(user), *self.pushes]
        self.views[user] = [self.updates.get(view["id"], view) for view in views]
        self.board.bump()
        return self.answer

    async def submit(self, user: str, values: dict[str, dict[str, Any]]) -> Answered:
        self.done.append(("submit", user, values))
        if values.get("name", {}).get("text") == "taken":
            return Answered(200, {"response_action": "errors", "errors": {"name": "That name is taken."}})
        self.views[user] = self.views.get(user, [])[:-1]
        self.board.bump()
        return Answered(200, None)

    async def close_view(self, user: str) -> None:
        self.done.append(("close_view", user))
        self.views[user] = self.views.get(user, [])[:-1]
        self.board.bump()

    async def shortcut(
        self, user: str, callback_id: str, *, channel: str | None = None, ts: str | None = None
    ) -> Answered:
        self.done.append(("shortcut", user, callback_id, channel, ts))
        self.views[user] = [MODAL]
        self.board.bump()
        return self.answer

    async def options(
        self,
        user: str,
        action_id: str,
        value: str,
        *,
        block_id: str = "",
        channel: str = "",
        ts: str = "",
        whisper: bool = False,
    ) -> Answered:
        self.done.append(("options", user, action_id, value))
        if self.offer:
            return self.offer
        found = [name for name in ("acme/api", "acme/web", "ops/base") if value in name]
        return Answered(200, {"options": [option(name) for name in found]})


class ScriptedWorld:
    def __init__(self) -> None:
        self.board = Board(clock=lambda: float(START))
        self.slack = ScriptedSlack(self.board)
        self.queued = 0
        self.waiting = 0
        self.at_hand: dict[str, list[Note]] = {}
        self.wishes: list[tuple[str, Mapping[str, str]]] = []
        self.invited: dict[str, list[Hint]] = {}

    def notes(self, user: str) -> Sequence[Note]:
        return self.at_hand.get(user, [])

    def tries(self, user: str) -> Sequence[Hint]:
        return self.invited.get(user, [])

    def repositories(self) -> Sequence[str]:
        return ["acme/api", "acme/web"]

    def hints(self) -> Sequence[Hint]:
        return [Hint("/quay help", "what I can do"), Hint("/quay tags REPO", "the newest tags")]

    async def happen(self, what: str, wish: Mapping[str, str]) -> str:
        self.wishes.append((what, wish))
        if wish.get("tag") == "forbidden":
            raise UserError("That tag cannot be pushed.")
        self.slack.say("C1", text=f"{wish.get('repository', 'acme/api')} got a {what}")
        return f"Did: {what}"
