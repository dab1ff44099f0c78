"""The work that goes on after Slack was acknowledged: handlers run, and their answers are brought to whoever asked."""

import asyncio
from collections.abc import Awaitable, Coroutine
from dataclasses import replace
from typing import Any, TypeAlias, TypeVar

import structlog

from bot.domain.errors import BotError
from bot.domain.messages import Modal
from bot.domain.people import Person
from handlers import dispatch, home, keeping
from handlers.answering import answer
from handlers.command import Ask, Click, Desk, Errors, Origin, Reply, Submission
from handlers.words import sentence

log = structlog.stdlib.get_logger(__name__)

T = TypeVar("T")
Result: TypeAlias = Reply | Modal | Errors | None
_FADED = "What you asked for shows in a window, and Slack opens one only for a fresh click. Please do it once more."


class Work:
    """Everything that is being worked on."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._tasks: set[asyncio.Task[Any]] = set()

    def begin(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Go on with it in the background."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def end(self, patience: float) -> None:
        """Let what people asked for finish, for so many seconds."""
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=patience)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def ran(self, text: str, ask: Ask) -> None:
        """Do what was typed."""
        await self.told(await dispatch.run(text, ask, self._desk), ask.origin, ask.person, thread=ask.thread)

    async def clicked(self, action_id: str, click: Click, *, at_home: bool = False) -> None:
        """Do what a button says; what is pressed in the Home tab changes what that shows (`at_home`)."""
        reply = await dispatch.click(action_id, click, self._desk)
        await self.told(replace(reply, home=reply.home or at_home) if reply else None, click.origin, click.person)
        if reply is None and at_home:
            await home.refresh(click.person, self._desk)

    async def submitted(self, result: Awaitable[Result], callback: str, sent: Submission) -> None:
        """Show what came of a form that is closed by now, or that shows something else."""
        shown = await result
        if isinstance(shown, Modal) and sent.view:
            try:
                await self._desk.voice.update_view(sent.view, shown)
            except BotError as error:
                log.warning("view_not_updated", callback=callback, why=str(error))
            return
        if isinstance(shown, Modal):
            shown = sentence(_FADED)
        elif isinstance(shown, Errors):  # there is no field any more below which they could stand
            shown = sentence(" ".join(shown.fields.values()))
        await self.told(shown, sent.origin, sent.person)

    async def told(self, reply: Reply | None, origin: Origin, person: Person, *, thread: str = "") -> None:
        """Bring the answer, and go on with what the person asked for before, if it brings that back."""
        if reply is None:
            return
        await answer(reply, origin, person, self._desk.voice, thread=thread)
        if reply.home:
            await home.refresh(person, self._desk)
        if reply.again and (wish := keeping.unpack(reply.again, person)):
            await self._resumed(wish)

    async def _resumed(self, wish: keeping.Wish) -> None:
        """As if its person asked now. It comes back once: it was taken out, and what links accounts is never kept."""
        if isinstance(wish.asked, Ask):
            await self.ran(wish.name, wish.asked)
        elif isinstance(wish.asked, Click):
            await self.clicked(wish.name, wish.asked)
        else:
            result = dispatch.submit(wish.name, wish.asked, self._desk)
            await self.submitted(result, wish.name, wish.asked)
