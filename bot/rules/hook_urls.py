"""What may be known of a webhook's address without knowing it: where it leads, a fingerprint of its secret. Pure."""

import hashlib
import re
from urllib.parse import SplitResult, urlsplit

_PATH = "/webhooks/quay/"
_MORE = re.compile(r"[?#]")
_OURS = re.compile(r"/webhooks/quay/([\w~-]+)/?\Z", re.ASCII)
_USUAL = {"http": 80, "https": 443}


def mark(url: str) -> str:
    """The SHA-256 (hex) of the token in an address that ends in /webhooks/quay/TOKEN; "" for other addresses.

    It equals what the door knows a URL by, so it tells whose notification it is without the address.
    """
    secret = token(url)
    return hashlib.sha256(secret.encode()).hexdigest() if secret else ""


def token(url: str) -> str:
    """That token itself, "" for other addresses: it is a secret."""
    parts = _parts(url)
    found = _OURS.search(parts.path) if parts else None
    return found[1] if found else ""


def place(url: str) -> str:
    """Where an address leads: scheme, host, the port if it is not the usual one, and of ours what the path begins with.

    "" for what is no web address, and for one with a name, a query or a fragment in it: no address of ours has that.
    """
    parts = _parts(url)
    if parts is None or parts.scheme not in _USUAL or not parts.hostname or "@" in parts.netloc or _MORE.search(url):
        return ""
    ours = _OURS.search(parts.path)
    before = parts.path[: ours.start()] if ours else ""  # the paths of others are their secrets
    if _PATH in f"{before}/":
        return ""
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    usual = parts.port is None or parts.port == _USUAL[parts.scheme]
    return f"{parts.scheme}://{host}" + ("" if usual else f":{parts.port}") + before


def home(public_url: str) -> str:
    """The place of all addresses of ours, if that is what the bot is reached at."""
    return place(f"{public_url}{_PATH}-")


def _parts(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        return parts if parts.port is None or parts.port else None  # the port is only read, and may raise, here
    except ValueError:
        return None
