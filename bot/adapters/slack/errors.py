"""What Slack's refusals mean: pure, one table."""

from collections.abc import Mapping
from typing import Any

import aiohttp

from bot.domain.errors import Barred, BotError, Busy, GiveUp, Gone, MendToken, Odd, Refused, TryLater

_OPERATOR = "The bot's Slack token does not work ({error}). The operator has to reinstall the app or mend its settings."
# Mended by the operator, not by waiting; everything is kept until then.
_TOKEN = {
    "invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired", "missing_scope",
    "not_allowed_token_type", "org_login_required", "ekm_access_denied", "no_permission", "team_access_not_granted",
}  # fmt: skip
_ADMIN = "Ask an admin of your workspace to let quaybot post there, or send these messages to another channel."
# What is wrong with the channel, whatever is said there, and what to do about it.
_BARRED = {
    "channel_not_found": (
        "There is no such channel, or it is private and quaybot is not in it: /invite @quaybot.",
        "If the channel was deleted, send these messages to another one.",
    ),
    "not_in_channel": ("quaybot is not in the channel: /invite @quaybot.", ""),
    "is_archived": (
        "The channel is archived.", "Unarchive it and /invite @quaybot, or send these messages to another channel."
    ),
    "restricted_action": ("A workspace setting forbids quaybot to post there.", _ADMIN),
    "restricted_action_read_only_channel": ("The channel is read-only.", _ADMIN),
    "restricted_action_thread_only_channel": ("The channel takes only thread replies.", _ADMIN),
}  # fmt: skip
_PERMANENT = {
    "user_not_in_channel": "You are not in the channel.",
    "user_not_found": "That person does not exist.",
    "user_not_visible": "Slack does not show that person to quaybot.",
    "no_such_subteam": "That user group does not exist.",
    "plan_upgrade_required": "This workspace has no user groups.",
    "not_enabled": "The Slack app has no Home tab. `quaybot manifest` has it: install the app again.",
    "cannot_unfurl_url": "Slack shows nothing below that link.",
    "missing_unfurls": "Slack shows nothing below that link.",
    "cannot_dm_bot": "A bot cannot be sent direct messages.",
    "user_disabled": "That person's account is deactivated.",
    "restricted_action_non_threadable_channel": "The channel takes no threads.",
    "expired_trigger_id": "Slack waits three seconds only, and they were over. Please try again.",
    "trigger_expired": "Slack waits three seconds only, and they were over. Please try again.",
    "exchanged_trigger_id": "That click was already used. Please try again.",
    "trigger_exchanged": "That click was already used. Please try again.",
    "invalid_trigger_id": "That click cannot open a dialog. Please try again.",
    "view_not_found": "The dialog was closed.",
    "not_found": "The dialog was closed.",
    "hash_conflict": "The dialog has changed meanwhile.",
    "view_too_large": "The dialog is too large for Slack.",
    "unknown_method": "Slack does not know the call.",
}
_GONE = {
    "message_not_found": "The message was deleted.",
    "cant_update_message": "The message cannot be edited.",
    "edit_window_closed": "The message is too old to be edited.",
    "thread_not_found": "The message that it belongs to was deleted.",
    "cannot_reply_to_message": "The message that it belongs to takes no replies.",
}
_FORM = dict.fromkeys((
    "msg_too_long", "msg_blocks_too_long", "invalid_blocks", "invalid_blocks_format", "invalid_attachments",
    "too_many_attachments", "only_one_table_allowed", "block_mismatch", "invalid_arguments", "no_text",
    "metadata_too_large", "invalid_metadata_format", "invalid_metadata_schema",
), "Slack does not take the message as it is.")  # fmt: skip
_FINAL: tuple[tuple[Mapping[str, str], type[GiveUp]], ...] = ((_GONE, Gone), (_FORM, Refused), (_PERMANENT, GiveUp))
_PACING = {"ratelimited", "rate_limited", "message_limit_exceeded"}
_SERVER = {"fatal_error", "internal_error", "service_unavailable", "request_timeout", "team_added_to_org"}
_TOKEN_WAIT = 60.0  # seconds
_TIMEOUT = 408  # the one refusal of its kind that is the server's trouble
# Only looking for a lost message reads a channel, and that is a nicety: a message must not wait for the right to look.
_READS = {"conversations.history", "conversations.replies"}
_NO_RIGHT = {"missing_scope", "no_permission"}
# Who is who is asked for policies, which can do without the answer; nothing else has to wait for it.
_LOOKS = {
    "users.info": "`users:read`",
    "usergroups.users.list": "`usergroups:read`",
    "conversations.members": "`channels:read` and `groups:read`",
    "conversations.info": "`channels:read` and `groups:read`",
    "chat.unfurl": "`links:write`",
}
_NO_LOOK = (
    "quaybot may not do that in Slack. Its operator has to add the scope {scope} to the Slack app (`quaybot "
    "manifest` has it) and install the app again."
)
_NO_FILES = (
    "quaybot may not share files in this workspace yet. Its operator has to add the scope `files:write` to the Slack "
    "app (`quaybot manifest` has it) and install the app again."
)


