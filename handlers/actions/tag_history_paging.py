"""The buttons below a tag's history: other pages, and the comparison of its last two images."""

from bot.blocks.tag_history import COMPARE, NEXT, PREVIOUS
from handlers.acting.doing import do
from handlers.acts import tag_diff, tag_history
from handlers.command import Action, Click, Desk, Reply
from handlers.paging import in_place, unpack
from handlers.tag_words import tag_first


async def turn(click: Click, desk: Desk) -> Reply | None:
    """Show the page that begins where the button says, in place of this one."""
    words, start = unpack(click.value, 2, tag_history.NAME)
    about, _ = tag_first(words, desk.quay_url)
    act = tag_history.wanted(about.repository, about.tag, start)
    return in_place(await do(tag_history.KIND, act, click.person, click.channel, desk))


async def compare(click: Click, desk: Desk) -> Reply | None:
    """Compare the image before with the present one, in a message of its own."""
    about, _ = tag_first((click.value,), desk.quay_url)
    return await do(tag_diff.KIND, tag_diff.wanted(about.repository, about.tag), click.person, click.channel, desk)


NEXT_STEPS = Action(id=NEXT, run=turn)
PREVIOUS_STEPS = Action(id=PREVIOUS, run=turn)
COMPARED = Action(id=COMPARE, run=compare)
