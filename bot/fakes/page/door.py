"""The page's door: headers on every answer, errors as JSON, and no driving from other people's web pages."""

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web

from bot.domain.errors import BotError

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}

MARK = "X-Quaybot-Demo"
"""A header of our own: a foreign page cannot send it without asking first (CORS), and nobody answers that question."""


class Refused(Exception):
    """The request cannot be done; `say` tells why."""

    def __init__(self, status: int, say: str) -> None:
        super().__init__(say)
        self.status = status
        self.say = say


def guarded(handler: Handler) -> Handler:
    """The same handler, with refusals and expected failures told as `{"error": …}`."""

    async def answer(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except Refused as refused:
            return told({"error": refused.say}, status=refused.status)
        except BotError as error:
            return told({"error": error.say}, status=409)
        except (LookupError, ValueError) as error:
            return told({"error": f"That did not work: {_words(error)}"}, status=409)
        except OSError:
            return told({"error": "The bot could not be reached. Try again in a moment."}, status=502)

    return answer


def told(body: Any, *, status: int = 200) -> web.Response:
    """A JSON answer."""
    return web.json_response(body, status=status, headers=HEADERS)


async def wish(request: web.Request) -> Mapping[str, Any]:
    """The JSON object of a POST that really comes from this page. Raises Refused."""
    _from_here(request)
    try:
        body = json.loads(await request.text())
    except ValueError:
        raise Refused(400, "The body is not JSON.") from None
    if not isinstance(body, dict):
        raise Refused(400, "The body has to be a JSON object.")
    return body


def word(body: Mapping[str, Any], name: str) -> str:
    """A text field of the body. Raises Refused where it is missing or something else."""
    value = body.get(name)
    if not isinstance(value, str):
        raise Refused(400, f"“{name}” is missing or not a text.")
    return value


def _from_here(request: web.Request) -> None:
    """Raises Refused. A browser's own word on it counts first: behind a proxy, Origin and Host may well differ."""
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    own = site == "same-origin" if site else origin is None or urlsplit(origin).netloc == request.host
    if not own:
        raise Refused(403, "This can only be asked by the demo's own page.")
    if request.headers.get(MARK) != "1":
        raise Refused(403, f"The header {MARK}: 1 is missing.")


def _words(error: Exception) -> str:
    """An exception's text; KeyError would put its own into quotes."""
    return str(error.args[0]) if error.args else type(error).__name__
