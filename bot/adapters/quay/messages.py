"""Global messages with one person's token."""

from bot.adapters.quay import asks, asks_messages, reading
from bot.adapters.quay.answers import Answer
from bot.adapters.quay.ask import Ask
from bot.adapters.quay.caller import Caller
from bot.adapters.quay.errors import translate
from bot.adapters.quay.shapes_messages import MessagesShape
from bot.adapters.quay.shapes_people import UserShape
from bot.domain.banners import GlobalMessage
from bot.domain.errors import BotError, Forbidden, NeedsScope, TryLater, UserError
from bot.ports.messages import Messages

SUPER = frozenset({"super:user"})
NOT_OFFERED = "This Quay does not offer global messages: those of quay.io belong to its operators."
NOT_TAKEN = "Quay did not accept this message. Please try a shorter text, or plain text in place of Markdown."
EITHER = (
    "Quay did not let you {does}. That takes a superuser of the registry. If you are one, your linked token lacks the "
    "scope `super:user`: link your account again with that scope. If you are none, ask one."
)
SUPERUSER_REFUSED = (
    "Quay did not let you {does}, although you are a superuser and your token has the scope `super:user`. "
    "Please tell the operator of this Quay."
)


class MessagesAs(Messages):
    """Implements ports.Messages."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def all(self) -> tuple[GlobalMessage, ...]:
        """Those that are shown now."""
        answer = await self._ask(asks_messages.all_messages())
        found = reading.shaped(answer, MessagesShape, self._caller.transport.host).messages
        return tuple(GlobalMessage(one.uuid, one.content, one.severity, one.media_type) for one in found if one.uuid)

    async def admitted(self) -> None:
        """Nothing, if Quay would let this token post; what superusers alone may read tells that."""
        await self.all()
        ask = asks_messages.superusers_only()
        answer = await self._caller.transport.exchange(ask, self._caller.token)
        if 200 <= answer.status < 300:
            return
        error = translate(ask, answer, self._caller.transport.host)
        if answer.status in {403, 404}:  # 404: this Quay knows no superusers
            raise NeedsScope(EITHER.format(does=ask.does), scopes=SUPER, detail=str(error))
        raise error

    async def post(self, content: str, severity: str, media_type: str) -> str:
        """Show a new one; its uuid, or "" if nobody can tell which one it is.

        If Quay's answer is lost, the list is read again: where ours is there, all is well.
        """
        before = {one.uuid for one in await self.all()}
        try:
            await self._ask(asks_messages.post(content, severity, media_type))
        except TryLater as error:
            if not error.doubtful:
                raise
            new = await self._new(before, content, severity, media_type)
            if not new:
                raise
        else:
            new = await self._new(before, content, severity, media_type)
        return new[0] if len(new) == 1 else ""

    async def delete(self, uuid: str) -> None:
        """Remove it; one that is not there is fine."""
        await self._ask(asks_messages.delete(uuid))

    async def _new(self, before: set[str], *what: str) -> list[str]:
        """The uuids of those that are new and say just this; none if the list cannot be read now."""
        try:
            now = await self.all()
        except BotError:  # what was posted is posted: only its uuid is not known
            return []
        return [
            one.uuid for one in now if one.uuid not in before and (one.content, one.severity, one.media_type) == what
        ]

    async def _ask(self, ask: Ask) -> Answer:
        answer = await self._caller.transport.exchange(ask, self._caller.token)
        if 200 <= answer.status < 300:
            return answer
        raise await self._refusal(ask, answer)

    async def _refusal(self, ask: Ask, answer: Answer) -> BotError:
        """A 404: there are none. A 400 is a dump of a schema. A 403 is a missing scope or a missing right."""
        error = translate(ask, answer, self._caller.transport.host)
        if answer.status == 404:
            return UserError(NOT_OFFERED, detail=str(error))
        if answer.status == 400:
            return UserError(NOT_TAKEN, detail=str(error))
        if answer.status != 403 or not isinstance(error, Forbidden):
            return error
        if await self._is_superuser():
            return Forbidden(SUPERUSER_REFUSED.format(does=ask.does), detail=str(error))
        return NeedsScope(EITHER.format(does=ask.does), scopes=SUPER, detail=str(error))

    async def _is_superuser(self) -> bool:
        """Only superusers whose token has the scope are told that they are one (facts §2.4)."""
        try:
            return (await self._caller.read(asks.whoami(), UserShape)).super_user
        except BotError:  # the refusal is what matters, not how well it can be explained
            return False
