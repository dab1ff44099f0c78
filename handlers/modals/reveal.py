"""The window that shows a secret once. Pure; it sends nothing."""

from bot.blocks.layout import context, section
from bot.blocks.spoken import spoken
from bot.blocks.text import escape, plain
from bot.domain.messages import Block, Modal
from bot.ports import Reveal
from bot.rules.robot_snippets import HISTORY

CALLBACK = "reveal"
TITLE = "Shown once"


def loading(title: str) -> Modal:
    """What is shown at once, without the secret."""
    return Modal(CALLBACK, TITLE, (section(f"*{plain(title)}*"), section("One moment …")))


def shown(reveal: Reveal) -> Modal:
    """The secret, ready to be copied."""
    note = "This window shows it one time only: copy what you need before you close it. Nobody can show it again."
    blocks: list[Block] = [section(f"*{plain(reveal.title)}*"), context(note)]
    for title, text in reveal.snippets:
        blocks.append(section(f"*{plain(title)}*\n{_verbatim(text)}"))
    return Modal(CALLBACK, TITLE, (*blocks, context(HISTORY)))


def trouble(say: str) -> Modal:
    """Why there is nothing to see."""
    return Modal(CALLBACK, TITLE, (section(spoken(say)),))


def _verbatim(text: str) -> str:
    """Our own text as a block of code, to the last character: it is to be copied."""
    return f"```\n{escape(text.rstrip().replace('`', 'ˋ'))}\n```"
