"""conversations.*: what channels there are, who is in them, what was said."""

from decimal import Decimal, InvalidOperation

from bot.fakes.slack.arguments import Arguments, page
from bot.fakes.slack.chat import as_sent
from bot.fakes.slack.model import Channel, Json, Refused
from bot.fakes.slack.state import BOT_USER, Workspace


def describe(workspace: Workspace, channel: Channel) -> Json:
    """A channel as the API shows it to the bot."""
    if channel.kind == "im":
        user = next(iter(channel.members - {BOT_USER}))
        return {"id": channel.id, "is_im": True, "is_channel": False, "user": user, "is_archived": channel.archived}
    shared = any(user in workspace.users and workspace.users[user].team for user in channel.members)
    return {
        "id": channel.id,
        "name": channel.name,
        "is_channel": not channel.private,
        "is_group": channel.private,
        "is_im": False,
        "is_mpim": False,
        "is_private": channel.private,
        "is_archived": channel.archived,
        "is_member": BOT_USER in channel.members,
        "is_shared": shared,
        "is_ext_shared": shared,
        "is_org_shared": False,
        "num_members": len(channel.members),
    }


def info(workspace: Workspace, args: Arguments) -> Json:
    """conversations.info."""
    return {"ok": True, "channel": describe(workspace, workspace.visible(args.need("channel")))}


def _wanted(workspace: Workspace, args: Arguments, member: str | None) -> list[Channel]:
    """The channels of the asked types that the bot may know of, and that `member` is in, if given."""
    types = set(args.text("types", "public_channel").split(","))
    if unknown := types - {"public_channel", "private_channel", "im", "mpim"}:
        raise Refused("invalid_types", needed=",".join(sorted(unknown)))
    found = []
    for channel in workspace.channels.values():
        kind = "im" if channel.kind == "im" else "private_channel" if channel.private else "public_channel"
        hidden = channel.private and BOT_USER not in channel.members
        archived = args.flag("exclude_archived") and channel.archived
        if kind in types and not hidden and not archived and (member is None or member in channel.members):
            found.append(channel)
    return found


def everything(workspace: Workspace, args: Arguments) -> Json:
    """conversations.list: public channels unless `types` says otherwise."""
    channels, after = page(_wanted(workspace, args, None), args)
    return _paged({"ok": True, "channels": [describe(workspace, each) for each in channels]}, after)


def of_user(workspace: Workspace, args: Arguments) -> Json:
    """users.conversations: the channels the bot (or `user`) is in."""
    channels, after = page(_wanted(workspace, args, args.text("user", BOT_USER)), args)
    return _paged({"ok": True, "channels": [describe(workspace, each) for each in channels]}, after)


def _paged(reply: Json, cursor: str) -> Json:
    return {**reply, "response_metadata": {"next_cursor": cursor}}


def open_im(workspace: Workspace, args: Arguments) -> Json:
    """conversations.open: a direct conversation with one person (a group of them would need mpim:write)."""
    if "users" not in args and "channel" in args:
        return {"ok": True, "channel": {"id": workspace.joined(args.text("channel")).id}}
    users = args.need("users").split(",")
    if len(users) > 1:
        raise Refused("missing_scope", needed="mpim:write")
    person = workspace.users.get(users[0])
    if not person:
        raise Refused("user_not_found")
    if person.deleted:
        raise Refused("user_disabled")
    if person.id == BOT_USER:
        raise Refused("cannot_dm_bot")
    return {"ok": True, "channel": {"id": workspace.open_im(person.id).id}}


def members(workspace: Workspace, args: Arguments) -> Json:
    """conversations.members."""
    channel = workspace.visible(args.need("channel"))
    found, after = page(sorted(channel.members), args)
    return _paged({"ok": True, "members": found}, after)


def _moment(args: Arguments, name: str) -> Decimal | None:
    """A border of the time window; exact, since a ts has more digits than a float keeps."""
    if not args.text(name) or args.text(name) == "0":
        return None
    try:
        return Decimal(args.text(name))
    except InvalidOperation:
        raise Refused(f"invalid_ts_{name}") from None


def _window(messages: list[Json], args: Arguments) -> list[Json]:
    """The messages between oldest and latest; the borders count only if `inclusive`."""
    oldest, latest, closed = _moment(args, "oldest"), _moment(args, "latest"), args.flag("inclusive")

    def inside(message: Json) -> bool:
        ts = Decimal(message["ts"])
        after = oldest is None or ts > oldest or (closed and ts == oldest)
        return after and (latest is None or ts < latest or (closed and ts == latest))

    return [message for message in messages if inside(message)]


def _parent(workspace: Workspace, channel: str, message: Json, args: Arguments) -> Json:
    sent = as_sent(message, with_metadata=args.flag("include_all_metadata"))
    replies = [each for each in workspace.messages[channel] if each.get("thread_ts") == message["ts"]]
    if replies:
        sent |= {"thread_ts": message["ts"], "reply_count": len(replies), "latest_reply": replies[-1]["ts"]}
    return sent


def history(workspace: Workspace, args: Arguments) -> Json:
    """conversations.history: newest first, without replies in threads; metadata only with include_all_metadata."""
    channel = workspace.joined(args.need("channel"))
    top = [message for message in workspace.messages.get(channel.id, []) if "thread_ts" not in message]
    found, after = page(_window(top, args)[::-1], args, most=999)
    messages = [_parent(workspace, channel.id, message, args) for message in found]
    return _paged({"ok": True, "messages": messages, "has_more": bool(after)}, after)


def replies(workspace: Workspace, args: Arguments) -> Json:
    """conversations.replies: the parent, then its replies, oldest first."""
    channel, ts = workspace.joined(args.need("channel")), args.need("ts")
    messages = workspace.messages.get(channel.id, [])
    asked = next((message for message in messages if message["ts"] == ts), None)
    if not asked:
        raise Refused("thread_not_found")
    root = asked.get("thread_ts", ts)
    thread = [message for message in messages if message.get("thread_ts") == root]
    found, after = page(_window(thread, args), args, most=1000)
    parent = next((message for message in messages if message["ts"] == root), None)
    first = [_parent(workspace, channel.id, parent, args)] if parent else []
    rest = [as_sent(message, with_metadata=args.flag("include_all_metadata")) for message in found]
    return _paged({"ok": True, "messages": [*first, *rest], "has_more": bool(after)}, after)
