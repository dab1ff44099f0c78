"""The summary card of a repository."""

from bot.blocks import repository_words as words
from bot.blocks.build_list import phase_words
from bot.blocks.layout import button, section
from bot.blocks.limits import BUTTON_VALUE
from bot.blocks.parts import buttons, facts, open_button
from bot.blocks.text import bare, code, link, plain, size, when
from bot.blocks.urls import build_url, repository_url
from bot.domain.events import BuildMoved
from bot.domain.messages import Block, Message
from bot.domain.repositories import Repository

_EMPTY = "It has no description."
_LONGEST = 600  # characters of the description


def card(repository: Repository, newest: BuildMoved | None, quay_url: str) -> Message:
    """What it is, what changed last, and where to look further. `newest` is its newest build, None if there is none."""
    page = repository_url(quay_url, repository.name)
    shown, state = words.visibility(repository), words.state(repository)
    head = facts(f"📦 *{link(page, repository.name, 255)}*", f"*{shown}*", f"*{plain(state)}*" if state else "")
    lines = [
        plain(repository.description, _LONGEST) or _EMPTY,
        _changes(repository),
        _build(newest, quay_url),
        _window(repository),
        facts(words.rights(repository), _size(repository)),
    ]
    text = f"Repository {bare(repository.name, 255)}, {shown}{f', {bare(state)}' if state else ''}"
    return Message(text=text, blocks=(section(head), section("\n".join(filter(None, lines))), *_row(repository, page)))


def _changes(repository: Repository) -> str:
    """Tags, the newest of them, and when something changed last."""
    newest = code(repository.newest_tag, 130) if repository.tags != words.FULL_MAP else ""  # the list may lack it then
    changed = when(repository.last_changed) if repository.last_changed else ""
    last = f"newest {newest} ({changed})" if newest and changed else (f"last change {changed}" if changed else "")
    return facts(words.tags(repository), last)


def _build(newest: BuildMoved | None, quay_url: str) -> str:
    if newest is None:
        return ""
    page = build_url(quay_url, newest.repository, newest.build_id)
    return f"Newest build: {facts(phase_words(newest), link(page, newest.build_id[:8], 60), when(newest.at))}"


def _window(repository: Repository) -> str:
    kept = words.kept(repository)
    return f"Time machine: old versions of tags can be restored for {kept}." if kept else ""


def _size(repository: Repository) -> str:
    return f"{size(repository.bytes_used)} stored" if repository.bytes_used else ""


def _row(repository: Repository, page: str) -> tuple[Block, ...]:
    """The ways further: each button says the words of the command that shows it (handlers/actions/look)."""
    name, tag = repository.name, repository.newest_tag
    looks = [
        ("look_tags", "Tags", f"tag list {name}"),
        ("look_history", "History", f"tag history {name}:{tag}" if tag else ""),
        ("look_builds", "Builds", f"builds {name}"),
        ("look_vulns", "Vulnerabilities", f"vulns {name}:{tag}" if tag else ""),
    ]
    fitting = [button(action, label, value=value) for action, label, value in looks if 0 < len(value) <= BUTTON_VALUE]
    return buttons(*fitting, *open_button(page))
