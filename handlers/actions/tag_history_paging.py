"""The buttons below a tag's history: other pages, and the comparison of its last two images."""

from dataclasses import replace

from bot.blocks.tag_history import COMPARE, NEWER, OLDER
from handlers.acts import tag_diff, tag_history
from handlers.command import Action, Click, Desk, Reply
from handlers.doing import do
from handlers.tag_words import tag_first


async def turn(click: Click, desk: Desk) -> Reply | None:
    """Show the page that begins where the button says, in place of this one."""
    name, _, start = click.value.partition(" ")
    about, _ = tag_first((name,), desk.quay_url)
    act = tag_history.wanted(about.repository, about.tag, number(start))
    reply = await do(tag_history.KIND, act, click.person, click.channel, desk)
    return reply and replace(reply, replace=True)


async def compare(click: Click, desk: Desk) -> Reply | None:
    """Compare the image before with the present one, in a message of its own."""
    about, _ = tag_first((click.value,), desk.quay_url)
    return await do(tag_diff.KIND, tag_diff.wanted(about.repository, about.tag), click.person, click.channel, desk)


def number(text: str) -> int:
    """A place in a list; its beginning if that is no number of ours."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else 0


OLDER_STEPS = Action(id=OLDER, run=turn)
NEWER_STEPS = Action(id=NEWER, run=turn)
COMPARED = Action(id=COMPARE, run=compare)
