"""Slack as linking needs it: who somebody is, and private words about accounts. Nothing stops when Slack is away."""

from collections.abc import Iterable
from dataclasses import dataclass

import structlog

from bot.blocks import link_messages
from bot.domain.errors import BotError
from bot.domain.messages import Message
from bot.domain.people import Account, Person, Profile, Workspace
from bot.ports import Directory, LinkAttempt, Voice

log = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Telling:
    """Names as Slack shows them, and private messages: a person's id in place of a channel (facts §13).

    `host` is Quay's name.
    """

    voice: Voice
    directory: Directory
    host: str

    async def arrived(self, attempt: LinkAttempt, username: str) -> None:
        """Somebody signed in for the attempt's person."""
        message = link_messages.arrived(username, self.host, attempt.expires_at)
        await self._tell(attempt.person.user, message, f"link:{attempt.id}")

    async def others(self, account: Account, people: Iterable[Person]) -> None:
        """The account is new to its person; these people use it already."""
        people = tuple(people)
        if not people:
            return
        who = (await self.profile(account.person.user)).name or account.person.user
        message = link_messages.shared(who, account.username, self.host)
        for person in people:
            key = f"shared:{account.person.user}:{person.user}:{int(account.linked_at.timestamp())}"
            await self._tell(person.user, message, key)

    async def profile(self, user: str) -> Profile:
        """Somebody as Slack shows them; only the id if Slack does not say."""
        try:
            return await self.directory.profile(user)
        except BotError:
            return Profile(user)

    async def home(self, person: Person) -> Workspace:
        """The person's workspace; only its id if it is not the one where the bot is at home, or Slack does not say."""
        try:
            home = await self.directory.home()
        except BotError:
            return Workspace(person.team)
        return home if person.team in {home.team, home.enterprise} else Workspace(person.team)

    async def _tell(self, user: str, message: Message, key: str) -> None:
        try:
            await self.voice.post(user, message.payload(), key)
        except BotError as error:  # the browser shows the code all the same, and the command takes it
            log.warning("not_told_about_linking", user=user, why=str(error))
