"""Whom a dry run is about: a Slack user or a Quay account, with whatever links the two."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import aiohttp

from bot.adapters.clock import SystemClock
from bot.adapters.quay import QuayRegistry
from bot.adapters.slack.directory import SlackDirectory
from bot.adapters.slack.voice import SlackVoice
from bot.domain.errors import BotError, GiveUp, UserError
from bot.domain.people import Account, Person, Place, Profile, Workspace
from bot.operator.opening import opened
from bot.ports import Accounts, Directory, Quay
from bot.settings import Settings

_SLACK_ID = re.compile(r"(?:([TE][A-Z0-9]+)/)?([UW][A-Z0-9]+)")
_QUAY_NAME = re.compile(r"[a-z0-9][a-z0-9_.+-]*")
_NO_TOKEN = "SLACK_BOT_TOKEN is missing."  # noqa: S105 - a sentence


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person as far as they are known: ids may be empty, `quay` None. `note` says what was found."""

    person: Person
    username: str
    note: str
    account: Account | None = field(default=None, repr=False)
    quay: Quay | None = field(default=None, repr=False)


class Nowhere(Directory):
    """Slack, when there is no token to ask it with."""

    async def home(self) -> Workspace:
        """Raises GiveUp."""
        raise GiveUp(_NO_TOKEN)

    async def profile(self, user: str) -> Profile:
        """Raises GiveUp."""
        raise GiveUp(_NO_TOKEN, detail=user)

    async def group(self, group: str) -> frozenset[str]:
        """Raises GiveUp."""
        raise GiveUp(_NO_TOKEN, detail=group)

    async def channel(self, channel: str) -> Place:
        """Raises GiveUp."""
        raise GiveUp(_NO_TOKEN, detail=channel)

    async def members(self, channel: str) -> frozenset[str]:
        """Raises GiveUp."""
        raise GiveUp(_NO_TOKEN, detail=channel)


@asynccontextmanager
async def directory_of(settings: Settings) -> AsyncIterator[Directory]:
    """Slack's list of who is who, asked with the bot's own token."""
    token = settings.slack_bot_token.get_secret_value()
    if not token:
        yield Nowhere()
        return
    async with aiohttp.ClientSession() as session:
        yield SlackDirectory(SlackVoice(token, settings.slack_api_url, session), SystemClock())


def check_user(user: str) -> None:
    """Raise UserError for what is neither an id at Slack nor a name at Quay."""
    if not _SLACK_ID.fullmatch(user) and not _QUAY_NAME.fullmatch(user):
        raise UserError(f"{user!r} is neither a Slack id (U0123ABCD, or T0123ABCD/U0123ABCD) nor a name at Quay.")


@asynccontextmanager
async def somebody(settings: Settings, user: str, directory: Directory) -> AsyncIterator[Somebody]:
    """The person that a Slack id or a name at Quay means, and Quay as they see it if they have linked an account."""
    async with opened(settings) as store:
        found = await _found(user, store.accounts, directory)
    if found.account is None or not settings.quay_url:
        yield found
        return
    registry = QuayRegistry(settings.quay_url)
    try:
        yield Somebody(found.person, found.username, found.note, quay=registry.as_token(found.account.token))
    finally:
        await registry.aclose()


async def _found(user: str, accounts: Accounts, directory: Directory) -> Somebody:
    slack_id = _SLACK_ID.fullmatch(user)
    if slack_id is None:
        return await _of_quay(user, accounts)
    person = Person(slack_id[1] or "", slack_id[2])
    try:
        home = await directory.home()
        teams = (person.team,) if person.team else (home.team, home.enterprise)
        people = [Person(team, person.user) for team in teams if team]
        for one in people:
            if account := await accounts.of(one):
                note = f"{user} is {account.username} at Quay."
                return Somebody(one, account.username, note, account)
    except BotError as error:
        return Somebody(person, "", f"Which account {user} has linked cannot be found out: {error.say}")
    return Somebody(people[0], "", f"{user} has not linked a Quay account.")


async def _of_quay(user: str, accounts: Accounts) -> Somebody:
    people = await accounts.of_username(user)
    if len(people) != 1:
        who = f"{len(people):,} Slack users have" if people else "Nobody has"
        note = f"{who} linked the Quay account {user}: rules about Slack cannot be decided."
        return Somebody(Person("", ""), user, note)
    try:
        account = await accounts.of(people[0])
    except BotError as error:
        return Somebody(people[0], user, f"The token of {user} cannot be used: {error.say}")
    return Somebody(people[0], user, f"{user} is the Slack user {people[0].user}.", account)
