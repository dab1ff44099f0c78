"""chat.*: posting, editing, deleting, whispering."""

from typing import Any

from bot.fakes.slack import content as contents
from bot.fakes.slack.arguments import Arguments
from bot.fakes.slack.content import Content
from bot.fakes.slack.model import Channel, Json, Refused
from bot.fakes.slack.state import APP_ID, BOT_ID, BOT_USER, Workspace, is_own, shown, with_ids

UPDATE_TEXT = 4_000
WHISPER_BYTES = 4_000
"""Slack advises at most 4,000 bytes for one ephemeral message and knows `msg_too_long`; here the advice is law."""


def write(
    workspace: Workspace, channel: Channel, content: Content, *, thread: str | None = None, meta: Json | None = None
) -> Json:
    """Add a message of the bot to a channel."""
    message: Json = {
        "type": "message",
        "ts": workspace.next_ts(),
        "user": BOT_USER,
        "bot_id": BOT_ID,
        "app_id": APP_ID,
        "text": content.text or "",
        "blocks": content.blocks or [],
        "attachments": content.attachments or [],
        "thread_ts": thread or None,
        "metadata": meta or None,
    }
    message = {name: value for name, value in message.items() if value is not None}
    workspace.messages.setdefault(channel.id, []).append(message)
    workspace.changed()
    return message


def as_sent(message: Json, *, with_metadata: bool = True) -> Json:
    """A message as Slack's API returns it: with the ids it has filled in."""
    copy = shown(message)
    copy["blocks"] = with_ids(copy["blocks"], copy["ts"])
    copy["attachments"] = [
        {
            **each,
            "id": index,
            **({"blocks": with_ids(each["blocks"], f"{copy['ts']}/{index}")} if "blocks" in each else {}),
        }
        for index, each in enumerate(copy["attachments"], start=1)
    ]
    if not with_metadata:
        copy.pop("metadata", None)
    return copy


def _thread(workspace: Workspace, channel: Channel, args: Arguments) -> str | None:
    """The parent that a thread_ts means; a reply's ts and an unknown one are refused."""
    if not (ts := args.text("thread_ts")):
        return None
    try:
        parent = workspace.message(channel.id, ts)
    except Refused:
        raise Refused("thread_not_found") from None
    if parent.get("thread_ts") not in (None, ts):
        raise Refused("cannot_reply_to_message")
    return ts


def _warned(reply: Json, warnings: list[str]) -> Json:
    if warnings:
        reply["warning"] = ",".join(warnings)
        reply["response_metadata"] = {"warnings": warnings}
    return reply


def post(workspace: Workspace, args: Arguments) -> Json:
    """chat.postMessage."""
    target = args.need("channel")
    content = contents.read(args)
    if content.empty():
        raise Refused("no_text")
    meta = contents.metadata(args)
    channel = workspace.writable(target)
    message = write(workspace, channel, content, thread=_thread(workspace, channel, args), meta=meta)
    reply = {"ok": True, "channel": channel.id, "ts": message["ts"], "message": as_sent(message)}
    return _warned(reply, content.warnings)


def _replace(message: Json, content: Content) -> None:
    """Facts §5: text alone removes the blocks; what is not mentioned stays; an empty list clears."""
    if content.blocks is not None:
        message["blocks"] = content.blocks
    elif content.text is not None:
        message["blocks"] = []
    if content.text is not None or content.blocks is not None:
        message["text"] = content.text or ""
    if content.attachments is not None:
        message["attachments"] = content.attachments


def update(workspace: Workspace, args: Arguments) -> Json:
    """chat.update. With blocks there is no "(edited)" mark; metadata stays unless given."""
    target, ts = args.need("channel"), args.need("ts")
    content = contents.read(args)
    if len(content.text or "") > UPDATE_TEXT:
        raise Refused("msg_too_long")
    meta = contents.metadata(args)
    channel = workspace.joined(target)
    if channel.archived:
        raise Refused("is_archived")
    message = workspace.message(channel.id, ts)
    if not is_own(message):
        raise Refused("cant_update_message")
    _check_update(message, content, with_meta="metadata" in args)
    _replace(message, content)
    if not content.blocks:
        message["edited"] = {"user": BOT_USER, "ts": workspace.next_ts()}
    if meta is not None:
        message.pop("metadata", None)
        message |= {"metadata": meta} if meta else {}
    workspace.changed()
    return {"ok": True, "channel": channel.id, "ts": ts, "text": message["text"], "message": as_sent(message)}


def _check_update(message: Json, content: Content, *, with_meta: bool) -> None:
    nothing = content.text is None and content.blocks is None and content.attachments is None
    left = content.attachments if content.attachments is not None else message["attachments"]
    if (nothing and not with_meta) or (not nothing and not (content.text or content.blocks or left)):
        raise Refused("no_text")
    was_rich = any(block["type"] == "rich_text" for block in message["blocks"])
    if was_rich and content.blocks and not any(block["type"] == "rich_text" for block in content.blocks):
        raise Refused("block_mismatch")


def delete(workspace: Workspace, args: Arguments) -> Json:
    """chat.delete."""
    target, ts = args.need("channel"), args.need("ts")
    channel = workspace.joined(target)
    message = workspace.message(channel.id, ts)
    if not is_own(message):
        raise Refused("cant_delete_message")
    workspace.messages[channel.id].remove(message)
    workspace.changed()
    return {"ok": True, "channel": channel.id, "ts": ts}


def hint(workspace: Workspace, user: str, channel: str, content: Content, *, thread: str = "") -> Json:
    """Show something to one person only. In a thread nobody has replied to yet, it is shown to nobody (facts §1)."""
    whisper: Json = {
        "ts": workspace.next_ts(),
        "channel": channel,
        "user": user,
        "text": content.text or "",
        "blocks": content.blocks or [],
        "attachments": content.attachments or [],
    }
    if thread:
        whisper["thread_ts"] = thread
    active = any(message.get("thread_ts") == thread for message in workspace.messages.get(channel, []))
    if not thread or active:
        workspace.whispers.setdefault(user, []).append(whisper)
        workspace.changed()
    return whisper


def whisper(workspace: Workspace, args: Arguments) -> Json:
    """chat.postEphemeral: only to active members of a channel the bot is in."""
    target, user = args.need("channel"), args.need("user")
    content = contents.read(args)
    if content.empty():
        raise Refused("no_text")
    if len((content.text or "").encode()) > WHISPER_BYTES:
        raise Refused("msg_too_long")
    if target in workspace.users:
        raise Refused("channel_not_found")
    channel = workspace.writable(target)
    person = workspace.users.get(user)
    if not person or person.deleted or user not in channel.members:
        raise Refused("user_not_in_channel")
    said = hint(workspace, user, channel.id, content, thread=args.text("thread_ts"))
    return _warned({"ok": True, "message_ts": said["ts"]}, content.warnings)


def permalink(workspace: Workspace, args: Arguments) -> Json:
    """chat.getPermalink."""
    channel = workspace.visible(args.need("channel"))
    message: dict[str, Any] = workspace.message(channel.id, args.need("message_ts"))
    link = f"https://fake.slack.com/archives/{channel.id}/p{message['ts'].replace('.', '')}"
    if "thread_ts" in message:
        link += f"?thread_ts={message['thread_ts']}&cid={channel.id}"
    return {"ok": True, "channel": channel.id, "permalink": link}
