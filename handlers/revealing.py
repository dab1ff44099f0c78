"""After Quay made a secret: keeping it for its one look, and the words with the way to it."""

import structlog

from bot.blocks.layout import actions, button
from bot.blocks.robot_cards import STILL_WORKS
from bot.blocks.text import code
from bot.domain.messages import Block
from bot.domain.robots import RobotToken
from bot.rules.robot_snippets import snippets
from bot.services.gate import Going
from bot.services.revealing import LIFE, Where
from handlers.command import Desk, Reply
from handlers.words import host, small, whisper

log = structlog.stdlib.get_logger(__name__)

_MINUTES = int(LIFE.total_seconds() // 60)
_SHOW = "Show the token"


async def shown_later(made: RobotToken, said: str, going: Going, desk: Desk, *, renewed: bool) -> Reply:
    """The whisper about a token that was just made, `said` first. It never raises: the token is made already.

    What cannot be kept is lost, and the words say so and what to do about it.
    """
    title = f"The token of the robot account {made.robot} on {host(desk.quay_url)}"
    try:
        ticket = await desk.revealing.keep(going.person, title, snippets(host(desk.quay_url), made.robot, made.token))
    except Exception:  # whatever it is, the person has to know that Quay has a token that nobody knows
        log.exception("token_not_kept", robot=made.robot, reference=going.reference)
        going.result.detail += " The token could not be kept for the person, so nobody knows it."
        return _lost(made.robot, renewed=renewed)
    after = f"{STILL_WORKS} Give the new token to whatever logs in with this robot." if renewed else ""
    hint = (
        f"Only you see this. The token can be looked at once, within {_MINUTES} minutes; until then I keep it "
        "encrypted. If somebody else has looked before you, make a new one."
    )
    return whisper(" ".join(filter(None, (said, after))), way(ticket, desk), small(hint))


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
