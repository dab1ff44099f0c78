"""Wishes said back in words."""

from textwrap import fill

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from bot.blocks.filter_words import hints, in_words
from bot.domain.subscriptions import Wanted
from bot.rules.event_groups import EVENTS, ordered
from bot.rules.filters import KEYS
from bot.rules.subscribing import wanted

LINES = [
    "acme/web",
    "acme/web quiet",
    "acme/* security layout:compact",
    "acme quota",
    "acme quota_error",
    "acme/web pushes",
    "acme/web pushes tag:v* -tag:*-dev,latest -by:acme+ci",
    "acme/web pushes tag:v* tag:*-final by:alice,bob -by:bo*",
    "acme/app-* builds:failure ref:main,release-* -ref:~.*wip -repo:app-x layout:thread",
    "acme/web build_queued,build_start,build_success,build_cancelled -ref:dev",
    "acme/web mirrors:failed repo_mirror_sync_success repo:web layout:card",
    "acme/web repo_mirror_sync_started expiry days:1",
    "acme/web vulns severity:high,low -severity:critical+ -fixable",
    "acme/web vulns -severity:unknown fixable -fixable",
    "acme/web pushes severity:high+",
    "acme/web pushes severity:high+ ref:main days:3",
    "acme/web builds ref:~^refs/heads/<main>&`x`",
]


def test_wishes_are_said_in_words():
    said = [(line, in_words(wanted(line.split()[0], line.split()[1:]))) for line in LINES]

    # (wrapped for this page only)
    assert "\n\n".join(fill(f"{line} → {words}", 110, break_on_hyphens=False) for line, words in said) == snapshot("""\
acme/web → In `acme/web`: pushes, builds, vulnerabilities, mirror syncs that fail and tags that expire within
7 days. Only vulnerabilities that are high or worse.

acme/web quiet → In `acme/web`: builds that fail, vulnerabilities and mirror syncs that fail. Only
vulnerabilities that are critical. Only vulnerabilities with a fix.

acme/* security layout:compact → In every repository like `acme/*`, later ones included: vulnerabilities. Only
vulnerabilities that are medium or worse.

acme quota → In the namespace `acme`: storage that fills up or is full.

acme quota_error → In the namespace `acme`: storage that is full.

acme/web pushes → In `acme/web`: pushes.

acme/web pushes tag:v* -tag:*-dev,latest -by:acme+ci → In `acme/web`: pushes. Only tags like `v*`, but none
like `*-dev` or `latest`. Nothing that is done by `acme+ci`. Where nobody knows who it was, it is told.

acme/web pushes tag:v* tag:*-final by:alice,bob -by:bo* → In `acme/web`: pushes. Only tags like `v*` that also
fit `*-final`. Only what is done by `alice` or `bob`, but not by `bo*`. Where nobody knows who it was, it is
told.

acme/app-* builds:failure ref:main,release-* -ref:~.*wip -repo:app-x layout:thread → In every repository like
`acme/app-*`, later ones included: builds that fail. Only builds of a branch or tag like `main` or like
`release-*`, but none that fits the expression `.*wip`. Builds without one are left out. No repository like
`app-x`.

acme/web build_queued,build_start,build_success,build_cancelled -ref:dev → In `acme/web`: builds that are
queued, builds that start, builds that succeed and builds that are cancelled. No builds of a branch or tag
like `dev`. Builds without one are told.

acme/web mirrors:failed repo_mirror_sync_success repo:web layout:card → In `acme/web`: mirror syncs that
succeed and mirror syncs that fail. Only repositories like `web`.

acme/web repo_mirror_sync_started expiry days:1 → In `acme/web`: mirror syncs that start and tags that expire
within 1 day.

acme/web vulns severity:high,low -severity:critical+ -fixable → In `acme/web`: vulnerabilities. Only
vulnerabilities that are high or low, but none that are critical. Only vulnerabilities without a fix.

acme/web vulns -severity:unknown fixable -fixable → In `acme/web`: vulnerabilities. No vulnerabilities that
are unknown. No vulnerabilities of which Quay says whether there is a fix.

acme/web pushes severity:high+ → In `acme/web`: pushes.

acme/web pushes severity:high+ ref:main days:3 → In `acme/web`: pushes.

acme/web builds ref:~^refs/heads/<main>&`x` → In `acme/web`: builds. Only builds of a branch or tag that fits
the expression `^refs/heads/&lt;main&gt;&amp;ˋxˋ`. Builds without one are left out.\
""")


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("acme/web pushes tag:v*", ""),
        ("acme/web pushes layout:compact", "Each is one line."),
        (
            "acme/web pushes severity:high+",
            "`severity:high+` changes nothing: none of these events has what it looks at.",
        ),
        (
            "acme/web pushes severity:high+ ref:main days:3",
            ("`severity:high+`, `ref:main` and `days:3` change nothing: none of these events has what they look at."),
        ),
        (
            "acme/web pushes tag:v* tag:release-*",
            "⚠️ `tag:v*` `tag:release-*`: nothing can fit both; did you mean `tag:v*,release-*`?",
        ),
        ("acme/web pushes tag:v* tag:*-final", ""),
    ],
)
def test_whoever_writes_it_hears_what_does_not_do_what_they_may_think(line: str, says: str):
    target, *words = line.split()
    assert hints(wanted(target, words)) == says


def test_every_key_can_be_said():
    for key in KEYS.values():
        assert in_words(Wanted("acme/web", EVENTS[:10], key.example))


@given(st.sets(st.sampled_from(EVENTS), min_size=1), st.integers(1, 365), st.sampled_from(["", "acme/*", "acme"]))
def test_all_events_have_words(events: set[str], days: int, target: str):
    said = in_words(Wanted(target or "acme/web", ordered(events), "", days))

    assert "None" not in said
    assert said.startswith("In ")
    assert said.endswith(".")


@pytest.mark.parametrize("word", ["ref:~<!channel>", "ref:~<@U1>&", "ref:<!here>"])
def test_what_was_typed_mentions_nobody(word: str):
    said = in_words(wanted("acme/web", ["builds", word]))

    assert "<!" not in said
    assert "<@" not in said
