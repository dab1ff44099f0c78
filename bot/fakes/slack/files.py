"""files.*: the three steps of an upload (facts §10)."""

from bot.fakes.slack.arguments import Arguments
from bot.fakes.slack.chat import write
from bot.fakes.slack.content import Content
from bot.fakes.slack.model import Channel, Json, Refused, invalid
from bot.fakes.slack.state import BOT_USER, Upload, Workspace


def promise(workspace: Workspace, args: Arguments) -> Json:
    """files.getUploadURLExternal."""
    name, length = args.need("filename"), args.number("length", 0, error="invalid_arguments")
    file_id = workspace.serial("F")
    workspace.uploads[file_id] = Upload(name, length)
    return {"ok": True, "upload_url": f"{workspace.origin}/upload/v1/{file_id}", "file_id": file_id}


def complete(workspace: Workspace, args: Arguments) -> Json:
    """files.completeUploadExternal: shared to a channel, or private without one. Shares show up later (facts §10)."""
    wanted = args.json("files", error="invalid_arguments")
    if not isinstance(wanted, list) or not wanted or not all(isinstance(each, dict) for each in wanted):
        raise invalid("invalid_arguments", ["[ERROR] missing required field: files"])
    uploads = [(each, workspace.uploads.get(str(each.get("id")))) for each in wanted]
    if any(upload is None or upload.content is None for _, upload in uploads):
        raise Refused("file_not_found")
    names = [name for name in (args.text("channel_id") or args.text("channels")).split(",") if name]
    if args.text("channel_id") in workspace.users:  # only `channels` takes people's ids
        raise Refused("channel_not_found")
    channels = [workspace.writable(name) for name in names]
    kept = [_keep(each, upload, channels, args) for each, upload in uploads if upload]
    for file in kept:
        del workspace.uploads[file["id"]]
    workspace.files += kept
    public = [{name: file[name] for name in ("id", "name", "title", "size")} for file in kept]
    for channel in channels:
        _share(workspace, channel, public, args)
    workspace.changed()
    return {"ok": True, "files": [{**file, "shares": {}} for file in public]}


def _keep(wanted: Json, upload: Upload, channels: list[Channel], args: Arguments) -> Json:
    return {
        "id": wanted["id"],
        "name": upload.name,
        "title": wanted.get("title") or upload.name,
        "size": upload.length,
        "content": upload.content,
        "user": BOT_USER,
        "channels": [channel.id for channel in channels],
        "initial_comment": args.text("initial_comment"),
        "thread_ts": args.text("thread_ts"),
    }


def _share(workspace: Workspace, channel: Channel, files: list[Json], args: Arguments) -> None:
    """The message that shows the files."""
    content = Content(args.text("initial_comment"), None, None)
    write(workspace, channel, content, thread=args.text("thread_ts") or None)["files"] = files
