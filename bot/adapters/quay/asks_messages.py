"""The calls about global messages. Reading is `messages`, and so is writing; deleting is `message` (facts §3.4)."""

from bot.adapters.quay.ask import Ask, segment

IN_DOUBT = "Please look at `/quay message list` before you ask again."
_ALL = "/api/v1/messages"


def all_messages() -> Ask:
    """What is shown now; anybody may ask."""
    return Ask("GET", _ALL, "see global messages")


def post(content: str, severity: str, media_type: str) -> Ask:
    """Show one more. Without the wrapper Quay falls over (facts §3.4)."""
    message = {"content": content, "severity": severity, "media_type": media_type}
    return Ask("POST", _ALL, "post global messages", body={"message": message}, in_doubt=IN_DOUBT)


def superusers_only() -> Ask:
    """What takes the same right as posting, and changes nothing (facts §3.4); nobody looks at the answer."""
    return Ask("GET", "/api/v1/superuser/users/", "post global messages", query={"limit": "1"})


def delete(uuid: str) -> Ask:
    """Remove one; unknown ids are fine with Quay."""
    path = f"/api/v1/message/{segment(uuid, 'global message')}"
    return Ask("DELETE", path, "delete global messages", in_doubt=IN_DOUBT)
