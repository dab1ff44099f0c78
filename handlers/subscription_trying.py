"""Saying at once that test calls are on their way: what came of them follows within a minute."""

import structlog

from bot.domain.errors import BotError
from handlers.command import Desk, Origin
from handlers.words import whisper

log = structlog.stdlib.get_logger(__name__)

_BEGUN = (
    "I ask Quay for its test calls now. Its worker looks every 10 seconds, so this takes up to 45 seconds; the test "
    "alerts appear in the channel, and then I say here what came."
)


async def beginning(origin: Origin, desk: Desk) -> None:
    """Tell whoever asked, where there is a way to tell them something before the answer. Raises nothing."""
    if not origin.response_url:
        return
    payload = whisper(_BEGUN).message.payload() | {"response_type": "ephemeral", "replace_original": False}
    try:
        await desk.voice.respond(origin.response_url, payload)
    except BotError as error:  # what came is told in any case
        log.info("not_told_beforehand", why=str(error))
