"""The menu beside a tag in the list of tags: its history, its labels, its vulnerabilities, or the way back."""

from collections.abc import Callable, Mapping

from bot.domain.acts import Act
from handlers.acting.doing import do
from handlers.acts import tag_history, tag_labels, vulns
from handlers.command import Action, ActKind, Click, Desk, Reply
from handlers.commands import restore
from handlers.forms import open_form
from handlers.grammar.references import valid_tag
from handlers.paging import outdated

_LOOKS: Mapping[str, tuple[ActKind, Callable[[str, str], Act]]] = {
    "history": (tag_history.KIND, tag_history.wanted),
    "labels": (tag_labels.KIND, tag_labels.wanted),
    "vulns": (vulns.KIND, vulns.wanted),
}


async def run(click: Click, desk: Desk) -> Reply | None:
    """What was chosen, with the account of whoever chose. Restoring takes an image, so a form opens."""
    what, _, image = click.value.partition(" ")
    repository, _, tag = image.partition(":")
    if what not in (*_LOOKS, "restore") or "/" not in repository or not valid_tag(tag):
        raise outdated("menu", "Please ask again with `/quay tag list`.")
    if what == "restore":
        await open_form(restore.COMMAND, (image,), click.person, click.trigger, click.origin, desk)
        return None
    kind, wanted = _LOOKS[what]
    return await do(kind, wanted(repository, tag), click.person, click.channel, desk)


ACTION = Action(id="tag_menu", run=run, window=True)
