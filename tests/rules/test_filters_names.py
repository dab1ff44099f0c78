"""What filters let pass by git refs, accounts and repositories, with names as they really are."""

from datetime import UTC, datetime
from fnmatch import fnmatchcase
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import UserError
from bot.domain.events import BuildMoved, Event, MirrorOutcome, MirrorSynced, Phase, Pushed, QuotaCrossed
from bot.rules.filters import KEYS, Refusal, parse
from bot.rules.filters.keys import ref_name
from bot.rules.filters.reading import MOST_EXPRESSIONS
from tests.rules import real_names

AT = datetime(2026, 3, 4, tzinfo=UTC)


def push(*tags: str, repository: str = "acme/web", **more: Any) -> Pushed:
    return Pushed(kind="repo_push", namespace="acme", repository=repository, at=AT, tags=tags or ("v1",), **more)


def build(ref: str = "", by: str = "", *tags: str, repository: str = "acme/web") -> BuildMoved:
    words = {"kind": "build_failure", "namespace": "acme", "repository": repository, "at": AT}
    return BuildMoved(**words, build_id="b", phase=Phase.ERROR, ref=ref, requested_by=by, tags=tags)


def passes(text: str, event: Event) -> bool:
    return parse(text).refusal(event) is None


MIRROR = MirrorSynced(
    kind="repo_mirror_sync_failed", namespace="acme", repository="acme/web", at=AT, outcome=MirrorOutcome.FAILED
)
QUOTA = QuotaCrossed(kind="quota_error", namespace="acme", at=AT, rejecting=True)


# --- ref ---


@pytest.mark.parametrize(
    ("word", "ref"),
    [
        ("ref:main", "refs/heads/main"),
        ("ref:main", "main"),
        ("ref:refs/heads/main", "refs/heads/main"),
        ("ref:refs/tags/*", "refs/tags/v1"),
        ("ref:feature/*", "refs/heads/feature/a/b"),
        ("ref:v*,release-*", "refs/tags/v1+x"),
        ("ref:*ünï*", "refs/heads/renovate/ünïcode"),
        ("-ref:r*", "refs/heads/main"),
        ("-ref:heads/*", "refs/heads/main"),
        ("ref:~^refs/heads/main", "refs/heads/main-2"),
        ("ref:~^refs/heads/main$", "refs/heads/main"),
        ("ref:~refs/(heads/main|tags/v)", "refs/tags/v1"),
        (r"ref:~.*/v\d{1,3}\.\d+$", "refs/tags/v1.2"),
        ("ref:~(?i)REFS/heads", "refs/heads/x"),
        ("-ref:~.*-wip$", "refs/heads/main"),
        ("REF:main", "refs/heads/main"),
        ("ref:~.*", "refs/heads/\ud800"),
    ],
)
def test_a_build_of_a_ref_that_fits_passes(word: str, ref: str):
    assert passes(word, build(ref))


@pytest.mark.parametrize(
    ("word", "ref", "why"),
    [
        ("ref:main", "refs/heads/main2", "`ref:main`: the ref refs/heads/main2 does not match"),
        ("ref:login", "refs/heads/feature/login", "`ref:login`: the ref refs/heads/feature/login does not match"),
        ("ref:refs/tags/main", "refs/heads/main", "`ref:refs/tags/main`: the ref refs/heads/main does not match"),
        ("-ref:main,dev", "refs/heads/dev", "`-ref:main,dev`: the ref refs/heads/dev is excluded"),
        ("ref:~main", "refs/heads/main", "`ref:~main`: the ref refs/heads/main does not match"),
        ("ref:~^refs/heads/main$", "refs/heads/main2", "the ref refs/heads/main2 does not match"),
        ("ref:~.* -ref:~.*wip", "refs/heads/wip", "`-ref:~.*wip`: the ref refs/heads/wip is excluded"),
        ("ref:main", "", "`ref:main`: a build without a git ref does not match"),
        ("ref:*", "", "`ref:*`: a build without a git ref does not match"),
        ("ref:~.*", "", "`ref:~.*`: a build without a git ref does not match"),
    ],
)
def test_a_build_of_another_ref_is_kept_out(word: str, ref: str, why: str):
    assert why in parse(word).why_not(build(ref))


