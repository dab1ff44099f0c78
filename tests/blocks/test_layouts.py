"""What a channel sees of a card in its layout, and how replies add up."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from inline_snapshot import snapshot

from bot.blocks import layout
from bot.blocks.cards.pushes import show
from bot.blocks.layouts import laid_out, reply
from bot.blocks.text import bare
from bot.blocks.validator import neutral_problems, problems
from bot.domain.events import Pushed
from bot.domain.messages import Message
from bot.rules.cards.pushes import fold, items

Look = Callable[[Message], str]
EVENT = Pushed(
    kind="repo_push",
    namespace="acme",
    repository="acme/api",
    at=datetime(2026, 11, 23, 12, tzinfo=UTC),
    tags=("v1", "latest"),
)
PUSH = show(fold(None, EVENT, items(EVENT)), "https://q.io")


@pytest.mark.parametrize("name", ["card", "thread"])
def test_a_whole_card_has_a_button_for_its_list_beside_the_others(look: Look, name: str) -> None:
    assert look(laid_out(PUSH, name, "d:17:C1")) == snapshot("""\
2 tags pushed to acme/api: latest, v1.
🟢 *2 tags pushed* to <https://q.io/repository/acme/api|acme/api>
#2eb67d
`latest` `v1`
~ ⟨2026-11-23 12:00 UTC⟩
[Open in Quay](https://q.io/repository/acme/api) [Show all](d:17:C1)\
""")


@pytest.mark.parametrize("name", ["card", "thread"])
def test_a_whole_card_without_a_list_is_left_as_it_is(name: str) -> None:
    assert laid_out(PUSH, name, "") == PUSH


def test_a_card_without_buttons_gets_a_row_for_the_one() -> None:
    plain = Message("Hello.", (layout.section("Hello."),))
    assert laid_out(plain, "card", "k").details == (layout.actions(layout.button("show_all", "Show all", value="k")),)


def test_a_compact_card_is_its_headline_with_the_button_beside_it() -> None:
    assert laid_out(PUSH, "compact", "d:17:C1").payload() == snapshot(
        {
            "text": "2 tags pushed to acme/api: latest, v1.",
            "blocks": [
                {
                    "type": "section",
                    "text": {
                        "type": "mrkdwn",
                        "text": "🟢 *2 tags pushed* to <https://q.io/repository/acme/api|acme/api>",
                        "verbatim": True,
                    },
                    "accessory": {
                        "type": "button",
                        "action_id": "show_all",
                        "text": {"type": "plain_text", "text": "Show all", "emoji": True},
                        "value": "d:17:C1",
                    },
                }
            ],
            "attachments": [],
        }
    )


def test_a_compact_card_without_a_list_is_its_headline() -> None:
    message = laid_out(PUSH, "compact", "")
    assert message.blocks == PUSH.blocks
    assert (message.text, message.details) == (PUSH.text, ())
    assert problems(message.payload()) == []


def test_a_headline_of_several_lines_is_one_line_when_compact() -> None:
    message = Message("a b", (layout.section("*a*\nb"), layout.divider()), (layout.section("more"),))
    assert laid_out(message, "compact", "").blocks == (layout.section("*a* b"),)


def test_a_reply_has_a_line_for_each_event() -> None:
    assert reply(["Pushed acme/api:v2.", "Pushed acme/api:v3."], None) == snapshot(
        {
            "text": """\
Pushed acme/api:v2.
Pushed acme/api:v3.\
""",
            "blocks": [
                {
                    "type": "section",
                    "text": {
                        "type": "mrkdwn",
                        "text": """\
Pushed acme/api:v2.
Pushed acme/api:v3.\
""",
                        "verbatim": True,
                    },
                }
            ],
            "attachments": [],
        }
    )


def test_a_reply_that_still_waits_takes_up_what_comes_after_it() -> None:
    waiting = reply(["one"], None)
    assert reply(["two", "three"], waiting) == reply(["one", "two", "three"], None)


def test_a_long_reply_counts_what_it_does_not_say() -> None:
    payload = reply([f"line {number}" for number in range(51)], None)
    assert payload["text"].splitlines()[18:] == ["line 18", "line 19", "… and 31 more. All of them: *Show all* above."]
    assert reply(["another"], payload)["text"].splitlines()[-1] == "… and 32 more. All of them: *Show all* above."
    assert reply(["x"] * 2000, payload)["text"].splitlines()[-1] == "… and 2,031 more. All of them: *Show all* above."


LINES = st.lists(st.text(min_size=1, max_size=400).map(lambda words: "Pushed " + bare(words)), min_size=1, max_size=60)


@settings(deadline=None)
@given(LINES, LINES)
def test_replies_add_up_and_are_taken_by_slack_whatever_they_say(one: list[str], other: list[str]) -> None:
    payload = reply(other, reply(one, None))
    assert payload == reply([*one, *other], None)
    _fine(payload)


@pytest.mark.parametrize("char", ["<", "&", "😀", "x", "`"])
def test_replies_of_long_lines_fit(char: str) -> None:
    payload = reply([bare(char * 5000) for _ in range(70)], None)
    _fine(payload)
    assert payload["text"].endswith("… and 50 more. All of them: *Show all* above.")


def _fine(payload: dict[str, Any]) -> None:
    assert problems(payload) == []
    assert neutral_problems(payload) == []
    blocks: Sequence[dict[str, Any]] = payload["blocks"]
    assert all(len(block["text"]["text"].encode("utf-16-le")) // 2 <= 3000 for block in blocks)
