"""A look at the webhook bodies that nobody could read."""

import re
from contextlib import AsyncExitStack

from bot.app import open_database
from bot.domain.errors import UserError
from bot.settings import Settings

MOST_SHOWN = 100
_NUMBER = re.compile(r"[0-9]{1,18}\Z")


async def list_aside(settings: Settings, number: str) -> list[bytes]:
    """A line for each of the newest that were set aside; with a number, that body itself.

    Raises UserError when the number is none, or none of those set aside.
    """
    if number and not _NUMBER.match(number):
        raise UserError(f"{number!r} is not a number. See the numbers with: quaybot aside")
    async with AsyncExitStack() as closing:
        store = await open_database(settings, closing)
        if number:
            body = await store.inbox.aside_body(int(number))
            if body is None:
                raise UserError(f"There is no delivery {number} among those set aside. See: quaybot aside")
            return [body]
        kept = await store.inbox.aside(MOST_SHOWN)
    if not kept:
        return [b"Nothing was set aside."]
    return [f"{one.id}  {one.received_at:%Y-%m-%d %H:%M:%S}  hook {one.hook}  {one.reason}".encode() for one in kept]
