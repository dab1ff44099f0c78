"""What goes to Quay in an address, and what is taken from what people paste."""

from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.oauth import Assignment, assignment, consent, named, scope_text

UUID = "6c41523f-6841-48a6-af8b-afad972919ac"


@pytest.mark.parametrize(
    ("typed", "uuid"),
    [
        ("", ""),
        ("  ", ""),
        (UUID, UUID),
        (f" {UUID.upper()} ", UUID),
        (f"https://quay.example/oauth/authorize?client_id=C&assignment_uuid={UUID}&scope=a+b", UUID),
        (f"//evil.example?assignment_uuid={UUID}", UUID),
        ("https://evil.example/", None),
        (f"{UUID}&redirect_uri=https://evil.example", None),
        (f"https://q.example/?assignment_uuid={UUID}%0d%0aX", None),
        ("http://[::1", None),
        ("?" + "&" * 60, None),
    ],
)
def test_the_uuid_of_an_assignment_is_taken_and_no_address(typed: str, uuid: str | None) -> None:
    found = assignment(typed)
    assert (found and found.uuid) == (None if uuid is None else uuid)


def test_what_was_assigned_is_asked_for_if_the_link_of_quay_says_so() -> None:
    link = f"https://q.example/oauth/authorize?scope=user%3Aread+repo:read&assignment_uuid={UUID}"
    assert assignment(link) == Assignment(UUID, frozenset({"user:read", "repo:read"}))
    assert assignment(UUID) == Assignment(UUID)
    assert assignment(f"https://q.example/?scope=%0d%0a&assignment_uuid={UUID}") == Assignment(UUID)


@given(st.text())
def test_an_assignment_is_a_uuid_nothing_or_refused(typed: str) -> None:
    found = assignment(typed)
    assert found is None or found == Assignment() or (len(found.uuid) == 36 and found.uuid.isascii())


@given(st.frozensets(st.sampled_from(["repo:read", "repo:write", "user:read", "org:admin"])))
def test_scopes_are_always_written_in_the_same_order(scopes: frozenset[str]) -> None:
    assert scope_text(frozenset(sorted(scopes, reverse=True))) == scope_text(scopes)
    assert frozenset(scope_text(scopes).split()) == scopes


@given(st.dictionaries(st.text("abc_", min_size=1), st.text(min_size=1)))
def test_an_address_says_what_was_asked_and_nothing_else(asked: dict[str, str]) -> None:
    address = consent("https://quay.example", asked)
    assert address.isascii()
    assert urlsplit(address)[:3] == ("https", "quay.example", "/oauth/authorize")
    assert parse_qs(urlsplit(address).query, keep_blank_values=True) == {name: [text] for name, text in asked.items()}


def test_what_is_empty_is_not_asked() -> None:
    assert consent("https://q", {"a": "b c", "assignment_uuid": ""}) == "https://q/oauth/authorize?a=b%20c"


@pytest.mark.parametrize(
    ("scope", "names"),
    [
        ("repo:read user:read", {"repo:read", "user:read"}),
        ("repo:read,user:read", {"repo:read", "user:read"}),
        ("<b> repo:read", {"repo:read"}),
        ("", None),
        ("nonsense", None),
    ],
)
def test_scopes_that_came_back_are_read(scope: str, names: set[str] | None) -> None:
    assert named(scope) == (frozenset(names) if names else None)
