"""Just enough JSON Schema to refuse bodies the way Quay does: with a dump of schema and value (facts §4)."""

import pprint
import textwrap
from collections.abc import Mapping
from typing import Any

Schema = Mapping[str, Any]

_TYPES: dict[str, type | tuple[type, ...]] = {
    "object": dict,
    "string": str,
    "array": list,
    "boolean": bool,
    "number": (int, float),
    "null": type(None),
}


def _place(root: str, steps: tuple[str, ...]) -> str:
    return root + "".join(f"[{step!r}]" for step in steps)


def _dump(text: str, rule: str, schema: Schema, value: object, steps: tuple[str, ...], way: tuple[str, ...]) -> str:
    shown = [textwrap.indent(pprint.pformat(thing, width=72), "    ") for thing in (dict(schema), value)]
    where, what = _place("schema", way), _place("instance", steps)
    return f"{text}\n\nFailed validating {rule!r} in {where}:\n{shown[0]}\n\nOn {what}:\n{shown[1]}"


def _complaint(schema: Schema, value: Any) -> tuple[str, str] | None:
    """What is wrong with the value itself, and by which rule."""
    kinds = schema.get("type")
    if kinds is not None:
        names = kinds if isinstance(kinds, list) else [kinds]
        if not any(isinstance(value, _TYPES[name]) for name in names):
            return f"{value!r} is not of type {', '.join(repr(name) for name in names)}", "type"
    if "enum" in schema and value not in schema["enum"]:
        return f"{value!r} is not one of {schema['enum']!r}", "enum"
    if isinstance(value, str):
        if len(value) < schema.get("minLength", 0):
            return f"{value!r} is too short", "minLength"
        if len(value) > schema.get("maxLength", len(value)):
            return f"{value!r} is too long", "maxLength"
    if isinstance(value, (int, float)) and value < schema.get("minimum", value):
        return f"{value!r} is less than the minimum of {schema['minimum']!r}", "minimum"
    if isinstance(value, list):
        if len(value) < schema.get("minItems", 0):
            return f"{value!r} is too short", "minItems"
        if schema.get("uniqueItems") and any(value.count(item) > 1 for item in value):
            return f"{value!r} has non-unique elements", "uniqueItems"
    return _object_complaint(schema, value) if isinstance(value, dict) else None


def _object_complaint(schema: Schema, value: Mapping[str, Any]) -> tuple[str, str] | None:
    for key in schema.get("required", ()):
        if key not in value:
            return f"{key!r} is a required property", "required"
    extra = [key for key in value if key not in schema.get("properties", {})]
    if extra and schema.get("additionalProperties") is False:
        verb = "was" if len(extra) == 1 else "were"
        names = ", ".join(repr(key) for key in extra)
        return f"Additional properties are not allowed ({names} {verb} unexpected)", "additionalProperties"
    return None


def mismatch(schema: Schema, value: Any, steps: tuple[str, ...] = (), way: tuple[str, ...] = ()) -> str | None:
    """The first thing wrong with the value as Quay would dump it, or None."""
    complaint = _complaint(schema, value)
    if complaint is not None:
        return _dump(complaint[0], complaint[1], schema, value, steps, way)
    if isinstance(value, dict):
        for key, inner in schema.get("properties", {}).items():
            if key in value:
                found = mismatch(inner, value[key], (*steps, key), (*way, "properties", key))
                if found is not None:
                    return found
    if isinstance(value, list) and "items" in schema:
        for item in value:
            found = mismatch(schema["items"], item, steps, (*way, "items"))
            if found is not None:
                return found
    return None
