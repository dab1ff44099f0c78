"""`/quay help`: one screen about everything, or more about one word, one family of words or one section."""

from collections.abc import Iterable, Mapping, Sequence

from bot.blocks.layout import actions, header, section
from bot.blocks.text import code, fitting, plain
from bot.domain.errors import UserError
from bot.domain.messages import Block, Message
from handlers.command import SECTIONS, Ask, Command, Desk, Reply
from handlers.forms import form_button
from handlers.grammar import UsageError, closest
from handlers.grammar.guessing import repeated
from handlers.words import host, link_button, small

TITLE = "What I can do"

ALIASES: Mapping[str, str] = {"tag restore": "restore"}
"""Other ways to type a command, which help does not list."""

ABOUT: Mapping[str, str] = {
    "Tags": "what a tag pointed at, and the way back",
    "Builds": "start, follow, stop and repeat them",
    "Robots": "accounts of machines, and new tokens",
    "Repositories": "what is there, who sees it, what is wrong with it",
    "Global messages": "what everybody reads in Quay",
    "Approvals": "what waits for a second pair of eyes",
    "Alerts": "what this channel is told, and why",
    "Your account": "who you are in Quay, and what was done",
    "Help": "this",
}
"""Each section in a few words."""


def command(others: Sequence[Command]) -> Command:
    """The help about these commands and about itself."""

    async def run(ask: Ask, desk: Desk) -> Reply:
        """Everything, or one topic: a command, the first word of several, or a section."""
        return _topic(" ".join(ask.words).lower(), known) if ask.words else _everything(known, desk)

    itself = Command(
        word="help",
        usage=("help [TOPIC]",),
        summary="Show this, or more about one command",
        section="Help",
        details=f"For example {code('/quay help build')}.",
        run=run,
    )
    known = (*others, itself)
    return itself


def family(first: str, known: Iterable[Command]) -> Reply | None:
    """All commands that begin with the word `first` and go on with another; None if that is a command of its own."""
    first = first.lower()
    commands = list(known)
    if any(command.word == first for command in commands):
        return None
    if not (relatives := _relatives(first, commands)):
        return None
    return _reply(f"{code(f'/quay {first}')} goes on with another word.", _rows(first, relatives))


def _relatives(first: str, known: Iterable[Command]) -> list[Command]:
    return [command for command in known if command.word.startswith(f"{first} ")]


def _everything(known: Sequence[Command], desk: Desk) -> Reply:
    sections = {name: [command for command in known if command.section == name] for name in SECTIONS}
    lines = [_line(name, commands) for name, commands in sections.items() if commands]
    foot = small(
        f"{code('/quay help tag history')} or {code('/quay help tags')} shows more. "
        "A command typed alone opens a form. "
        f"I work with {plain(host(desk.quay_url))}, for each of you with your own account. "
        "In a thread, mention me instead of using /quay."
    )
    words = ", ".join(command.word for command in known)
    text = f"{TITLE}: {words}. {code('/quay help build')} shows more about one of them."
    return _reply(text, header(TITLE), *(section(line) for line in lines), foot)


def _line(name: str, commands: Sequence[Command]) -> str:
    return f"*{name}* ({ABOUT[name]})\n" + " · ".join(code(command.word) for command in commands)


def _rows(name: str, commands: Sequence[Command]) -> Block:
    rows = [f"{code(f'/quay {command.word}')}  {command.summary}" for command in commands]
    return section(f"*{name}*\n" + "\n".join(fitting(rows)))


def _topic(topic: str, known: Sequence[Command]) -> Reply:
    topic = ALIASES.get(topic, topic)
    relatives = _relatives(topic, known)
    chapter = [command for command in known if command.section.lower() == topic]
    for command in known:
        if command.word == topic:
            return _about(command, relatives or chapter)
    if group := chapter or relatives:
        name = group[0].section if chapter else topic
        return _reply(f"Help about {name}", _rows(name, group))
    words = topic.split()
    guess = closest(topic, [*(command.word for command in known), *(command.section.lower() for command in known)])
    if len(words) > 1 and not guess:
        raise UsageError("One topic at a time, please.")
    hint = f"Did you mean `/quay help {guess}`? " if guess else ""
    raise UserError(f"There is no help about {repeated(topic, 'that')}. {hint}`/quay help` shows all topics.")


def _about(command: Command, others: Sequence[Command]) -> Reply:
    forms = "\n".join(code(f"/quay {form}", 300) for form in command.usage)
    more: list[Block] = [link_button()] if command.word == "link" else []
    if command.form is not None:
        more.append(actions(form_button("Open the form", command.word)))
    others = [one for one in others if one is not command]
    if others:
        more.append(_rows("See also", others))
    return _reply(
        f"{command.summary}: {code(f'/quay {command.usage[0]}', 300)}",
        header(f"/quay {command.word}"),
        section(f"{command.summary}.\n{forms}"),
        section(command.details),
        *more,
    )


def _reply(text: str, *blocks: Block) -> Reply:
    return Reply(Message(text=text, blocks=blocks))
