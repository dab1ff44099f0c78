"""Brings an answer to where it belongs: the response_url, else a whisper in the channel, else a direct message."""

from collections.abc import Awaitable, Callable
from uuid import uuid4

import structlog

from bot.domain.errors import BotError, TryLater
from bot.domain.people import Person
from bot.ports import Voice
from handlers.command import Origin, Reply

Way = Callable[[], Awaitable[None]]

log = structlog.stdlib.get_logger(__name__)


async def answer(reply: Reply, origin: Origin, person: Person, voice: Voice, *, thread: str = "") -> None:
    """Show a reply to the asker (or to the channel, if it says so). Never raises: what cannot be shown is logged."""
    payload = reply.message.payload()
    threaded = payload | ({"thread_ts": thread} if thread else {})
    key = f"reply:{uuid4().hex}"
    ways: list[Way] = []
    if origin.response_url:
        kind = "in_channel" if reply.in_channel else "ephemeral"
        url_payload = payload | {"response_type": kind, "replace_original": reply.replace}
        ways.append(lambda: voice.respond(origin.response_url, url_payload))
    if origin.channel and not reply.in_channel:
        ways.append(lambda: voice.whisper(origin.channel, person.user, threaded))
    if origin.channel and reply.in_channel:
        ways.append(lambda: _posted(voice, origin.channel, threaded, key))
    ways.append(lambda: _posted(voice, person.user, payload, key))
    for way in ways:
        try:
            await way()
        except BotError as error:
            if isinstance(error, TryLater) and error.doubtful:  # it may be there already: not a second time
                log.warning("answer_lost", user=person.user, why=str(error))
                return
            # This way is closed (used up, too old, not a member, no time for it): take the next.
            log.info("answer_rerouted", user=person.user, why=str(error))
        else:
            return
    log.warning("answer_lost", user=person.user, why="no way was left")


async def _posted(voice: Voice, channel: str, payload: dict[str, object], key: str) -> None:
    await voice.post(channel, payload, key)
