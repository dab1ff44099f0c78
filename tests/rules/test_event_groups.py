"""The words for events: groups, presets, and Quay's own names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import UserError
from bot.rules.event_groups import EVENTS, GROUPS, OF_NAMESPACES, PRESETS, expand, grouped, known, meant, ordered
from bot.rules.filters import KEYS, parse
from webhooks.kinds import KINDS


def test_the_events_are_all_that_quay_has_each_in_one_group():
    assert tuple(KINDS) == EVENTS
    assert sorted(EVENTS) == sorted(event for events in GROUPS.values() for event in events)


def test_those_of_namespaces_are_those_that_quay_sends_about_namespaces():
    assert {name for name, kind in KINDS.items() if kind.namespace} == OF_NAMESPACES


@pytest.mark.parametrize(
    ("word", "events"),
    [
        ("pushes", ("repo_push",)),
        ("builds:failure", ("build_failure",)),
        ("mirrors:failed", ("repo_mirror_sync_failed",)),
        ("BUILDS", ("build_queued", "build_start", "build_success", "build_failure", "build_cancelled")),
        ("quota", ("quota_warning", "quota_error")),
        ("repo_image_expiry", ("repo_image_expiry",)),
    ],
)
def test_a_word_means_events(word: str, events: tuple[str, ...]):
    assert expand(word) == events


@pytest.mark.parametrize(
    ("word", "meant_"),
    [
        ("push", "pushes"),
        ("vuln", "vulns"),
        ("build:failure", "builds:failure"),
        ("builds:failed", "builds:failure"),
        ("mirror:failed", "mirrors:failed"),
        ("biulds", "builds"),
        ("repo_pushed", "repo_push"),
        ("teem", "team"),
    ],
)
def test_a_word_that_means_none_is_told_what_is_like_it(word: str, meant_: str):
    assert meant(word) == meant_
    with pytest.raises(UserError) as refused:
        expand(word)
    assert f"`{word}` names no events. Did you mean `{meant_}`?" in refused.value.say


def test_a_word_like_nothing_is_told_what_there_is():
    with pytest.raises(UserError) as refused:
        expand("xyzzy")

    assert refused.value.say == (
        "`xyzzy` names no events. There are pushes, builds, vulns, mirrors, expiry, quota, builds:failure, "
        "mirrors:failed, and Quay's own names."
    )


@given(st.sets(st.sampled_from(EVENTS)))
def test_grouped_words_mean_exactly_these_events_and_are_never_more_words_than_events(events: set[str]):
    words = grouped(events)

    assert ordered(event for word in words for event in expand(word)) == ordered(events)
    assert len(words) <= len(events)
    assert all(known(word) for word in words)


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_is_in_order_and_filters_nothing_in_vain(name: str):
    preset = PRESETS[name]

    assert preset.events == ordered(preset.events)
    for key in parse(preset.filter).rules:
        assert KEYS[key].kinds.intersection(preset.events)


def test_keys_look_at_events_that_there_are():
    for key in KEYS.values():
        assert key.kinds
        assert key.kinds <= set(EVENTS)
