"""A browser's steps of linking: on its way to Quay, and back with a code to enter."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

from bot.domain.people import Way
from bot.services.linking import Linking
from tests.services.linking_desk import ALICE


def asked(address: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


async def away(linking: Linking, way: Way = Way.CODE, assignment: str = "", **start: Any) -> tuple[str, str]:
    """A browser on its way to Quay: its cookie and the state."""
    ticket = (await linking.start(ALICE, "here", **start)).rpartition("/")[2]
    departure = await linking.leave(ticket, way, assignment)
    return departure.cookie, asked(departure.address).get("state", "")


async def code_of(linking: Linking) -> tuple[str, str]:
    """A browser that came back from Quay: its cookie and the code that it shows."""
    cookie, state = await away(linking)
    await linking.arrive_with_code(state, cookie, "code-of-alice")
    waiting = await linking.waiting(cookie)
    assert waiting is not None
    return cookie, waiting.code
