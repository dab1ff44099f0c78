"""A subscription is brought in order, kept in order, and says what is wrong with it."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.adapters.store import SqlStore
from bot.domain.acts import Outcome
from bot.domain.errors import GiveUp, TryLater, UserError
from bot.domain.subscriptions import OFF, Notification, State, Subscription
from tests.plugins.wishes import becomes
from tests.services.upkeep.keeper import HERE, Keeper


@pytest.fixture
def keeper(store: SqlStore) -> Keeper:
    return Keeper(store)


async def test_the_first_look_makes_what_is_needed(keeper: Keeper):
    await keeper.subscribes(words="repo_push build_failure")
    done = await keeper.looks()
    assert done.made == 4  # two of them for the bot alone
    assert sorted(one.event for one in keeper.quay.bells["acme/web"]) == [
        "build_failure", "build_queued", "build_start", "repo_push",
    ]  # fmt: skip
    assert {one.title for one in keeper.quay.bells["acme/web"]} == {"quaybot S1"}
    assert all(url.startswith(f"{HERE}/webhooks/quay/token") for url in keeper.quay.urls.values())
    assert await keeper.gaps() == ()
    assert {part.whole_at for part in await keeper.parts()} == {keeper.clock.now()}


async def test_a_second_look_changes_nothing_and_writes_nothing_down(keeper: Keeper):
    await keeper.subscribes()
    await keeper.looks()
    lines, changes = len(keeper.audit.lines), len(keeper.quay.changes())
    keeper.clock.pass_by(60)
    assert (await keeper.looks()).made == 0
    assert (len(keeper.audit.lines), len(keeper.quay.changes())) == (lines, changes)


async def test_one_look_is_one_act_in_the_audit_with_what_was_done(keeper: Keeper):
    await keeper.subscribes(words="repo_push build_success")
    await keeper.looks()
    assert keeper.deeds() == [("subscription tend", "acme/web", "tried"), ("subscription tend", "acme/web", "done")]
    deed = keeper.audit.lines[-1].deed
    assert deed.act.parameters == {"subscription": "S1", "steps": "make repo_push, make build_success"}
    assert (deed.username, deed.channel, deed.quay_log) == ("alice", "C1", "add_repo_notification")


async def test_what_quay_switched_off_is_reset_and_the_gap_is_looked_through_later(keeper: Keeper):
    await keeper.subscribes()
    await keeper.looks()
    whole = keeper.clock.now()
    keeper.clock.pass_by(120)
    keeper.quay.fails("acme/web", OFF)
    assert (await keeper.looks()).reset == 1
    assert keeper.quay.bells["acme/web"][0].failures == 0
    (gap,) = await keeper.gaps()
    settled, due = (keeper.clock.now() + timedelta(seconds=one) for one in (30, 60))
    assert (gap.events, gap.since, gap.until, gap.due_at) == (("repo_push",), whole, settled, due)
    assert keeper.tending.counts["notifications_reset"] == 1
    assert (await keeper.parts())[0].whole_at == keeper.clock.now()


async def test_what_quays_worker_had_not_tried_at_the_last_whole_look_is_in_the_gap(keeper: Keeper):
    await keeper.subscribes()
    await keeper.looks()
    keeper.clock.pass_by(600)
    pushed_at = keeper.clock.now()  # Quay's worker has not tried it yet when the bot looks, nor all of its repetitions
    for _ in range(3):
        keeper.clock.pass_by(60)
        await keeper.looks()
    keeper.quay.fails("acme/web", OFF)
    await keeper.looks()
    (gap,) = await keeper.gaps()
    assert pushed_at - timedelta(minutes=10) < gap.since <= pushed_at


async def test_once_a_day_all_findings_are_looked_at(keeper: Keeper):
    await keeper.subscribes(words="vulnerability_found repo_push")
    await keeper.looks()
    (first,) = await keeper.gaps()
    await keeper.store.gaps.close(first)
    opened = []
    for _ in range(3 * 24):
        keeper.clock.pass_by(3_600)
        await keeper.looks()
        for gap in await keeper.gaps():
            opened.append(gap)
            await keeper.store.gaps.close(gap)
    assert [(gap.events, gap.until - gap.since) for gap in opened] == [(("vulnerability_found",), timedelta(0))] * 2
    assert timedelta(hours=23) < opened[1].since - opened[0].since < timedelta(hours=25)


async def test_while_deliveries_fail_what_is_found_is_not_taken_for_known(keeper: Keeper):
    await keeper.subscribes(words="vulnerability_found")
    await keeper.looks()
    for gap in await keeper.gaps():
        await keeper.store.gaps.close(gap)
    keeper.quay.fails("acme/web", 1)
    keeper.clock.pass_by(2 * 86_400)
    await keeper.looks()
    assert await keeper.gaps() == ()


async def test_what_was_deleted_is_made_anew_with_another_url(keeper: Keeper):
    await keeper.subscribes()
    await keeper.looks()
    (old,) = await keeper.parts()
    keeper.quay.bells["acme/web"].clear()
    keeper.clock.pass_by(60)
    assert (await keeper.looks()).made == 1
    (new,) = await keeper.parts()
    assert new.hook != old.hook
    assert [gap.since for gap in await keeper.gaps()] == [old.whole_at]
    assert len(set(keeper.quay.urls.values())) == 2


async def test_a_gap_of_what_is_for_the_bot_alone_is_about_failures(keeper: Keeper):
    await keeper.subscribes(words="build_failure")
    await keeper.looks()
    keeper.quay.bells["acme/web"] = [one for one in keeper.quay.bells["acme/web"] if one.event != "build_start"]
    await keeper.looks()
    assert [gap.events for gap in await keeper.gaps()] == [("build_failure",)]


async def test_what_is_known_about_findings_at_the_beginning_is_stored(keeper: Keeper):
    await keeper.subscribes(words="vulnerability_found")
    await keeper.looks()
    (gap,) = await keeper.gaps()
    assert (gap.events, gap.since) == (("vulnerability_found",), gap.until)


@pytest.mark.parametrize("failures", [1, 2])
async def test_what_fails_is_looked_at_again_soon(keeper: Keeper, failures: int):
    await keeper.subscribes()
    await keeper.looks()
    keeper.quay.fails("acme/web", failures)
    await keeper.looks()
    assert (await keeper.parts())[0].failures == failures
    assert await keeper.next_in() == 10


async def test_what_is_in_order_is_looked_at_when_it_is_time(keeper: Keeper):
    await keeper.subscribes()
    await keeper.looks()
    assert await keeper.next_in() == 60


async def test_a_url_is_rotated_the_new_one_first(keeper: Keeper):
    await keeper.subscribes()
    await keeper.looks()
    (old,) = await keeper.parts()
    keeper.clock.pass_by(timedelta(days=90).total_seconds())
    done = await keeper.looks()
    assert (done.rotated, done.removed, done.made) == (1, 1, 0)
    (new,) = await keeper.parts()
    assert new.hook != old.hook
    assert [call for call, _ in keeper.quay.changes()] == ["create", "create", "delete"]


async def test_another_public_url_moves_everything(keeper: Keeper):
    await keeper.subscribes()
    await keeper.looks()
    keeper.tending = keeper.at("https://new.example:8443")
    await keeper.looks()
    assert [one.place for one in keeper.quay.bells["acme/web"]] == ["https://new.example:8443"]
    assert len(await keeper.gaps()) == 1


async def test_without_a_public_url_nothing_is_touched(keeper: Keeper):
    await keeper.subscribes()
    keeper.tending = keeper.at("")
    done = await keeper.looks()
    assert "PUBLIC_URL" in done.missing[0]
    assert (keeper.quay.calls, (await keeper.now()).state) == ([], State.ACTIVE)


async def test_an_answer_that_got_lost_makes_no_second_one(keeper: Keeper):
    await keeper.subscribes()
    keeper.quay.after["create"] = TryLater("Quay is slow.", doubtful=True)
    with pytest.raises(TryLater):
        await keeper.looks()
    assert await keeper.next_in() == 30
    keeper.quay.after.clear()
    keeper.clock.pass_by(30)
    await keeper.looks()
    (part,), (bell,) = await keeper.parts(), keeper.quay.bells["acme/web"]
    assert (part.uuid, keeper.audit.lines[1].deed.outcome) == (bell.uuid, Outcome.FAILED)
    assert [call for call, _ in keeper.quay.changes()] == ["create"]


@pytest.mark.parametrize("error", [UserError("Quay does not know this event."), GiveUp("Quay crashed.")])
async def test_one_event_that_quay_does_not_take_leaves_the_others_alone(
    keeper: Keeper, error: Exception, monkeypatch: pytest.MonkeyPatch
):
    create = type(keeper.quay).create

    async def picky(self, target, event, url, title, config):
        if event == "repo_image_expiry":
            raise error
        return await create(self, target, event, url, title, config)

    monkeypatch.setattr(type(keeper.quay), "create", picky)
    await keeper.subscribes(words="repo_push repo_image_expiry")
    done = await keeper.looks()
    assert (done.made, len(done.missing)) == (1, 1)
    assert (await keeper.now()).reason.startswith("repo_image_expiry: Quay")
    lines = len(keeper.audit.lines)
    for _ in range(3):
        keeper.clock.pass_by(60)
        assert (await keeper.looks()).missing == done.missing
    assert len(await keeper.parts()) <= 2
    assert (len(keeper.audit.lines), await keeper.next_in()) == (lines, 60)
    monkeypatch.setattr(type(keeper.quay), "create", create)
    keeper.clock.pass_by(600)
    assert ((await keeper.looks()).made, (await keeper.now()).reason) == (1, "")
    assert (await keeper.now()).state is State.ACTIVE


async def test_what_others_made_there_stays(keeper: Keeper):
    mine = Notification("theirs", "repo_push", "webhook", "deploy", place=HERE)
    keeper.quay.bells["acme/web"] = [mine]
    await keeper.subscribes()
    await keeper.looks()
    ended = await keeper.now()
    await becomes(keeper.store, _ended(ended), keeper.clock.now())
    await keeper.looks()
    assert keeper.quay.bells["acme/web"] == [mine]


async def test_an_ended_one_leaves_nothing_behind(keeper: Keeper):
    await keeper.subscribes(words="repo_push build_success")
    await keeper.looks()
    await becomes(keeper.store, _ended(await keeper.now()), keeper.clock.now())
    assert (await keeper.looks()).removed == 2
    assert keeper.quay.bells["acme/web"] == []
    assert (await keeper.store.subscriptions.get("S1"), await keeper.parts()) == (None, ())


async def test_an_ended_one_whose_account_is_gone_is_forgotten_all_the_same(keeper: Keeper):
    await keeper.subscribes()
    await keeper.looks()
    await becomes(keeper.store, _ended(await keeper.now()), keeper.clock.now())
    keeper.accounts.kept.clear()
    await keeper.looks()
    assert await keeper.store.subscriptions.get("S1") is None


async def test_an_ended_one_waits_for_a_quay_that_is_away(keeper: Keeper):
    await keeper.subscribes()
    await keeper.looks()
    await becomes(keeper.store, _ended(await keeper.now()), keeper.clock.now())
    keeper.quay.errors["all"] = TryLater("Quay is away.")
    with pytest.raises(TryLater):
        await keeper.looks()
    assert await keeper.store.subscriptions.get("S1") is not None


async def test_two_looks_at_the_same_time_make_no_doubles(keeper: Keeper):
    await keeper.subscribes()
    await asyncio.gather(keeper.looks(), keeper.looks())
    assert len(keeper.quay.bells["acme/web"]) == 1


async def test_a_round_looks_at_those_that_are_due_and_trouble_with_one_touches_no_other(keeper: Keeper):
    await keeper.subscribes("acme/web", name="S1")
    await keeper.subscribes("acme/api", name="S2")
    await keeper.subscribes("acme/db", name="S3")
    keeper.quay.errors |= {"all acme/web": TryLater("Quay is away."), "all acme/db": ZeroDivisionError()}
    await keeper.tending.run()
    assert [len(await keeper.parts(name)) for name in ("S1", "S2", "S3")] == [0, 1, 0]


async def test_at_the_start_all_of_them_are_looked_at_and_then_those_that_are_due(keeper: Keeper):
    for number in range(9):
        await keeper.subscribes(f"acme/app{number}", name=f"S{number}")
        await keeper.looks(f"S{number}")
    keeper.quay.calls.clear()
    await keeper.tending.run()
    assert len(keeper.quay.calls) == 9
    await keeper.tending.run()
    assert len(keeper.quay.calls) == 9
    keeper.clock.pass_by(60)
    await keeper.tending.run()
    assert len(keeper.quay.calls) == 18


@pytest.mark.parametrize("cut", ["create", "delete", "reset"])
async def test_whatever_it_is_cut_off_at_the_next_look_heals_it(keeper: Keeper, cut: str):
    await keeper.subscribes(words="repo_push build_success")
    await keeper.looks()
    keeper.quay.fails("acme/web", OFF)
    keeper.tending = keeper.at("https://new.example") if cut != "reset" else keeper.tending
    keeper.quay.after[cut] = asyncio.CancelledError()
    with pytest.raises(asyncio.CancelledError):
        await keeper.looks()
    keeper.quay.after.clear()
    await keeper.looks()
    parts, bells = await keeper.parts(), keeper.quay.bells["acme/web"]
    assert {part.uuid for part in parts} == {bell.uuid for bell in bells}
    assert (len(bells), [bell.failures for bell in bells]) == (2, [0, 0])
    assert {event for gap in await keeper.gaps() for event in gap.events} == {"repo_push", "build_success"}


def _ended(subscription: Subscription) -> Subscription:
    return replace(subscription, state=State.ENDED)
