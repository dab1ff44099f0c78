"""Pages of long lists: opaque tokens that say where the next one starts (facts §3.5)."""

import base64
import binascii
from collections.abc import Sequence
from typing import Any, TypeVar

from bot.fakes.quay.call import Call

T = TypeVar("T")


def start(call: Call) -> int:
    """Where a next_page token points; a broken one is page one."""
    try:
        return max(int(base64.urlsafe_b64decode(call.request.query.get("next_page", ""))), 0)
    except (ValueError, binascii.Error):
        return 0


def page(call: Call, rows: Sequence[T], size: int) -> tuple[Sequence[T], dict[str, Any]]:
    """The rows of the page that was asked for, and the key next_page if there is another one."""
    first = start(call)
    token = base64.urlsafe_b64encode(str(first + size).encode()).decode()
    return rows[first : first + size], ({"next_page": token} if len(rows) > first + size else {})
