"""What may be known of a webhook's address without knowing it: where it leads, a fingerprint of its secret. Pure."""

import hashlib
import re
from urllib.parse import SplitResult, urlsplit

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
    """Scheme, host and port of an address, the port only if it is not the usual one; "" for what is no web address."""
    parts = _parts(url)
    if parts is None or parts.scheme not in _USUAL or not parts.hostname:
        return ""
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    usual = parts.port is None or parts.port == _USUAL[parts.scheme]
    return f"{parts.scheme}://{host}" + ("" if usual else f":{parts.port}")


def _parts(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        return parts if parts.port is None or parts.port else None  # the port is only read, and may raise, here
    except ValueError:
        return None
