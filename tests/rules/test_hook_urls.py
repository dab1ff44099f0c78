"""Addresses of webhooks: where they lead, and whose they are, without their secret."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.hook_urls import home, mark, place, token

TOKEN = "abcABC0123_-abcABC0123_-abcABC0123_-abcdefg"


@pytest.mark.parametrize(
    ("url", "where"),
    [
        (f"https://bot.example/webhooks/quay/{TOKEN}", "https://bot.example"),
        (f"HTTPS://Bot.Example:443/webhooks/quay/{TOKEN}", "https://bot.example"),
        (f"http://bot.example:8080/under/webhooks/quay/{TOKEN}", "http://bot.example:8080/under"),
        (f"http://[::1]:80/webhooks/quay/{TOKEN}/", "http://[::1]"),
        (f"http://user:secret@[::1]:80/webhooks/quay/{TOKEN}", ""),
        (f"http://user@bot.example/webhooks/quay/{TOKEN}", ""),
        (f"http://bot.example/webhooks/quay/{TOKEN}?x=1", ""),
        (f"http://bot.example/webhooks/quay/{TOKEN}?", ""),
        (f"http://bot.example/webhooks/quay/{TOKEN}#y", ""),
        (f"http://bot.example/webhooks/quay/{TOKEN}/webhooks/quay/{TOKEN}", ""),
    ],
)
def test_an_address_of_ours_is_known_by_the_hash_of_its_token(url: str, where: str) -> None:
    assert mark(url) == hashlib.sha256(TOKEN.encode()).hexdigest()
    assert token(url) == TOKEN
    assert place(url) == where


@pytest.mark.parametrize(
    "url",
    [
        "",
        "https://bot.example/webhooks/quay/",
        "https://bot.example/webhooks/quay/a/b",
        f"https://hooks.example/services/{TOKEN}",
        f"https://bot.example/?/webhooks/quay/{TOKEN}",
        "https://[broken/webhooks/quay/x",
        "https://bot.example:99999/webhooks/quay/x",
    ],
)
def test_other_addresses_have_no_mark(url: str) -> None:
    assert (mark(url), token(url)) == ("", "")


@pytest.mark.parametrize("public", ["https://bot.example", "http://bot.example:8080/under/it"])
def test_what_is_made_under_the_public_address_is_at_home(public: str) -> None:
    assert home(public) == public == place(f"{public}/webhooks/quay/{TOKEN}")


@pytest.mark.parametrize("url", ["", "ftp://bot.example/x", "https:///x", "//bot.example", "bot.example", "https://[x"])
def test_what_is_no_web_address_has_no_place(url: str) -> None:
    assert place(url) == ""


@given(st.text(max_size=80))
def test_any_text_has_an_answer(text: str) -> None:
    assert mark(text) == "" or len(mark(text)) == 64
    assert home(place(text)) == place(text)
    assert TOKEN not in place(f"https://x.example/webhooks/quay/{TOKEN}{text}")
