"""Answers Slack while somebody types into a field that searches: with what their own account sees, in time, always."""

import asyncio
from functools import partial
from urllib.parse import urlsplit

import structlog

from bot.blocks.limits import OPTIONS
from bot.domain.acts import Act
from bot.domain.errors import BotError, Denied, TryLater
from bot.domain.messages import Block
from bot.domain.people import Account, Person
from bot.rules.policy import Effect
from bot.services.limits import Limits
from bot.services.suggestions import Suggestions
from bot.services.verdicts import denial
from handlers.command import Desk, Seek
from handlers.forms.memory import Memory
from handlers.forms.view import SEEK
from handlers.suggesting.choices import Choice, as_own, shown
from handlers.suggesting.own_words import own_words
from handlers.suggesting.sources import SOURCES, Look, Place

log = structlog.stdlib.get_logger(__name__)

PATIENCE = 2.2  # seconds: Slack waits for three
PER_PERSON = 90  # questions to Quay in a minute, beside what people may command
PER_WORKSPACE = 1_200


class Suggester:
    """Whoever types is answered with options; with none, if nothing can be found."""

    def __init__(self, desk: Desk, *, patience: float = PATIENCE) -> None:
        self._desk = desk
        self._patience = patience
        self._limits = Limits(desk.clock, PER_PERSON, PER_WORKSPACE)
        self._known: Suggestions[Choice] = Suggestions(desk.clock)

    async def options(self, person: Person, action_id: str, typed: str, memory: Memory) -> list[Block]:
        """What Slack shows below the field. Never raises."""
        name, typed = action_id.removeprefix(SEEK), " ".join(typed.split())
        if name not in set(Seek):
            return []
        try:
            return await self._options(person, Seek(name), typed, memory)
        except (BotError, TimeoutError) as error:  # not linked, or the database is away
            log.info("nothing_to_suggest", user=person.user, seek=name, kind=type(error).__name__)
        except Exception:  # somebody types: they can go on without it
            log.exception("suggestions_failed", user=person.user, seek=name)
        return []

    async def close(self) -> None:
        """Ask nothing any more."""
        await self._known.close()

    async def _options(self, person: Person, seek: Seek, typed: str, memory: Memory) -> list[Block]:
        loop = asyncio.get_running_loop()
        began = loop.time()
        async with asyncio.timeout(self._patience):
            account = await self._desk.accounts.of(person)
        found = await self._found(account, seek, typed, memory, self._patience - (loop.time() - began))
        options = [option for choice in found if (option := shown(choice))][:OPTIONS]
        own = own_words(seek, typed, self._desk.quay_url)
        if own and all(option["value"] != own for option in options) and (last := shown(as_own(seek, own))):
            options = [*options[: OPTIONS - 1], last]
        return options

    async def _found(
        self, account: Account, seek: Seek, typed: str, memory: Memory, patience: float
    ) -> tuple[Choice, ...]:
        source, typed = SOURCES[seek], self._here(typed)
        place = Place(source.query(typed), memory.repository, memory.tag)
        if not source.reachable(place):
            return ()
        person = account.person
        # Whoever links another account, or the same one again, sees nothing that was found for the one before.
        key = (person, account.username, account.linked_at, memory.origin.channel, seek, place)
        look = self._look(account, memory.origin.channel)
        found = await self._known.of(key, partial(source.find, place, look), who=person, patience=patience)
        if seek in (Seek.REPOSITORY, Seek.TARGET):  # Quay itself knows best what fits
            return found
        words = typed.lower().split()
        return tuple(one for one in found if all(word in f"{one.value} {one.label}".lower() for word in words))

    def _look(self, account: Account, channel: str) -> Look:
        """With this account, as far as the policy lets it read without asking anybody; nothing of it is audited."""
        person, desk = account.person, self._desk
        quay = desk.registry.as_token(account.token)

        async def may(act: Act) -> None:
            decision = await desk.policies.decide(person, account.username, quay, act, channel)
            if decision.effect is not Effect.ALLOW or decision.unsure:
                raise Denied(denial(decision, act), rule=decision.rule, unsure=bool(decision.unsure))

        def counts() -> None:
            if refusal := self._limits.take(person):
                raise TryLater(refusal)

        return Look(quay, desk.clock.now(), may, counts)

    def _here(self, typed: str) -> str:
        """Without the name of our own Quay before it."""
        scheme_less = typed.partition("://")[2] or typed
        host = urlsplit(self._desk.quay_url).netloc.lower() + "/"
        return scheme_less[len(host) :] if scheme_less.lower().startswith(host) else scheme_less
