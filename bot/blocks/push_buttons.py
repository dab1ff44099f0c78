"""What can be done about a pushed tag from its card. (`value` is "namespace/name:tag".)"""

import re

from bot.blocks import layout
from bot.blocks.parts import buttons, open_button
from bot.domain.messages import Block

HISTORY, RESTORE, VULNERABILITIES = "push_history", "push_restore", "push_vulns"
_IMAGE = re.compile(r"[A-Za-z0-9._-]{1,255}(?:/[A-Za-z0-9._-]+)+:[A-Za-z0-9_][A-Za-z0-9._-]{0,127}", re.ASCII)
_LONGEST = 1_000


def push_buttons(repository: str, tag: str, page: str) -> tuple[Block, ...]:
    """What became of the tag, the way back, its findings, and the page in Quay.

    A digest in place of a tag has no history, and a name that is none could stand for another image: then there is only
    the page.
    """
    value = f"{repository}:{tag}"
    if len(value) > _LONGEST or not _IMAGE.fullmatch(value):
        return buttons(*open_button(page))
    return buttons(
        layout.button(HISTORY, "History", value=value),
        layout.button(RESTORE, "Restore", value=value),
        layout.button(VULNERABILITIES, "Vulnerabilities", value=value),
        *open_button(page),
    )
