"""Which tag the words mean, and who is told about it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import TryLater, UserError
from bot.ports import Hook
from handlers.alerted import push_channels
from handlers.grammar import Reference, UsageError
from handlers.tag_words import named, tag_first
from tests.handlers.conftest import QUAY_URL, START, Office

TAGS = st.from_regex(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}", fullmatch=True)
WORDS = st.lists(st.text(max_size=20), max_size=4)


@given(TAGS, WORDS)
def test_a_tag_may_stand_behind_a_colon_or_alone(tag: str, rest: list[str]) -> None:
    for words in ([f"acme/web:{tag}", *rest], ["acme/web", tag, *rest]):
        assert tag_first(words, QUAY_URL) == (Reference("acme/web", tag), tuple(rest))
    assert named(Reference("acme/web", tag)) == f"acme/web:{tag}"


@given(WORDS)
def test_any_words_are_a_tag_or_a_sentence(words: list[str]) -> None:
    try:
        found, _ = tag_first(words, QUAY_URL)
    except UserError:
        return
    assert found.tag


@pytest.mark.parametrize("words", [[], ["acme/web"]])
def test_a_missing_tag_is_a_matter_of_usage(words: list[str]) -> None:
    with pytest.raises(UsageError, match="Which tag"):
        tag_first(words, QUAY_URL)


async def test_a_filter_that_cannot_be_read_any_more_keeps_nothing_out(office: Office) -> None:
    office.trail.urls = [Hook("1", "repo_push", "acme/web", ("C1",), START, {"C1": "no:filter"})]
    assert await push_channels("acme/web", "latest", office.desk) == ("C1",)


async def test_who_has_alerts_may_be_unknown_for_once(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    async def away(subject: str, *, channel: str = "") -> tuple[Hook, ...]:
        raise TryLater("The database is away.")

    monkeypatch.setattr(office.trail, "hooks", away)
    assert await push_channels("acme/web", "latest", office.desk) == ()
