"""Webhook templates: JSON whose strings may hold ${path} expressions over the event data (facts §1.4)."""

import re
from collections.abc import Mapping
from typing import Any

_EXPRESSION = re.compile(r"\$\{([^{}]*)\}")
_STEP = re.compile(r"\.?([A-Za-z_][\w-]*)|\[(\d+)\]|\[\*\]")


def _find(path: str, data: Any) -> list[Any]:
    """Every value at a path of names, [n] and [*]; none where a step leads nowhere."""
    found, at = [data], 0
    while at < len(path):
        step = _STEP.match(path, at)
        if step is None:
            return []
        at = step.end()
        name, index = step.group(1), step.group(2)
        if name is not None:
            found = [value[name] for value in found if isinstance(value, Mapping) and name in value]
        elif index is not None:
            found = [value[int(index)] for value in found if isinstance(value, list) and int(index) < len(value)]
        else:
            found = [inner for value in found if isinstance(value, list) for inner in value]
    return found


def _text(values: list[Any]) -> str:
    if not values:
        return "(none)"
    flat = values[0] if len(values) == 1 and isinstance(values[0], list) else values
    return ", ".join(str(value) for value in flat)


def _string(text: str, data: Any) -> Any:
    whole = _EXPRESSION.fullmatch(text)
    if whole is not None:
        values = _find(whole.group(1), data)
        return None if not values else values[0] if len(values) == 1 else values
    return _EXPRESSION.sub(lambda found: _text(_find(found.group(1), data)), text)


def fill(template: Any, data: Any) -> Any:
    """The template with its expressions filled in; keys are filled in, too."""
    if isinstance(template, str):
        return _string(template, data)
    if isinstance(template, list):
        return [fill(item, data) for item in template]
    if isinstance(template, dict):
        return {str(_string(key, data)): fill(value, data) for key, value in template.items()}
    return template
