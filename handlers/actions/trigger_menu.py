"""The menu beside a build trigger: start a build through it, or switch it on or off."""

from handlers.acting.doing import do
from handlers.acts import trigger_switch
from handlers.command import Action, Click, Desk, Reply
from handlers.commands import trigger_start
from handlers.forms import open_form
from handlers.paging import outdated


async def run(click: Click, desk: Desk) -> Reply | None:
    """What was chosen, with the account of whoever chose. Starting takes a branch or a commit, so a form opens."""
    words = click.value.split()
    if len(words) != 3 or words[0] not in ("start", "enable", "disable"):
        raise outdated("menu", "Please ask again with `/quay triggers`.")
    what, repository, trigger = words
    if what == "start":
        await open_form(trigger_start.COMMAND, (repository, trigger), click.person, click.trigger, click.origin, desk)
        return None
    kind = trigger_switch.ENABLE if what == "enable" else trigger_switch.DISABLE
    return await do(kind, trigger_switch.wanted(kind.name, repository, trigger), click.person, click.channel, desk)


ACTION = Action(id="trigger_menu", run=run, window=True)
