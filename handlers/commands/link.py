"""`/quay link`: tell the bot which Quay account is yours."""

import re

from bot.blocks.text import code
from bot.domain.errors import UserError
from handlers.command import Ask, Command, Desk, Reply
from handlers.linking import confirm, offer, welcome

_CODE = re.compile(r"[A-Za-z0-9]{4}-?[A-Za-z0-9]{4}")
_ALONE = (
    "Please do not write a token into a command. If that was one, revoke it in Quay, make a new one and use "
    "`/quay link` alone: it shows how to link. Only the code of the linking page may stand behind it: "
    "`/quay link XXXX-XXXX`."
)


async def run(ask: Ask, desk: Desk) -> Reply:
    """Show the ways; with a code, finish the one that led through the browser."""
    if not ask.words:
        return await offer(ask.person, ask.origin, desk)
    if not _CODE.fullmatch(typed := "".join(ask.words)):
        raise UserError(_ALONE)
    return await welcome(await confirm(ask.person, typed, ask.channel, desk), desk)


COMMAND = Command(
    word="link",
    usage=("link", "link XXXX-XXXX"),
    summary="Connect your Quay account",
    section="Your account",
    details=(
        "Shows which ways there are to link your account here: signing in at Quay, taking over a token that was "
        "assigned to you, or pasting one. The linking page ends with a code; give it to me with the button, or behind "
        "the command. Everything you do here happens in Quay under your name and with your rights. "
        f"The token is stored encrypted. {code('/quay unlink')} makes me forget it."
    ),
    run=run,
)
