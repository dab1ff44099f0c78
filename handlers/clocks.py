"""Whose clock: the time zone in which somebody means the times that they write."""

from datetime import UTC, tzinfo

import structlog

from bot.domain.errors import BotError
from bot.domain.people import Person
from bot.rules.clocks import zone_from
from handlers.command import Desk

log = structlog.stdlib.get_logger(__name__)


async def zone_of(person: Person, desk: Desk) -> tzinfo:
    """The person's own zone as Slack knows it; UTC if Slack does not tell. Raises nothing."""
    try:
        return zone_from(await desk.directory.profile(person.user))
    except BotError as error:
        log.info("zone_unknown", user=person.user, why=str(error))
        return UTC
