"""What came back: status and body, with every secret of the call blanked out before anything is repeated."""

import json
from dataclasses import dataclass, field
from typing import Any

from bot.rules.addresses import without_credentials

_GLIMPSE = 200


class NotJson(Exception):
    """The body is no JSON."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer. `body` may hold secrets (archive addresses, trigger configs): show `said` or `glimpse` only."""

    status: int
    body: bytes = field(repr=False)
    retry_after: float | None = None
    hidden: tuple[str, ...] = field(default=(), repr=False)

    def json(self) -> Any:
        """The body as JSON. Raises NotJson."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            raise NotJson from None  # the cause would carry the whole body into tracebacks

    @property
    def table(self) -> dict[str, Any]:
        """The body as a JSON object, empty if it is anything else."""
        try:
            document = self.json()
        except NotJson:
            return {}
        return document if isinstance(document, dict) else {}

    @property
    def said(self) -> str:
        """Quay's message, whichever of its shapes it has (facts §4), or "" if it has none."""
        table = self.table
        for key in ("detail", "message", "error_message", "error"):
            value = table.get(key)
            if isinstance(value, str) and value.strip():
                return self._blank(value)
        return ""

    @property
    def glimpse(self) -> str:
        """The beginning of the body, for the log."""
        text = self._blank(self.body[: _GLIMPSE * 20].decode("utf-8", "replace"))
        return " ".join(text.split())[:_GLIMPSE]

    def _blank(self, text: str) -> str:
        for secret in self.hidden:
            text = text.replace(secret, "(hidden)")
        return without_credentials(text)
