"""Browser sessions: a cookie that stands for somebody, and a CSRF token that changes at every login (facts §2.5)."""

from aiohttp import web

from bot.fakes.quay.clients import Clients
from bot.fakes.quay.identities import Session, Token
from bot.fakes.quay.scopes import SCOPES

COOKIE = "_csrf_token"  # the real server calls its session cookie so
_CSRF_LENGTH = 64


class Sessions(Clients):
    """The part of the fake that remembers browsers."""

    def session_of(self, request: web.Request) -> Session:
        """The session of the request's cookie, or a new one that is not remembered yet."""
        return self.sessions.get(request.cookies.get(COOKIE, ""), Session())

    def person_of(self, session: Session) -> Token | None:
        """Who is signed in; a session may do everything that its user may."""
        user = self.users.get(session.user)
        return Token(user, SCOPES) if user is not None and user.enabled else None

    def remember(self, session: Session) -> None:
        """Remember a session from now on, if it is new."""
        if not session.id:
            session.id, session.csrf = self.handle(32), self.handle(_CSRF_LENGTH)
            self.sessions[session.id] = session

    def complaint_about(self, username: str, password: str) -> str:
        """Why these may not sign in, "" if they may."""
        user = self.users.get(username)
        if user is None or user.password != password:
            return "Invalid Username or Password"
        return "" if user.enabled else "This user has been disabled. Please contact your administrator."

    def sign_in(self, session: Session, username: str) -> None:
        """Somebody signed in: the cookie and the CSRF token are new ones."""
        self.sign_out(session)
        self.remember(session)
        session.user = username

    def sign_out(self, session: Session) -> None:
        """Forget a session."""
        self.sessions.pop(session.id, None)
        session.id = session.csrf = session.user = ""
