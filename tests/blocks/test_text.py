"""Foreign text never becomes markup, and nothing is cut in silence."""

import re
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.blocks.text import (
    ago,
    bare,
    clip,
    clip_list,
    code,
    count,
    digest,
    escape,
    fence,
    fitting,
    humane,
    link,
    plain,
    when,
)
from bot.blocks.urls import build_url, namespace_url, repository_url, safe_url, tag_url

NASTY = st.one_of(
    st.text(alphabet=st.sampled_from("<>&`*_~:|!@#ab\n\r\t\x00\u202e\u200b\x1b[31m;😀> ")),
    st.text(alphabet=st.characters()),
)


@settings(deadline=None)
@given(NASTY)
def test_escaping_leaves_no_angle_bracket_and_no_lone_ampersand(text: str) -> None:
    escaped = escape(text)
    assert not set("<>") & set(escaped)
    assert re.sub(r"&(amp|lt|gt);", "", escaped).count("&") == 0


@settings(deadline=None)
@given(NASTY)
def test_escaping_is_undone_by_what_slack_decodes(text: str) -> None:
    assert escape(text).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") == text


@settings(deadline=None)
@given(NASTY, st.integers(0, 60))
def test_clipping_never_exceeds_the_limit_and_says_that_it_cut(text: str, limit: int) -> None:
    escaped = escape(text)
    clipped = clip(escaped, limit)
    assert len(clipped) <= limit
    assert clipped == escaped or limit == 0 or clipped.endswith("…")


@settings(deadline=None)
@given(NASTY, st.integers(1, 60))
def test_clipping_never_cuts_an_entity_in_two(text: str, limit: int) -> None:
    assert re.sub(r"&(amp|lt|gt);", "", clip(escape(text), limit)).count("&") == 0


@pytest.mark.parametrize("limit", range(1, 40))
def test_clipping_never_cuts_a_link_in_two(limit: int) -> None:
    clipped = clip("see <https://quay.io/a|a> and &amp; more", limit)
    assert clipped.count("<") == clipped.count(">")


@settings(deadline=None)
@given(NASTY)
@example("*bold* _it_ ~no~ `code`")
@example(":tada:")
@example(">quote")
def test_plain_text_has_no_format_marks_left(text: str) -> None:
    shown = plain(text)
    assert not set("*~`<>\n\x00\u202e\u200b") & set(shown)
    assert not re.search(r"(?:^|[^A-Za-z0-9])_", shown)
    assert not re.search(r":[a-z0-9_+'-]+:", shown, re.IGNORECASE)
    assert not shown.startswith("&gt;")
    assert len(shown) <= 300


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("my_repo_name", "my_repo_name"),
        ("_italics_ *bold* ~gone~ `code`", "＿italics＿ ∗bold∗ ∼gone∼ ˋcodeˋ"),
        ("<!channel> & <@U1>", "&lt;!channel&gt; &amp; &lt;@U1&gt;"),
        ("> a quote", "› a quote"),
        ("ship it :tada: a:b:c", "ship it ∶tada: a∶b:c"),
        ("one\ntwo\t three\u2028four", "one two three four"),
        ("evil\u202egpj.exe\u200b\x00", "evilgpj.exe"),
        ("half \ud800 a character", "half a character"),
    ],
)
def test_plain_text_shows_literally(text: str, shown: str) -> None:
    assert plain(text) == shown


@settings(deadline=None)
@given(NASTY)
def test_a_code_span_is_one_line_with_no_way_out(text: str) -> None:
    shown = code(text, 40)
    assert shown == "" or re.fullmatch(r"`[^`<>\n]{1,40}`", shown)


def test_bare_text_holds_no_format_no_mention_and_no_address() -> None:
    shown = bare("a *b* `c` ~d~ _e_ :tada:\n<!here> https://evil.example/x")
    assert shown == "a ∗b∗ ˋcˋ ∼d∼ ＿e＿ ∶tada: &lt;!here&gt; https∶//evil.example/x"


@pytest.mark.parametrize("name", ["acme/web:v1.0-rc_1", "q.io:5000/a_b/c.d", "sha256:0123456789ab", "it's 'x' @ 5 %"])
def test_bare_text_leaves_ordinary_names_alone(name: str) -> None:
    assert bare(name) == name


@settings(deadline=None)
@given(st.lists(NASTY, max_size=40), st.sampled_from(["first", "last"]))
def test_a_fence_stays_closed_and_bounded(lines: list[str], keep: str) -> None:
    shown = fence(lines, keep=keep)
    assert len(shown) <= 2400
    assert shown == "" or (shown.startswith("```\n") and shown.endswith("\n```"))
    assert not set("`<>") & set(shown[4:-4])


def test_a_fence_keeps_the_last_lines_and_says_how_many_it_cut() -> None:
    lines = [f"line {number}" for number in range(1, 51)]
    assert fence(lines, most=3) == "```\n… 47 lines cut\nline 48\nline 49\nline 50\n```"


def test_a_fence_can_keep_the_first_lines() -> None:
    assert fence(["a", "b", "c"], most=2, keep="first") == "```\na\nb\n… 1 line cut\n```"


def test_a_fence_drops_what_only_a_terminal_understands() -> None:
    lines = ["\x1b[31mred\x1b[0m `tick`", "10%\r50%\r100%", "\x1b]0;title\x07done", "  indented\r"]
    assert fence(lines) == "```\nred ˋtickˋ\n100%\ndone\n  indented\n```"


