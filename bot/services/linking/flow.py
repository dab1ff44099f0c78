"""The steps of linking in the browser, and the code that ends it in Slack."""

import re
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from urllib.parse import urlsplit

from bot.domain.acts import Act, Outcome
from bot.domain.errors import GiveUp, NotLinked, UserError
from bot.domain.people import Account, Person, Way
from bot.ports import Client, Clock, Directory, LinkAttempt, Links, LinkStage, Registry, Voice
from bot.rules import link_codes, oauth
from bot.rules.link_codes import hashed
from bot.rules.oauth import scope_text
from bot.services.accounts import AccountBook
from bot.services.audit import AuditBook
from bot.services.linking.telling import Telling
from bot.services.linking.values import (
    NOT_SET_UP,
    Departure,
    Linked,
    Nameless,
    NoAssignment,
    Over,
    Visit,
    Waiting,
    Ways,
    ways_of,
)
from bot.services.noting import Lines, noted
from bot.services.references import new_reference

LIFE = timedelta(minutes=10)  # of an attempt, from the ticket to the code
TRIES = 5  # wrong codes
BASE = frozenset({"repo:read", "repo:write", "repo:admin", "user:read"})  # what the commands take, and no more

_TOKEN = re.compile(r"[\x21-\x7e]{20,200}")  # Quay's have 40 characters (facts §2.1)
_CODE = re.compile(r"[\x21-\x7e]{1,200}")
_STRANGE = (
    "This sign-in does not belong to this browser, or it is over, or it has been used already. Nothing was linked. "
    "Type `/quay link` in Slack and open the new link in the browser in which you are signed in to Quay."
)
_LINK_OVER = "This link has been used, or it is too old. Type `/quay link` in Slack again: you get a new one."


def _new_secret() -> str:
    return secrets.token_urlsafe(32)


