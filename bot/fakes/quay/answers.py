"""The shapes of Quay's answers: JSON with a line feed, problems in three dialects, and HTML pages (facts §4)."""

import json
from collections.abc import Mapping
from html import escape
from typing import Any

from aiohttp import web

_CRASH = (
    "<html>\n  <head>\n    <title>Internal Server Error</title>\n  </head>\n  <body>\n"
    "    <h1><p>Internal Server Error</p></h1>\n    \n  </body>\n</html>\n"
)
_LOST = (
    '<!DOCTYPE html>\n<html ng-app="quay" class="onprem">\n  <head>\n    <base href="/">\n'
    "    <title>Quay</title>\n  </head>\n  <body></body>\n</html>\n"
)
_STATUSES = {
    "invalid_request": 400,
    "invalid_token": 401,
    "insufficient_scope": 403,
    "not_found": 404,
    "tag_immutable": 409,
}


HIDDEN = (
    "You don't have the permission to access the requested resource. "
    "It is either read-protected or not readable by the server."
)


class Refusal(Exception):
    """An answer that ends the handling of a request."""

    def __init__(self, response: web.Response) -> None:
        super().__init__(response.status)
        self.response = response


def raw(body: str, status: int, content_type: str, headers: Mapping[str, str] | None = None) -> web.Response:
    """An answer with exactly these bytes and this content type."""
    return web.Response(body=body.encode(), status=status, headers={"Content-Type": content_type, **(headers or {})})


def answer(data: object, status: int = 200, headers: Mapping[str, str] | None = None) -> web.Response:
    """JSON as Quay's API writes it."""
    return raw(json.dumps(data) + "\n", status, "application/json", headers)


def nothing(content_type: str = "application/json") -> web.Response:
    """204."""
    return web.Response(status=204, headers={"Content-Type": content_type})


def html(body: str, status: int, headers: Mapping[str, str] | None = None) -> web.Response:
    """A page of the web framework."""
    return raw(body, status, "text/html; charset=utf-8", headers)


def problem(url: str, kind: str, detail: str, **extra: Any) -> Refusal:
    """An error of the API's own kind."""
    status = _STATUSES[kind]
    body = {"detail": detail, "error_message": detail, "error_type": kind, "title": kind}
    return Refusal(answer({**extra, **body, "type": f"{url}/api/v1/error/{kind}", "status": status}, status))


def message(status: int, text: object) -> Refusal:
    """An error that is only a message (model errors and plain aborts)."""
    return Refusal(answer({"message": text}, status))


def crash() -> Refusal:
    """The page that is shown when the server falls over."""
    return Refusal(raw(_CRASH, 500, "text/html"))


def short(status: int, text: str) -> Refusal:
    """An error of the paths beside the API: JSON that is sent as a page."""
    return Refusal(html(json.dumps({"error": text}), status))


def csrf(user: str = "") -> Refusal:
    """What a write without a living token gets: 403, not 401 (facts §2.5). `user` is who is signed in."""
    known = f" (authorized: user {user})" if user else ""
    return short(403, f"CSRF token was invalid or missing.{known}")


def plain_json(data: object, status: int = 200) -> web.Response:
    """JSON as the paths beside the API write it: without blanks."""
    return raw(json.dumps(data, sort_keys=True, separators=(",", ":")) + "\n", status, "application/json")


def oauth(data: object, status: int = 200) -> web.Response:
    """JSON as the token endpoint writes it."""
    return raw(json.dumps(data), status, "application/json;charset=UTF-8")


def lost() -> web.Response:
    """The 404 page of the web interface."""
    return html(_LOST, 404)


def page(path: str) -> web.Response:
    """Where a link to the web interface leads: the simulated server has none, and says so."""
    words = f"A real Quay shows its page {escape(path)} here. This one is simulated and has an API only."
    return html(f"<!doctype html>\n<html lang=en>\n<title>Quay</title>\n<p>{words}</p>\n", 200)


def moved(target: str) -> web.Response:
    """The redirect to the same path with a slash."""
    body = (
        "<!doctype html>\n<html lang=en>\n<title>Redirecting...</title>\n<h1>Redirecting...</h1>\n"
        f'<p>You should be redirected automatically to the target URL: <a href="{target}">{target}</a>. '
        "If not, click the link.\n"
    )
    return html(body, 308, {"Location": target})


_PAGES = {
    400: ("Bad Request", "The browser (or proxy) sent a request that this server could not understand."),
    401: (
        "Unauthorized",
        (
            "The server could not verify that you are authorized to access the URL requested. You either supplied the "
            "wrong credentials (e.g. a bad password), or your browser doesn&#39;t understand how to supply the "
            "credentials required."
        ),
    ),
    403: (
        "Forbidden",
        (
            "You don&#39;t have the permission to access the requested resource. "
            "It is either read-protected or not readable by the server."
        ),
    ),
    405: ("Method Not Allowed", "The method is not allowed for the requested URL."),
}


def error_page(status: int, more: str = "") -> web.Response:
    """The web framework's own page for 400, 401, 403 or 405, and what is added to it."""
    title, text = _PAGES[status]
    head = f"<!doctype html>\n<html lang=en>\n<title>{status} {title}</title>\n<h1>{title}</h1>\n"
    return html(f"{head}<p>{text}</p>\n{more}", status)
