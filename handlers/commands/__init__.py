"""Every word of `/quay`, in the order in which help shows them."""

from collections.abc import Mapping

from handlers.command import Command
from handlers.commands import build, link, unlink, whoami, why
from handlers.commands import help as help_

_WORDS = (build.COMMAND, why.COMMAND, link.COMMAND, whoami.COMMAND, unlink.COMMAND)

COMMANDS: Mapping[str, Command] = {command.word: command for command in (*_WORDS, help_.command(_WORDS))}
