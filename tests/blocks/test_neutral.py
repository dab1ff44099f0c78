"""Whom a message may mention: those whom its own code names, and nobody whom foreign text names."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.blocks.layout import section
from bot.blocks.neutral import named, naming, neutral_problems

SAID = "<@U0ALICE> restored it."


def problems(*blocks: dict[str, Any], text: str = SAID) -> list[str]:
    payload = {"text": text, "blocks": list(blocks)}
    return neutral_problems(payload, mentions=named(payload))


def test_a_message_that_names_somebody_may_mention_them() -> None:
    assert problems(section(SAID, block_id=naming("U0ALICE"))) == []
    assert problems(section(SAID, block_id=naming("U0BOB", "U0ALICE", "U0BOB"))) == []


def test_nobody_else_is_mentioned() -> None:
    assert problems(section(SAID)) != []
    assert problems(section(SAID, block_id=naming("U0BOB"))) != []
    assert problems(section("<!here> <@U0ALICE>", block_id=naming("U0ALICE"))) != []


@given(st.text())
def test_no_text_names_anybody(text: str) -> None:
    assert named({"text": text, "blocks": [section(text), section("names:U0ALICE")]}) == frozenset()


def test_a_message_without_blocks_names_nobody() -> None:
    assert named({"text": SAID}) == frozenset()
    assert named({"text": SAID, "blocks": None}) == frozenset()
