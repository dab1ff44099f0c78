"""The button "That was not me" below the news that somebody has signed in for one's Slack account."""

from functools import partial

from bot.blocks.text import code, link
from bot.domain.acts import Act
from bot.services.noting import Lines, noted
from handlers.command import Action, Click, Desk, Reply
from handlers.words import host, whisper


async def run(click: Click, desk: Desk) -> Reply:
    """Void the clicker's own attempt."""
    work = partial(desk.linking.cancel, click.person)
    if not await noted(Lines(desk.gate.audit, Act("link cancel", ""), click.person, click.channel), work):
        return whisper("There is nothing to stop any more: no account is waiting for a code from you.", replace=True)
    quay = link(desk.quay_url, host(desk.quay_url))
    return whisper(
        "I have stopped it. That code is worth nothing any more, and no account was linked.\n"
        f"If you opened the page yourself and the account was the wrong one, sign out of {quay} and use "
        f"{code('/quay link')} again. If you did not, somebody had the address of your linking page: tell whoever "
        "looks after me, and never enter a code that somebody else gave you.",
        replace=True,
    )


ACTION = Action(id="link_cancel", run=run)
