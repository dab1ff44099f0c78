"""What protects every page: headers, requests from other sites, bounded bodies, and errors as pages."""

from dataclasses import dataclass
from urllib.parse import urlsplit

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from bot.domain.errors import BotError, TryLater, UserError
from bot.services.linking import Over
from webhooks.pages import outcome
from webhooks.pages.html import Page

log = structlog.stdlib.get_logger(__name__)

BODY_LIMIT = 8 * 1024  # bytes; a form or a token is far below
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex",
}
_UNEXPECTED = "Something went wrong on my side. Type `/quay link` in Slack again."
_TITLES = {404: "There is no such page", 405: "Not like this"}
_WORDS = {
    404: "If you came from Slack, type `/quay link` there again: you get a new link.",
    405: "This address does not take such requests.",
}


class Refused(UserError):
    """A request that no page of ours makes. `status` is the answer's."""

    def __init__(self, status: int, say: str) -> None:
        super().__init__(say)
        self.status = status


async def with_headers(_: web.Request, response: web.StreamResponse) -> None:
    """Put the headers on whatever is answered; only a static file has its own Cache-Control before."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)


@dataclass(frozen=True, slots=True)
class Guard:
    """Stands before the pages. `origin` is the site's own ("https://host"), `base` the path before /quay."""

    origin: str
    base: str

    @classmethod
    def of(cls, public_url: str) -> "Guard":
        """The guard of the site with that address."""
        parts = urlsplit(public_url)
        usual = {"http": ":80", "https": ":443"}.get(parts.scheme, "")  # browsers leave it out
        host = parts.netloc.lower().removesuffix(usual)
        return cls(f"{parts.scheme}://{host}", parts.path.rstrip("/"))

    def page(self, page: Page, status: int = 200) -> web.Response:
        """The page as an answer."""
        return web.Response(text=page.html(self.base), status=status, content_type="text/html", charset="utf-8")

    def middleware(self) -> Middleware:
        """Refuses what comes from other sites, and words errors as pages."""

        @web.middleware
        async def guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
            try:
                self._same_site(request)
                return await handler(request)
            except web.HTTPException as error:  # no such path, or not this method
                return self._plain(error)
            except BotError as error:
                return self.sorry(error)
            except Exception:  # whatever it is, the person gets a page with all its headers
                log.exception("link_page_failed")
                return self.page(outcome.trouble("That did not work", _UNEXPECTED), 500)

        return guarded

    def sorry(self, error: BotError) -> web.Response:
        """An error as a page."""
        status, title, say = worded(error)
        response = self.page(outcome.trouble(title, say, again=status in {400, 503}), status)
        if status == 413:  # the rest of the body is not read
            response.force_close()
        return response

    def _same_site(self, request: web.Request) -> None:
        """Browsers say where a request comes from. "null" is what our own pages send, since they tell no referrer."""
        if request.method in {"GET", "HEAD"}:
            return
        foreign = request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}
        if foreign or request.headers.get("Origin", "null").lower() not in {"null", self.origin}:
            raise Refused(403, "This request comes from another site. Nothing was done.")

    def _plain(self, error: web.HTTPException) -> web.Response:
        status = error.status
        words = _WORDS.get(status, "Please go back and try again.")
        response = self.page(outcome.trouble(_TITLES.get(status, "That did not work"), words), status)
        if "Allow" in error.headers:
            response.headers["Allow"] = error.headers["Allow"]
        return response


def worded(error: BotError) -> tuple[int, str, str]:
    """Status, title and sentence for an error; what an operator may want to know goes to the log."""
    match error:
        case Refused():
            return error.status, "That did not work", error.say
        case Over():
            return 403, "Not linked", error.say
        case UserError():
            log.info("link_refused", why=str(error))
            return 400, "Not linked", error.say
        case TryLater():
            log.warning("link_put_off", why=str(error))
            return 503, "Not now", error.say
        case _:
            log.error("link_failed", why=str(error))
            return 500, "That did not work", error.say


async def body(request: web.Request, media: str) -> str:
    """The body as text. Raises Refused if it is of another type, too long, or no text."""
    if request.content_type != media:
        raise Refused(415, f"This takes {media} only.")
    if (request.content_length or 0) > BODY_LIMIT:
        raise Refused(413, "That is too long.")
    read = bytearray()
    async for piece in request.content.iter_chunked(BODY_LIMIT):
        read += piece
        if len(read) > BODY_LIMIT:
            raise Refused(413, "That is too long.")
    try:
        return read.decode()
    except UnicodeDecodeError:
        raise Refused(400, "That is no text.") from None
