"""Global messages as Slack shows them: what looks like Markdown, and nothing that was not meant."""

import re
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.blocks import message_markdown
from bot.blocks.message_markdown import shown_markdown, shown_plain
from bot.blocks.message_words import brief, listing, look, shown_now
from bot.blocks.validator import neutral_problems, problems

marks = st.text(alphabet=" *_~`[]()<>!@#&|:/\\\nab-1.http", max_size=80)
texts = st.one_of(st.text(max_size=200), marks, st.lists(marks, max_size=3).map("".join))


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("**bold** and *soft* and _soft_", "│ *bold* and _soft_ and _soft_"),
        ("# Title\n- one\n- two", "│ *Title*\n│ • one\n│ • two"),
        ("run `a*b*` ~~now~~", "│ run `a*b*` ~now~"),
        (
            "see [the *page*](https://status.example/x?a=1&b=2)",
            "│ see the ∗page∗ (`https://status.example/x?a=1&amp;b=2`)",
        ),
        ("[bad](javascript:alert)", "│ bad (`javascript:alert`)"),
        ("[[odd](x)", "│ [odd (`x`)"),
        ("<!channel> <@U1> :bomb: 2 * 3 * 4", "│ &lt;!channel&gt; &lt;@U1&gt; ∶bomb: 2 _3_ 4"),
        ("snake_case_name", "│ snake_case_name"),
    ],
)
def test_the_commonest_marks_are_shown_and_the_rest_stays_as_it_was(source: str, shown: str) -> None:
    assert shown_markdown(source) == shown


@pytest.mark.parametrize("piece", ["[", "[a](", "**", "*a", "_", "~~", "`", "<", "# ", "- ", "&", "[a](b)"])
def test_no_line_is_read_further_than_it_is_shown(piece: str, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []

    class Counting:
        def finditer(self, text: str) -> Iterator[re.Match[str]]:
            read.append(len(text))
            return marks_of(text)

    marks_of = message_markdown._MARKS.finditer
    monkeypatch.setattr(message_markdown, "_MARKS", Counting())
    shown = shown_markdown("\n".join([piece * 12_000] * 40))
    assert len(read) <= 12
    assert all(length <= 601 for length in read)
    assert shown.endswith("│ _… 28 more lines_")
    assert "…" in shown.split("\n")[0]


def test_long_messages_are_cut_and_say_so() -> None:
    assert shown_plain("\n".join("abcdefghijklmnop")).endswith("│ _… 4 more lines_")


@given(
    texts, st.sampled_from(["info", "warning", "error", "*odd*", ""]), st.sampled_from(["text/plain", "text/markdown"])
)
def test_no_message_becomes_markup_that_was_not_meant(content: str, severity: str, media_type: str) -> None:
    blocks = [*look(content, severity, media_type), *shown_now("45626934-c071", content, severity, None)]
    payload = {"text": brief(content), "blocks": blocks}
    assert neutral_problems(payload) == []
    assert problems(payload) == []


def test_a_long_list_says_what_it_leaves_out() -> None:
    rows = [shown_now(f"uuid-{number}", "x", "info", None) for number in range(13)]
    blocks = listing(rows, [])
    assert len(blocks) < 45
    assert "and 3 more" in str(blocks)
