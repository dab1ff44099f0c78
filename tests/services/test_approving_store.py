"""Approvals on real databases."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.adapters.store import SqlStore
from bot.domain.acts import Stage
from handlers.jobs.expire_approvals import JOB
from tests.handlers.council import URL, Council


@pytest.fixture
def council(store: SqlStore) -> Council:
    council = Council()
    audit = replace(council.desk.gate.audit, store=store.audit)
    gate = replace(council.desk.gate, audit=audit)
    book = replace(council.desk.approving, gate=gate, store=store.approvals, audit=audit)
    council.desk = replace(council.desk, gate=gate, approving=book)
    return council


async def asks(council: Council, store: SqlStore) -> str:
    await council.says(f"build acme/web:v1 --archive-url {URL}")
    [request] = await store.approvals.open()
    return request.name


async def stage(store: SqlStore, name: str) -> Stage:
    request = await store.approvals.get(name)
    assert request is not None
    return request.stage


async def test_three_votes_at_once_run_it_once_with_the_secret_address(council, store):
    name = await asks(council, store)
    voters = (council.bob, council.carol, council.dave)
    await asyncio.gather(*(council.presses("approval_approve", name, person) for person in voters))
    [call] = [call for call in council.quay.calls if call[1] == "request_build"]
    assert call[3].archive_url == URL
    assert await stage(store, name) is Stage.DONE
    lines = [line async for line in store.audit.all()]
    assert [line.deed.outcome.value for line in lines[:2]] == ["tried", "asked"]
    assert sum(line.deed.outcome.value == "done" for line in lines) == 1
    assert "hunter2" not in repr(lines)


async def test_a_request_expires_and_is_told_once(council, store):
    name = await asks(council, store)
    council.clock.time += timedelta(hours=2)
    await JOB.run(council.desk)
    await JOB.run(council.desk)
    assert await stage(store, name) is Stage.EXPIRED
    assert [who for who, _ in council.voice.letters] == ["U-ALICE"]


async def test_one_that_was_cut_off_while_it_ran_ends_after_ten_minutes(council, store, monkeypatch):
    name = await asks(council, store)
    await council.presses("approval_approve", name, council.bob)

    async def killed(*_):
        raise asyncio.CancelledError

    monkeypatch.setattr(type(council.quay.as_token("x")), "request_build", killed)
    with pytest.raises(asyncio.CancelledError):
        await council.presses("approval_approve", name, council.carol)
    await JOB.run(council.desk)
    assert await stage(store, name) is Stage.RUNNING
    council.clock.time += timedelta(minutes=11)
    await JOB.run(council.desk)
    assert await stage(store, name) is Stage.FAILED
