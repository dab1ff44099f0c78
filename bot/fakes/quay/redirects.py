"""Where the browser may be sent after the consent, and the addresses it is sent to (facts §2.1)."""

from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from aiohttp import web

from bot.fakes.quay import answers

_FORBIDDEN = ("..", "@", "%")


def allowed(registered: str, asked: str, server: str) -> bool:
    """The same scheme, host and port, and a path that starts with the registered one: a prefix of letters, no more.

    The server's own page for applications without an address is always allowed.
    """
    if asked == f"{server}/oauth/localapp":
        return True
    try:
        have, want = urlsplit(registered), urlsplit(asked)
    except ValueError:
        return False
    if not registered or (have.scheme, have.netloc) != (want.scheme, want.netloc) or "@" in want.netloc:
        return False
    rest = want.path[len(have.path) :]
    return want.path.startswith(have.path) and not want.fragment and not any(bad in rest for bad in _FORBIDDEN)


def to(base: str, params: Mapping[str, str | None], fragment: Mapping[str, str] | None = None) -> web.Response:
    """302 to an address with more in its query, without those that are None, and maybe something in the fragment."""
    parts = urlsplit(base)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    query |= {key: value for key, value in params.items() if value is not None}
    behind = urlencode(fragment) if fragment else ""
    target = urlunsplit((parts.scheme, parts.netloc, parts.path, urlencode(query), behind))
    return answers.html("", 302, {"Location": target})
