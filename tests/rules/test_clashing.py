"""Words of a filter that nothing can fit both, and capital letters that keep everything out."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.clashing import clash, merged, only_by_case
from bot.rules.filters import parse
from bot.rules.subscribing import wanted
from tests.handlers.subscription_steps import pushed


def clashing(filter_: str) -> str:
    """The word that would be meant, "" if nothing clashes."""
    found = [pair for rules in parse(filter_).rules.values() if (pair := clash(rules))]
    return merged(*found[0]) if found else ""


@pytest.mark.parametrize(
    ("filter_", "meant"),
    [
        ("tag:v* tag:release-*", "tag:v*,release-*"),
        ("tag:v1 tag:v2", "tag:v1,v2"),
        ("tag:v* tag:*-final", ""),
        ("tag:v* -tag:v1", ""),
        ("tag:v* by:release-*", ""),
        ("tag:v*,x tag:release-*,x", ""),
        ("tag:v? tag:v??", "tag:v?,v??"),
        ("ref:main ref:dev", "ref:main,dev"),
        ("ref:main ref:refs/heads/*", ""),
        ("ref:~^a ref:b", ""),
        ("repo:web repo:acme/*", ""),
        ("severity:high severity:critical", "severity:high,critical"),
        ("severity:high+ severity:critical", ""),
        ("fixable fixable", ""),
    ],
)
def test_two_words_that_nothing_can_fit_are_found(filter_: str, meant: str) -> None:
    assert clashing(filter_) == meant


GLOB = st.text("ab*?", min_size=1, max_size=5)


@given(GLOB, GLOB, st.text("ab", max_size=6))
def test_what_fits_both_is_never_said_to_be_impossible(one: str, other: str, text: str) -> None:
    rules = parse(f"tag:{one} tag:{other}").rules["tag"]
    if all(rule.allows(text) for rule in rules):
        assert clash(rules) is None


@given(GLOB, GLOB)
def test_it_is_said_of_exactly_those_that_have_no_common_text(one: str, other: str) -> None:
    rules = parse(f"tag:{one} tag:{other}").rules["tag"]
    texts = ["".join(text) for size in range(8) for text in _words(size)]
    both = any(all(rule.allows(text) for rule in rules) for text in texts)
    assert (clash(rules) is None) is both


def _words(size: int) -> list[str]:
    return ["".join("ab"[number >> place & 1] for place in range(size)) for number in range(2**size)]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("tag:V*", ("tag:V*",)),
        ("tag:v*", ()),
        ("tag:x*", ()),
        ("-tag:V*", ()),
        ("tag:V1 by:Bob", ("tag:V1",)),
    ],
)
def test_a_word_that_only_capital_letters_make_useless_is_found(words: str, found: tuple[str, ...]) -> None:
    assert only_by_case([pushed("v1"), pushed("w")], wanted("acme/web", ["pushes", *words.split()])) == found


@given(st.text("aB", min_size=1, max_size=4), st.text("Ab", min_size=1, max_size=4))
def test_letters_are_compared_whatever_they_are(pattern: str, tag: str) -> None:
    found = only_by_case([pushed(tag)], wanted("acme/web", ["pushes", f"tag:{pattern}"]))
    assert bool(found) is (pattern != tag and re.fullmatch(pattern, tag, re.IGNORECASE) is not None)
