"""The judge of blocks: what fits passes, one more does not, and Slack's pointer says where."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from bot.fakes.slack.blockkit import judge_attachments, judge_blocks, judge_options, judge_view, too_large
from tests.fakes.slack_desk import SUBMIT, actions, button, field_block, modal, section


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> dict[str, Any]:
    return {"type": "mrkdwn", "text": text}


def option(text: str = "a", value: str = "a", **more: Any) -> dict[str, Any]:
    return {"text": plain(text), "value": value, **more}


def select(**more: Any) -> dict[str, Any]:
    return actions({"type": "static_select", "action_id": "s", **more})


def confirm(**more: str) -> dict[str, Any]:
    words = {"title": "t", "text": "t", "confirm": "y", "deny": "n", **more}
    return actions(button("b", confirm={name: plain(text) for name, text in words.items()}))


def image(**more: Any) -> dict[str, Any]:
    return {"type": "image", "image_url": "https://quay.io/a.png", "alt_text": "a", **more}


def table(rows: int, columns: int, text: str = "x") -> dict[str, Any]:
    return {"type": "table", "rows": [[{"type": "raw_text", "text": text}] * columns] * rows}


def placed(element: dict[str, Any]) -> dict[str, Any]:
    return {"type": "input", "label": plain("l"), "element": {"action_id": "x", **element}}


def edge(make: Callable[[int], Any], most: int) -> tuple[Any, Any]:
    """The last that fits and the first that does not."""
    return make(most), make(most + 1)


def x(length: int) -> str:
    return "x" * length


def context(*parts: dict[str, Any]) -> dict[str, Any]:
    return {"type": "context", "elements": list(parts)}


def fields(*parts: dict[str, Any]) -> dict[str, Any]:
    return {"type": "section", "fields": list(parts)}


def groups(count: int, label: str = "g") -> dict[str, Any]:
    return select(option_groups=[{"label": plain(label), "options": [option()]}] * count)


def press(**more: Any) -> dict[str, Any]:
    return actions(button("b", **more))


def typed(**more: Any) -> dict[str, Any]:
    return placed({"type": "plain_text_input", **more})


def card(**more: Any) -> dict[str, Any]:
    return {"type": "card", **(more or {"title": plain("x")})}


def rich(text: str) -> dict[str, Any]:
    return rich_piece({"type": "text", "text": text})


def rich_piece(piece: dict[str, Any]) -> dict[str, Any]:
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [piece]}]}


def header(text: dict[str, Any]) -> dict[str, Any]:
    return {"type": "header", "text": text}


def container(children: int) -> dict[str, Any]:
    return {"type": "container", "title": plain("x"), "child_blocks": [DIVIDER] * children}


def icons(count: int) -> dict[str, Any]:
    one = {"type": "icon_button", "icon": "trash", "text": plain("x")}
    return {"type": "context_actions", "elements": [one] * count}


def task(status: str) -> dict[str, Any]:
    return {"type": "task_card", "task_id": "a", "title": "a", "status": status}


DIVIDER = {"type": "divider"}
FITS: list[tuple[str, Any, Any]] = [
    ("section text", *edge(lambda n: section(x(n)), 3000)),
    ("section text is not empty", section("x"), section("")),
    ("field", *edge(lambda n: fields(mrkdwn(x(n))), 2000)),
    ("fields", *edge(lambda n: fields(*[mrkdwn("x")] * n), 10)),
    ("text or fields", section(), {"type": "section"}),
    ("header", *edge(lambda n: header(plain(x(n))), 150)),
    ("header is plain", header(plain("x")), header(mrkdwn("x"))),
    ("context elements", *edge(lambda n: context(*[mrkdwn("x")] * n), 10)),
    ("context is not empty", context(mrkdwn("x")), context()),
    ("context text", *edge(lambda n: context(mrkdwn(x(n))), 3000)),
    ("actions", *edge(lambda n: actions(*(button(f"b{each}") for each in range(n))), 25)),
    ("actions are not empty", actions(button("b")), actions()),
    ("button text", *edge(lambda n: press(text=plain(x(n))), 75)),
    ("button text is plain", press(text=plain("x")), press(text=mrkdwn("x"))),
    ("button value", *edge(lambda n: press(value=x(n)), 2000)),
    ("button url length", *edge(lambda n: press(url="https://" + x(n - 8)), 3000)),
    ("button url", press(url="https://quay.io"), press(url="quay.io")),
    ("button style", press(style="danger"), press(style="default")),
    ("button label", *edge(lambda n: press(accessibility_label=x(n)), 75)),
    ("action_id", *edge(lambda n: actions(button(x(n))), 255)),
    ("block_id", *edge(lambda n: {**section(), "block_id": x(n)}, 255)),
    ("action ids are unique", actions(button("a"), button("b")), actions(button("a"), button("a"))),
    ("confirm title", *edge(lambda n: confirm(title=x(n)), 100)),
    ("confirm text", *edge(lambda n: confirm(text=x(n)), 300)),
    ("confirm button", *edge(lambda n: confirm(confirm=x(n)), 30)),
    ("deny button", *edge(lambda n: confirm(deny=x(n)), 30)),
    ("options", *edge(lambda n: select(options=[option()] * n), 100)),
    ("options are not empty", select(options=[option()]), select(options=[])),
    ("options or groups", select(options=[option()]), select()),
    ("option text", *edge(lambda n: select(options=[option(x(n))]), 75)),
    ("option value", *edge(lambda n: select(options=[option(value=x(n))]), 150)),
    ("option description", *edge(lambda n: select(options=[option(description=plain(x(n)))]), 75)),
    ("option groups", *edge(groups, 100)),
    ("group label", *edge(lambda n: groups(1, x(n)), 75)),
    ("placeholder", *edge(lambda n: select(options=[option()], placeholder=plain(x(n))), 150)),
    ("overflow", *edge(lambda n: actions({"type": "overflow", "options": [option()] * n}), 5)),
    ("checkboxes", *edge(lambda n: placed({"type": "checkboxes", "options": [option()] * n}), 10)),
    ("radio buttons", *edge(lambda n: placed({"type": "radio_buttons", "options": [option()] * n}), 10)),
    ("max_length", *edge(lambda n: typed(max_length=n), 3000)),
    ("min below max", typed(min_length=1, max_length=2), typed(min_length=3, max_length=2)),
    ("label", *edge(lambda n: {**field_block("x"), "label": plain(x(n))}, 2000)),
    ("hint", *edge(lambda n: {**field_block("x"), "hint": plain(x(n))}, 2000)),
    ("no button in an input", typed(), placed(button("b"))),
    ("image alt text", image(), {"type": "image", "image_url": "https://quay.io/a.png"}),
    ("image alt text length", *edge(lambda n: image(alt_text=x(n)), 2000)),
    ("image title", *edge(lambda n: image(title=plain(x(n))), 2000)),
    ("image url", image(), {"type": "image", "alt_text": "a"}),
    ("image Slack can fetch", image(), image(image_url="http://localhost:8080/a.png")),
    ("markdown", *edge(lambda n: {"type": "markdown", "text": x(n)}, 12_000)),
    ("table rows", *edge(lambda n: table(n, 1), 100)),
    ("table cells", *edge(lambda n: table(1, n), 20)),
    ("table cell is not empty", table(1, 1, "x"), table(1, 1, "")),
    ("table text", *edge(lambda n: table(1, 1, x(n)), 10_000)),
    ("card title", *edge(lambda n: card(title=mrkdwn(x(n))), 150)),
    ("card subtitle", *edge(lambda n: card(title=plain("x"), subtitle=mrkdwn(x(n))), 150)),
    ("card body", *edge(lambda n: card(body=mrkdwn(x(n))), 200)),
    ("carousel", *edge(lambda n: {"type": "carousel", "elements": [card()] * n}, 10)),
    ("container", *edge(container, 10)),
    ("task status", task("complete"), task("done")),
    ("context actions", *edge(icons, 5)),
    ("known kind", DIVIDER, {"type": "banner"}),
    ("released kind", DIVIDER, {"type": "data_visualization", "title": "x"}),
    ("no alert in messages", DIVIDER, {"type": "alert", "text": plain("x")}),
    ("known property", section(), {**section(), "color": "#fff"}),
    ("mrkdwn has no emoji", section(), {"type": "section", "text": {**mrkdwn("x"), "emoji": True}}),
    ("rich text is not empty", rich("x"), rich("")),
    ("rich text link", rich_piece({"type": "link", "url": "https://x"}), rich_piece({"type": "link", "url": "x"})),
    ("rich text piece", rich_piece({"type": "emoji", "name": "x"}), rich_piece({"type": "blink"})),
    ("rich text has pieces", rich("x"), {"type": "rich_text", "elements": [{"type": "rich_text_section"}]}),
    (
        "date",
        placed({"type": "datepicker", "initial_date": "2026-11-23"}),
        placed({"type": "datepicker", "initial_date": "23.11.26"}),
    ),
    ("number", typed(min_length=1), typed(min_length="1")),
    ("lowest number", typed(max_length=1), typed(max_length=0)),
    ("flag", typed(multiline=True), typed(multiline="yes")),
    ("string", press(value="1"), press(value=1)),
]


@pytest.mark.parametrize(("name", "good", "bad"), FITS, ids=[row[0] for row in FITS])
def test_what_fits_passes_and_one_more_does_not(name: str, good: Any, bad: Any) -> None:
    assert judge_blocks([good]) == []
    assert judge_blocks([bad]) != []


@pytest.mark.parametrize(("name", "good", "bad"), FITS, ids=[row[0] for row in FITS])
def test_blocks_inside_attachments_are_judged_the_same(name: str, good: Any, bad: Any) -> None:
    assert judge_attachments([{"color": "#fff", "blocks": [good]}]) == []
    wrong = judge_attachments([{"color": "#fff", "blocks": [bad]}])
    assert wrong
    assert all("[json-pointer:/attachments/0/blocks" in line for line in wrong)


def test_the_words_are_slacks() -> None:
    assert judge_blocks([section("x" * 3001), actions(button("b", style="blue")), {"type": "header"}]) == snapshot(
        [
            "[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]",
            "[ERROR] must be a valid enum value [json-pointer:/blocks/1/elements/0/style]",
            "[ERROR] missing required field: text [json-pointer:/blocks/2]",
        ]
    )


def test_a_message_takes_50_blocks_an_attachment_20() -> None:
    assert judge_blocks([section()] * 50) == []
    assert judge_blocks([section()] * 51) == ["[ERROR] no more than 50 items allowed [json-pointer:/blocks]"]
    assert judge_attachments([{"blocks": [section()] * 20}]) == []
    assert judge_attachments([{"blocks": [section()] * 21}]) != []


def test_block_ids_are_unique_in_the_whole_message() -> None:
    named = {**section(), "block_id": "one"}
    seen: set[str] = set()
    assert judge_blocks([named, section()], seen=seen) == []
    assert judge_attachments([{"blocks": [named]}], seen=seen) == [
        "[ERROR] block_id `one` already exists [json-pointer:/attachments/0/blocks/0/block_id]"
    ]


def test_markdown_is_counted_over_all_blocks() -> None:
    half = {"type": "markdown", "text": "x" * 6001}
    assert judge_blocks([half]) == []
    assert judge_blocks([half, half]) != []


def test_an_attachment_with_blocks_takes_only_color_and_fallback_beside_them() -> None:
    assert judge_attachments([{"blocks": [section()], "color": "#fff", "fallback": "x"}]) == []
    for key in ("text", "title", "footer", "is_msg_unfurl"):
        assert judge_attachments([{"blocks": [section()], key: "x"}]) == [
            "[ERROR] invalid_keys [json-pointer:/attachments/0]"
        ]
    assert judge_attachments([{"text": "old style", "title": "x"}]) == []


def home(*blocks: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "home", "blocks": list(blocks) or [section()], **more}


def alert(level: str) -> dict[str, Any]:
    return {"type": "alert", "text": plain("x"), "level": level}


def focused(*names: str) -> dict[str, Any]:
    return modal(*(field_block(name, focus_on_load=True) for name in names), submit=SUBMIT)


VIEWS: list[tuple[str, Any, Any]] = [
    ("title", *edge(lambda n: modal(title=plain(x(n))), 24)),
    ("title is needed", modal(), {"type": "modal", "blocks": [section()]}),
    ("title is plain", modal(title=plain("x")), modal(title=mrkdwn("x"))),
    ("submit", *edge(lambda n: modal(submit=plain(x(n))), 24)),
    ("close", *edge(lambda n: modal(close=plain(x(n))), 24)),
    ("private_metadata", *edge(lambda n: modal(private_metadata=x(n)), 3000)),
    ("callback_id", *edge(lambda n: modal(callback_id=x(n)), 255)),
    ("external_id", *edge(lambda n: modal(external_id=x(n)), 255)),
    ("blocks of a modal", *edge(lambda n: modal(*[section()] * n), 100)),
    ("input needs submit", modal(field_block("a"), submit=SUBMIT), modal(field_block("a"))),
    ("no markdown", modal(), modal({"type": "markdown", "text": "x"})),
    ("no table", modal(), modal(table(1, 1))),
    ("alert level", modal(alert("info")), modal(alert("bad"))),
    ("one focus", focused("a"), focused("a", "b")),
    ("known kind", home(), {**home(), "type": "tab"}),
    ("home has no title", home(), home(title=plain("x"))),
    ("blocks of a home", *edge(lambda n: home(*[section()] * n), 100)),
]


@pytest.mark.parametrize(("name", "good", "bad"), VIEWS, ids=[row[0] for row in VIEWS])
def test_views_have_their_own_limits(name: str, good: Any, bad: Any) -> None:
    assert judge_view(good) == []
    assert judge_view(bad) != []


def test_a_view_of_a_quarter_megabyte_is_too_large() -> None:
    assert not too_large(modal(*[section("x" * 2400)] * 100))
    assert too_large(modal(*[section("x" * 2500)] * 100))


def test_option_loads_take_options_or_groups() -> None:
    assert judge_options({"options": [option()] * 100}) == []
    assert judge_options({"options": []}) == []
    assert judge_options({"options": [option()] * 101}) != []
    assert judge_options({"options": [], "option_groups": []}) != []
    assert judge_options(None) != []


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["type", "text", "elements", "blocks", "fields", "rows", "options"]), inner)
    ),
    max_leaves=12,
)


@given(JSON)
def test_whatever_is_sent_is_judged_and_never_crashes(value: Any) -> None:
    assert isinstance(judge_blocks(value), list)
    assert isinstance(judge_attachments(value), list)
    assert isinstance(judge_view(value), list)


@given(st.sampled_from(["section", "header", "context", "actions", "rich_text", "table", "markdown"]), JSON, JSON)
def test_known_kinds_with_nonsense_inside_are_judged(kind: str, one: Any, other: Any) -> None:
    block = {"type": kind, "text": one, "elements": other, "rows": other, "fields": one}
    assert all(line.startswith("[ERROR] ") for line in judge_blocks([block]))
