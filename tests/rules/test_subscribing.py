"""What people write behind `subscribe`: what it means, and what is said of words that mean nothing."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import UserError
from bot.domain.subscriptions import Wanted
from bot.ports.records import LAYOUTS as SHOWN
from bot.rules.event_groups import GROUPS, PRESETS
from bot.rules.filters.reading import MOST_EXPRESSIONS
from bot.rules.subscribing import LAYOUTS, covers, idle, is_pattern, wanted, written
from tests.rules import real_names
from tests.rules.wishes import FILTERS, TARGETS, wishes

TEAM = (*GROUPS["pushes"], *GROUPS["builds"], *GROUPS["vulns"], "repo_mirror_sync_failed", "repo_image_expiry")


def heard(line: str) -> Wanted:
    target, *words = line.split()
    return wanted(target, words)


@pytest.mark.parametrize(
    ("line", "wish"),
    [
        ("acme/web", Wanted("acme/web", TEAM, "severity:high+")),
        ("acme/web pushes", Wanted("acme/web", ("repo_push",))),
        ("acme/web PUSHES,builds:failure", Wanted("acme/web", ("repo_push", "build_failure"))),
        ("acme/web builds:failure, pushes", Wanted("acme/web", ("repo_push", "build_failure"))),
        ("acme/web expiry days:14 layout:compact", Wanted("acme/web", ("repo_image_expiry",), "", 14, "compact")),
        ("acme/web layout:Thread vulns", Wanted("acme/web", ("vulnerability_found",), "", 7, "thread")),
        ("acme/web tag:v* pushes -tag:*-dev", Wanted("acme/web", ("repo_push",), "tag:v* -tag:*-dev")),
        ("acme/web pushes --tag:*-dev", Wanted("acme/web", ("repo_push",), "-tag:*-dev")),
        ("acme/* pushes", Wanted("acme/*", ("repo_push",))),
        ("acme/app-?.x pushes", Wanted("acme/app-?.x", ("repo_push",))),
        ("acme/a/b/c repo_push", Wanted("acme/a/b/c", ("repo_push",))),
        ("acme", Wanted("acme", ("quota_warning", "quota_error"))),
        ("acme quota_error", Wanted("acme", ("quota_error",))),
        ("acme quiet", Wanted("acme", ("quota_error",))),
        (
            "acme/web quiet",
            Wanted(
                "acme/web",
                ("build_failure", "vulnerability_found", "repo_mirror_sync_failed"),
                "severity:critical fixable",
            ),
        ),
        ("acme/web security", Wanted("acme/web", ("vulnerability_found",), "severity:medium+")),
        (
            "acme/web security pushes",
            Wanted("acme/web", ("repo_push", "vulnerability_found"), "severity:medium+"),
        ),
        ("acme/web severity:low+", Wanted("acme/web", TEAM, "severity:low+")),
        ("acme/web tag:v*", Wanted("acme/web", TEAM, "severity:high+ tag:v*")),
        (
            "acme/web quiet -fixable",
            Wanted(
                "acme/web",
                ("build_failure", "vulnerability_found", "repo_mirror_sync_failed"),
                "severity:critical -fixable",
            ),
        ),
        ("acme/web builds ref:~a{1,2}|b", Wanted("acme/web", GROUPS["builds"], "ref:~a{1,2}|b")),
    ],
)
def test_words_in_any_order_become_a_wish(line: str, wish: Wanted):
    assert heard(line) == wish


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("acme/web pushs", "I do not know `pushs`. Did you mean `pushes`? Events: pushes, builds,"),
        ("acme/web failures", "Did you mean `builds:failure`?"),
        ("acme/web pushes,biulds", "I do not know `biulds`. Did you mean `builds`?"),
        ("acme/web loud", "Presets: quiet, team, security."),
        ("acme/web tags:v*", "I do not know `tags:v*`. Did you mean `tag:v*`?"),
        ("acme/web -sverity:low", "Did you mean `-severity:low`?"),
        ("acme/web fixible:yes", "Did you mean `fixable`?"),
        ("acme/web fixable:yes", "`fixable:yes`: fixable stands alone."),
        ("acme/web severity:hihg", "“hihg” is no severity"),
        ("acme/web tag:v[12]", "`tag:v[12]`: “v[12]” cannot match a tag"),
        ("acme/web ref:~(?!x)", "looks ahead or behind itself"),
        ("acme/web -pushes", "`-pushes`: events are not taken away."),
        ("acme/web -quiet", "`-quiet`: events are not taken away."),
        ("acme/web day:7", "Did you mean `days:7`?"),
        ("acme/web days:", "`days:`: write a whole number of days from 1 to 365, for example: `days:7`"),
        ("acme/web days:0", "`days:0`: write a whole number"),
        ("acme/web days:366", "`days:366`: write a whole number"),
        ("acme/web days:-1", "`days:-1`: write a whole number"),
        ("acme/web days:٣", "`days:٣`: write a whole number"),
        ("acme/web days:7 days:7", "`days:7`: `days:` is there twice"),
        ("acme/web layout:crad", "`layout:crad` is no layout. Did you mean `layout:card`?"),
        ("acme/web layout:", "`layout:` is no layout. There are card, thread, compact."),
        ("acme/web layout:card layout:card", "`layout:` is there twice"),
        ("acme/web quiet team", "`team`: `quiet` is a preset as well. Choose one"),
        ("acme/web quota", "`quota` is about the storage of a namespace. Write: `acme quota`"),
        ("acme/* pushes,quota_error", "`quota_error` is about the storage of a namespace. Write: `acme quota_error`"),
        ("acme pushes", "`pushes` is about repositories, and `acme` is a namespace"),
        ("acme security", "`security` has nothing about a namespace. Write `acme quota`, or `acme/* security`"),
        ("acme/web:v1", "a subscription is about a whole repository. Write: `acme/web tag:v1`"),
        ("*", "the namespace has to be named. Write for example `acme/*`"),
        ("ac*/web", "the namespace has to be named"),
        ("acme/Web*", "`acme/Web*` is no repository"),
        ("acme/", "`acme/` is no repository"),
        ("/web", "`/web` is no repository"),
        ("https://quay.io/acme", "is no repository"),
        (f"acme/{'x' * 600}", "is no repository"),
        (f"acme/web {'tag:' + 'x' * 100} " + " ".join(["-tag:" + "y" * 100] * 9), "characters; 1,000 are allowed"),
    ],
)
def test_every_error_names_the_word_and_says_what_would_be_right(line: str, says: str):
    with pytest.raises(UserError) as refused:
        heard(line)

    assert says in refused.value.say


def test_a_preset_twice_is_no_trouble():
    assert heard("acme/web quiet quiet") == heard("acme/web quiet")


def test_a_preset_does_not_make_a_filter_too_long():
    long = " ".join(["-tag:" + "y" * 100] * 9)

    assert heard(f"acme/web pushes {long} -tag:{'z' * 30}").filter
    with pytest.raises(UserError, match="1,004 characters"):
        heard(f"acme/web {long} -tag:{'z' * 30}")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("acme/web pushes severity:high+ tag:v*", ("severity:high+",)),
        ("acme/web vulns ref:main by:x days:3", ("ref:main", "by:x", "days:3")),
        ("acme/web mirrors repo:web", ()),
        ("acme quota repo:web", ("repo:web",)),
        ("acme/web", ()),
        ("acme/web quiet", ()),
    ],
)
def test_words_that_can_do_nothing_are_found(line: str, words: tuple[str, ...]):
    assert idle(heard(line)) == words


@pytest.mark.parametrize(
    ("target", "repository", "covered"),
    [
        ("acme/web", "acme/web", True),
        ("acme/web", "acme/web2", False),
        ("acme/*", "acme/web", True),
        ("acme/*", "acme/team/web", True),
        ("acme/*", "acme2/web", False),
        ("acme/app-*", "acme/app-1", True),
        ("acme/app-?", "acme/app-12", False),
        ("acme", "acme", True),
        ("acme", "acme/web", False),
    ],
)
def test_a_target_covers_what_it_names(target: str, repository: str, covered: bool):
    assert covers(target, repository) is covered


def test_layouts_are_those_of_channels():
    assert LAYOUTS == SHOWN


# --- there and back ---


@given(wishes())
def test_what_is_written_back_means_the_same(wish: Wanted):
    assert wanted(wish.target, written(wish).split()) == wish


@given(wishes(), st.randoms())
def test_the_order_of_other_words_does_not_matter(wish: Wanted, chance: Any):
    filters = wish.filter.split()
    others = [word for word in written(wish).split() if word not in filters]
    mixed = others + ["\0"] * len(filters)
    chance.shuffle(mixed)
    words = iter(filters)

    assert wanted(wish.target, [next(words) if word == "\0" else word for word in mixed]) == wish


@pytest.mark.parametrize(
    ("words", "filter_"),
    [
        ("team -severity:low", "severity:high+ -severity:low"),
        ("team severity:low+", "severity:low+"),
        ("team severity:low+ -severity:high", "severity:low+ -severity:high"),
        ("quiet -fixable", "severity:critical -fixable"),
        ("quiet -severity:high", "severity:critical fixable -severity:high"),
    ],
)
def test_what_is_kept_out_adds_to_what_the_preset_wants(words: str, filter_: str):
    assert wanted("acme/web", words.split()).filter == filter_


def test_every_wrong_word_is_named():
    with pytest.raises(UserError) as refused:
        wanted("acme/web", ["foo", "tag:v*", "bar:x", "severity:bad", "days:abc"])
    assert all(f"`{word}`" in refused.value.say for word in ("foo", "bar:x", "severity:bad", "days:abc"))
    assert refused.value.say.count("Presets:") == 1


@given(TARGETS, st.sampled_from(["", *PRESETS]), FILTERS)
def test_a_preset_written_back_means_the_same(target: str, preset: str, filter_: str):
    try:
        wish = wanted(target, [*([preset] if preset else []), *filter_.split()])
    except UserError:
        assert preset == "security" or len(filter_) > 900 or filter_.count("ref:~") > MOST_EXPRESSIONS
        return
    assert wanted(target, written(wish).split()) == wish


@given(real_names.repositories)
def test_every_real_repository_can_be_subscribed_to(repository: str):
    assert wanted(repository, ["pushes"]).target == repository
    assert not is_pattern(repository)


@given(st.text(max_size=80), st.lists(st.text(max_size=40), max_size=4))
def test_any_words_are_a_wish_or_a_plain_refusal(target: str, words: list[str]):
    try:
        wish = wanted(target, words)
    except UserError:
        return
    assert wish.events
