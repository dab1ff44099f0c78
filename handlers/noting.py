"""What people do with their own link stands in the audit as well: it decides as whom they act."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from bot.domain.acts import Act
from bot.domain.people import Person
from bot.services import noting
from handlers.command import Desk

T = TypeVar("T")


async def noted(
    act: Act,
    person: Person,
    channel: str,
    desk: Desk,
    work: Callable[[], Awaitable[T]],
    username: Callable[[T], str] = lambda _: "",
    *,
    known: str = "",
) -> T:
    """Do `work`, with a line in the audit before and after it. Arguments and errors are those of services.noting."""
    return await noting.noted(desk.gate.audit, act, person, channel, work, username, known=known)
