"""The product's own Block Kit validator: one row for each rule of Slack's, with the pointer in the complaint."""

from collections.abc import Mapping
from typing import Any

import pytest

from bot.blocks import layout
from bot.blocks.neutral import neutral_problems
from bot.blocks.validator import problems, view_problems
from bot.domain.messages import Block, Modal

PLAIN = {"type": "plain_text", "text": "x"}
OPTION = {"text": PLAIN, "value": "v"}
BUTTON = {"type": "button", "text": PLAIN, "action_id": "a"}


def message(*blocks: Block, **more: Any) -> dict[str, Any]:
    return {"text": "words", "blocks": list(blocks), **more}


def section(**more: Any) -> Block:
    return {"type": "section", "text": PLAIN, **more}


def actions(*elements: Block) -> Block:
    return {"type": "actions", "elements": list(elements)}


def field(element: Block) -> Block:
    return {"type": "input", "label": PLAIN, "element": element}


def select(**more: Any) -> Block:
    return {"type": "static_select", "action_id": "a", **more}


def table(*rows: list[str]) -> Block:
    return {"type": "table", "rows": [[{"type": "raw_text", "text": cell} for cell in row] for row in rows]}


def words(size: int) -> Block:
    return {"type": "plain_text", "text": "x" * size}


SOUND: list[Mapping[str, Any]] = [
    {"delete_original": True},
    message(),
    message(section(), layout.divider(), layout.header("x"), layout.context("x"), actions(BUTTON)),
    message(layout.section("x", fields=["a", "b"], accessory=layout.button("a", "b", value="c", url="https://q"))),
    message(actions(layout.select("a", [layout.option("b", "c", "d")], placeholder="p", initial=OPTION))),
    message(layout.input_block("b", "l", layout.text_input("a", initial="i", placeholder="p", longest=9), hint="h")),
    message({"type": "image", "image_url": "https://q", "alt_text": "a", "title": PLAIN}),
    message({"type": "markdown", "text": "x" * 12_000}),
    message(table(["x"] * 20), attachments=[{"color": "#616061", "blocks": [section()], "fallback": "f"}]),
    message({"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": []}]}),
    message({"type": "carousel", "elements": [{"type": "card", "title": PLAIN}]}),
    message(section(accessory={"type": "overflow", "action_id": "a", "options": [OPTION]})),
    message(section(accessory={"type": "image", "image_url": "https://q", "alt_text": "a"})),
    message(field({"type": "checkboxes", "action_id": "a", "options": [{"text": layout.mrkdwn("x"), "value": "v"}]})),
    message(section(block_id="one"), section(block_id="two")),
]

