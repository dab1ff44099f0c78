"""What a channel lets pass, and the words in which it says no."""

from contextlib import suppress
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import UserError
from bot.domain.events import Event, MirrorOutcome, MirrorSynced, Pushed, Severity, TagsExpiring, VulnerabilityFound
from bot.rules.filters import KEYS, LONGEST, parse

AT = datetime(2026, 3, 4, tzinfo=UTC)
REPOSITORY: dict[str, Any] = {"namespace": "acme", "repository": "acme/web", "at": AT}


def push(*tags: str, **more: Any) -> Pushed:
    return Pushed(kind="repo_push", tags=tags, **REPOSITORY, **more)


def finding(severity: Severity = Severity.HIGH, *tags: str, **more: Any) -> VulnerabilityFound:
    words = {"vulnerability": "CVE-2026-1", "severity": severity, "tags": tags or ("v1",)}
    return VulnerabilityFound(kind="vulnerability_found", **REPOSITORY, **words, **more)


MIRROR = MirrorSynced(kind="repo_mirror_sync_failed", outcome=MirrorOutcome.FAILED, **REPOSITORY)


@pytest.mark.parametrize("text", ["", "  \n "])
@pytest.mark.parametrize("event", [push("v1"), finding(), MIRROR])
def test_an_empty_filter_lets_everything_pass(text: str, event: Event):
    assert parse(text).why_not(event) == ""


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("tag:v1", "v1"),
        ("tag:v*", "v1.2.3"),
        ("tag:v*", "v"),
        ("tag:*", "anything"),
        ("tag:**", "anything"),
        ("tag:*-rc?", "v1-rc2"),
        ("tag:v*.*-*", "v1.2-final"),
        ("tag:v*,release-*", "release-7"),
        ("tag:v* tag:*-final", "v1-final"),
        ("-tag:*-dev", "1.2"),
        ("-tag:*-dev,latest", "v1"),
        ("tag:v* -tag:*-dev", "v1"),
        ("TAG:v1", "v1"),
        ("tag:sha256:*", "sha256:0123"),
        ("severity:critical", "v1"),
        ("fixable", "v1"),
    ],
)
def test_a_push_that_fits_passes(text: str, tag: str):
    assert parse(text).why_not(push(tag)) == ""


@pytest.mark.parametrize(
    ("text", "tags", "why"),
    [
        ("tag:v1", ("v2",), "`tag:v1`: the tag v2 does not match"),
        ("tag:v1", ("V1",), "`tag:v1`: the tag V1 does not match"),
        ("tag:v?", ("v12",), "`tag:v?`: the tag v12 does not match"),
        ("tag:v1.2", ("v1x2",), "`tag:v1.2`: the tag v1x2 does not match"),
        ("tag:*a*a", ("a",), "`tag:*a*a`: the tag a does not match"),
        ("-tag:*-dev", ("1.2-dev",), "`-tag:*-dev`: the tag 1.2-dev is excluded"),
        ("tag:v* -tag:*-dev", ("v1-dev",), "`-tag:*-dev`: the tag v1-dev is excluded"),
        ("-tag:*-dev tag:v*", ("latest",), "`tag:v*`: the tag latest does not match"),
        ("tag:v* tag:*-final", ("v1",), "`tag:*-final`: the tag v1 does not match"),
        ("-tag:sha256:*", ("sha256:0123",), "`-tag:sha256:*`: the tag sha256:0123 is excluded"),
        ("tag:v*", ("a", "b", "c"), "`tag:v*`: the tag a does not match (kept out as well: 2 more)"),
        ("-tag:*-dev", ("1-dev", "2-dev"), "`-tag:*-dev`: the tag 1-dev is excluded (kept out as well: 1 more)"),
    ],
)
def test_a_push_that_does_not_fit_is_kept_out_by_the_rule_as_it_was_written(text: str, tags: tuple[str, ...], why: str):
    assert parse(text).why_not(push(*tags)) == why


