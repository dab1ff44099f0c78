"""Search as you type when Quay is slow or away, and how much is asked of it."""

import asyncio

import pytest
from structlog.testing import capture_logs

from bot.domain.errors import TryLater, UserError
from bot.domain.robots import Robot
from handlers.suggesting import Suggester, suggester
from tests.handlers.typing_steps import Eyes, Shelf, Typing, quick


@pytest.fixture
async def typing(office) -> Typing:
    return quick(office)


async def test_what_quay_refuses_or_fails_at_is_an_empty_list(typing):
    for error in (UserError("No."), TryLater("Quay does not answer."), KeyError("boom")):
        typing.shelf.error = error
        with capture_logs():
            assert await typing.sees("trigger") == []


async def test_a_store_that_is_away_is_an_empty_list(typing):
    for error in (TryLater("The database is away."), KeyError("boom")):
        typing.office.accounts.error = error
        with capture_logs():
            assert await typing.sees("tag") == []


async def test_a_slow_quay_is_not_waited_for_and_is_known_at_the_next_key(office):
    typing = Typing(office, Shelf(), patience=0.02)
    assert await typing.sees("tag") == []
    typing.shelf.open.set()
    typing.suggester._patience = 5.0
    assert len(await typing.sees("tag")) == 2
    assert len(typing.shelf.asked) == 1
    await typing.suggester.close()


async def test_who_types_a_lot_sees_what_is_known_and_what_they_type(typing, monkeypatch):
    monkeypatch.setattr(suggester, "PER_PERSON", 2)
    typing.suggester = Suggester(typing.desk)
    for typed in ("a", "b", "v1"):
        await typing.sees("tag", typed)
    assert len(typing.shelf.asked) == 2
    assert await typing.sees("tag", "v1") == ["v1"]
    assert await typing.sees("tag", "a") == ["latest · sha256:5e6f7a8b5e6f · just now", "a"]


async def test_robots_are_looked_for_in_a_few_namespaces_at_a_time_and_each_question_counts(typing, monkeypatch):
    async def namespaces(eyes: Eyes) -> tuple[str, ...]:
        return tuple(f"team{number}" for number in range(40))

    busy, most = 0, 0

    async def page(eyes: Eyes, where: str) -> tuple[Robot, ...]:
        nonlocal busy, most
        busy += 1
        most = max(most, busy)
        await asyncio.sleep(0)
        busy -= 1
        return (Robot(f"{where}+ci"),)

    monkeypatch.setattr(Eyes, "namespaces", namespaces)
    monkeypatch.setattr(Eyes, "page", page)
    monkeypatch.setattr(suggester, "PER_PERSON", 13)
    typing.suggester = Suggester(typing.desk)
    assert len(await typing.sees("robot")) == 12
    assert most == 3
    with capture_logs():
        assert await typing.sees("trigger") == []


async def test_one_person_who_types_everywhere_leaves_room_for_others(office):
    typing = Typing(office, Shelf(), patience=0.05)
    typing.shelf.repositories_of["bob"] = ("acme/web",)
    await asyncio.gather(*(typing.sees("tag", f"t{number}") for number in range(50)))
    assert len(typing.shelf.asked) == 4
    typing.shelf.open.set()
    assert await typing.sees("repository", "web", person=office.bob) == ["acme/web"]
    await typing.suggester.close()