@dataclass(frozen=True, slots=True)
class Linking:
    """All steps of linking in the browser. Secrets come in and go out in clear; stored are their hashes.

    `secret` makes a new one: 256 random bits as 43 characters.
    """

    links: Links
    accounts: AccountBook
    registry: Registry
    directory: Directory
    voice: Voice
    clock: Clock
    audit: AuditBook
    quay_url: str
    public_url: str = ""
    client: Client | None = None
    sealed: bool = True  # there is a key to seal tokens with
    secret: Callable[[], str] = field(default=_new_secret)

    def ways(self) -> Ways:
        """Which ways work here, and what the operator has to set for the others."""
        return ways_of(self.public_url, self.client, sealed=self.sealed)

    @property
    def callback(self) -> str:
        """Where Quay sends the browser back to: it has to be the application's redirect address (facts §2.1)."""
        return f"{self.public_url}/quay/oauth/callback"

    @property
    def host(self) -> str:
        """The name by which people know their Quay."""
        return urlsplit(self.quay_url).netloc or self.quay_url

    async def start(self, person: Person, origin: str, scopes: frozenset[str] = frozenset()) -> str:
        """The address of the page for a new attempt; `scopes` come on top of BASE. Earlier attempts are void.

        Raises UserError if nothing can be linked in a browser here.
        """
        ways = self.ways()
        if not ways.browser:
            raise UserError(f"Accounts cannot be linked in the browser. {NOT_SET_UP}", detail=ways.assigned)
        ticket = self.secret()
        await self.links.start(person, hashed("ticket", ticket), BASE | scopes, origin, self.clock.now(), LIFE)
        return f"{self.public_url}/quay/link/{ticket}"

    async def visit(self, ticket: str, cookie: str = "") -> Visit | None:
        """What stands behind a ticket, for the browser with that cookie; None if it is unknown or over."""
        attempt = await self.links.by_ticket(hashed("ticket", ticket), self.clock.now())
        if attempt is None:
            return None
        mine = await self._of_browser(cookie)
        return await self._visit(attempt, here=mine is not None and mine.id == attempt.id)

    async def leave(self, ticket: str, way: Way, assignment: str = "") -> Departure:
        """Send the browser to Quay; `assignment` is what was typed about it. Changes the browser's cookie, so that
        nobody who knew the old one can follow.

        Raises Over, UserError for a way that does not work here, and NoAssignment.
        """
        self._check(way)
        assigned = oauth.assignment(assignment) if way is Way.ASSIGNED else oauth.Assignment()
        if assigned is None:
            raise NoAssignment("That is no assignment of Quay. Copy its whole link, or leave the field empty.")
        attempt = await self.links.by_ticket(hashed("ticket", ticket), self.clock.now())
        if attempt is None:
            raise Over(_LINK_OVER)
        cookie, alone = self.secret(), way is Way.ASSIGNED and not assigned.uuid
        state = link_codes.unspoken_state(cookie) if alone else self.secret()
        hashes = hashed("cookie", cookie), hashed("state", state)
        if not await self.links.leave(attempt.id, *hashes, way, self.clock.now()):
            raise Over(_LINK_OVER)
        return Departure(self.quay_url if alone else self._consent(attempt, way, state, assigned), cookie, alone)

    async def arrive_with_code(self, state: str, cookie: str, code: str) -> None:
        """Quay sent the browser back with a code: exchange it, and wait for the person's word in Slack.

        Raises Over if state, cookie and way do not belong together; any BotError of Quay's, or of the audit.
        """
        attempt = await self._arrived(state, cookie, Way.CODE)
        await self._noted(attempt, partial(self._exchange, attempt, cookie, code))

    async def arrive_with_token(self, cookie: str, state: str, token: str, scope: str = "") -> None:
        """The browser hands over the token that Quay put behind the `#`. `scope` is what stood beside it.

        An empty `state` counts only if Quay could not be given one. Raises as `arrive_with_code`.
        """
        if not _TOKEN.fullmatch(token):
            raise UserError("That is no token of Quay. Go back to the page from Slack and try again.")
        attempt = await self._arrived(state or link_codes.unspoken_state(cookie), cookie, Way.ASSIGNED)
        await self._noted(attempt, partial(self._offer, attempt, cookie, token, oauth.named(scope)))

    async def arrive_without(self, state: str, why: str) -> None:
        """Quay sent the browser back with nothing but an error: the state is used up, and `why` is written down."""
        waits, _ = await self._used_up(state, "")
        if waits is not None:
            await self._refused(waits, why)

    async def here(self, state: str, cookie: str) -> bool:
        """Is that browser the one that left with the state? Else the state is used up: somebody else has seen it."""
        attempt = await self.links.by_state(hashed("state", state), self.clock.now())
        mine = await self._of_browser(cookie)
        if attempt is not None and mine is not None and attempt.id == mine.id:
            return True
        await self.arrive_without(state, _STRANGE)
        return False

    async def waiting(self, cookie: str) -> Waiting | None:
        """What the browser with that cookie has to show while its code is awaited, and once it was right."""
        attempt = await self._of_browser(cookie)
        if attempt is None or attempt.stage not in {LinkStage.CONFIRM, LinkStage.DONE}:
            return None
        code = link_codes.code_for(cookie, attempt.id) if attempt.stage is LinkStage.CONFIRM else ""
        return Waiting(await self._visit(attempt, here=True), code)

    async def stage(self, cookie: str) -> LinkStage | None:
        """How far the attempt of that browser has come; None if there is none (any more)."""
        attempt = await self._of_browser(cookie)
        return attempt.stage if attempt else None

    async def whose(self, cookie: str) -> Visit | None:
        """For whom the browser with that cookie waits for a token to come back without a state; None for nobody."""
        attempt = await self._of_browser(cookie)
        if attempt is None or attempt.stage is not LinkStage.AWAY or attempt.way is not Way.ASSIGNED:
            return None
        return await self._visit(attempt, here=True)

    async def confirm(self, person: Person, code: str) -> Linked:
        """Link the account whose code this is, and tell whoever uses the same one.

        Raises Over if nothing waits for a code, and UserError for a wrong one.
        """
        attempt = await self.links.of(person, self.clock.now())
        if attempt is None or attempt.stage is not LinkStage.CONFIRM:
            raise Over("I am not waiting for a code from you. Type `/quay link`: at the end of the link you get one.")
        typed = link_codes.normalised(code)
        if not typed:
            raise UserError("A code has eight letters and digits, like `AC3K-7WXY`. Your browser shows it.")
        hashed_code, now = link_codes.hashed_code(person, typed), self.clock.now()
        known = await self.accounts.store.of_username(attempt.username)  # as long as nothing is lost if that fails
        before = await self._before(person)
        account = await self.links.confirm(person, hashed_code, now, TRIES)
        if account is None:
            if await self.links.confirmed(attempt.id):  # the same code at the same time
                return Linked(await self.accounts.of(person), already=True)
            raise await self._wrong(person)
        if person not in known:
            await self._telling.others(account, known)
        return Linked(account, left=_other(before, account))

    async def paste(self, person: Person, token: str) -> Linked:
        """Link the account that a token belongs to, and tell whoever uses the same one. Raises as AccountBook.link,
        and UserError for somebody who was deactivated in Slack meanwhile: of them nothing is kept.
        """
        before = await self._before(person)
        account = await self.accounts.link(person, token)
        await self._still_here(person)
        if before is None or account.username != before.username:
            await self._telling.others(account, await self.accounts.also(account.username, person))
        return Linked(account, left=_other(before, account))

    async def offered(self, person: Person) -> str:
        """Whose Quay account waits for the person's code; "" if none does."""
        attempt = await self.links.of(person, self.clock.now())
        return attempt.username if attempt is not None and attempt.stage is LinkStage.CONFIRM else ""

    async def cancel(self, person: Person) -> bool:
        """Void the person's attempt ("that was not me")."""
        return await self.links.cancel(person)

    @property
    def _telling(self) -> Telling:
        return Telling(self.voice, self.directory, self.host)

    async def _before(self, person: Person) -> Account | None:
        """The account that is linked now; None if there is none, or none that a key opens: linking anew mends both."""
        try:
            return await self.accounts.of(person)
        except (NotLinked, GiveUp):
            return None

    def _check(self, way: Way) -> None:
        ways = self.ways()
        if way is Way.PASTED:
            raise UserError("You cannot link your account in this way. A token is pasted in Slack.")
        if why := ways.code if way is Way.CODE else ways.assigned:
            raise UserError(f"You cannot link your account in this way. {NOT_SET_UP}", detail=why)

    def _consent(self, attempt: LinkAttempt, way: Way, state: str, assigned: oauth.Assignment) -> str:
        """The address of Quay's page that asks for consent: for what was assigned, if its link says so."""
        asked = {
            "response_type": "code" if way is Way.CODE else "token",
            "client_id": self.client.id if self.client else "",
            "redirect_uri": self.callback,
            "scope": scope_text(assigned.scopes or attempt.scopes),
            "state": state,
            "assignment_uuid": assigned.uuid,
        }
        return oauth.consent(self.quay_url, asked)

    async def _of_browser(self, cookie: str) -> LinkAttempt | None:
        return await self.links.by_cookie(hashed("cookie", cookie), self.clock.now()) if cookie else None

    async def _arrived(self, state: str, cookie: str, way: Way) -> LinkAttempt:
        """The attempt that state and cookie belong to. The state is used up by this, in whichever browser it is."""
        waits, attempt = await self._used_up(state, cookie)
        if attempt is not None and attempt.way is way:
            return attempt
        if waits is not None:
            await self._refused(waits, _STRANGE)
        raise Over(_STRANGE)

    async def _used_up(self, state: str, cookie: str) -> tuple[LinkAttempt | None, LinkAttempt | None]:
        """The attempt that waited for the state, and the same again if the browser is its own; None for neither."""
        if not state:
            return None, None
        spent, now = hashed("state", state), self.clock.now()
        waits = await self.links.by_state(spent, now)
        return waits, await self.links.arrive(spent, hashed("cookie", cookie), now)

    async def _noted(self, attempt: LinkAttempt, work: Callable[[], Awaitable[str]]) -> None:
        """Do `work`, which tells whose account it is, between its lines in the audit."""
        await noted(Lines(self.audit, _arrival(attempt), attempt.person, ""), work, str)

    async def _refused(self, attempt: LinkAttempt, why: str) -> None:
        act = _arrival(attempt)
        await self.audit.note(new_reference(), attempt.person, "", "", act, Outcome.REFUSED, detail=why)

    async def _exchange(self, attempt: LinkAttempt, cookie: str, code: str) -> str:
        if self.client is None or not _CODE.fullmatch(code):
            raise Over(_STRANGE)
        grant = await self.registry.exchange(self.client, code, self.callback, scope_text(attempt.scopes))
        return await self._offer(attempt, cookie, grant.token, grant.scopes)

    async def _offer(self, attempt: LinkAttempt, cookie: str, token: str, scopes: frozenset[str] | None) -> str:
        try:
            owner = await self.registry.as_token(token).whoami()
        except NotLinked as error:  # a good token without the scope gets the same answer as a dead one (facts §2.4)
            raise Nameless(
                "Quay gave a token, but does not say whose it is. It needs the scope `user:read`: ask whoever assigned "
                f"it for a new one with {scope_text(BASE)}. Then type `/quay link` in Slack again.",
                detail=str(error),
            ) from error
        now = self.clock.now()
        account = Account(attempt.person, owner.username, now, token, attempt.way, scopes)
        code = link_codes.hashed_code(attempt.person, link_codes.code_for(cookie, attempt.id))
        if not await self.links.offer(attempt.id, account, code, now):
            raise Over(_STRANGE)
        await self._telling.arrived(attempt, owner.username)
        return owner.username

    async def _still_here(self, person: Person) -> None:
        """Undo what was stored for somebody who was forgotten while Quay was asked.

        Asked afterwards, so that whoever is forgotten later finds it. If Slack does not say, the daily round will.
        """
        if (await self._telling.profile(person.user)).deleted:
            await self.accounts.store.forget_all_of(person)
            raise UserError("Your Slack account is deactivated, so no Quay account is linked.")

    async def _wrong(self, person: Person) -> UserError:
        left = await self.links.of(person, self.clock.now())
        if left is None:
            return Over(f"That was wrong {TRIES} times, so I have thrown the sign-in away. Type `/quay link` again.")
        tries = TRIES - left.tries
        return UserError(f"That is not the code that your browser shows. {tries} more {_times(tries)}.")

    async def _visit(self, attempt: LinkAttempt, *, here: bool) -> Visit:
        person = attempt.person
        return Visit(attempt, await self._telling.profile(person.user), await self._telling.home(person), here)


def _arrival(attempt: LinkAttempt) -> Act:
    return Act("link arrival", "", {"way": attempt.way.value})


def _other(before: Account | None, account: Account) -> bool:
    return before is not None and before.token != account.token


def _times(number: int) -> str:
    return "try" if number == 1 else "tries"
