"""Logs and errors repeat addresses: the secrets in these are gone, everything else stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.addresses import masked, without_credentials

SECRET = "ARCHIVESECRET"
AROUND = st.text(alphabet="abc:/@ \"'=&?#-.", max_size=20)
INSIDE = st.text(alphabet="abc:;=&%.-_~!@", max_size=12)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("boom https://u:ARCHIVESECRET@h/", "boom https://h/"),
        ("GET https://h/a.tgz?sig=ARCHIVESECRET&v=2 failed", "GET https://h/a.tgz?sig=…&v=… failed"),
        ("https://h/a?ARCHIVESECRET#top", "https://h/a?…#top"),
        ("https://h/a?ARCHIVESECRET==&sig=x", "https://h/a?…&sig=…"),
        (r'{"url":"https:\/\/u:ARCHIVESECRET@h\/"}', r'{"url":"https:\/\/h\/"}'),
        ("user@example.org ran a?b=c", "user@example.org ran a?b=c"),
        ("git@git.example:acme/web.git", "git@git.example:acme/web.git"),
        ("https://h/a.tgz", "https://h/a.tgz"),
        ("https://h/cb#access_token=ARCHIVESECRET&type=x", "https://h/cb#access_token=…&type=…"),
        ("https://h/cb?a=b#/x?token=ARCHIVESECRET", "https://h/cb?a=…#…?token=…"),
        ("", ""),
    ],
)
def test_an_address_keeps_its_place_and_loses_its_secret(text: str, shown: str) -> None:
    assert masked(text) == shown


@given(AROUND, INSIDE, INSIDE)
def test_no_secret_survives_before_a_host_or_behind_a_question_mark(before: str, left: str, right: str) -> None:
    user = f"{left}{SECRET}{right}"
    assert SECRET not in masked(f"{before} https://{user}@git.example/x")
    assert SECRET not in masked(f"{before} https://git.example/x?{left}={SECRET}{right}")
    assert SECRET not in masked(f"{before} https://git.example/x?{SECRET}")
    assert SECRET not in masked(f"{before} https://git.example/x?{SECRET}==")


@given(st.text())
def test_what_is_masked_once_stays_as_it_is(text: str) -> None:
    assert masked(masked(text)) == masked(text)


@given(st.text(alphabet="abc @?=&:.\n"))
def test_text_without_an_address_is_left_alone(text: str) -> None:
    assert masked(text) == text == without_credentials(text)


@pytest.mark.parametrize("piece", ["://", "://a", "://@", "://u:p@h", "?://", "#://", "&=", "a?"])
def test_a_line_of_a_megabyte_is_masked_in_one_go(piece: str) -> None:
    text = piece * (1_000_000 // len(piece))
    assert len(masked(text)) <= len(text)
