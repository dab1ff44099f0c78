"""Links in messages: the app is told of those of its domains, and may show something below them (facts §9)."""

import re
from collections.abc import Callable, Iterable
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from bot.fakes.slack.arguments import Arguments
from bot.fakes.slack.blockkit import judge_blocks
from bot.fakes.slack.keyboard import Keyboard
from bot.fakes.slack.model import Json, Refused, invalid
from bot.fakes.slack.state import APP_ID, BOT_ID, BOT_USER, Workspace

COMPOSER = "COMPOSER"
DOMAINS = 5
_LINK = re.compile(r"https?://[^\s<>|]+")


def links(text: str, workspace: Workspace) -> list[Json]:
    """The links of the app's domains in a message, each once, as the event lists them."""
    found = dict.fromkeys(_LINK.findall(text))
    domains = [one for one in workspace.unfurl_domains[:DOMAINS] if workspace.any_domain or _registrable(one)]
    return [{"url": url, "domain": domain} for url in found if (domain := _domain(url, domains))]


def _domain(url: str, domains: Iterable[str]) -> str:
    """The registered domain that a link belongs to: it or one above it. Ports do not matter, addresses never match."""
    try:
        host = (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""
    return next((one for one in domains if host == one or host.endswith(f".{one}")), "")


def _registrable(domain: str) -> bool:
    try:
        ip_address(domain)
    except ValueError:
        return "." in domain
    return False


def shared(workspace: Workspace, user: str, channel: str, ts: str, found: list[Json]) -> Json:
    """The event about these links; without a `ts` the message is still being written."""
    name = workspace.serial("Uf")
    source = "conversations_history" if ts else "composer"
    place = f"{channel}/{ts}" if ts else name
    workspace.linked[name] = workspace.linked[place] = {link["url"] for link in found}
    return {
        "type": "link_shared", "user": user, "channel": channel if ts else COMPOSER, "message_ts": ts or name,
        "unfurl_id": name, "source": source, "links": found,
        "is_bot_user_member": BOT_USER in workspace.channels[channel].members,
    }  # fmt: skip


def unfurl(workspace: Workspace, args: Arguments) -> Json:
    """chat.unfurl: by channel and ts, or by unfurl_id and source."""
    shown = args.json("unfurls", error="invalid_unfurls_format")
    if not isinstance(shown, dict) or not shown:
        raise Refused("missing_unfurls")
    name = args.text("unfurl_id")
    if name and args.text("source") not in ("composer", "conversations_history"):
        raise Refused("invalid_source")
    place = name or f"{args.need('channel')}/{args.need('ts')}"
    if place not in workspace.linked:
        raise Refused("cannot_find_message" if name else "message_not_found")
    ready = {url: _attachment(url, content) for url, content in shown.items()}
    if set(ready) - workspace.linked[place]:
        raise Refused("cannot_unfurl_url")
    if name:
        workspace.composed.setdefault(name, {}).update(ready)
    else:
        show(workspace.message(args.need("channel"), args.need("ts")), ready)
    workspace.changed()
    return {"ok": True}


def show(message: Json, unfurls: dict[str, Json]) -> None:
    """Below a message stands each link's content once, the newest."""
    rest = [each for each in message["attachments"] if each.get("from_url") not in unfurls]
    message["attachments"] = [*rest, *unfurls.values()]


def _attachment(url: str, content: Any) -> Json:
    if not isinstance(content, dict) or not isinstance(content.get("blocks"), list) or not content["blocks"]:
        raise Refused("invalid_unfurls_format")
    wrong = judge_blocks(content["blocks"])
    wrong += ["[ERROR] unsupported type: rich_text" for each in content["blocks"] if each.get("type") == "rich_text"]
    if wrong:
        raise invalid("invalid_blocks", wrong)
    return {"blocks": content["blocks"], "from_url": url, "is_app_unfurl": True, "app_id": APP_ID, "bot_id": BOT_ID}


async def share(keyboard: Keyboard, user: str, channel: str, text: str, say: Callable[[], str]) -> str:
    """Somebody writes a message with links: the app hears of them while it is written, and when it is there."""
    workspace, found = keyboard.workspace, links(text, keyboard.workspace)
    if not found:
        return say()
    written = shared(workspace, user, channel, "", found)
    await keyboard.event(written, None, None)
    ts = say()
    show(workspace.message(channel, ts), workspace.composed.pop(written["unfurl_id"], {}))
    workspace.changed()
    await keyboard.event(shared(workspace, user, channel, ts, found), None, None)
    return ts
