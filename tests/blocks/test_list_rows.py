"""What one thing on a card's list looks like."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from bot.blocks.limits import VIEW_TITLE
from bot.blocks.list_rows import ROW, noun, readable, row, title
from bot.blocks.neutral import neutral_problems
from bot.services.families import BY_NAME

QUAY = "https://quay.example"
FINDING = {
    "severity": "Critical",
    "vulnerability": "CVE-2024-3094",
    "repository": "acme/web",
    "tags": "v1 v2",
    "fixable": "yes",
    "link": "https://cve.example/CVE-2024-3094",
    "at": "2026-11-23T13:40:14+00:00",
    "description": "Malicious code.",
}


def seen(family: str, data: dict[str, str]) -> list[str]:
    """The parts of a line as a reader sees them: links as [label](address), times in ⟨⟩."""
    line = re.sub(r"<!date[^|]*\|([^>]*)>", r"⟨\1⟩", row(family, data, QUAY))
    return re.sub(r"<([^|>]*)\|([^>]*)>", r"[\2](\1)", line).split(" · ")


def test_a_finding_says_how_bad_what_where_and_whether_it_can_be_mended() -> None:
    assert seen("vulnerability", FINDING) == snapshot(
        [
            "🔴 Critical *[CVE-2024-3094](https://cve.example/CVE-2024-3094)*",
            "[acme/web:v1](https://quay.example/repository/acme/web?tab=tags&amp;tag=v1) and `v2`",
            "fix available",
        ]
    )
    assert seen("vulnerability", {**FINDING, "fixable": "", "link": "", "severity": "odd"}) == snapshot(
        [
            "⚪ Unknown *CVE-2024-3094*",
            "[acme/web:v1](https://quay.example/repository/acme/web?tab=tags&amp;tag=v1) and `v2`",
        ]
    )


def test_a_pushed_tag_says_when() -> None:
    data = {"tag": "v1.2", "repository": "acme/web", "at": "2026-11-23T13:40:14+00:00"}
    assert seen("push", data) == snapshot(
        [
            "`quay.example/acme/web:v1.2`",
            "⟨2026-11-23 13:40 UTC⟩",
            "[Open in Quay](https://quay.example/repository/acme/web?tab=tags&amp;tag=v1.2)",
        ]
    )
    assert seen("push", {**data, "at": "yesterday *soon*"}) == snapshot(
        [
            "`quay.example/acme/web:v1.2`",
            "yesterday ∗soon∗",
            "[Open in Quay](https://quay.example/repository/acme/web?tab=tags&amp;tag=v1.2)",
        ]
    )


def test_a_gathered_message_says_when_it_was_meant_to_be_said() -> None:
    data = {"channel": "C1", "text": "Pushed acme/web:a&amp;b &lt;x&gt;.", "queued_at": "2026-11-23T13:40:14+00:00"}
    assert seen("gathered", data) == snapshot(["⟨2026-11-23 13:40 UTC⟩", "Pushed acme/web:a&amp;b &lt;x&gt;."])
    assert readable("gathered", data)["text"] == "Pushed acme/web:a&b <x>."


def test_anything_else_is_named_key_by_key() -> None:
    assert seen("quota", {"namespace": "acme", "limit": "", "usage": "9 <GiB>"}) == snapshot(
        ["namespace: acme", "usage: 9 &lt;GiB&gt;"]
    )
    assert seen("quota", {}) == [""]


def test_a_file_has_everything_else_as_it_is() -> None:
    assert readable("vulnerability", {"text": "&amp;"}) == {"text": "&amp;"}


@pytest.mark.parametrize("family", [*BY_NAME, "gathered", "of another version"])
def test_every_family_has_a_title_that_fits(family: str) -> None:
    assert 0 < len(title(family)) <= VIEW_TITLE
    assert noun(family)


KEYS = ["severity", "vulnerability", "repository", "tags", "fixable", "link", "at", "tag", "text", "queued_at", "x"]
WORDS = (
    st.text() | st.text(alphabet="<>&*_~`|:@!# a", max_size=60) | st.builds(lambda n: "é😀" * n, st.integers(0, 300))
)
LINKS = st.builds("https://x.example/{}".format, WORDS)


@given(
    st.sampled_from(["vulnerability", "push", "gathered", "other"]),
    st.dictionaries(st.sampled_from(KEYS), WORDS | LINKS),
)
def test_no_foreign_word_comes_alive_or_makes_a_line_too_long(family: str, data: dict[str, str]) -> None:
    line = row(family, data, QUAY)
    assert len(line) <= ROW
    assert "\n" not in line
    assert neutral_problems({"type": "mrkdwn", "verbatim": True, "text": line}) == []
