"""Database addresses as people write them."""

import pytest

from bot.adapters.store.urls import is_sqlite, normal_url, sync_url
from bot.domain.errors import UserError


@pytest.mark.parametrize(
    ("written", "asynchronous", "synchronous"),
    [
        ("sqlite:///x.db", "sqlite+aiosqlite:///x.db", "sqlite:///x.db"),
        ("sqlite:////var/lib/x.db", "sqlite+aiosqlite:////var/lib/x.db", "sqlite:////var/lib/x.db"),
        ("sqlite+aiosqlite:///x.db", "sqlite+aiosqlite:///x.db", "sqlite:///x.db"),
        ("  sqlite:///x.db\n", "sqlite+aiosqlite:///x.db", "sqlite:///x.db"),
        ("postgres://a:b@h:1/d", "postgresql+psycopg://a:b@h:1/d", "postgresql+psycopg://a:b@h:1/d"),
        ("postgresql://h/d", "postgresql+psycopg://h/d", "postgresql+psycopg://h/d"),
        ("postgresql+psycopg://h/d", "postgresql+psycopg://h/d", "postgresql+psycopg://h/d"),
        (
            "postgresql://u:@/d?host=/run/pg",
            "postgresql+psycopg://u:@/d?host=%2Frun%2Fpg",
            "postgresql+psycopg://u:@/d?host=%2Frun%2Fpg",
        ),
        (
            "postgres:///d?host=/run/pg&sslmode=disable",
            "postgresql+psycopg:///d?host=%2Frun%2Fpg&sslmode=disable",
            "postgresql+psycopg:///d?host=%2Frun%2Fpg&sslmode=disable",
        ),
        ("postgres://a:p%40ss@h/d", "postgresql+psycopg://a:p%40ss@h/d", "postgresql+psycopg://a:p%40ss@h/d"),
    ],
)
def test_an_address_is_made_ready_for_both_engines(written: str, asynchronous: str, synchronous: str) -> None:
    url = normal_url(written)
    assert url.render_as_string(hide_password=False) == asynchronous
    assert sync_url(url).render_as_string(hide_password=False) == synchronous


@pytest.mark.parametrize(
    ("written", "say"),
    [
        ("", "is not a database address"),
        ("quaybot.db", "is not a database address"),
        ("postgres://h:port/d", "is not a database address"),
        ("mysql://u:hush@h/d", "begins with mysql://"),
        ("postgresql+asyncpg://u:hush@h/d", r"begins with postgresql\+asyncpg://"),
        ("sqlite://", "does not survive"),
        ("sqlite:///:memory:", "does not survive"),
        ("sqlite:///file:x?mode=memory&uri=true", "plain file path"),
        ("sqlite://u:hush@h/x.db", "is not a database address|plain file path"),
    ],
)
def test_an_unusable_address_is_explained_without_its_password(written: str, say: str) -> None:
    with pytest.raises(UserError, match=say) as caught:
        normal_url(written)
    assert "sqlite:///quaybot.db" in caught.value.say
    assert "hush" not in caught.value.say


def test_the_two_engines_are_told_apart() -> None:
    assert is_sqlite("sqlite:///x.db")
    assert not is_sqlite("postgres://h/d")