def test_a_fence_of_nothing_is_nothing() -> None:
    assert fence([]) == fence(["", "\x1b[0m"]) == ""


def test_a_fence_stops_at_its_limit_and_counts_the_rest() -> None:
    shown = fence(["x" * 190] * 15, limit=500)
    assert len(shown) <= 500
    assert "… 13 lines cut" in shown


@pytest.mark.parametrize(
    "url",
    [
        "",
        "javascript:alert(1)",
        "data:text/html,x",
        "ftp://host/x",
        "//host/x",
        "https://",
        "https://[broken",
        "https://host:port/",
        "https://quay.io@evil.example/",
        "https://user:secret@host/",
        "https://host/\nx",
        "https://host/\x00",
        "https://host/" + "x" * 3000,
    ],
)
def test_an_unsafe_address_leaves_just_the_label(url: str) -> None:
    assert link(url, "label") == "label"


def test_what_could_end_a_link_is_percent_encoded() -> None:
    assert link("https://h/a|b>c<d e\"f'g?x=1&y=2", "l|a<b>") == (
        "<https://h/a%7Cb%3Ec%3Cd%20e%22f%27g?x=1&amp;y=2|l∣a&lt;b&gt;>"
    )


def test_a_link_without_a_label_shows_the_address() -> None:
    assert link("https://h/", "\u200b") == "<https://h/>"


@settings(deadline=None)
@given(NASTY, NASTY)
def test_a_link_is_always_exactly_one_link(path: str, label: str) -> None:
    shown = link(f"https://quay.example/{path}", label)
    assert "<" not in shown or re.fullmatch(r"<https://[^<>|\s]+(\|[^<>|]+)?>", shown)


@settings(deadline=None)
@given(NASTY)
def test_an_address_is_safe_and_ascii_or_refused(url: str) -> None:
    for candidate in (url, f"https://{url}"):
        safe = safe_url(candidate)
        assert safe is None or re.fullmatch(r"https?://[^\s<>|\"'`]+", safe, re.IGNORECASE)


def test_pages_of_quay() -> None:
    assert repository_url("https://quay.example/", "acme/api") == "https://quay.example/repository/acme/api"
    assert tag_url("https://q", "acme/api", "v1&x") == "https://q/repository/acme/api?tab=tags&tag=v1%26x"
    assert tag_url("https://q", "acme/api", "sha256:ab") == "https://q/repository/acme/api/manifest/sha256:ab"
    assert build_url("https://q", "acme/deep/api", "1/2") == "https://q/repository/acme/deep/api/build/1%2F2"
    assert namespace_url("https://q", "a b") == "https://q/organization/a%20b"


def test_a_time_is_said_in_the_readers_zone_with_utc_to_fall_back_on() -> None:
    moment = datetime(2026, 11, 23, 14, 5, tzinfo=timezone(timedelta(hours=1)))
    assert when(moment) == "<!date^1795439100^{date_short_pretty} {time}|2026-11-23 13:05 UTC>"
    assert moment.timestamp() == datetime(2026, 11, 23, 13, 5, tzinfo=UTC).timestamp()


def test_lists_say_how_much_is_missing() -> None:
    assert clip_list(("a", "b"), 2) == (("a", "b"), "")
    assert clip_list([*range(14)], 2) == ((0, 1), "+12 more")


@pytest.mark.parametrize(
    ("sha", "short"),
    [
        ("sha256:" + "0123456789abcdef" * 4, "0123456789ab"),
        ("0123456789abcdef0123", "0123456789ab"),
        ("main", "main"),
        ("x" * 50, "x" * 39 + "…"),
    ],
)
def test_digests_are_shortened(sha: str, short: str) -> None:
    assert digest(sha) == short


@pytest.mark.parametrize(
    ("number", "noun", "said"),
    [
        (0, "tag", "0 tags"),
        (1, "tag", "1 tag"),
        (1200, "tag", "1,200 tags"),
        (2, "vulnerability", "2 vulnerabilities"),
        (1, "vulnerability", "1 vulnerability"),
    ],
)
def test_counting(number: int, noun: str, said: str) -> None:
    assert count(number, noun) == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (-5, "less than a second"),
        (0.4, "less than a second"),
        (45, "45 s"),
        (60, "1 min"),
        (185, "3 min 5 s"),
        (7805, "2 h 10 min"),
        (3 * 86400 + 4 * 3600, "3 d 4 h"),
        (86400 + 59, "1 d"),
    ],
)
def test_durations(seconds: float, said: str) -> None:
    assert humane(timedelta(seconds=seconds)) == said


@settings(deadline=None)
@given(st.lists(NASTY, max_size=30), st.integers(0, 400))
def test_the_lines_that_fit_are_the_first_ones_and_as_many_as_fit(lines: list[str], room: int) -> None:
    shown = fitting(lines, room)
    sizes = [len(line) + sum(char > "\uffff" for char in line) + 1 for line in lines]
    assert shown == lines[: len(shown)]
    assert sum(sizes[: len(shown)]) <= room
    assert shown == lines or sum(sizes[: len(shown) + 1]) > room


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-5, "just now"),
        (59, "just now"),
        (60, "1 minute ago"),
        (7300, "2 hours ago"),
        (86_400, "1 day ago"),
        (8_640_000, "100 days ago"),
    ],
)
def test_how_long_ago_is_told_in_the_biggest_unit(seconds: int, words: str) -> None:
    now = datetime(2026, 11, 23, tzinfo=UTC)
    assert ago(now - timedelta(seconds=seconds), now) == words
