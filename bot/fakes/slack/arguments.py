"""Arguments of a Web API call: JSON, form and query string arrive as one mapping of loosely typed values."""

import json
from collections.abc import Mapping
from typing import Any

from bot.fakes.slack.model import Refused, invalid


class Arguments:
    """Typed looks at what was sent. None and a missing argument are the same."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.values = {name: value for name, value in values.items() if value is not None}

    def __contains__(self, name: str) -> bool:
        return name in self.values

    def text(self, name: str, default: str = "") -> str:
        """An argument as text."""
        value = self.values.get(name, default)
        return value if isinstance(value, str) else json.dumps(value)

    def need(self, name: str) -> str:
        """An argument that must be there, else `invalid_arguments`."""
        value = self.text(name)
        if not value:
            raise invalid("invalid_arguments", [f"[ERROR] missing required field: {name}"])
        return value

    def flag(self, name: str) -> bool:
        """A boolean as Slack reads them: true, "true", 1, "1"."""
        return str(self.values.get(name, "")).lower() in ("true", "1")

    def number(self, name: str, default: int, *, error: str = "invalid_limit") -> int:
        """A whole number above zero, else `error`."""
        try:
            value = int(self.values.get(name, default))
        except (TypeError, ValueError):
            raise Refused(error) from None
        if value < 1:
            raise Refused(error)
        return value

    def json(self, name: str, *, error: str) -> Any:
        """A structured argument, sent as JSON or as JSON text; `error` when it cannot be read."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value) if value else None
        except ValueError:
            raise Refused(error) from None


def page(things: list[Any], args: Arguments, default: int = 100, most: int = 1000) -> tuple[list[Any], str]:
    """One page of `things` and the cursor of the next one ("" at the end)."""
    limit = min(args.number("limit", default), most)
    try:
        start = int(args.text("cursor").removeprefix("next:") or 0)
    except ValueError:
        raise Refused("invalid_cursor") from None
    end = start + limit
    return things[start:end], f"next:{end}" if end < len(things) else ""
