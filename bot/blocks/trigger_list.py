"""The build triggers of a repository: what starts builds, and whether it does. Never what they know as secrets."""

from collections.abc import Sequence

from bot.blocks.layout import context, menu_of, section
from bot.blocks.parts import buttons, facts, open_button
from bot.blocks.text import bare, code, count, link, plain
from bot.blocks.urls import repository_url
from bot.domain.messages import Block, Message
from bot.domain.repositories import Trigger

MOST = 40  # paragraphs of one message


def listed(repository: str, triggers: Sequence[Trigger], quay_url: str) -> Message:
    """All of them, with a menu beside each."""
    page = f"{repository_url(quay_url, repository)}?tab=builds"
    if not triggers:
        nothing = f"{code(repository, 255)} has no build triggers. They are set up in Quay."
        return Message(text=nothing, blocks=(section(nothing), *buttons(*open_button(page))))
    text = f"Build triggers of {bare(repository, 255)}: {count(len(triggers), 'trigger')}"
    head = section(f"*Build triggers of {link(page, repository, 255)}*")
    rows = [section(row(one), accessory=menu(repository, one)) for one in triggers[:MOST]]
    rest = len(triggers) - MOST
    more = (context(f"{count(rest, 'more trigger')} not shown. Quay has all of them."),) if rest > 0 else ()
    return Message(text=text, blocks=(head, *rows, *more, *buttons(*open_button(page))))


def row(trigger: Trigger) -> str:
    """One of them: its service, its id, where it builds from, and whether it works."""
    name = facts(f"*{plain(trigger.service, 60) or 'trigger'}*", code(trigger.id[:8]))
    source = code(trigger.source, 300)
    return f"{mark(trigger)} {facts(name, f'builds from {source}' if source else '')}\n{state(trigger)}"


def mark(trigger: Trigger) -> str:
    """A picture of its state, which is said in words as well."""
    return "🟢" if trigger.active and trigger.enabled else "⚪"


def state(trigger: Trigger) -> str:
    """Whether it starts builds."""
    if not trigger.active:
        return "Its set-up is not finished: that is done in Quay."
    return "Switched on." if trigger.enabled else "Switched off: nothing starts it."


def menu(repository: str, trigger: Trigger) -> Block | None:
    """Start it, or switch it; None where its set-up is not finished, or a menu could not name it."""
    if not trigger.active:
        return None
    switch = ("Switch off…", "disable") if trigger.enabled else ("Switch on…", "enable")
    acts = [("Start a build…", "start")] if trigger.enabled else []
    acts.append(switch)
    return menu_of("trigger_menu", acts, repository, trigger.id)
