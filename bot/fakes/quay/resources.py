"""A path of the fake and what its methods do."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.fakes.quay.call import Handler


@dataclass(frozen=True)
class Resource:
    """One path and what its methods do.

    `operations` are the names in Quay's discovery document, "" for calls that it does not name. `csrf` says whether
    methods that change something take a CSRF token from those who come without an OAuth token (facts §2.5).
    """

    path: str
    pattern: re.Pattern[str]
    handlers: Mapping[str, Handler]
    operations: Mapping[str, str]
    csrf: bool = True


def resource(path: str, *, csrf: bool = True, **methods: tuple[Handler, str]) -> Resource:
    """`path` with {names}; a repository is a namespace and a name of one or more parts, anything else one part."""
    pattern = re.escape(path).replace(r"\{", "{").replace(r"\}", "}")
    pattern = pattern.replace("{repository}", r"(?P<repository>[^/]+(?:/[^/]+)+?)")
    pattern = re.sub(r"{(\w+)}", r"(?P<\1>[^/]+)", pattern)
    handlers = {name.upper(): handler for name, (handler, _) in methods.items()}
    operations = {name: operation for name, (_, operation) in methods.items()}
    return Resource(path, re.compile(pattern), handlers, operations, csrf)


def find(resources: Iterable[Resource], path: str) -> tuple[Resource | None, dict[str, str]]:
    """The first resource of this path, and the names in it."""
    for candidate in resources:
        found = candidate.pattern.fullmatch(path)
        if found is not None:
            return candidate, found.groupdict()
    return None, {}
