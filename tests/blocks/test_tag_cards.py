"""Whatever stands in histories, lists, labels and images: Slack takes the message, and nothing in it comes alive."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.blocks import tag_diff as diff_card
from bot.blocks import tag_history as history_card
from bot.blocks import tag_list as list_card
from bot.blocks.layout import section
from bot.blocks.tag_marks import mark
from bot.blocks.text import plain
from bot.blocks.validator import neutral_problems, problems
from bot.domain.images import Label, Layer, Manifest, Platform, Scan, TagPage, TagRow, Vulnerability
from bot.domain.messages import Block, Message
from bot.domain.tag_steps import Author, Step
from bot.rules.tag_diff import labels, layers, platforms, vulnerabilities
from bot.rules.tag_history import steps

QUAY = "https://quay.example"
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

nasty = st.text(max_size=400) | st.sampled_from(
    ["<!channel>", "*b* _i_ `c`", "<https://evil.example|x>", ":tada:", "> q"]
)
digests = st.integers(0, 30).map(lambda number: f"sha256:{number:012x}{0:052x}")
moments = st.integers(0, 500).map(lambda hours: NOW - timedelta(hours=hours))
authors = st.none() | st.builds(Author, nasty, st.sampled_from(("push_repo", "revert_tag", "odd")), nasty)


@st.composite
def rows(draw: st.DrawFn) -> TagRow:
    start = draw(moments)
    return TagRow(
        draw(nasty),
        draw(digests),
        start,
        draw(st.none() | st.integers(0, 90).map(lambda hours: start + timedelta(hours=hours))),
        draw(st.none() | st.just(NOW + timedelta(days=1))),
        draw(st.booleans()),
        draw(st.none() | st.integers(0, 2**50)),
        draw(st.booleans()),
        draw(st.booleans()),
    )


images = st.builds(
    Manifest,
    digests,
    st.booleans(),
    st.lists(st.builds(Layer, digests, st.none() | st.integers(0, 2**40)), max_size=8).map(tuple),
    st.lists(st.builds(Platform, digests, nasty), max_size=12).map(tuple),
    st.none() | st.integers(0, 2**40),
)
labelled = st.lists(st.builds(Label, st.just("1"), nasty, nasty, st.sampled_from(("api", "manifest"))), max_size=15)
found = st.lists(
    st.builds(Vulnerability, nasty, st.sampled_from(("High", "Low", "?")), nasty, nasty, nasty, nasty), max_size=9
)
sides = st.builds(
    diff_card.Side,
    digests,
    nasty.map(plain),
    st.none() | rows(),
    st.none() | images,
    st.none() | labelled,
    st.builds(Scan, st.sampled_from(("scanned", "queued", "")), found.map(tuple)),
)


def taken(said: str, blocks: Sequence[Block]) -> None:
    payload = Message(said, (section(said), *blocks)).payload()
    assert problems(payload) == []
    assert neutral_problems(payload) == []


@given(st.lists(rows(), max_size=25), st.integers(0, 30), authors, nasty)
def test_any_history_can_be_shown(some: list[TagRow], start: int, author: Author | None, tag: str) -> None:
    made = [Step(one.row, one.how, one.mark, one.living, one.gap, author) for one in steps(some, NOW)]
    told = history_card.History("acme/web", tag, made, NOW, min(start, max(0, len(made) - 1)))
    taken(history_card.headline(told, QUAY), history_card.body(told))


@given(sides, sides)
def test_any_two_images_can_be_compared(first: diff_card.Side, second: diff_card.Side) -> None:
    one, other = first.manifest, second.manifest
    told = diff_card.Compared(
        "acme/web",
        "latest",
        first,
        second,
        layers(one.layers, other.layers) if one and other else None,
        platforms(one.platforms, other.platforms) if one and other else None,
        labels(first.labels, second.labels) if first.labels is not None and second.labels is not None else None,
        vulnerabilities(first.scan.findings, second.scan.findings),
    )
    taken(diff_card.headline(told, QUAY), diff_card.body(told))


@given(st.lists(rows(), max_size=20), nasty, st.integers(1, 9), st.booleans())
def test_any_tags_can_be_listed(some: list[TagRow], like: str, number: int, more: bool) -> None:
    told = list_card.Listed("acme/web", TagPage(tuple(some), number, more), NOW, like[:128])
    taken(list_card.headline(told, QUAY), list_card.body(told))


@given(labelled, nasty)
def test_any_labels_can_be_shown(some: list[Label], tag: str) -> None:
    taken(list_card.labels_headline("acme/web", tag, "sha256:1", some, QUAY), list_card.labels_body(some))


def test_eighteen_images_have_eighteen_colours_before_they_begin_anew() -> None:
    assert len({mark(number) for number in range(18)}) == 18
    assert all(mark(number) == mark(number + 18) for number in range(100))
