"""After Quay made a secret: keeping it for its one look, and the words with the way to it."""

import asyncio
from collections.abc import Coroutine
from datetime import timedelta
from typing import Any

import structlog

from bot.blocks.layout import actions, button
from bot.blocks.robot_cards import STILL_WORKS
from bot.blocks.text import code, count
from bot.domain.errors import BotError
from bot.domain.messages import Block, Outgoing
from bot.domain.robots import RobotToken
from bot.rules.robot_snippets import snippets, title
from bot.services.gate import Going
from bot.services.revealing import APPROVED_LIFE, LIFE, Where
from handlers.command import Desk, Reply
from handlers.words import host, small, whisper

log = structlog.stdlib.get_logger(__name__)

_SHOW = "Show the token"


async def to_the_end(work: Coroutine[Any, Any, Reply], going: Going, desk: Desk) -> Reply:
    """What `work` answers. Once begun it goes on to its end, even if whoever waits for it is cut off.

    Its answer comes as a direct message then: it is the only way to a token that nobody can read again.
    """
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.shield(asyncio.ensure_future(_sent(task, going, desk)))
        raise


async def kept(made: RobotToken, going: Going, desk: Desk) -> str:
    """The ticket for one look at a token that was just made; "" if it could not be kept. Raises nothing."""
    registry = host(desk.quay_url)
    try:
        texts = snippets(registry, made.robot, made.token)
        return await desk.revealing.keep(going.person, title(registry, made.robot), texts, _life(going))
    except Exception:  # whatever it is, the person has to know that Quay has a token that nobody knows
        log.exception("token_not_kept", robot=made.robot, reference=going.reference)
        return ""


def handed(ticket: str, made: RobotToken, said: str, going: Going, desk: Desk, *, renewed: bool) -> Reply:
    """The whisper with the way to the token, `said` first. What could not be kept is lost, and the words say so."""
    if not ticket:
        going.result.detail += " The token could not be kept for the person, so nobody knows it."
        return _lost(made.robot, renewed=renewed)
    after = f"{STILL_WORKS} Give the new token to whatever logs in with this robot." if renewed else ""
    hint = (
        f"Only you see this. You can open the token *one time only*, within the next {_long(_life(going))}; until then "
        "I keep it encrypted. If somebody else has opened it before you, make a new one."
    )
    return whisper(" ".join(filter(None, (said, after))), way(ticket, desk), small(hint))


def _life(going: Going) -> timedelta:
    return APPROVED_LIFE if going.approval else LIFE


def _long(life: timedelta) -> str:
    hours, minutes = int(life.total_seconds() // 3600), int(life.total_seconds() // 60)
    return count(hours, "hour") if hours else count(minutes, "minute")


def way(ticket: str, desk: Desk) -> Block:
    """The button that leads to the secret: to the page, or to the window."""
    if desk.revealing.where is Where.PAGE:
        return actions(button("reveal_page", _SHOW, url=desk.revealing.address(ticket), style="primary"))
    return actions(button("reveal", _SHOW, value=ticket, style="primary"))


def _lost(robot: str, *, renewed: bool) -> Reply:
    old = " The old token is refused already." if renewed else ""
    return whisper(
        f"Quay made a token for {code(robot, 260)}, but I could not keep it for you, so nobody knows it.{old} "
        f"Please make another one: {code('/quay robot regenerate ' + robot, 300)}"
    )


async def _sent(task: asyncio.Future[Reply], going: Going, desk: Desk) -> None:
    try:
        reply = await task
        message = Outgoing(f"token:{going.reference}", going.person.user, reply.message.payload(), going.person.user)
        await desk.notices.say(message, desk.clock.now())
    except BotError as error:
        log.warning("cut_off", reference=going.reference, why=str(error))
    except Exception:  # whoever waited is gone: there is nobody to tell
        log.exception("cut_off", reference=going.reference)
