"""Digests as people write them, and as sentences say them; times without a zone."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.said import short_digest, utc
from bot.rules.digests import SHORTEST, beginning, whole

FULL = "1a2b3c4d" * 8
hexadecimal = st.text("0123456789abcdefABCDEF", min_size=SHORTEST, max_size=64)


@given(hexadecimal, st.sampled_from(("", "sha256:", "SHA256:", "  sha256:")))
def test_a_digest_may_be_written_short_in_any_case_and_without_its_algorithm(digits: str, prefix: str) -> None:
    assert beginning(f"{prefix}{digits} ") == f"sha256:{digits.lower()}"
    assert whole(f"{prefix}{digits}") == (f"sha256:{digits.lower()}" if len(digits) == 64 else "")


@pytest.mark.parametrize("word", ["", "1a2b3c", "latest", f"{FULL}0", f"sha512:{FULL}", "sha256:", "1a2b3c4g", "²" * 7])
def test_other_words_are_none(word: str) -> None:
    assert (beginning(word), whole(word)) == ("", "")


@given(st.text(max_size=99))
def test_any_word_is_a_digest_or_none(word: str) -> None:
    assert whole(word) in ("", beginning(word))


@pytest.mark.parametrize(
    ("digest", "short"),
    [
        (f"sha256:{FULL}", "sha256:1a2b3c4d1a2b"),
        ("1a2b3c4", "sha256:1a2b3c4"),
        (f"sha512:{FULL}", "sha512:1a2b3c4d1a2b"),
    ],
)
def test_a_short_digest_still_says_what_it_is(digest: str, short: str) -> None:
    assert short_digest(digest) == short


def test_a_time_without_a_known_zone_is_one_of_utc() -> None:
    moment = datetime(2026, 11, 30, 19, 30, 5, tzinfo=timezone(timedelta(hours=1)))
    assert utc(moment) == "2026-11-30 18:30 UTC"
    assert utc(moment, seconds=True) == "2026-11-30 18:30:05 UTC"
    assert utc(datetime(2026, 1, 2, tzinfo=UTC)) == "2026-01-02 00:00 UTC"
