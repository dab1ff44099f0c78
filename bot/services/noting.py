"""Lines in the audit around something that no policy decides about, such as what people do with their own link."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from bot.domain.acts import Act, Outcome
from bot.domain.errors import BotError, UserError
from bot.domain.people import Person
from bot.services.audit import AuditBook
from bot.services.references import new_reference

T = TypeVar("T")


async def noted(
    book: AuditBook,
    act: Act,
    person: Person,
    channel: str,
    work: Callable[[], Awaitable[T]],
    username: Callable[[T], str] = lambda _: "",
    *,
    known: str = "",
) -> T:
    """Do `work`, with a line in the audit before and after it. `username` tells whose account it was, afterwards;
    `known` is what is known of that before.

    Raises what the work raises, with the attribute `reference`, and TryLater when the first line cannot be written:
    then nothing is done.
    """
    reference = new_reference()
    await book.note(reference, person, known, channel, act, Outcome.TRIED)
    try:
        result = await work()
    except BotError as error:
        vars(error)["reference"] = reference
        outcome = Outcome.REFUSED if isinstance(error, UserError) else Outcome.FAILED
        await book.note(reference, person, known, channel, act, outcome, detail=error.say)
        raise
    await book.note(reference, person, username(result) or known, channel, act, Outcome.DONE)
    return result
