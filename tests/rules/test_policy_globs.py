"""Patterns: what they fit, and that no pattern takes long."""

import fnmatch
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.globs import covers, fits, reaches


@pytest.mark.parametrize(
    ("pattern", "text", "meant"),
    [
        ("build", "build", True),
        ("build", "build cancel", False),
        ("build *", "build cancel", True),
        ("build *", "build", False),
        ("*", "", True),
        ("*", "build cancel", True),
        ("acme/?eb", "acme/web", True),
        ("acme/?", "acme/", False),
        ("Acme/*", "acme/web", False),
        ("", "", True),
        ("", "a", False),
        ("a*b*c", "a--b--b-c", True),
        ("a*b*c", "a--c--b", False),
        ("[a]", "a", False),
        ("[a]", "[a]", True),
        ("**", "x", True),
    ],
)
def test_a_pattern_fits_the_whole_text_or_not_at_all(pattern: str, text: str, meant: bool):
    assert fits(pattern, text) is meant


@pytest.mark.parametrize(
    ("pattern", "target", "meant"),
    [
        ("acme/web", "acme/web", True),
        ("acme/web", "acme/web:v1", True),
        ("acme/web", "acme/website", False),
        ("acme/*", "acme/team/web:latest", True),
        ("acme/*:v*", "acme/web:v1", True),
        ("acme/*:v*", "acme/web", False),
        ("acme/*:v*", "acme/web:latest", False),
        ("acme/*:*", "acme/web", False),
        ("acme+*", "acme+robot", True),
        ("*", "", True),
    ],
)
def test_a_pattern_without_a_colon_covers_every_tag(pattern: str, target: str, meant: bool):
    assert covers(pattern, target) is meant


words = st.text(alphabet="ab/*?:", max_size=12)


@given(words, st.text(alphabet="ab/:\n", max_size=16))
def test_patterns_mean_what_those_of_a_shell_mean(pattern: str, text: str):
    assert fits(pattern, text) == (re.match(fnmatch.translate(pattern), text) is not None)


@given(st.text(max_size=20))
def test_a_text_without_signs_is_a_pattern_of_itself_alone(text: str):
    plain = text.replace("*", "").replace("?", "")
    assert fits(plain, plain)
    assert not fits(plain, plain + "x")


@given(st.integers(1, 60), st.sampled_from(["*a", "*?a", "a*", "?*"]), st.booleans())
def test_no_pattern_explodes(stars: int, part: str, ends: bool):
    pattern = part * stars + ("" if ends else "b")
    assert fits(pattern, "a" * 3_000) is ends


def test_the_places_of_a_long_text_are_looked_at_once_each():
    class Counting(str):
        seen = 0

        def __iter__(self):
            for char in str(self):
                Counting.seen += 1
                yield char

    text = Counting("a" * 20_000)
    assert not fits("*a*a*a*a*a*a*a*a*a*ab", text)
    assert Counting.seen == 20_000


# --- what rules that take something away reach ---


@pytest.mark.parametrize(
    ("pattern", "target", "meant"),
    [
        ("acme/*", "acme", True),
        ("acme/*", "acme+ci", True),
        ("acme/?*", "acme+ci", True),
        ("acme/*?", "acme+ci", True),
        ("*/*", "acme+ci", True),
        ("acme?*", "acme", True),
        ("acme/*", "acmee", False),
        ("acme/*", "other+ci", False),
        ("acme/*", "", False),
        ("*", "", True),
        ("acme/secret*", "acme", True),
        ("*/secret", "acme", True),
        ("acme+ci", "acme", True),
        ("acme+ci", "acme+other", False),
        ("acme/secret*", "acme+ci", False),
        ("acme/??*", "acme+ci", False),
        ("acme/*b", "acme+ci", False),
        ("acme/", "acme", False),
        ("acme/*:v*", "acme", False),
        ("acme/*:v*", "acme+ci", False),
        ("acme/*:v*", "acme/web:v1", True),
        ("acme/secret*", "acme/web", False),
    ],
)
def test_a_pattern_for_a_namespace_reaches_its_robots_and_what_reads_all_of_it(pattern, target, meant):
    assert reaches(pattern, target) is meant


parts = st.text(alphabet="abc-", min_size=1, max_size=6)
in_a_namespace = st.one_of(
    st.just(""),
    parts.map("/{}".format),
    parts.map("+{}".format),
    st.tuples(parts, parts).map("/{0[0]}:{0[1]}".format),
)


@given(parts, in_a_namespace)
def test_everything_in_a_namespace_reaches_every_target_of_it(namespace: str, rest: str):
    assert reaches(f"{namespace}/*", namespace + rest)


@given(words, parts, in_a_namespace)
def test_what_is_covered_is_reached(pattern: str, namespace: str, rest: str):
    assert reaches(pattern, namespace + rest) or not covers(pattern, namespace + rest)


@given(words.filter(lambda pattern: ":" not in pattern), st.sampled_from("/+"), parts)
def test_whatever_fits_anything_in_a_namespace_reaches_the_namespace(pattern: str, joint: str, rest: str):
    assert reaches(pattern, "a") or not fits(pattern, f"a{joint}{rest}")
