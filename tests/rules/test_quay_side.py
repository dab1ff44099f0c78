"""Which notifications a wish needs in Quay, and that Quay never filters out what is wanted."""

import re
from datetime import UTC, datetime

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.domain.errors import UserError
from bot.domain.events import BuildMoved, Phase, Severity, VulnerabilityFound
from bot.rules.filters import parse
from bot.rules.quay_side import Need, needs, portable, quick
from bot.rules.subscribing import wanted
from tests.rules import real_names

AT = datetime(2026, 3, 4, tzinfo=UTC)
ALL = {"level": 5, "vulnerability": {"priority": "Unknown"}}


def needed(line: str) -> tuple[Need, ...]:
    target, *words = line.split()
    return needs(wanted(target, words))


def config(line: str) -> object:
    (need,) = (need for need in needed(line) if not need.silent)
    return need.config


def test_each_event_is_a_notification_of_its_own():
    assert [(need.event, need.silent) for need in needed("acme/web pushes mirrors")] == [
        ("repo_push", False),
        ("repo_mirror_sync_started", False),
        ("repo_mirror_sync_success", False),
        ("repo_mirror_sync_failed", False),
    ]


def test_who_wants_failures_hears_in_silence_of_builds_that_begin():
    assert needed("acme/web builds:failure") == (
        Need("build_queued", {}, silent=True),
        Need("build_start", {}, silent=True),
        Need("build_failure", {}),
    )
    assert [(need.event, need.silent) for need in needed("acme/web builds:failure build_start")] == [
        ("build_queued", True),
        ("build_start", False),
        ("build_failure", False),
    ]
    assert not any(need.silent for need in needed("acme/web builds"))
    assert not any(need.silent for need in needed("acme/web build_success"))


def test_storage_of_a_namespace_needs_no_config():
    assert needed("acme") == (Need("quota_warning"), Need("quota_error"))


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("vulns", ALL),
        ("vulns fixable tag:v*", ALL),
        ("vulns severity:critical", {"level": 0, "vulnerability": {"priority": "Critical"}}),
        ("vulns severity:high+", {"level": 1, "vulnerability": {"priority": "High"}}),
        ("vulns severity:low", {"level": 3, "vulnerability": {"priority": "Low"}}),
        ("vulns severity:critical,medium", {"level": 2, "vulnerability": {"priority": "Medium"}}),
        ("vulns -severity:unknown,negligible", {"level": 3, "vulnerability": {"priority": "Low"}}),
        ("vulns severity:low+ -severity:low", {"level": 2, "vulnerability": {"priority": "Medium"}}),
        ("vulns severity:low severity:high", {"level": 0, "vulnerability": {"priority": "Critical"}}),
        ("expiry", {"days": 7}),
        ("expiry days:30", {"days": 30}),
        ("build_success ref:~^refs/heads/main", {"ref-regex": "^refs/heads/main"}),
        ("build_success ref:~^refs/heads/main -ref:~.*x ref:r*", {"ref-regex": "^refs/heads/main"}),
        ("build_success ref:main", {}),
        ("build_success -ref:~x", {}),
        ("build_success ref:~x ref:~y", {}),
        ("build_success ref:~(?i)x", {}),
        ("pushes ref:~x", {}),
    ],
)
def test_quay_filters_what_it_can(words: str, expected: object):
    assert config(f"acme/web {words}") == expected


def test_what_is_followed_in_silence_is_filtered_as_well():
    assert {need.written for need in needed("acme/web builds:failure ref:~x")} == {'{"ref-regex": "x"}'}


def test_a_config_is_written_with_its_keys_in_order():
    assert Need("vulnerability_found", {"vulnerability": {"priority": "Low"}, "level": 3}).written == (
        '{"level": 3, "vulnerability": {"priority": "Low"}}'
    )


@pytest.mark.parametrize(
    "expression",
    [
        "main",
        "^refs/heads/main$",
        "refs/(heads|tags)/x",
        r"v\d+\.\d",
        "[a-z0-9._-]+",
        "[^/]*",
        "a{2,3}?",
        "(?:a|b)c",
        "",
    ],
)
def test_plain_expressions_are_the_same_to_quay(expression: str):
    assert portable(expression)


@pytest.mark.parametrize(
    "expression",
    [
        "(?i)x",
        "(?P<a>x)",
        "a++",
        "a?+",
        "a{2}+",
        "(a+)+",
        "(a|b){3}",
        "[[:alpha:]]",
        r"[^\d]",
        r"\pL",
        r"\z",
        r"\bx",
        "a{,3}",
        "é",
        "[a&&b]",
        "(",
        "*",
    ],
)
def test_what_quays_python_may_read_in_another_way_stays_with_the_bot(expression: str):
    assert not portable(expression)


@pytest.mark.parametrize(
    "expression",
    [
        "^refs/heads/(main|release/.*|hotfix-[0-9]+)$",
        ".*-[a-z]*",
        "a{3}b{4}c{5}",
        r"\*\+\?\|\*\+\?\|\*\+\?\|\*\+\?\|",
        "a?b?c?",
    ],
)
def test_what_python_decides_in_no_time_is_filtered_by_quay(expression: str):
    assert portable(expression)
    assert quick(expression)
    assert config(f"acme/web builds:failure ref:~{expression}") == {"ref-regex": expression}


@pytest.mark.parametrize(
    "expression",
    [
        ".*.*.*X",
        "a*b+c{2,}",
        "a{1,200}" * 3,
        "a?" * 30 + "a" * 30,
        "(a.|.a)" * 20 + "X",
        ".*.*" + "(a|.)" * 8,
    ],
)
def test_what_could_keep_quays_python_busy_is_filtered_by_the_bot_alone(expression: str):
    assert portable(expression)
    assert not quick(expression)
    assert config(f"acme/web builds:failure ref:~{expression}") == {}


EXPRESSIONS = st.text("ab/.*+?|()[]^$-\\d{1,2}é", min_size=1, max_size=14) | st.sampled_from(
    [r"refs/heads/v\d+", "refs/(heads|tags)/[a-z]+", "[^/]+/[^/]+/.*x$"]
)


@given(EXPRESSIONS, real_names.refs | st.text("ab/x1é-", max_size=12))
def test_quay_lets_every_build_through_that_an_expression_fits(expression: str, ref: str):
    assume(portable(expression) and not any(char.isspace() for char in expression))
    try:
        asked = parse(f"ref:~{expression}")
    except UserError:
        return
    words = {"kind": "build_failure", "namespace": "a", "repository": "a/b", "at": AT, "build_id": "b", "ref": ref}
    event = BuildMoved(**words, phase=Phase.ERROR)

    assert asked.refusal(event) is not None or re.match(expression, ref)


@given(st.lists(st.sampled_from(["severity:high+", "-severity:low", "severity:medium,unknown", "-severity:critical"])))
def test_quay_lets_every_finding_through_that_passes(words: list[str]):
    (need,) = needs(wanted("acme/web", ["vulns", *words]))
    for level, severity in enumerate(Severity):
        event = VulnerabilityFound(
            kind="vulnerability_found",
            namespace="acme",
            repository="acme/web",
            at=AT,
            tags=("v1",),
            vulnerability="CVE-2026-1",
            severity=severity,
        )
        if parse(" ".join(words)).refusal(event) is None:
            assert level <= int(str(need.config["level"]))
            assert need.config["vulnerability"] == {"priority": list(Severity)[int(str(need.config["level"]))].value}
