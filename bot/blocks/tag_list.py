"""The living tags of a repository, a line each, and the labels of an image. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.blocks.layout import context, option, overflow, section
from bot.blocks.limits import OPTION_VALUE
from bot.blocks.paging import next_page, pack, previous_page, turns
from bot.blocks.paragraphs import paragraphs
from bot.blocks.parts import facts, linked
from bot.blocks.tag_marks import image, sized
from bot.blocks.text import ago, code, count, plain, when
from bot.domain.images import Label, TagPage, TagRow
from bot.domain.messages import Block

PAGE = 20  # tags on a page
NEXT, PREVIOUS = "tag_list_next", "tag_list_previous"
_VERBS = (("History", "history"), ("Restore…", "restore"), ("Labels", "labels"), ("Vulnerabilities", "vulns"))
_VERB = max(len(verb) + 1 for _, verb in _VERBS)
_LABELS = 60  # of an image, that one message shows


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of tags. `like` is the part of their names that was asked for, "" for all."""

    repository: str
    page: TagPage
    now: datetime
    like: str = ""

    def value(self, page: int) -> str:
        """What a button says that leads to that page."""
        return pack(self.repository, self.like, at=page)


def headline(told: Listed, quay_url: str) -> str:
    """Which tags are shown."""
    which = f" with {code(told.like, 130)} in their names" if told.like else ""
    where = linked(quay_url, told.repository)
    if not told.page.rows:
        there = "no more tags" if told.page.page > 1 else "no tags"
        return f"🏷️ There are {there}{which} in *{where}*."
    return f"🏷️ *Tags of {where}*{which}, the newest first"


def body(told: Listed) -> tuple[Block, ...]:
    """The lines, where we are, and the buttons to the other pages."""
    page = told.page
    row = turns(
        previous_page(PREVIOUS, told.value(page.page - 1) if page.page > 1 else ""),
        next_page(NEXT, told.value(page.page + 1) if page.more else ""),
    )
    return (
        *(section(words, accessory=_menu(told.repository, row)) for row, words in _lines(told)),
        *((context(f"Page {page.page:,}"),) if row else ()),
        *row,
    )


def _menu(repository: str, row: TagRow) -> Block | None:
    """What can be done about it; None where a menu could not name it."""
    about = f"{repository}:{row.name}"
    if any(map(str.isspace, about)) or len(about) > OPTION_VALUE - _VERB:
        return None
    return overflow("tag_menu", [option(label, f"{verb} {about}") for label, verb in _VERBS])


def _lines(told: Listed) -> Iterator[tuple[TagRow, str]]:
    for row in told.page.rows:
        yield (
            row,
            facts(
                f"{code(row.name, 130)} {image(row.digest)}",
                sized(row.size, is_list=row.is_list),
                ago(row.start, told.now),
                f"⏳ expires {when(row.expires)}" if row.expires else "",
                "🔒 immutable" if row.immutable else "",
            ),
        )


def labels_headline(repository: str, tag: str, digest: str, labels: Sequence[Label], quay_url: str) -> str:
    """How many labels which image has."""
    what = f"*{linked(quay_url, repository, (tag,))}* {image(digest)}"
    return f"🔖 {what} has {count(len(labels), 'label') if labels else 'no labels'}."


def labels_body(labels: Sequence[Label]) -> tuple[Block, ...]:
    """A line for each, and what can be done about them."""
    ordered = sorted(labels, key=lambda one: (one.source == "manifest", one.key, one.value))
    rows = [facts(f"{code(one.key, 120)} = {plain(one.value, 200)}", _source(one)) for one in ordered[:_LABELS]]
    rest = len(ordered) - len(rows)
    rows += [f"and {count(rest, 'more label')}"] if rest else []
    own = any(one.source == "manifest" for one in ordered)
    note = "Labels of the image itself cannot be removed. " if own else ""
    hint = f"{note}{code('--add key=value')} puts one on it, {code('--remove key')} takes one off."
    return (*(section(words) for words in paragraphs(rows)), context(hint))


def _source(label: Label) -> str:
    return "of the image itself" if label.source == "manifest" else "put on in Quay"
