"""Where the browser may be sent to: the registered address as a prefix of letters, and nothing foreign."""

from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.fakes.quay import redirects, scopes

SERVER = "http://127.0.0.1:8081"
OURS = "http://bot.example:9100/oauth/cb"


@pytest.mark.parametrize(
    ("asked", "good"),
    [
        (OURS, True),
        (f"{OURS}/x", True),
        (f"{OURS}evil", True),  # a prefix of letters, not of path parts
        (f"{OURS}?more=1", True),
        (f"{SERVER}/oauth/localapp", True),
        (f"{SERVER}/oauth/localapp/x", False),
        ("https://bot.example:9100/oauth/cb", False),
        ("http://bot.example/oauth/cb", False),
        ("http://bot.example:9101/oauth/cb", False),
        ("http://bot.example:9100/oauth", False),
        ("http://evil.example:9100/oauth/cb", False),
        ("http://bot.example:9100@evil.example/oauth/cb", False),
        ("http://me@bot.example:9100/oauth/cb", False),
        (f"{OURS}/../x", False),
        (f"{OURS}/%2e%2e/x", False),
        (f"{OURS}/a@b", False),
        (f"{OURS}#x", False),
        ("http://[", False),
        ("", False),
    ],
)
def test_an_address_is_allowed_only_below_the_registered_one(asked: str, good: bool) -> None:
    assert redirects.allowed(OURS, asked, SERVER) is good


def test_an_application_without_an_address_has_only_the_servers_own_page() -> None:
    assert not redirects.allowed("", OURS, SERVER)
    assert redirects.allowed("", f"{SERVER}/oauth/localapp", SERVER)


@given(st.text(max_size=60))
def test_whatever_is_asked_an_allowed_address_stays_on_its_host(rest: str) -> None:
    if redirects.allowed(OURS, OURS + rest, SERVER):
        assert urlsplit(OURS + rest).netloc == "bot.example:9100"


@given(st.dictionaries(st.sampled_from(["scope", "state", "code", "error"]), st.none() | st.text(max_size=30)))
def test_what_is_sent_along_arrives_as_it_was_and_nothing_of_none(params: dict[str, str | None]) -> None:
    target = redirects.to(f"{OURS}?own=1", params).headers["Location"]
    got = parse_qs(urlsplit(target).query, keep_blank_values=True)
    assert got == {"own": ["1"], **{key: [value] for key, value in params.items() if value is not None}}


@given(st.sets(st.sampled_from(sorted(scopes.SCOPES)), min_size=1), st.sampled_from([" ", ","]))
def test_scopes_are_read_with_blanks_or_commas_and_shown_each_once(names: set[str], sign: str) -> None:
    text = sign.join(names)
    assert scopes.parse(text) == names
    assert {found["scope"] for found in scopes.information(text)} == names


@given(st.sets(st.sampled_from(sorted(scopes.SCOPES))), st.text(alphabet="abcdeimnoprstuw:", max_size=30))
def test_one_unknown_word_makes_the_whole_list_invalid(names: set[str], word: str) -> None:
    assume(word not in scopes.SCOPES)
    text = " ".join([*names, word])
    assert scopes.parse(text) == frozenset()
    assert scopes.information(text) == []


def test_a_scope_covers_what_it_implies_and_no_more() -> None:
    assert scopes.cover(frozenset({"repo:admin"}), frozenset({"repo:read", "repo:write"}))
    assert not scopes.cover(frozenset({"repo:write"}), frozenset({"repo:admin"}))
    assert not scopes.cover(frozenset({"org:admin"}), frozenset({"repo:read"}))