def translate(method: str, response: Any) -> BotError:
    """The error to raise for an answer that is not ok. `response` is slack_sdk's."""
    given = getattr(response, "data", None)  # an answer that was no JSON comes without, as aiohttp's own object
    status = getattr(response, "status_code", None) or getattr(response, "status", 0) or 0
    data = given if isinstance(given, dict) else {}
    error = str(data.get("error") or f"http_{status}")[:80]
    metadata = data.get("response_metadata")
    pointers = (metadata.get("messages") if isinstance(metadata, dict) else "") or data.get("errors") or ""
    detail = f"{method}: {error} {str(pointers)[:300]}".strip()
    if status == 429 or error in _PACING:
        return Busy("Slack asks for patience.", after=_retry_after(response.headers), method=method, detail=detail)
    if method in _READS and error in _NO_RIGHT:
        return GiveUp("quaybot may not read the channel.", detail=detail)
    if method in _LOOKS and error in _NO_RIGHT:
        return GiveUp(_NO_LOOK.format(scope=_LOOKS[method]), detail=detail)
    if method.startswith("files.") and error in _NO_RIGHT:
        return GiveUp(_NO_FILES, detail=detail)
    if error in _TOKEN:
        return MendToken(_OPERATOR.format(error=error), after=_TOKEN_WAIT, detail=detail)
    return _final(error, detail) or _unclear(error, status, bool(data.get("error")), detail)


def _final(error: str, detail: str) -> BotError | None:
    if error in _BARRED:
        say, advice = _BARRED[error]
        return Barred(say, advice=advice, detail=detail)
    for words, kind in _FINAL:
        if error in words:
            return kind(words[error], detail=detail)
    return None


def _unclear(error: str, status: int, named: bool, detail: str) -> TryLater:
    """Server trouble, or an error that nobody has seen yet: its effect is unknown, so look before repeating it.

    What Slack names, or refuses with a 4xx, is about this one call. `named`: it is no word of ours.
    """
    say, refused = f"Slack answered {error}.", 400 <= status < 500 and status != _TIMEOUT
    if refused or (named and status < 500 and error not in _SERVER):
        return Odd(say, doubtful=not refused, detail=detail)
    return TryLater(say, doubtful=True, detail=detail)


def silent(method: str, error: Exception) -> TryLater:
    """The error to raise when no answer came. Only if no connection was made is it sure that nothing has happened."""
    sent = not isinstance(error, aiohttp.ClientConnectorError)
    return TryLater("Slack does not answer.", doubtful=sent, detail=f"{method}: {type(error).__name__}")


def _retry_after(headers: Any) -> float:
    value = next((v for k, v in dict(headers or {}).items() if str(k).lower() == "retry-after"), "1")
    try:
        return max(0.0, min(3600.0, float(value)))
    except (TypeError, ValueError):
        return 1.0
