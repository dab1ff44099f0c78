"""The buttons that show something else about a repository: each says the words of the command that shows it."""

from handlers.command import Action, Ask, Click, Desk, Reply
from handlers.commands import COMMANDS
from handlers.grammar import split
from handlers.paging import outdated

LOOKS = ("tag list", "tag history", "builds", "vulns")  # these only read


async def run(click: Click, desk: Desk) -> Reply | None:
    """The answer to that command, for whoever pressed, with their own account."""
    words = split(click.value)
    for size in (2, 1):
        word = " ".join(words[:size])
        if word in LOOKS and word in COMMANDS:
            ask = Ask(click.person, click.channel, words[size:], click.trigger, click.response_url)
            return await COMMANDS[word].run(ask, desk)
    raise outdated("button")


TAGS = Action(id="look_tags", run=run)
HISTORY = Action(id="look_history", run=run)
BUILDS = Action(id="look_builds", run=run)
VULNERABILITIES = Action(id="look_vulns", run=run)