@pytest.mark.parametrize("tags", [("v1-dev", "v1"), ("v1", "v1-dev"), ("latest", "v2")])
def test_one_tag_that_passes_is_enough(tags: tuple[str, ...]):
    assert parse("tag:v* -tag:*-dev").why_not(push(*tags)) == ""


@pytest.mark.parametrize("word", ["tag:v*", "-tag:*", "severity:critical", "-severity:high", "fixable", "-fixable"])
def test_a_rule_about_what_an_event_does_not_have_lets_it_pass(word: str):
    assert parse(word).why_not(MIRROR) == ""
    assert parse(word).why_not(push()) == ""


@pytest.mark.parametrize("word", ["tag:v*", "severity:critical", "fixable"])
def test_a_test_notification_always_arrives(word: str):
    assert parse(word).why_not(finding(Severity.LOW, "x", test=True, fixable=False)) == ""


@pytest.mark.parametrize(
    ("text", "severity", "why"),
    [
        ("severity:high", Severity.HIGH, ""),
        ("severity:HIGH", Severity.HIGH, ""),
        ("severity:high", Severity.CRITICAL, "`severity:high`: the severity critical does not match"),
        ("severity:high+", Severity.CRITICAL, ""),
        ("severity:high+", Severity.MEDIUM, "`severity:high+`: the severity medium does not match"),
        ("severity:low,critical", Severity.CRITICAL, ""),
        ("severity:low,critical", Severity.HIGH, "`severity:low,critical`: the severity high does not match"),
        ("severity:unknown+", Severity.NEGLIGIBLE, ""),
        ("severity:negligible+", Severity.UNKNOWN, "`severity:negligible+`: the severity unknown does not match"),
        ("-severity:unknown,low", Severity.UNKNOWN, "`-severity:unknown,low`: the severity unknown is excluded"),
    ],
)
def test_findings_are_chosen_by_severity(text: str, severity: Severity, why: str):
    assert parse(text).why_not(finding(severity)) == why


@pytest.mark.parametrize(
    ("text", "fixable", "why"),
    [
        ("fixable", True, ""),
        ("fixable", False, "`fixable`: a finding without a fix does not match"),
        ("fixable", None, ""),
        ("-fixable", True, "`-fixable`: a finding with a fix is excluded"),
        ("-fixable", False, ""),
        ("-fixable", None, ""),
    ],
)
def test_findings_are_chosen_by_their_fix_if_quay_says_something_about_it(text: str, fixable: bool | None, why: str):
    assert parse(text).why_not(finding(fixable=fixable)) == why


def test_all_words_have_to_agree():
    asked = parse("tag:v* severity:high+ fixable")

    assert asked.why_not(finding(Severity.HIGH, "v1", fixable=True)) == ""
    assert "tag:v*" in asked.why_not(finding(Severity.HIGH, "x", fixable=True))
    assert "severity:high+" in asked.why_not(finding(Severity.LOW, "v1", fixable=True))
    assert "`fixable`" in asked.why_not(finding(Severity.HIGH, "v1", fixable=False))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            "v*",
            "`v*` is no word of a filter. Write for example: `tag:v*,release-*  -tag:*-dev  severity:high+  fixable`",
        ),
        ("tags:v*", "`tags:v*` is no word of a filter."),
        ("--tag:v*", "`--tag:v*` is no word of a filter."),
        ("-", "`-` is no word of a filter."),
        ("tag", "`tag`: the value is missing. Write without blanks, for example: `tag:v*,release-*`"),
        ("tag: v*", "`tag:`: the value is missing."),
        ("tag:v*, x", "`tag:v*,`: a value is missing before or after a comma."),
        ("tag:a,,b", "`tag:a,,b`: a value is missing before or after a comma."),
        ("tag:v[12]", "`tag:v[12]`: “v[12]” cannot match a tag: tags have letters, digits"),
        ("tag:é*", "`tag:é*`: “é*” cannot match a tag"),
        (f"tag:{'x' * 129}", "a pattern has at most 128 characters"),
        ("severity:hihg", "`severity:hihg`: “hihg” is no severity. Severities are critical, high, medium, low,"),
        ("severity:high++", "“high++” is no severity"),
        ("severity:+", "“+” is no severity"),
        ("fixable:yes", "`fixable:yes`: fixable stands alone. Write: `fixable`"),
        ("fixable:", "`fixable:`: fixable stands alone. Write: `fixable`"),
        ("tag:ok severity:x", "`severity:x`"),
        ("ref:~a -ref:~b Ref:~c ref:~d", "There are 4 regular expressions; 3 are allowed. In one of them, `|` means"),
        ("x" * (LONGEST + 1), "The filter has 1,001 characters; 1,000 are allowed."),
    ],
)
def test_what_makes_no_sense_is_named_with_what_would(text: str, says: str):
    with pytest.raises(UserError) as refused:
        parse(text)

    assert says in refused.value.say