@pytest.mark.parametrize("word", ["-ref:*", "-ref:~.*", "-ref:main"])
def test_a_build_without_a_git_ref_passes_what_excludes_refs(word: str):
    assert passes(word, build(""))


@pytest.mark.parametrize("word", ["ref:main", "-ref:main", "ref:~x"])
def test_a_ref_says_nothing_about_what_is_no_build(word: str):
    assert passes(word, push())
    assert passes(word, MIRROR)


@pytest.mark.parametrize(
    ("word", "says"),
    [
        ("ref:~", "the expression behind `~` is missing"),
        ("ref:~(?!main)", "looks ahead or behind itself"),
        ("ref:~(?<=x)y", "looks ahead or behind itself"),
        (r"ref:~(a)\1", r"there is no `\1` here (nothing can refer back"),
        ("ref:~[a", "a `[` is not closed"),
        ("ref:~(a", "a `(` is not closed"),
        ("ref:~a)", "a `)` without a `(`"),
        ("ref:~*", "there is nothing before `*`"),
        ("ref:~a**", "`**` repeats twice in a row"),
        ("ref:~a{1001}", "`{1001}` repeats too often"),
        ("ref:~((((a{30}){30}){30}){30})", "repeats too often"),
        (r"ref:~\pL{900}", "the expression is too large"),
        (f"ref:~{'x' * 201}", "a regular expression has at most 200 characters, and this one 201"),
        ("ref:~a\\", "it ends in a backslash"),
        ("ref:~[z-a]", "this is no regular expression (invalid character class range: z-a)"),
        ("ref:~\ud800", "a character in it that cannot be"),
        ("ref:main,~x", "a regular expression stands alone in its word. In it, write | for “or”."),
        ("ref:main,x~1", "“x~1” cannot match a branch or tag in git"),
        ("ref:a..[b]", "cannot match a branch or tag in git"),
        ("ref:main^", "cannot match a branch or tag in git"),
        (f"ref:{'x' * 256}", "a pattern has at most 255 characters"),
        ("by:a/b", "“a/b” cannot match an account"),
        ("repo:a+b", "“a+b” cannot match a repository"),
        ("rep:x", "Did you mean `repo:`?"),
    ],
)
def test_what_cannot_be_read_is_named_with_the_reason(word: str, says: str):
    with pytest.raises(UserError) as refused:
        parse(word)

    assert says in refused.value.say
    assert f"`{word[:80]}`" in refused.value.say


@given(st.sampled_from(real_names.REFS) | real_names.refs)
def test_every_ref_fits_its_own_name_and_itself(ref: str):
    for written in (ref, ref_name(ref)):
        if "," not in written:
            assert passes(f"ref:{written}", build(ref)) or (written != ref and written.startswith("refs/"))
            assert not passes(f"-ref:{written}", build(ref)) or (written != ref and written.startswith("refs/"))


@pytest.mark.parametrize("expression", ["(a*)*b", "(a+)+$", "(a|aa)+b", "(.*)*x", ".*.*.*.*.*.*.*.*b"])
def test_no_expression_makes_matching_slow(expression: str):
    # Python's own would take longer than a test may take.
    assert not passes(f"ref:~{expression}", build("a" * 5_000 + "c"))


# --- by ---


@pytest.mark.parametrize(
    ("word", "who", "allowed"),
    [
        ("by:acme+ci", "acme+ci", True),
        ("by:acme+ci", "acme", False),
        ("by:acme+*", "acme+deploy_1", True),
        ("by:acme+*", "acme", False),
        ("-by:acme+ci", "acme+ci", False),
        ("-by:acme+ci", "alice", True),
        ("by:alice,bob.b-c_d", "bob.b-c_d", True),
        ("-by:*+*", "alice", True),
        ("-by:*+*", "acme+ci", False),
    ],
)
def test_pushes_and_builds_are_chosen_by_who_made_them(word: str, who: str, allowed: bool):
    assert passes(word, push(by=who)) is allowed
    assert passes(word, build(by=who)) is allowed


@pytest.mark.parametrize("word", ["by:alice", "-by:alice", "by:*", "-by:*"])
def test_what_nobody_is_known_for_passes(word: str):
    assert passes(word, push())
    assert passes(word, build())
    assert passes(word, MIRROR)


