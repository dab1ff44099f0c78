"""The tables in the documents, made from what the program itself knows, so that the two cannot disagree.

A document holds a table between two comments, `<!-- table: NAME -->` and `<!-- end of table -->`.
"""

import re
import textwrap
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from bot.adapters.metrics import COUNTED, LABELS, MEASURED, TIMED
from bot.services.families import BY_EVENT
from bot.settings import Settings
from handlers.acts import ACTS
from handlers.command import Command
from handlers.commands import COMMANDS
from webhooks.kinds import KINDS
from webhooks.reading import Unreadable, read
from webhooks.sample import sample

ROOT = Path(__file__).parents[2]
NEEDED = ("slack_bot_token", "slack_signing_secret", "quay_url", "public_url", "secret_keys")
"""What an operator has to set before the bot is of any use; the rest has a default that works."""

_TABLE = re.compile(r"(<!-- table: (?P<name>[a-z ]+) -->\n).*?(<!-- end of table -->)", re.DOTALL)


def filled(document: str) -> str:
    """The document with every table as it should be. Raises KeyError for a table that nobody can make."""
    return _TABLE.sub(lambda found: f"{found[1]}\n{TABLES[found['name']]()}\n\n{found[3]}", document)


def table_names(document: str) -> list[str]:
    """The names of the tables in a document, in their order."""
    return [found["name"] for found in _TABLE.finditer(document)]


def _rows(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    head = list(head)
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(_cell(cell) for cell in line) + " |" for line in lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _commands() -> str:
    rows = ((f"`/quay {command.word}`", f"{command.summary}.") for command in COMMANDS.values())
    return _rows(("Command", "What it does"), rows)


def _command_pages() -> str:
    return "\n\n".join(_command_page(command) for command in COMMANDS.values())


def _command_page(command: Command) -> str:
    forms = "\n".join(f"/quay {form}" for form in command.usage)
    return f"## /quay {command.word}\n\n{command.summary}.\n\n```text\n{forms}\n```\n\n{_markdown(command.details)}"


def _markdown(mrkdwn: str) -> str:
    """Slack's markup as Markdown. Code spans stay as they are; lines that begin with one become a list."""
    pieces = re.split(r"(`[^`\n]*`)", mrkdwn.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))
    words = "".join(
        piece if piece.startswith("`") else re.sub(r"\*(\S[^*\n]*)\*", r"**\1**", piece) for piece in pieces
    )
    lines = words.splitlines()
    listed = [f"- {line}" if line.startswith("`--") else line for line in lines]
    return re.sub(r"\n(- )", r"\n\n\1", "\n".join(listed), count=1)


def _acts() -> str:
    rows = (
        (f"`{kind.name}`", "yes" if kind.preview else "", " or ".join(f"`{one}`" for one in kind.quay_log.split()))
        for kind in sorted(ACTS.values(), key=lambda kind: kind.name)
    )
    return _rows(("Act", "Shown before it is done", "Quay's kind of entry"), rows)


def _events() -> str:
    rows = (
        (f"`{kind.name}`", kind.summary, "namespace" if kind.namespace else "repository") for kind in KINDS.values()
    )
    return _rows(("Event", "What it tells", "Belongs to a"), rows)


def _event_cards() -> str:
    return _rows(("Event", "Card"), ((f"`{name}`", _card_of(name)) for name in KINDS))


def _card_of(event: str) -> str:
    told = read(event, "", sample(event), datetime(2026, 1, 1, tzinfo=UTC))
    assert not isinstance(told, Unreadable), told
    return BY_EVENT[type(told)].name


def _metrics() -> str:
    counted = ((f"quaybot_{name}_total", name, words) for name, words in COUNTED.items())
    measured = ((f"quaybot_{name}", name, words) for name, words in {**MEASURED, **TIMED}.items())
    rows = ((f"`{metric}`", words, _label(name)) for metric, name, words in (*counted, *measured))
    return _rows(("Metric", "What it is", "For each"), rows)


def _label(name: str) -> str:
    return f"`{LABELS[name]}`" if name in LABELS else "bucket" if name in TIMED else ""


def _settings() -> str:
    rows = ((f"`{name.upper()}`", _described(field), _default(field)) for name, field in Settings.model_fields.items())
    return _rows(("Variable", "What it is", "Default"), rows)


def _described(field: FieldInfo) -> str:
    return field.description or ""


def _default(field: FieldInfo) -> str:
    value = field.get_default(call_default_factory=True)
    text = "" if value is PydanticUndefined else _plain(value)
    return f"`{text}`" if text else "none"


def _plain(value: object) -> str:
    if hasattr(value, "get_secret_value"):
        return str(value.get_secret_value())
    return ",".join(_plain(one) for one in value) if isinstance(value, list) else str(value)


def env_example() -> str:
    """The whole of .env.example: each setting with its description and an example, what has a default commented out."""
    head = (
        "# Settings of quaybot. Copy this file to .env and fill it in; the environment wins over the file.\n"
        "# A line that begins with # keeps its default. Keep the filled-in file to yourself: it holds secrets."
    )
    return "\n\n".join([head, *(_env_lines(name, field) for name, field in Settings.model_fields.items())]) + "\n"


def _env_lines(name: str, field: FieldInfo) -> str:
    """What is needed waits empty: a copied example must not pass for a real address or a real secret."""
    example = str((field.examples or [""])[0])
    needed = name in NEEDED
    words = _described(field)
    if needed and "SecretStr" not in str(field.annotation):
        words += f" For example {example}"
    comment = "\n".join(textwrap.wrap(words, 110, initial_indent="# ", subsequent_indent="# "))
    return f"{comment}\n{name.upper()}=" if needed else f"{comment}\n# {name.upper()}={example}"


TABLES: Mapping[str, Callable[[], str]] = {
    "acts": _acts,
    "commands": _commands,
    "command pages": _command_pages,
    "events": _events,
    "cards of events": _event_cards,
    "settings": _settings,
    "metrics": _metrics,
}