@given(st.text(max_size=1200))
def test_any_text_is_a_filter_or_a_plain_refusal(text: str):
    with suppress(UserError):
        assert isinstance(parse(text).why_not(push("v1")), str)


GLOBS = st.text(alphabet="ab.-*?", min_size=1, max_size=12)
TAGS = st.text(alphabet="ab.-", min_size=1, max_size=12)


@given(GLOBS, TAGS)
def test_patterns_match_what_shells_would_match(pattern: str, tag: str):
    assert (parse(f"tag:{pattern}").why_not(push(tag)) == "") is fnmatchcase(tag, pattern)


@given(st.lists(GLOBS, min_size=1, max_size=4), TAGS)
def test_what_is_wanted_and_what_is_excluded_are_opposites(patterns: list[str], tag: str):
    word = f"tag:{','.join(patterns)}"

    assert (parse(word).why_not(push(tag)) == "") is not (parse(f"-{word}").why_not(push(tag)) == "")


@given(st.lists(GLOBS, min_size=1, max_size=3), st.lists(TAGS, min_size=1, max_size=4))
def test_an_event_passes_if_and_only_if_one_of_its_tags_alone_would(patterns: list[str], tags: list[str]):
    asked = parse(" ".join(f"{'-' if index % 2 else ''}tag:{pattern}" for index, pattern in enumerate(patterns)))

    assert (asked.why_not(push(*tags)) == "") is any(asked.why_not(push(tag)) == "" for tag in tags)


@given(st.lists(GLOBS, min_size=1, max_size=4), TAGS, st.randoms())
def test_the_order_of_words_does_not_decide(patterns: list[str], tag: str, chance: Any):
    words = [f"tag:{pattern}" for pattern in patterns] + ["severity:high+", "-tag:a*"]
    mixed = chance.sample(words, len(words))
    event = TagsExpiring(kind="repo_image_expiry", tags=(tag,), **REPOSITORY)

    assert (parse(" ".join(words)).why_not(event) == "") is (parse(" ".join(mixed)).why_not(event) == "")


@given(st.sampled_from(list(Severity)), st.sampled_from(list(Severity)))
def test_plus_means_that_and_worse(least: Severity, severity: Severity):
    worse = list(Severity).index(severity) <= list(Severity).index(least)

    assert (parse(f"severity:{least.value}+").why_not(finding(severity)) == "") is worse


@pytest.mark.parametrize("pattern", ["*a" * 60 + "b", "*a?" * 40 + "b", "a*" * 60 + "b", "?" * 100 + "*b"])
def test_no_pattern_makes_matching_slow(pattern: str):
    # Backtracking would take longer than there will be computers, and so than a test may take.
    assert parse(f"tag:{pattern}").why_not(push("a" * 20_000)) != ""


def test_every_key_has_an_example_that_is_a_filter():
    for key in KEYS.values():
        parse(key.example)
        parse(f"-{key.example}")
