"""Setting the scene: OAuth applications, and the tokens, codes and assignments that they lead to."""

from datetime import timedelta

from bot.fakes.quay import scopes
from bot.fakes.quay.identities import Application, Assignment, Code, Token, User
from bot.fakes.quay.people import People

LIFE = 315576000  # seconds that a token lives at most: ten years
DEFAULT_SCOPES = "repo:read repo:write repo:admin user:read"
_BY_HAND = "TOKENSMADEBYHAND0000"


class Clients(People):
    """The part of the fake that knows applications and gives out tokens."""

    def add_application(self, organization: str, name: str, redirect_uri: str = "") -> tuple[str, str]:
        """Register an OAuth application and return its client id and secret."""
        if organization not in self.organizations:
            raise KeyError(organization)
        made = Application(self.handle(20), self.handle(40), organization, name, redirect_uri)
        self.applications[made.client_id] = made
        self.changed()
        return made.client_id, made.client_secret

    def delete_application(self, client_id: str) -> None:
        """Delete an application; its tokens, codes and assignments die with it (facts §2.3)."""
        del self.applications[client_id]
        self.tokens = {secret: token for secret, token in self.tokens.items() if token.client_id != client_id}
        self.codes = {key: code for key, code in self.codes.items() if code.client_id != client_id}
        self.assignments = {key: made for key, made in self.assignments.items() if made.client_id != client_id}
        self.changed()

    def token(self, user: str, scopes_of_it: str = DEFAULT_SCOPES, *, application: str = "") -> str:
        """Make an OAuth token of 40 characters. Scopes are separated by blanks or commas.

        Without a client id it belongs to an application of nobody, as if somebody had made it in the web interface.
        """
        words = scopes_of_it.replace(",", " ").split()
        if not scopes.SCOPES.issuperset(words):
            raise ValueError(f"unknown scopes: {sorted(set(words) - scopes.SCOPES)}")
        if user not in self.users:
            self.add_user(user)
        if not application:
            by_hand = Application(_BY_HAND, "", "tokens-by-hand", "Tokens by hand")
            self.applications.setdefault(_BY_HAND, by_hand)
        return self.mint(self.users[user], application or _BY_HAND, " ".join(words), secret=self.secret(40))[0]

    def mint(
        self, user: User, client_id: str, scope: str, *, life: float = LIFE, name: str | None = None, secret: str = ""
    ) -> tuple[str, Token]:
        """A new token and what is remembered of it. It lives for `life` seconds, ten years at most."""
        key, now = secret or self.handle(40), self.clock.now()
        made = Token(user, frozenset(scope.replace(",", " ").split()), client_id=client_id, scope=scope, name=name)
        self.tokens_made += 1
        made.number, made.uuid = self.tokens_made, self.handle_uuid()
        made.created, made.expires = now, now + timedelta(seconds=min(life, LIFE))
        self.tokens[key] = made
        return key, made

    def revoke(self, token: str) -> None:
        """Kill a token."""
        self.tokens[token].revoked = True
        self.changed()

    def issue_code(self, user: User, client_id: str, scope: str) -> str:
        """A new authorization code of 40 characters."""
        key = self.handle(40)
        self.codes[key] = Code(client_id, user, scope)
        return key

    def assign(
        self,
        client_id: str,
        username: str,
        scope: str = DEFAULT_SCOPES,
        redirect_uri: str = "",
        response_type: str = "token",
    ) -> str:
        """Assign a token to somebody, as an organization's admin does in the web interface; the assignment's uuid."""
        where = redirect_uri or self.applications[client_id].redirect_uri
        made = Assignment(self.handle_uuid(), client_id, self.users[username].name, where, scope, response_type)
        self.assignments[made.uuid] = made
        self.changed()
        return made.uuid

    def living(self, *, user: User | None = None, client_id: str = "") -> list[Token]:
        """The living tokens of somebody or of an application, oldest first."""
        now = self.clock.now()
        return [
            token
            for token in self.tokens.values()
            if token.alive(now) and user in (None, token.user) and client_id in ("", token.client_id)
        ]
