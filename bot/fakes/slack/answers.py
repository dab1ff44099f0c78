"""Answering through a response_url, and through the body of an acknowledgement (facts §1)."""

from typing import Any

from bot.fakes.slack import content as contents
from bot.fakes.slack.arguments import Arguments
from bot.fakes.slack.chat import hint, write
from bot.fakes.slack.content import Content
from bot.fakes.slack.model import Json, Refused
from bot.fakes.slack.state import URL_LIFE, URL_USES, ResponseUrl, Workspace


def use(workspace: Workspace, name: str) -> ResponseUrl:
    """The url, with one of its five uses spent: a refused payload spends one as well."""
    url = workspace.urls.get(name)
    if not url:
        raise Refused("invalid_url")
    if workspace.clock.now() - url.born > URL_LIFE:
        raise Refused("expired_url")
    if url.uses >= URL_USES:
        raise Refused("used_url")
    url.uses += 1
    return url


def speak(workspace: Workspace, url: ResponseUrl, payload: Any) -> Json:
    """Do what a payload asks for.

    Ephemeral unless it says in_channel. Replacing and deleting reach only the app's message that carried the
    component; a replaced ephemeral message stays ephemeral whatever is asked.
    """
    if not isinstance(payload, dict):
        raise Refused("invalid_payload")
    args = Arguments(payload)
    if args.flag("delete_original") and set(args.values) == {"delete_original"}:
        _delete(workspace, url)
        return {"ok": True}
    content = contents.read(args)
    if content.empty():
        raise Refused("no_text")
    if args.flag("replace_original") and url.ts:
        _replace(workspace, url, content)
    elif args.text("response_type") == "in_channel":
        thread = args.text("thread_ts") or None
        write(workspace, workspace.channels[url.channel], content, thread=thread, meta=contents.metadata(args))
    else:
        hint(workspace, url.user, url.channel, content, thread=args.text("thread_ts"))
    return {"ok": True}


def _original(workspace: Workspace, url: ResponseUrl) -> tuple[list[Json], Json]:
    """The message that carried the component, and the list it is in."""
    home = workspace.whispers.get(url.user, []) if url.whisper else workspace.messages.get(url.channel, [])
    for message in home:
        if url.ts and message["ts"] == url.ts:
            return home, message
    raise Refused("message_not_found" if url.ts else "no_text")


def _delete(workspace: Workspace, url: ResponseUrl) -> None:
    home, message = _original(workspace, url)
    home.remove(message)
    workspace.changed()


def _replace(workspace: Workspace, url: ResponseUrl, content: Content) -> None:
    _, message = _original(workspace, url)
    message["text"] = content.text or ""
    message["blocks"] = content.blocks or []
    message["attachments"] = content.attachments or []
    workspace.changed()
