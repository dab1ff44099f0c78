"""Who is gone leaves nothing behind but what the audit says."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.adapters.store import SqlStore
from bot.adapters.store.gone import ORPHANED, WHY
from bot.domain.acts import Act, Deed, Outcome, Request, Stage
from bot.domain.banners import Banner, BannerStage
from bot.domain.messages import Outgoing
from bot.domain.people import Account, Person
from bot.domain.subscriptions import State
from tests.plugins.rows import LEASE, NOW, after
from tests.plugins.wishes import ended, hook_of, lookup, sought, subscribed, wish, with_part

ANN, BOB, OTHER = Person("T1", "U1"), Person("T1", "U2"), Person("T2", "U1")
EVERYBODY = (ANN, BOB, OTHER)
ACT = Act("build", "acme/web", {}, {"archive": "a secret address"})


def name(person: Person) -> str:
    return f"{person.team}{person.user}"


async def asked(store: SqlStore, person: Person, name: str, stage: Stage = Stage.OPEN) -> None:
    request = Request(
        name, person, "ann", "C1", "C1", ACT, "", "releases", ("@team",), 1, "R", NOW, after(60), stage=stage
    )
    await store.approvals.ask(request, Outgoing(f"approval:{name}", "C1", {}))


async def settled_in(store: SqlStore) -> None:
    for person in EVERYBODY:
        await store.accounts.link(Account(person, "ann", NOW, "token"))
        await store.links.start(person, name(person), frozenset(), "origin", NOW, timedelta(minutes=10))
        await store.kept.keep(person, "build acme/web", NOW)
        await store.watches.add("acme/web", name(person), person, NOW)
        await asked(store, person, name(person))
        await store.audit.append(Deed(NOW, "R", person, "ann", "C1", ACT, Outcome.ASKED))


async def left(store: SqlStore) -> dict[str, set[Person]]:
    waiting = await store.approvals.open()
    return {
        "accounts": set(await store.accounts.everybody()),
        "links": {person for person in EVERYBODY if await store.links.of(person, NOW)},
        "kept": {person for person in EVERYBODY if await store.kept.take(person, NOW)},
        "watches": {watch.person for watch in await store.watches.claim(9, NOW, LEASE)},
        "approvals": {request.person for request in waiting},
        "audit": {line.deed.person for line in await store.audit.newest()},
    }


async def test_a_person_who_is_gone_leaves_only_the_audit(store: SqlStore) -> None:
    await settled_in(store)
    await store.accounts.forget_all_of(ANN)
    others = {BOB, OTHER}
    assert await left(store) == {**dict.fromkeys(("accounts", "links", "kept", "watches", "approvals"), others)} | {
        "audit": set(EVERYBODY)
    }


async def test_a_workspace_that_is_gone_takes_its_people_along(store: SqlStore) -> None:
    await settled_in(store)
    await store.accounts.forget_team("T1")
    found = await left(store)
    assert found.pop("audit") == set(EVERYBODY)
    assert set(map(frozenset, found.values())) == {frozenset({OTHER})}


async def test_everybody_is_forgotten_whether_they_have_linked_an_account_or_not(store: SqlStore) -> None:
    await settled_in(store)
    await store.accounts.forget(OTHER)
    await store.accounts.forget_everybody()
    found = await left(store)
    assert found.pop("audit") == set(EVERYBODY)
    assert set(map(frozenset, found.values())) == {frozenset()}


async def test_a_request_of_who_is_gone_is_withdrawn_and_its_secret_forgotten(store: SqlStore) -> None:
    await asked(store, ANN, "AAAAA")
    await store.accounts.forget_all_of(ANN)
    request = await store.approvals.get("AAAAA")
    assert request is not None
    assert (request.stage, request.reason) == (Stage.WITHDRAWN, WHY)
    assert request.act == replace(ACT, hidden={})


async def test_what_runs_or_is_settled_stays_what_it_is(store: SqlStore) -> None:
    for stage in set(Stage) - {Stage.OPEN}:
        await asked(store, ANN, stage.value, stage)
    await store.accounts.forget_all_of(ANN)
    for stage in set(Stage) - {Stage.OPEN}:
        request = await store.approvals.get(stage.value)
        assert request is not None
        assert request.stage is stage


async def test_who_never_was_here_takes_nothing_along(store: SqlStore) -> None:
    await settled_in(store)
    await store.accounts.forget_team("T3")
    await store.accounts.forget_all_of(Person("T1", "U9"))
    assert set(map(frozenset, (await left(store)).values())) == {frozenset(EVERYBODY)}


@pytest.mark.parametrize("nobody", [Person("T1", ""), Person("", "U1"), Person("", "")])
async def test_nobody_cannot_be_forgotten_least_of_all_as_everybody(store: SqlStore, nobody: Person) -> None:
    await settled_in(store)
    with pytest.raises(ValueError, match="empty"):
        await store.accounts.forget_all_of(nobody)
    with pytest.raises(ValueError, match="empty"):
        await store.accounts.forget_team("")
    assert set(map(frozenset, (await left(store)).values())) == {frozenset(EVERYBODY)}


def banner(person: Person, stage: BannerStage) -> Banner:
    name = f"M{person.team}{person.user}{stage}"
    return Banner(
        name, person, "ann", "C1", "Hi", "info", "text/plain", after(60), after(120), "R", NOW, NOW, stage=stage
    )


@pytest.mark.parametrize("whole_team", [False, True])
async def test_a_scheduled_message_of_who_is_gone_is_cancelled_and_a_shown_one_keeps_its_end(
    store: SqlStore, whole_team: bool
) -> None:
    kept = [banner(one, stage) for one in (ANN, OTHER) for stage in (BannerStage.WAITING, BannerStage.SHOWN)]
    for one in kept:
        await store.banners.add(one)
    await (store.accounts.forget_team("T1") if whole_team else store.accounts.forget_all_of(ANN))
    found = [await store.banners.get(one.name) for one in kept]
    assert [(one.stage, one.reason) for one in found if one] == [
        (BannerStage.CANCELLED, WHY),
        (BannerStage.SHOWN, ""),
        (BannerStage.WAITING, ""),
        (BannerStage.SHOWN, ""),
    ]


@pytest.mark.parametrize("whole_team", [False, True])
async def test_subscriptions_of_who_is_gone_tell_on_until_somebody_takes_them_over(
    store: SqlStore, whole_team: bool
) -> None:
    over = ended(wish("SENDED"))
    await subscribed(store, wish("SANN"), over, wish("SOTHER", person=OTHER))
    made = await with_part(store, name="SANN")
    await sought(store, *(lookup(number, name=name) for number, name in enumerate(("SANN", "SOTHER"))))
    await sought(store, replace(lookup(9, name="SANN"), held=True))
    await (store.accounts.forget_team("T1") if whole_team else store.accounts.forget_all_of(ANN))
    orphan = wish("SANN", state=State.ORPHANED, reason=ORPHANED)
    assert await store.subscriptions.all() == (orphan, wish("SOTHER", person=OTHER))
    assert await store.subscriptions.all(ended=True) == (over,)
    assert await store.intake.keep([("t1", b"x")], NOW) == [True]
    hook = await hook_of(store, made)
    assert (hook.channels, hook.person) == (("C1",), None)
    assert [one.delivery for one in await store.lookups.claim(9, NOW, LEASE)] == [1, 9]


async def test_when_everybody_is_forgotten_nobody_looks_after_anything(store: SqlStore) -> None:
    await subscribed(store, wish("SANN"), wish("SOTHER", person=OTHER))
    await store.accounts.forget_everybody()
    assert {one.state for one in await store.subscriptions.all()} == {State.ORPHANED}
