"""The buttons on the card of a push: the tag's history, the way back, its vulnerabilities.

The whole channel sees the card. Whoever presses gets the answer alone, with their own account.
"""

from collections.abc import Callable

from bot.blocks.push_buttons import HISTORY, RESTORE, VULNERABILITIES
from bot.domain.acts import Act
from handlers.acting.doing import do
from handlers.acts import restore, tag_history, vulns
from handlers.command import Action, ActKind, Click, Desk, Reply
from handlers.grammar.references import valid_tag
from handlers.paging import outdated


def _action(name: str, kind: ActKind, wanted: Callable[[str, str], Act]) -> Action:
    async def run(click: Click, desk: Desk) -> Reply | None:
        """The act about the tag in the button's value ("acme/web:v1")."""
        repository, _, tag = click.value.partition(":")
        if "/" not in repository or not valid_tag(tag):
            raise outdated("button", "Please use a newer card.")
        return await do(kind, wanted(repository, tag), click.person, click.channel, desk)

    return Action(id=name, run=run)


def _back(repository: str, tag: str) -> Act:
    """To the image that it had before: first it is shown what would come back."""
    return Act(restore.NAME, f"{repository}:{tag}")


SEE_HISTORY = _action(HISTORY, tag_history.KIND, tag_history.wanted)
GO_BACK = _action(RESTORE, restore.KIND, _back)
SEE_FINDINGS = _action(VULNERABILITIES, vulns.KIND, vulns.wanted)
