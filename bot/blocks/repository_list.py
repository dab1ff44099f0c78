"""Repositories as a list: those of a namespace, and those that a search has found."""

from collections.abc import Sequence

from bot.blocks import repository_words as words
from bot.blocks.layout import context, section
from bot.blocks.paging import next_page, turns
from bot.blocks.parts import facts
from bot.blocks.text import bare, code, count, fitting, link, plain, size, when
from bot.blocks.urls import repository_url
from bot.domain.messages import Block, Message
from bot.domain.repositories import Repository

ROWS = 25  # on a page: together they fit into a few paragraphs
_TOGETHER = 5  # rows in a paragraph
_DESCRIPTION = 120
NEXT_OF_NAMESPACE, NEXT_FOUND = "repos_next", "search_next"


def in_namespace(namespace: str, rows: Sequence[Repository], quay_url: str, *, more: str = "") -> Message:
    """A page of them. `more` is the value of the button that shows the next page, "" if there is none."""
    title = f"*Repositories of {code(namespace, 255)}*"
    if not rows:
        nothing = (
            f"I find no repositories in {code(namespace, 255)}. Either there are none, or you may not see them: "
            "Quay does not tell which. Please check the name."
        )
        return Message(text=nothing, blocks=(section(nothing),))
    text = f"Repositories of {bare(namespace, 255)}: {count(len(rows), 'repository')} on this page"
    return Message(text=text, blocks=(section(title), *_list(rows, quay_url), *_more(NEXT_OF_NAMESPACE, more)))


def found(query: str, rows: Sequence[Repository], quay_url: str, *, more: str = "") -> Message:
    """What a search has found, the best first."""
    if not rows:
        nothing = f"I find no repository for {code(query, 200)} that you may see."
        return Message(text=nothing, blocks=(section(nothing),))
    text = f"Repositories for {bare(query, 200)}: {count(len(rows), 'repository')} on this page"
    head = section(f"*Repositories for {code(query, 200)}*, the best first")
    return Message(text=text, blocks=(head, *_list(rows, quay_url), *_more(NEXT_FOUND, more)))


def row(repository: Repository, quay_url: str) -> str:
    """One of them: its name, who sees it, its state, when it changed last, and what it is about."""
    name = link(repository_url(quay_url, repository.name), repository.name, 255)
    changed = f"changed {when(repository.last_changed)}" if repository.last_changed else ""
    stored = size(repository.bytes_used) if repository.bytes_used else ""
    line = facts(f"*{name}*", words.visibility(repository), plain(words.state(repository)), changed, stored)
    about = plain(repository.description, _DESCRIPTION)
    return f"{line}\n{about}" if about else line


def _list(rows: Sequence[Repository], quay_url: str) -> tuple[Block, ...]:
    shown = [row(one, quay_url) for one in rows[:ROWS]]
    parts = [shown[at : at + _TOGETHER] for at in range(0, len(shown), _TOGETHER)]
    blocks = [section("\n".join(fitting(part))) for part in parts]
    return tuple(blocks)


def _more(action: str, value: str) -> tuple[Block, ...]:
    return turns(next_page(action, value)) or (context("That is all that you may see."),)
