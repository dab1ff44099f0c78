"""What Quay checks of a notification's method and config before it takes it (facts §1.4, §1.5)."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

FORBIDDEN_HOSTS = frozenset({"localhost", "127.0.0.1"})  # literal names only; nothing re-allows them
_MISSING = {
    "slack": ("url", "Missing Slack Callback URL"),
    "hipchat": ("notification_token", "Missing Hipchat Room Notification Token"),
    "flowdock": ("flow_api_token", "Missing Flowdock API Token"),
    "quay_notification": ("target", "Missing target"),
}
METHODS = frozenset({"webhook", "email", *_MISSING})
_EMAIL = "The specified e-mail address is not authorized to receive notifications for this repository"


class Crash(Exception):
    """Quay falls over here instead of complaining."""


def host_of(url: str) -> str:
    """The host name of an address in small letters, empty if there is none."""
    return (urlsplit(url).hostname or "").lower()


def complaint(method: str, config: Mapping[str, Any]) -> str | None:
    """Why Quay refuses this config, or None. Raises Crash where the real server answers 500."""
    if method == "webhook":
        return _webhook_complaint(config)
    if method == "email":
        return _EMAIL
    key, text = _MISSING[method]
    return None if config.get(key) else text


def _webhook_complaint(config: Mapping[str, Any]) -> str | None:
    url = config.get("url")
    if not url:
        return "Missing webhook URL"
    if not isinstance(url, str):
        raise Crash
    if urlsplit(url).scheme not in {"http", "https"}:
        return "Invalid webhook URL"
    host = host_of(url)
    if not host:
        raise Crash
    if host in FORBIDDEN_HOSTS:
        return "Invalid webhook URL"
    template = config.get("template")
    if not template:
        return None
    if not isinstance(template, str):
        raise Crash
    try:
        json.loads(template)
    except ValueError as error:
        return f"Could not parse template: {error}"
    return None
