"""Filling the window of a card's list, and making a file of it: the effectful part that its buttons share."""

from dataclasses import replace

from bot.blocks.csv_file import Sheet
from bot.blocks.list_rows import noun, readable
from bot.blocks.text import count
from bot.domain.errors import BotError, UserError
from bot.domain.messages import Modal
from bot.ports import Page
from handlers.command import Click, Desk
from handlers.modals.item_list import ELSEWHERE, GONE, MOST, PAGE, Window, page, trouble, writing, written

BROKEN = "Something went wrong on my side. The details are in a message that only you can see."
AT_ONCE = 1000  # rows that are read together


async def fill(window: Window, view: str, click: Click, desk: Desk) -> None:
    """Put the page into the open modal `view`, or say why it cannot be.

    What nobody expected is raised, after the window has said that there is nothing to wait for.
    """
    shown = trouble(window, BROKEN)
    try:
        shown = await _shown(window, click, desk)
    except BotError as error:
        shown = trouble(window, error.say)
    finally:
        await desk.voice.update_view(view, shown)


async def send_file(window: Window, view: str, click: Click, desk: Desk) -> None:
    """Make a file of the whole list and give it to whoever asked; the window says how far it is."""
    try:
        part = await _part(window, click, desk)
    except BotError as error:
        await desk.voice.update_view(view, trouble(window, error.say))
        return
    await desk.voice.update_view(view, page(window, part, writing(part)))
    said = BROKEN
    try:
        rows = await _upload(window, part, click, desk)
        said = written(rows, part.total)
    except BotError as error:
        said = error.say
    finally:
        await desk.voice.update_view(view, page(window, part, said))


async def _shown(window: Window, click: Click, desk: Desk) -> Modal:
    part = await _part(window, click, desk)
    if not part.items and window.start:  # the list is shorter than somebody thought: show its beginning
        window = replace(window, start=0)
        part = await _part(window, click, desk)
    return page(window, part)


async def _part(window: Window, click: Click, desk: Desk) -> Page:
    """One page, if the person may see it. Raises UserError.

    Whoever can press the button sees the message, which shows a part of the same list. So the list has to be of the
    channel where the button is; inside the window that channel comes back in what Slack keeps for us.
    """
    part = await desk.trail.items(window.key, start=window.start, limit=PAGE)
    if part is None:
        raise UserError(GONE)
    channel = click.origin.channel
    own = channel.startswith("D") and part.channel == click.person.user  # direct messages have two names
    if not channel or (part.channel != channel and not own):
        raise UserError(ELSEWHERE)
    return part


async def _upload(window: Window, part: Page, click: Click, desk: Desk) -> int:
    """Write the file page by page and send it; gives the number of rows."""
    sheet = Sheet()
    while sheet.rows < MOST:
        more = await desk.trail.items(window.key, start=sheet.rows, limit=min(AT_ONCE, MOST - sheet.rows))
        if more is None or not more.items:
            break
        sheet.add(readable(more.family, item) for item in more.items)
    day = desk.clock.now().strftime("%Y-%m-%d")
    what = f"Here is the list that you asked for: {count(sheet.rows, noun(part.family))}, the oldest first."
    await desk.voice.upload(click.person.user, f"quaybot-{part.family}-{day}.csv", sheet.data(), what)
    return sheet.rows