def test_a_filter_tells_what_it_asks_about():
    asked = parse("tag:v* -by:acme+ci")

    assert [key for key in KEYS if asked.asks(key)] == ["tag", "by"]
    assert not parse("").asks("by")


# --- repo ---


@pytest.mark.parametrize(
    ("word", "repository", "allowed"),
    [
        ("repo:web", "acme/web", True),
        ("repo:acme/web", "acme/web", True),
        ("repo:app-*", "acme/app-1", True),
        ("repo:app-*", "acme/web", False),
        ("repo:acme/app-*", "acme/app-1", True),
        ("repo:team/*", "acme/team/sub/service", True),
        ("repo:acme/team/*", "acme/team/sub/service", True),
        ("-repo:a*", "acme/web", True),
        ("-repo:*-test", "acme/web-test", False),
        ("repo:other/web", "acme/web", False),
    ],
)
def test_events_are_chosen_by_their_repository(word: str, repository: str, allowed: bool):
    assert passes(word, push(repository=repository)) is allowed
    assert passes(word, build(repository=repository)) is allowed


def test_a_namespaces_storage_is_of_no_repository():
    assert passes("repo:web", QUOTA)


# --- all together ---


def test_a_refusal_has_the_word_that_decides_and_the_sentence():
    refusal = parse("tag:v* ref:main").refusal(build("refs/heads/x", "", "v1"))

    assert refusal == Refusal("ref:main", "`ref:main`: the ref refs/heads/x does not match")
    assert parse("tag:v* ref:main").refusal(build("refs/heads/main", "", "v1")) is None


@given(real_names.tags, real_names.repositories, real_names.accounts, real_names.refs)
def test_names_as_they_are_fit_themselves_and_nothing_excludes_them_by_accident(
    tag: str, repository: str, who: str, ref: str
):
    name = repository.partition("/")[2]
    event = build(ref, who, tag, repository=repository)
    for word in (f"tag:{tag}", f"repo:{repository}", f"repo:{name}", f"by:{who}"):
        assert passes(word, event)
        assert not passes(f"-{word}", event)
        assert passes(f"{word[:-1]}?", event)
        assert passes(f"{word}*", event)
    assert passes("tag:* repo:* by:* ref:*", event)


@given(real_names.tags, st.integers(0, 127), st.integers(0, 127))
def test_any_piece_of_a_tag_with_stars_around_it_fits(tag: str, start: int, end: int):
    piece = tag[min(start, end) : max(start, end)]
    pattern = f"*{piece}*"[:128]

    assert passes(f"tag:{pattern}", push(tag)) is fnmatchcase(tag, pattern)


WORDS = st.sampled_from(
    [
        "tag:v*",
        "-tag:*-dev",
        "ref:main",
        "-ref:~.*wip",
        "ref:~refs/.*",
        "by:acme+*",
        "-by:alice",
        "repo:web",
        "-repo:a*",
    ]
)
EVENTS = st.builds(push, real_names.tags, repository=real_names.repositories, by=st.just("") | real_names.accounts)
EVENTS |= st.builds(build, st.just("") | real_names.refs, st.just("") | real_names.accounts, real_names.tags)


FILTERS = st.lists(WORDS, max_size=6).filter(
    lambda words: sum(word.removeprefix("-").startswith("ref:~") for word in words) <= MOST_EXPRESSIONS
)


@given(FILTERS, EVENTS)
def test_the_sentence_and_the_refusal_agree_and_name_a_word_of_the_filter(words: list[str], event: Event):
    asked = parse(" ".join(words))
    refusal = asked.refusal(event)

    assert asked.why_not(event) == (refusal.say if refusal else "")
    assert refusal is None or (refusal.word in words and f"`{refusal.word}`" in refusal.say)


@given(FILTERS, EVENTS)
def test_more_words_never_let_more_pass(words: list[str], event: Event):
    few, all_ = parse(" ".join(words[:-1])), parse(" ".join(words))

    assert all_.refusal(event) is not None or few.refusal(event) is None


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_expression_is_read_or_refused_in_plain_words(expression: str, ref: str):
    word = f"ref:~{expression}"
    try:
        found = parse(word)
    except UserError:
        return
    assert isinstance(found.why_not(build(ref)), str)
