"""Every word of `/quay`, in the order in which help shows them."""

from collections.abc import Mapping

from handlers.command import Command
from handlers.commands import approve, audit, build, deny, link, unlink, whoami, why
from handlers.commands import help as help_

_WORDS = (
    build.COMMAND,
    approve.COMMAND,
    deny.COMMAND,
    why.COMMAND,
    link.COMMAND,
    whoami.COMMAND,
    unlink.COMMAND,
    audit.COMMAND,
)

COMMANDS: Mapping[str, Command] = {command.word: command for command in (*_WORDS, help_.command(_WORDS))}
