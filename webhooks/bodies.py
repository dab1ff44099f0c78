"""From bytes to a JSON object, or to a sentence that says why not."""

import json
from typing import Any


class BodyError(ValueError):
    """The body is not a JSON object; the text says what is wrong, without a piece of the body."""


def parse(body: bytes) -> dict[str, Any]:
    """The JSON object in a body. Of a repeated key the last one counts, and NaN counts as null (it is not JSON).

    Raises BodyError for everything else, however large or deeply nested.
    """
    if not body.strip():
        raise BodyError("the body is empty")
    try:
        document = json.loads(body.decode("utf-8-sig"), parse_constant=_nothing)
    except UnicodeDecodeError as error:
        raise BodyError(f"the body is not JSON: it is not UTF-8 text at byte {error.start}") from None
    except json.JSONDecodeError as error:
        raise BodyError(f"the body is not JSON: {error.msg} (line {error.lineno}, column {error.colno})") from None
    except RecursionError:
        raise BodyError("the body is nested too deeply to be read") from None
    except ValueError:  # Python refuses to convert numbers of more than 4,300 digits
        raise BodyError("the body holds a number with too many digits") from None
    if not isinstance(document, dict):
        raise BodyError("the body is JSON, but not an object: Quay always sends an object, so this came from elsewhere")
    return document


def _nothing(_constant: str) -> None:
    """NaN, Infinity and -Infinity, which some writers of JSON let through."""
