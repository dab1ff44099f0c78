"""The lead: one process has it, a dead one's passes on, and one that hangs does not believe that it still leads."""

import asyncio
from datetime import datetime, timedelta

from bot.adapters.store import SqlStore
from bot.domain.errors import TryLater
from bot.services.leader import RENEWAL, SPAN, Leader
from tests.fakes.slack_desk import HandClock


class Trouble:
    """A lease that nobody can reach, until somebody lets them."""

    def __init__(self, store: SqlStore) -> None:
        self.inner = store.lease
        self.patience: asyncio.Event | None = None
        self.error: Exception | None = None

    async def hold(self, name: str, holder: str, now: datetime, span: timedelta) -> bool:
        if self.patience is not None:
            await self.patience.wait()
        if self.error is not None:
            raise self.error
        return await self.inner.hold(name, holder, now, span)

    async def let_go(self, name: str, holder: str) -> None:
        if self.error is not None:
            raise self.error
        await self.inner.let_go(name, holder)


async def test_of_two_processes_one_leads(store: SqlStore, replica: SqlStore) -> None:
    clock = HandClock()
    one, other = Leader(store.lease, clock), Leader(replica.lease, clock)
    await one.renew()
    await other.renew()
    assert (one.leads(), other.leads()) == (True, False)


async def test_who_leads_goes_on_leading_as_long_as_it_lives(store: SqlStore, replica: SqlStore) -> None:
    clock = HandClock()
    one, other = Leader(store.lease, clock), Leader(replica.lease, clock)
    for _ in range(20):
        await one.renew()
        await other.renew()
        assert (one.leads(), other.leads()) == (True, False)
        clock.pass_by(RENEWAL)


async def test_when_the_leader_dies_another_leads_within_its_time_and_one_renewal(
    store: SqlStore, replica: SqlStore
) -> None:
    clock = HandClock()
    dead, heir = Leader(store.lease, clock), Leader(replica.lease, clock)
    await dead.renew()
    await heir.renew()
    died = clock.now()
    for _ in range(100):
        assert not (dead.leads() and heir.leads())
        if heir.leads():
            break
        clock.pass_by(RENEWAL)
        await heir.renew()
    assert clock.now() - died <= SPAN + timedelta(seconds=RENEWAL)


async def test_who_ends_in_order_is_followed_at_once(store: SqlStore, replica: SqlStore) -> None:
    clock = HandClock()
    one, other = Leader(store.lease, clock), Leader(replica.lease, clock)
    await one.renew()
    await one.close()
    await other.renew()
    assert (one.leads(), other.leads()) == (False, True)


async def test_who_hangs_does_not_believe_that_it_still_leads(store: SqlStore) -> None:
    clock = HandClock()
    leader = Leader(store.lease, clock)
    await leader.renew()
    clock.pass_by(SPAN.total_seconds() - 0.001)
    assert leader.leads()
    clock.pass_by(0.001)
    assert not leader.leads()


async def test_the_time_that_the_database_took_to_answer_is_not_time_that_we_lead(store: SqlStore) -> None:
    clock, lease = HandClock(), Trouble(store)
    leader = Leader(lease, clock)
    lease.patience = asyncio.Event()
    renewing = asyncio.create_task(leader.renew())
    await asyncio.sleep(0)
    clock.pass_by(SPAN.total_seconds())
    lease.patience.set()
    await renewing
    assert not leader.leads()


async def test_while_the_database_is_away_the_lead_lasts_as_long_as_it_was_given_for(store: SqlStore) -> None:
    clock, lease = HandClock(), Trouble(store)
    leader = Leader(lease, clock)
    await leader.renew()
    lease.error = TryLater("away")
    clock.pass_by(SPAN.total_seconds() - 1)
    await leader.renew()
    assert leader.leads()
    clock.pass_by(1)
    await leader.renew()
    assert not leader.leads()
    lease.error = None
    await leader.renew()
    assert leader.leads()


async def test_the_unexpected_does_not_end_the_reaching_for_the_lead(store: SqlStore) -> None:
    clock, lease = HandClock(), Trouble(store)
    leader = Leader(lease, clock)
    lease.error = ZeroDivisionError()
    await leader.renew()
    lease.error = None
    await leader.renew()
    assert leader.leads()


async def test_a_lead_that_cannot_be_given_back_holds_up_nobodys_end(store: SqlStore) -> None:
    clock, lease = HandClock(), Trouble(store)
    leader = Leader(lease, clock)
    await leader.renew()
    lease.error = TryLater("away")
    await leader.close()
    assert not leader.leads()


async def test_who_never_led_gives_nothing_back(store: SqlStore, replica: SqlStore) -> None:
    clock = HandClock()
    one, other = Leader(store.lease, clock), Leader(replica.lease, clock)
    await one.renew()
    await other.renew()
    await other.close()
    await other.renew()
    assert (one.leads(), other.leads()) == (True, False)


async def test_it_renews_by_itself_until_it_is_ended(store: SqlStore, replica: SqlStore) -> None:
    rounds, enough = 0, asyncio.Event()

    class Pausing(HandClock):
        async def sleep(self, seconds: float) -> None:
            nonlocal rounds
            rounds += 1
            self.pass_by(seconds)
            if rounds == 10:
                enough.set()
                await asyncio.Event().wait()

    clock = Pausing()
    leader, other = Leader(store.lease, clock), Leader(replica.lease, clock)
    running = asyncio.create_task(leader.run())
    async with asyncio.timeout(20):
        await enough.wait()
    await other.renew()
    assert (leader.leads(), other.leads()) == (True, False)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