BROKEN: list[tuple[Mapping[str, Any], str]] = [
    ({"blocks": []}, "/text: needs text"),
    ({"text": ""}, "/text: has 0"),
    ({"text": " \n"}, "/text: is blank"),
    ({"text": "x" * 4001}, "/text: has 4001"),
    ({"text": None}, "/text: must be text"),
    ({"text": "\ud800"}, "/text: holds half a character"),
    ({"text": "x", "blocks": "no"}, "/blocks: must be a list"),
    (message(*[section()] * 51), "/blocks: has 51"),
    ({"text": "x", "blocks": ["no"]}, "/blocks/0: None is no block"),
    (message({"type": "hologram"}), "/blocks/0: 'hologram' is no block"),
    (message({"type": "alert", "text": PLAIN}), "/blocks/0: 'alert' is no block"),
    (message({"type": "section"}), "/blocks/0: needs text or fields"),
    (message(section(text=words(0))), "/blocks/0/text/text: has 0"),
    (message(section(text=words(3001))), "/blocks/0/text/text: has 3001"),
    (message(section(text="x")), "/blocks/0/text: None is no text object"),
    (message(section(fields=[PLAIN] * 11)), "/blocks/0/fields: has 11"),
    (message(section(fields=[])), "/blocks/0/fields: has 0"),
    (message(section(fields=[words(2001)])), "/blocks/0/fields/0/text: has 2001"),
    (message(section(block_id="x" * 256)), "/blocks/0/block_id: has 256"),
    (message(section(elements=[])), "/blocks/0/elements: no such field"),
    (message(section(accessory={"type": "plain_text_input"})), "/blocks/0/accessory: 'plain_text_input' is no"),
    (message(section(block_id="b"), section(block_id="b")), "/blocks/1/block_id: 'b' is used twice"),
    (message({"type": "header", "text": words(151)}), "/blocks/0/text/text: has 151"),
    (message({"type": "header", "text": layout.mrkdwn("x")}), "/blocks/0/text: 'mrkdwn' is no text object"),
    (message({"type": "context", "elements": []}), "/blocks/0/elements: has 0"),
    (message({"type": "context", "elements": [PLAIN] * 11}), "/blocks/0/elements: has 11"),
    (message({"type": "context", "elements": [words(3001)]}), "/blocks/0/elements/0/text: has 3001"),
    (message(actions()), "/blocks/0/elements: has 0"),
    (message(actions(*[{**BUTTON, "action_id": str(n)} for n in range(26)])), "/blocks/0/elements: has 26"),
    (message(actions(BUTTON, BUTTON)), "/blocks/0/elements/1/action_id: 'a' is used twice"),
    (message(actions({**BUTTON, "text": words(76)})), "/blocks/0/elements/0/text/text: has 76"),
    (message(actions({**BUTTON, "text": layout.mrkdwn("x")})), "/blocks/0/elements/0/text: 'mrkdwn'"),
    (message(actions({**BUTTON, "value": "x" * 2001})), "/blocks/0/elements/0/value: has 2001"),
    (message(actions({**BUTTON, "url": "x" * 3001})), "/blocks/0/elements/0/url: has 3001"),
    (message(actions({**BUTTON, "style": "loud"})), "/blocks/0/elements/0/style: must be one of primary, danger"),
    (message(actions({**BUTTON, "action_id": ""})), "/blocks/0/elements/0/action_id: has 0"),
    (message(actions({**BUTTON, "confirm": {"title": PLAIN}})), "/blocks/0/elements/0/confirm: needs text"),
    (
        message(actions({**BUTTON, "confirm": {"title": words(101), "text": PLAIN, "confirm": PLAIN, "deny": PLAIN}})),
        "/blocks/0/elements/0/confirm/title/text: has 101",
    ),
    (
        message(actions({**BUTTON, "confirm": {"title": PLAIN, "text": PLAIN, "confirm": PLAIN, "deny": words(31)}})),
        "/blocks/0/elements/0/confirm/deny/text: has 31",
    ),
    (message(actions(select())), "/blocks/0/elements/0: needs options or option_groups"),
    (message(actions(select(options=[]))), "/blocks/0/elements/0/options: has 0"),
    (message(actions(select(options=[OPTION] * 101))), "/blocks/0/elements/0/options: has 101"),
    (message(actions(select(options=[{"text": PLAIN}]))), "/blocks/0/elements/0/options/0: needs value"),
    (message(actions(select(options=[{**OPTION, "text": words(76)}]))), "/options/0/text/text: has 76"),
    (message(actions(select(options=[{**OPTION, "value": "x" * 151}]))), "/options/0/value: has 151"),
    (message(actions(select(options=[{**OPTION, "description": words(76)}]))), "/options/0/description/text: has 76"),
    (message(actions(select(options=[OPTION], placeholder=words(151)))), "/placeholder/text: has 151"),
    (
        message(actions(select(option_groups=[{"label": words(76), "options": [OPTION]}]))),
        "/option_groups/0/label/text: has 76",
    ),
    (message(actions({"type": "overflow", "options": [OPTION] * 6})), "/blocks/0/elements/0/options: has 6"),
    (message(actions({"type": "checkboxes", "options": [OPTION] * 11})), "/blocks/0/elements/0/options: has 11"),
    (message(actions({"type": "plain_text_input"})), "/blocks/0/elements/0: 'plain_text_input' is no element"),
    (message(field(BUTTON)), "/blocks/0/element: 'button' is no input element"),
    (message(field({"type": "plain_text_input", "max_length": 3001})), "/blocks/0/element/max_length: must be"),
    (message(field({"type": "plain_text_input", "max_length": True})), "/blocks/0/element/max_length: must be"),
    (message(field({"type": "plain_text_input", "multiline": 1})), "/blocks/0/element/multiline: must be true or"),
    (message({**field({"type": "plain_text_input"}), "label": words(2001)}), "/blocks/0/label/text: has 2001"),
    (message({"type": "image", "alt_text": "a"}), "/blocks/0: needs image_url or slack_file"),
    (message({"type": "image", "image_url": "https://q"}), "/blocks/0: needs alt_text"),
    (message(*[{"type": "markdown", "text": "x" * 6001}] * 2), "/blocks: the markdown blocks have 12002"),
    (message(table(["x"]), table(["x"])), "/blocks/1: only one table is allowed"),
    (message(table(["x"] * 21)), "/blocks/0/rows/0: has 21"),
    (message(table(*[["x"]] * 101)), "/blocks/0/rows: has 101"),
    (message(table(["x" * 5001, "y" * 5000])), "/blocks/0/rows: the cells have 10001"),
    (message(attachments=[{}] * 101), "/attachments: has 101"),
    (message(attachments=[{"blocks": [{"type": "section"}]}]), "/attachments/0/blocks/0: needs text or fields"),
    (message(attachments=[{"blocks": [section()], "mood": 1}]), "/attachments/0/mood: no such field"),
    (message(attachments=["no"]), "/attachments/0: must be an object"),
    (message({"type": "card", "title": words(151)}), "/blocks/0/title/text: has 151"),
    (message({"type": "card"}), "/blocks/0: needs title or body or hero_image or actions"),
    (message({"type": "video", "title": PLAIN}), "/blocks/0: needs alt_text"),
    (message({"type": "context_actions", "elements": [BUTTON]}), "/blocks/0/elements/0: 'button' is no element"),
]


