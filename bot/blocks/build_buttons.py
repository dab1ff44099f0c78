"""What can be done to a build from its card. (`value` is "namespace/name build-id".)"""

from bot.blocks import layout
from bot.blocks.clean import one_line
from bot.blocks.limits import BUTTON_VALUE
from bot.blocks.parts import buttons, open_button
from bot.domain.events import BuildMoved, Phase
from bot.domain.messages import Block

TERMINAL = frozenset({Phase.COMPLETE, Phase.ERROR, Phase.INTERNAL_ERROR, Phase.EXPIRED, Phase.CANCELLED})
RETRIABLE = TERMINAL - {Phase.COMPLETE}


def build_buttons(build: BuildMoved, page: str) -> tuple[Block, ...]:
    """At most three: the log, the one act that makes sense now, and the page in Quay."""
    value = f"{build.repository} {build.build_id}"
    acts: list[Block] = []
    if _addressable(value):
        acts.append(layout.button("build_logs", "Logs", value=value))
        if build.phase in RETRIABLE:
            acts.append(layout.button("build_retry", "Retry", value=value))
        elif build.phase not in TERMINAL:
            acts.append(layout.button("build_cancel", "Cancel", value=value, style="danger", confirm=_sure()))
    return buttons(*acts, *open_button(page))


def _addressable(value: str) -> bool:
    """Does the value say exactly two words? A cut or cleaned one could name another build."""
    return len(value) <= BUTTON_VALUE and one_line(value) == value and value.count(" ") == 1 and value.strip() == value


def _sure() -> Block:
    return layout.confirm(
        "Cancel this build?",
        "What it has done so far is lost. You need to be an admin of the repository.",
        yes="Cancel the build",
        no="Let it run",
        style="danger",
    )
