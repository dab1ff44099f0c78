"""`/quay help`: one screen about everything, or more about one word."""

from collections.abc import Sequence

from bot.blocks.layout import header, section
from bot.blocks.text import code, plain
from bot.domain.errors import UserError
from bot.domain.messages import Block, Message
from handlers.command import Ask, Command, Desk, Reply
from handlers.grammar import UsageError, closest
from handlers.words import host, link_button, small

TITLE = "What I can do"
_SECRET = 20  # characters from which on a word may be a token that went astray, and is not repeated


def command(others: Sequence[Command]) -> Command:
    """The help about these commands and about itself."""

    async def run(ask: Ask, desk: Desk) -> Reply:
        """Everything, or one topic: a command or a section."""
        if len(ask.words) > 1:
            raise UsageError("One topic at a time, please.")
        return _topic(ask.words[0], known) if ask.words else _everything(known, desk)

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


def _everything(known: Sequence[Command], desk: Desk) -> Reply:
    sections = dict.fromkeys(command.section for command in known)
    blocks = [header(TITLE)]
    blocks += [_section(name, [command for command in known if command.section == name]) for name in sections]
    blocks.append(
        small(
            f"I work with {plain(host(desk.quay_url))}, for each of you with your own account. "
            "In a thread, mention me instead of using /quay."
        )
    )
    words = ", ".join(command.word for command in known)
    return _reply(f"{TITLE}: {words}. {code('/quay help build')} shows more about one of them.", *blocks)


def _section(name: str, commands: Sequence[Command]) -> Block:
    rows = [f"{code(f'/quay {command.word}')}  {command.summary}" for command in commands]
    return section(f"*{name}*\n" + "\n".join(rows))


def _topic(topic: str, known: Sequence[Command]) -> Reply:
    for command in known:
        if command.word == topic.lower():
            return _about(command)
    chapters = {command.section.lower(): command.section for command in known}
    if (name := chapters.get(topic.lower())) is not None:
        return _reply(f"Help about {name}", _section(name, [each for each in known if each.section == name]))
    guess = closest(topic, [command.word for command in known])
    hint = f"Did you mean `/quay help {guess}`? " if guess else ""
    named = f"“{topic}”" if len(topic) < _SECRET else "that"
    raise UserError(f"There is no help about {named}. {hint}`/quay help` shows all topics.")


def _about(command: Command) -> Reply:
    forms = "\n".join(code(f"/quay {form}", 300) for form in command.usage)
    more: list[Block] = [link_button()] if command.word == "link" else []
    return _reply(
        f"{command.summary}: {code(f'/quay {command.usage[0]}', 300)}",
        header(f"/quay {command.word}"),
        section(f"{command.summary}.\n{forms}"),
        section(command.details),
        *more,
    )


def _reply(text: str, *blocks: Block) -> Reply:
    return Reply(Message(text=text, blocks=blocks))
