"""The menu beside a build in the list of builds: its log, the same build again, or its end."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from bot.domain.acts import Act
from handlers.acting.doing import do
from handlers.actions import build_logs, build_retry
from handlers.acts import build_cancel
from handlers.building import target
from handlers.command import Action, Click, Desk, Reply
from handlers.paging import outdated


async def cancel(click: Click, desk: Desk) -> Reply | None:
    """Show what would be lost, and ask."""
    repository, build = target(click.value)
    return await do(
        build_cancel.KIND, Act(build_cancel.NAME, repository, {"build": build}), click.person, click.channel, desk
    )


async def run(click: Click, desk: Desk) -> Reply | None:
    """What was chosen, with the account of whoever chose."""
    word, _, value = click.value.partition(" ")
    if word not in _CHOICES:
        raise outdated("menu", "Please ask again with `/quay builds`.")
    return await _CHOICES[word](replace(click, value=value), desk)


_CHOICES: Mapping[str, Callable[[Click, Desk], Awaitable[Reply | None]]] = {
    "logs": build_logs.run,
    "retry": build_retry.run,
    "cancel": cancel,
}

ACTION = Action(id="build_menu", run=run, window=True)