@pytest.mark.parametrize("payload", SOUND)
def test_a_sound_message_has_no_problems(payload: Mapping[str, Any]) -> None:
    assert problems(payload) == []


@pytest.mark.parametrize(("payload", "complaint"), BROKEN)
def test_what_slack_refuses_is_named_with_its_place(payload: Mapping[str, Any], complaint: str) -> None:
    found = problems(payload)
    assert any(complaint in problem for problem in found), found


def test_block_ids_are_compared_across_attachments() -> None:
    payload = message(section(block_id="b"), attachments=[{"blocks": [section(block_id="b")]}])
    assert problems(payload) == ["/attachments/0/blocks/0/block_id: 'b' is used twice"]


def modal(*blocks: Block, submit: str | None = "Go", private: str = "") -> dict[str, Any]:
    return Modal(callback="c", title="Title", blocks=blocks or (section(),), submit=submit, private=private).view()


def test_a_sound_view_has_no_problems() -> None:
    assert view_problems(modal(layout.input_block("b", "l", layout.text_input("a")))) == []
    assert view_problems({"type": "home", "blocks": [section()]}) == []


@pytest.mark.parametrize(
    ("view", "complaint"),
    [
        ({}, "/type: is needed"),
        ({"type": "modal", "blocks": [section()]}, "/title: is needed"),
        ({"type": "page", "blocks": [section()]}, "/type: must be one of modal, home"),
        ({**modal(), "title": words(25)}, "/title/text: has 25"),
        ({**modal(), "close": words(25)}, "/close/text: has 25"),
        ({**modal(), "submit": layout.mrkdwn("x")}, "/submit: 'mrkdwn' is no text object"),
        ({**modal(), "colour": "red"}, "/colour: no such field"),
        (modal(*[section()] * 101), "/blocks: has 101"),
        (modal(field({"type": "plain_text_input"}), submit=None), "/submit: is needed"),
        (modal(private="x" * 3001), "/private_metadata: has 3001"),
        ({**modal(), "callback_id": "x" * 256}, "/callback_id: has 256"),
        ({**modal(), "external_id": "x" * 256}, "/external_id: has 256"),
        (modal(*[section(text=words(3000))] * 90), "/: has 2"),
        (modal({"type": "context_actions", "elements": []}), "/blocks/0: 'context_actions' is no block"),
    ],
)
def test_what_slack_refuses_in_a_view_is_named(view: Mapping[str, Any], complaint: str) -> None:
    found = view_problems(view)
    assert any(problem.startswith(complaint) for problem in found), found


@pytest.mark.parametrize(
    "words",
    [
        "plain",
        "1 &lt; 2",
        "<https://q.example/a?b=1&amp;c=2|label>",
        "<http://q.example>",
        "<!date^1795439100^{date_short_pretty} {time}|2026-11-23 13:05 UTC>",
    ],
)
def test_our_own_links_and_times_are_neutral(words: str) -> None:
    assert neutral_problems(message(layout.section(words))) == []


@pytest.mark.parametrize(
    "words",
    [
        "<!channel>",
        "<!here|x>",
        "<@U123>",
        "<#C123>",
        "<!subteam^S1>",
        "<javascript:alert(1)|x>",
        "1 < 2",
        "2 > 1",
        "<!date^1^{time}|<!channel>>",
        "<https://q|a <@U1>>",
    ],
)
@pytest.mark.parametrize("place", ["text", "block", "attachment", "fallback"])
def test_foreign_markup_is_found_wherever_it_is(words: str, place: str) -> None:
    block = [layout.section(words)]
    payload = {
        "text": {**message(), "text": words},
        "block": message(*block),
        "attachment": message(attachments=[{"blocks": block}]),
        "fallback": message(attachments=[{"fallback": words}]),
    }[place]
    assert neutral_problems(payload)


def test_plain_text_shows_brackets_literally_so_they_may_stay() -> None:
    assert neutral_problems(message(layout.header("a < b <!here>"))) == []


def test_mrkdwn_that_links_by_itself_is_a_problem() -> None:
    assert neutral_problems(message({"type": "section", "text": {"type": "mrkdwn", "text": "x"}})) == [
        "/blocks/0/text/verbatim: must be true"
    ]


@pytest.mark.parametrize("more", [{"link_names": True}, {"unfurl_links": True}, {"parse": "full"}])
def test_arguments_that_turn_text_into_links_are_problems(more: Mapping[str, Any]) -> None:
    assert neutral_problems({**message(), **more})


def test_only_people_who_are_named_may_be_mentioned() -> None:
    said = message(layout.section("for <@U123>"))
    assert neutral_problems(said, mentions=frozenset({"U123"})) == []
    assert neutral_problems(said, mentions=frozenset({"U999"}))
