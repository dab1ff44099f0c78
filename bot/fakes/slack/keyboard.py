"""A person at the keyboard, in channels: slash commands, clicks, events."""

from typing import Any

from bot.fakes.slack import answers, components, fields
from bot.fakes.slack.chat import as_sent
from bot.fakes.slack.doorbell import Doorbell
from bot.fakes.slack.escape import slack_escape
from bot.fakes.slack.model import Answer, Json, Refused
from bot.fakes.slack.state import APP_ID, BOT_USER, ResponseUrl, Workspace

TOKEN = "fake-verification-token"


class Keyboard:
    """What people do outside of modals. Unknown people, channels and buttons are ValueErrors: nobody can do that."""

    def __init__(self, workspace: Workspace, bell: Doorbell) -> None:
        self.workspace = workspace
        self.bell = bell

    def envelope(self, kind: str, user: str) -> Json:
        """What every interactive payload begins with."""
        person = self.workspace.users.get(user)
        if not person:
            raise ValueError(f"there is no user {user}")
        team, grid = {"id": person.team or self.workspace.team, "domain": "fake"}, self.workspace.enterprise
        if grid and not person.team:
            team |= {"enterprise_id": grid, "enterprise_name": "Fake Grid"}
        who = {"id": user, "username": person.name, "name": person.name, "team_id": self.workspace.team_of(person)}
        return {"type": kind, "team": team, "user": who, "api_app_id": APP_ID, "token": TOKEN,
                "enterprise": {"id": grid, "name": "Fake Grid"} if grid else None,
                "is_enterprise_install": False}  # fmt: skip

    def place(self, channel: str) -> Json:
        """A channel as payloads name it."""
        found = self.workspace.channels.get(channel)
        if not found:
            raise ValueError(f"there is no channel {channel}")
        name = "directmessage" if found.kind == "im" else "privategroup" if found.private else found.name
        return {"id": channel, "name": name}

    async def command(self, user: str, channel: str, text: str, command: str) -> Answer:
        """Type a slash command, which only people of this workspace can (facts §7); an answer in the acknowledgement
        is shown.
        """
        who, where = self.envelope("command", user), self.place(channel)
        if self.workspace.users[user].team:
            raise ValueError(f"{user} is of another workspace, where the app is not installed")
        users = {one.name: f"<@{one.id}>" for one in self.workspace.users.values()}
        channels = {one.name: f"<#{one.id}|{'' if one.private else one.name}>"
                    for one in self.workspace.channels.values() if one.kind != "im"}  # fmt: skip
        said = {
            "token": TOKEN, "team_id": self.workspace.team, "team_domain": "fake", "channel_id": channel,
            "channel_name": where["name"], "user_id": user, "user_name": who["user"]["name"], "command": command,
            "text": slack_escape(text.strip(), users=users, channels=channels), "api_app_id": APP_ID,
            "is_enterprise_install": "false", "response_url": self.workspace.response_url(user, channel),
            "trigger_id": self.workspace.trigger(user, channel=channel),
        }  # fmt: skip
        if self.workspace.enterprise:
            said |= {"enterprise_id": self.workspace.enterprise, "enterprise_name": "Fake Grid"}
        answer = await self.bell.ring("slash_commands", said)
        if answer.status != 200 or not answer.body:
            return answer
        words = answer.body if isinstance(answer.body, dict) else {"text": str(answer.body)}
        try:
            answers.speak(self.workspace, ResponseUrl(user, channel, self.workspace.clock.now()), words)
        except Refused as refusal:
            return Answer(answer.status, answer.body, refusal.error)
        return answer

    def message(self, user: str, channel: str, ts: str, *, whisper: bool) -> Json:
        """The message as this person sees it, with Slack's ids filled in."""
        home = self.workspace.whispers.get(user, []) if whisper else self.workspace.messages.get(channel, [])
        for message in home:
            if message["ts"] == ts and message.get("channel", channel) == channel:
                return as_sent(message)
        raise ValueError(f"{user} sees no message {ts} in {channel}")

    async def click(  # noqa: PLR0913 - a press has that many facts
        self,
        user: str,
        channel: str,
        ts: str,
        action_id: str,
        value: Any,
        *,
        whisper: bool,
        block_id: str = "",
        seen_by: str = "",
    ) -> Answer:
        """Press a button (or choose `value` in a menu) under a message; a confirmation is confirmed.

        `seen_by`: press what only that other person sees, as no honest client does.
        """
        payload, where = self.envelope("block_actions", user), self.place(channel)
        message = self.message(seen_by or user, channel, ts, whisper=whisper)
        container: Json = {"type": "message", "message_ts": ts, "channel_id": channel, "is_ephemeral": whisper}
        found = components.find(message["blocks"], action_id, block_id)
        for attachment in message["attachments"] if not found else []:
            found = found or components.find(attachment.get("blocks") or [], action_id, block_id)
            if found:
                container |= {"type": "message_attachment", "attachment_id": attachment["id"], "is_app_unfurl": False}
                break
        if not found:
            raise ValueError(f"the message has no {action_id}")
        if "thread_ts" in message:
            container["thread_ts"] = message["thread_ts"]
        held = fields.take(self.workspace, f"{channel}/{ts}", *found, value)
        act = components.action(*found, held, self.workspace.next_ts())
        payload |= {
            "container": container, "channel": where, "actions": [act],
            "state": self._state(user, message, found, held),
            "trigger_id": self.workspace.trigger(user, channel=channel),
            "response_url": self.workspace.response_url(user, channel, ts=ts, whisper=whisper),
        }  # fmt: skip
        if not whisper:  # Slack keeps no ephemeral messages, so it cannot send them along
            payload["message"] = message
        return await self.bell.ring("interactive", payload)

    def _state(self, user: str, message: Json, found: tuple[Json, Json], held: Json) -> Json:
        """What the fields of a message hold for this person, with what was just chosen."""
        blocks = [*message["blocks"], *(one for each in message["attachments"] for one in each.get("blocks") or [])]
        known = self.workspace.touched.setdefault((user, message["ts"]), {"values": {}})
        if found[1]["type"] not in fields.STATELESS:
            known["values"].setdefault(found[0]["block_id"], {})[found[1]["action_id"]] = held
        return fields.kept_state(fields.initial_state(blocks), known, blocks)

    async def event(self, event: Json, event_id: str | None, retry: tuple[int, str] | None) -> Answer:
        """Send an event; a repetition carries the same event_id and says which it is."""
        now = self.workspace.clock.now()
        author = self.workspace.users.get(str(event.get("user")))
        shared = author is not None and bool(author.team)
        grid = self.workspace.enterprise or None
        authorization = {"enterprise_id": grid, "team_id": self.workspace.team, "user_id": BOT_USER, "is_bot": True,
                         "is_enterprise_install": False}  # fmt: skip
        payload = {
            "token": TOKEN, "team_id": self.workspace.team, "api_app_id": APP_ID, "type": "event_callback",
            "event_id": event_id or self.workspace.serial("Ev"), "event_time": int(now.timestamp()),
            "authorizations": [authorization], "is_ext_shared_channel": shared,
            "event": {"event_ts": self.workspace.next_ts(), **event},
        }  # fmt: skip
        return await self.bell.ring("events_api", payload, retry=retry)
