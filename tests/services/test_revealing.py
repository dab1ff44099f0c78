"""Where a secret is shown, and what is known of it."""

import pytest

from bot.adapters.store import SqlStore
from bot.domain.errors import UserError
from bot.domain.people import Person
from bot.services.revealing import Revealing, Where, where
from tests.fakes.quay_scene import HandClock

ANN = Person("T1", "U1")


@pytest.mark.parametrize(
    ("setting", "public_url", "found"),
    [
        ("", "", Where.MODAL),
        ("page", "", Where.MODAL),
        ("", "https://bot.example", Where.PAGE),
        ("", "http://bot.example", Where.MODAL),
        ("", "http://127.0.0.1:8080", Where.PAGE),
        ("", "http://[::1]:8080/sub", Where.PAGE),
        ("", "http://localhost:8080", Where.PAGE),
        ("", "http://localhost.evil.example", Where.MODAL),
        ("", "http://127.0.0.1.evil.example", Where.MODAL),
        ("modal", "https://bot.example", Where.MODAL),
        ("page", "http://bot.example", Where.PAGE),
    ],
)
def test_a_page_is_the_way_where_nobody_can_listen_or_the_operator_says_so(
    setting: str, public_url: str, found: Where
) -> None:
    assert where(setting, public_url) is found


async def test_tickets_are_long_random_and_not_stored(store: SqlStore) -> None:
    revealing = Revealing(store.reveals, HandClock(), "https://bot.example", Where.PAGE)
    tickets = [await revealing.keep(ANN, "A token", (("Token", "secret"),)) for _ in range(20)]
    assert len(set(tickets)) == 20
    assert {len(ticket) for ticket in tickets} == {43}  # 256 bits
    for ticket in tickets:
        assert await store.reveals.look(ticket) is None
        assert await revealing.look(ticket) is not None
        assert revealing.address(ticket) == f"https://bot.example/quay/reveal/{ticket}"


async def test_without_a_key_it_is_not_ready(store: SqlStore) -> None:
    revealing = Revealing(store.reveals, HandClock(), "", Where.MODAL, sealed=False)
    with pytest.raises(UserError, match="SECRET_KEYS"):
        revealing.ready()
