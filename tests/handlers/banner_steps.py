"""What people and time do to global messages in the tests."""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from bot.domain.banners import Banner, BannerStage
from bot.domain.people import Person
from handlers.command import Reply
from handlers.jobs import turn_banners
from tests.handlers.conftest import ALICE, Office
from tests.handlers.council import drawn

REFERENCE = re.compile(r"\b[A-Z]{4}-\d{4}\b")
NAME = re.compile(r"\bM[A-HJKMNP-Z2-9]{4}\b")
SOON = 'message post warning "Read-only" --at "in 2 hours" --for 4h'


async def says_yes(office: Office, text: str, person: Person = ALICE) -> Reply | None:
    """Somebody asks, reads the preview, and presses its button."""
    preview = await office.says(text, person)
    return await office.presses("confirm", offered(preview), person)


def offered(reply: Reply | None) -> str:
    """The offer under a preview."""
    assert reply is not None
    return str(reply.message.blocks[-1]["elements"][0]["value"])


def told(office: Office, key: str = "") -> list[str]:
    """The newest announcement (or that with the key), block by block, with names that do not change."""
    said = office.notices.said[key] if key else list(office.notices.said.values())[-1]
    return [steady(_line(block, office)) for block in said.payload["blocks"]]


def _line(block: Mapping[str, Any], office: Office) -> str:
    return drawn(block) if block["type"] == "rich_text" else office.words([block])[0]


def read(office: Office, reply: Reply | None) -> list[str]:
    """What somebody reads, with names that do not change."""
    return [steady(line) for line in office.reads(reply)]


def steady(text: str) -> str:
    return NAME.sub("M7PX4", REFERENCE.sub("REFE-0000", text))


def undo(office: Office, key: str = "") -> str:
    """The offer behind the button Undo of the newest announcement."""
    said = office.notices.said[key] if key else list(office.notices.said.values())[-1]
    return next(block["elements"][0]["value"] for block in said.payload["blocks"] if block["type"] == "actions")


def banner(office: Office) -> Banner:
    """The only one."""
    (only,) = office.banners.kept.values()
    return only


def stage(office: Office) -> BannerStage:
    return banner(office).stage


async def later(office: Office, **span: float) -> None:
    """So much later, the job comes round."""
    office.clock.time += timedelta(**span)
    await turn_banners.run(office.desk)


def posts(office: Office) -> int:
    return sum(call[1] == "post" for call in office.quay.banners.calls)
