"""What people do with repositories in the tests, and what is told about it."""

import re

from bot.domain.offers import Purpose
from handlers.command import Reply
from tests.handlers.conftest import Office


def offered(office: Office, purpose: Purpose = Purpose.CONFIRM) -> str:
    """The name of the newest offer of that purpose that nobody has taken."""
    names = [one.name for one in office.offers.kept.values() if one.purpose is purpose]
    return [name for name in names if name not in office.offers.taken][-1]


async def confirms(office: Office, words: str) -> Reply | None:
    """Ask, and say yes to the preview."""
    await office.says(words)
    return await office.presses("confirm", offered(office))


def announced(office: Office) -> list[str]:
    [message] = office.notices.said.values()
    return plainly(office.words(message.payload["blocks"]))


def plainly(texts: list[str]) -> list[str]:
    """Every reference is another one."""
    return [re.sub(r"Reference [A-Z]{4}-\d{4}", "Reference KDWF-4071", text) for text in texts]
