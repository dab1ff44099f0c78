"""The one cookie: it says which browser it is, and nothing else."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from aiohttp import web

from bot.rules.link_codes import is_secret
from bot.services.linking import LIFE


@dataclass(frozen=True, slots=True)
class Cookie:
    """How the cookie is called and where it is sent to.

    Over https its name begins with `__Host-`: then no other host, not even one below the same domain, can plant one in
    somebody's browser, and browsers want the path to be the whole site for that.
    """

    name: str
    path: str
    secure: bool

    @classmethod
    def of(cls, public_url: str) -> "Cookie":
        """The cookie of the site with that address."""
        parts = urlsplit(public_url)
        if parts.scheme == "https":
            return cls("__Host-quaybot", "/", secure=True)
        return cls("quaybot", f"{parts.path.rstrip('/')}/quay", secure=False)

    def read(self, request: web.Request) -> str:
        """The browser's cookie; empty if it has none that could be ours."""
        found = request.cookies.get(self.name, "")
        return found if is_secret(found) else ""

    def give(self, response: web.Response, value: str) -> None:
        """Let the browser keep it for as long as an attempt may take."""
        response.set_cookie(
            self.name,
            value,
            max_age=int(LIFE.total_seconds()),
            path=self.path,
            secure=self.secure,
            httponly=True,
            samesite="Lax",
        )
