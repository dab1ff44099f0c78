"""Requests for approval: stored exactly, held by one voter at a time, shown by one message that changes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.adapters.sealing import Sealer
from bot.adapters.store import SqlStore, open_store
from bot.adapters.store.columns import clean
from bot.domain.acts import Act, Request, Stage, Vote
from bot.domain.errors import GiveUp, TryLater, UserError
from bot.domain.messages import Outgoing
from bot.domain.people import Person
from bot.ports import ApprovalTurn
from tests.plugins.databases import ONLY_SQLITE
from tests.plugins.rows import LEASE, NOW, SOON, after, message, said
from tests.plugins.slackless import all_said, messages, unsaid

ANN, BOB, CLEO, DAN = (Person("T1", f"U{number}") for number in range(1, 5))
REQUEST = Request(
    name="K7PX4",
    person=ANN,
    username="ann",
    channel="C1",
    place="C9",
    act=Act("build", "acme/web:v1", {"ref": "main", "dir": "/"}, {"archive": "a secret address"}),
    pin="sha256:1234",
    rule="releases",
    rule_reason="Customers pull it.",
    approvers=("@release-team", "quay:acme/owners"),
    needed=2,
    reference="KDWF-4071",
    created_at=NOW,
    expires_at=after(3600),
)
BOBS, CLEOS = Vote(BOB, "bob", after(1)), Vote(CLEO, "cleo", after(2))


def card(request: Request) -> Outgoing:
    return Outgoing(f"approval:{request.name}", request.place, {"text": told(request)}, weight=len(request.votes))


def told(request: Request) -> str:
    return f"{request.name} {request.stage} {len(request.votes)}/{request.needed} {request.reason}".strip()


async def asked(store: SqlStore, request: Request = REQUEST) -> Request:
    await store.approvals.ask(request, card(request))
    return request


@asynccontextmanager
async def turn(store: SqlStore, name: str = "K7PX4", at: float = 5) -> AsyncIterator[ApprovalTurn]:
    async with store.approvals.turn(name, card, after(at)) as held:
        assert held is not None
        yield held


async def ended(store: SqlStore, stage: Stage, name: str = "K7PX4", at: float = 5) -> None:
    async with turn(store, name, at) as held:
        held.move(stage, "", after(at))


async def test_a_request_comes_back_exactly(store: SqlStore) -> None:
    await asked(store)
    assert await store.approvals.get("K7PX4") == REQUEST
    assert await store.approvals.get("K7PX5") is None


async def test_its_card_is_queued_with_it(store: SqlStore) -> None:
    await asked(store)
    (row,) = await unsaid(store)
    assert (row.key, row.channel, row.payload) == ("approval:K7PX4", "C9", {"text": "K7PX4 open 0/2"})


async def test_a_name_that_was_given_out_before_is_refused_and_nothing_is_said(store: SqlStore) -> None:
    await asked(store)
    with pytest.raises(TryLater):
        await asked(store, replace(REQUEST, person=BOB))
    await said(store, message("approval:AAAAA"))
    with pytest.raises(TryLater):  # the message of a request that was forgotten is still known
        await asked(store, replace(REQUEST, name="AAAAA"))
    assert await store.approvals.get("AAAAA") is None
    assert await store.approvals.get("K7PX4") == REQUEST
    assert await store.outbox.waiting() == 2


_odd = st.text(max_size=12) | st.sampled_from(["\0", "\ud83d", "\ud83d\ude00", "a\0b", "'\"\\", "é"])
_people = st.builds(Person, _odd, _odd)
_acts = st.builds(Act, _odd, _odd, *[st.dictionaries(_odd, _odd, max_size=3)] * 2)
_numbers = count()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(odd=st.tuples(*[_odd] * 7), person=_people, act=_acts, approvers=st.lists(_odd, max_size=3))
async def test_whatever_is_asked_for_comes_back_as_it_can_be_stored(
    store: SqlStore, odd: tuple[str, ...], person: Person, act: Act, approvers: list[str]
) -> None:
    names = ("username", "channel", "place", "pin", "rule", "reference", "reason")
    request = replace(REQUEST, name=f"N{next(_numbers)}", person=person, act=act, approvers=tuple(approvers))
    request = replace(request, **dict(zip(names, odd, strict=True)))
    await store.approvals.ask(request, Outgoing(request.name, "C1", {}))
    stored = await store.approvals.get(request.name)
    assert stored is not None
    expected = replace(request, **{name: clean(getattr(request, name)) for name in names})
    expected = replace(expected, person=Person(clean(person.team), clean(person.user)), act=stored.act)
    assert stored == replace(expected, approvers=tuple(map(clean, approvers)))
    assert (stored.act.name, stored.act.target) == (clean(act.name), clean(act.target))
    for given_, kept in ((act.parameters, stored.act.parameters), (act.hidden, stored.act.hidden)):
        assert set(kept) == set(map(clean, given_))
        assert set(kept.values()) <= set(map(clean, given_.values()))


async def test_those_that_wait_are_listed_newest_first(store: SqlStore) -> None:
    for number, name in enumerate(("AAAAA", "BBBBB", "CCCCC", "DDDDD")):
        await asked(store, replace(REQUEST, name=name, created_at=after(number)))
    await ended(store, Stage.REJECTED, "BBBBB")
    await ended(store, Stage.RUNNING, "DDDDD")
    assert [request.name for request in await store.approvals.open()] == ["CCCCC", "AAAAA"]
    assert [request.name for request in await store.approvals.open(limit=1)] == ["CCCCC"]


async def test_those_of_one_person_are_listed_alone(store: SqlStore) -> None:
    other = Person(REQUEST.person.team, "U-OTHER")
    await asked(store, replace(REQUEST, name="AAAAA"))
    await asked(store, replace(REQUEST, name="BBBBB", person=other))
    assert [request.name for request in await store.approvals.open(person=other)] == ["BBBBB"]


async def test_a_vote_and_a_move_are_known_at_once_and_afterwards(store: SqlStore) -> None:
    await asked(store)
    async with turn(store) as held:
        assert held.request == REQUEST
        held.vote(BOBS)
        assert held.request.votes == (BOBS,)
        held.vote(replace(BOBS, username="bob2", at=after(9)))
        assert held.request.votes == (BOBS,)
        held.vote(CLEOS)
        held.move(Stage.RUNNING, "enough votes", after(5))
    running = replace(REQUEST, stage=Stage.RUNNING, reason="enough votes", votes=(BOBS, CLEOS))
    assert held.request == running
    assert await store.approvals.get("K7PX4") == running
    async with turn(store) as held:
        held.vote(BOBS)
    assert await store.approvals.get("K7PX4") == running


async def test_there_is_no_turn_for_what_nobody_asked_for(store: SqlStore) -> None:
    async with store.approvals.turn("K7PX4", card, NOW) as held:
        assert held is None


async def test_what_goes_wrong_in_a_turn_undoes_it(store: SqlStore) -> None:
    await asked(store)
    with suppress(UserError):
        async with turn(store) as held:
            held.vote(BOBS)
            raise UserError("no")
    assert await store.approvals.get("K7PX4") == REQUEST
    (row,) = await unsaid(store)
    assert row.revision == 1


async def test_the_card_of_a_vote_is_an_edit_at_once(store: SqlStore) -> None:
    await asked(store)
    await all_said(store, SOON)
    async with turn(store) as held:
        held.vote(BOBS)
    (due,) = await store.outbox.claim(9, after(5), LEASE)
    assert (due.key, due.revision, due.payload) == ("approval:K7PX4", 2, {"text": "K7PX4 open 1/2"})
    assert due.ts is not None


async def test_a_card_that_still_waits_is_changed_where_it_is(store: SqlStore) -> None:
    await asked(store)
    await ended(store, Stage.WITHDRAWN)
    (row,) = await messages(store)
    assert row.payload == {"text": "K7PX4 withdrawn 0/2"}


async def test_a_turn_that_changes_nothing_says_nothing(store: SqlStore) -> None:
    await asked(store)
    await all_said(store, SOON)
    async with turn(store):
        pass
    assert await store.outbox.waiting() == 0


async def test_a_card_that_was_forgotten_is_said_anew(store: SqlStore) -> None:
    await asked(store)
    await all_said(store, SOON)
    await store.inbox.sweep(after(100))
    await ended(store, Stage.EXPIRED, at=200)
    (row,) = await unsaid(store)
    assert (row.key, row.ts, row.payload) == ("approval:K7PX4", None, {"text": "K7PX4 expired 0/2"})


async def test_all_voters_at_once_count_and_one_of_them_sees_enough(store: SqlStore, replica: SqlStore) -> None:
    await asked(store, replace(REQUEST, needed=6))
    enough = []

    async def votes(number: int) -> None:
        voter = Vote(Person("T1", f"V{number}"), f"v{number}", after(number))
        async with turn((store, replica)[number % 2]) as held:
            if held.request.stage is not Stage.OPEN:
                return
            held.vote(voter)
            await asyncio.sleep(0)
            if len(held.request.votes) == held.request.needed:
                held.move(Stage.RUNNING, "", NOW)
                enough.append(number)

    await asyncio.gather(*[votes(number) for number in range(6)])
    assert len(enough) == 1
    request = await store.approvals.get("K7PX4")
    assert request is not None
    assert (request.stage, len(request.votes)) == (Stage.RUNNING, 6)


async def test_of_many_who_want_to_run_it_one_does(store: SqlStore, replica: SqlStore) -> None:
    await asked(store)
    ran = []

    async def run(one: SqlStore) -> None:
        async with turn(one) as held:
            if held.request.stage is Stage.OPEN:
                held.move(Stage.RUNNING, "", NOW)
                ran.append(one)

    await asyncio.gather(*[run(one) for one in (store, replica) * 4])
    assert len(ran) == 1


async def test_one_persons_votes_at_once_are_one_vote(store: SqlStore, replica: SqlStore) -> None:
    await asked(store)

    async def votes(one: SqlStore) -> None:
        async with turn(one) as held:
            held.vote(BOBS)

    await asyncio.gather(*[votes(one) for one in (store, replica) * 4])
    request = await store.approvals.get("K7PX4")
    assert request is not None
    assert request.votes == (BOBS,)


async def test_what_is_over_and_what_hangs_is_found(store: SqlStore) -> None:
    for name, seconds in (("LATER", 20), ("EARLY", 10), ("ENDED", 10), ("HANGS", 99), ("LIVES", 10)):
        await asked(store, replace(REQUEST, name=name, expires_at=after(seconds)))
    await ended(store, Stage.DONE, "ENDED")
    await ended(store, Stage.RUNNING, "HANGS", at=5)
    await ended(store, Stage.RUNNING, "LIVES", at=6)
    assert await store.approvals.over(after(9.9), after(5)) == ()
    assert await store.approvals.over(after(10), after(5)) == ("EARLY",)
    assert await store.approvals.over(after(20), after(6)) == ("EARLY", "LATER", "HANGS")


async def test_without_secret_keys_a_secret_cannot_wait_and_the_rest_can(database_url: str) -> None:
    keyless = open_store(database_url, None)
    with pytest.raises(UserError, match="SECRET_KEYS"):
        await asked(keyless)
    assert await keyless.approvals.get("K7PX4") is None
    plain = replace(REQUEST, act=replace(REQUEST.act, hidden={}))
    await asked(keyless, plain)
    assert await keyless.approvals.get("K7PX4") == plain
    await keyless.close()


async def test_without_the_key_a_request_cannot_be_read_or_run_but_ended(store: SqlStore, database_url: str) -> None:
    await asked(store)
    other = open_store(database_url, Sealer(["quite another secret key"]))
    with pytest.raises(GiveUp) as refusal:
        await other.approvals.get("K7PX4")
    assert refusal.value.say == (
        "The vault cannot be opened: what K7PX4 would do was sealed with a key that is not in SECRET_KEYS any more, or "
        "it was changed. Ask for it anew, or ask the operator to put the old key back at the end of SECRET_KEYS."
    )
    assert [request.name for request in await other.approvals.open()] == ["K7PX4"]
    async with turn(other) as held:
        for read in (len, dict, list, lambda hidden: hidden["archive"], lambda hidden: hidden == {}):
            with pytest.raises(GiveUp):
                read(held.request.act.hidden)
        held.move(Stage.EXPIRED, "", after(5))
    assert await other.approvals.over(after(9999), after(9999)) == ()
    await other.close()


async def test_in_a_turn_hidden_parameters_can_be_read(store: SqlStore) -> None:
    await asked(store)
    async with turn(store) as held:
        assert dict(held.request.act.hidden) == {"archive": "a secret address"}
        assert "secret" not in repr(held.request)
    (waiting,) = await store.approvals.open()
    assert waiting == REQUEST


@pytest.mark.parametrize("stage", Stage)
async def test_of_what_is_settled_the_secret_is_forgotten(store: SqlStore, stage: Stage) -> None:
    await asked(store)
    await ended(store, stage)
    request = await store.approvals.get("K7PX4")
    assert request is not None
    kept = stage in {Stage.OPEN, Stage.RUNNING}
    assert request.act.hidden == (REQUEST.act.hidden if kept else {})


async def test_settled_requests_are_forgotten_with_their_votes_and_others_never(store: SqlStore) -> None:
    for name, stage, at in (
        ("AAAAA", Stage.DONE, 5),
        ("BBBBB", Stage.EXPIRED, 50),
        ("CCCCC", Stage.RUNNING, 5),
        ("DDDDD", Stage.OPEN, 5),
    ):
        await asked(store, replace(REQUEST, name=name))
        async with turn(store, name, at) as held:
            held.vote(BOBS)
            held.move(stage, "", after(at))
    assert await store.inbox.sweep(after(50)) == 1
    left = [await store.approvals.get(name) for name in ("AAAAA", "BBBBB", "CCCCC", "DDDDD")]
    assert [request and (request.name, len(request.votes)) for request in left] == [
        None,
        ("BBBBB", 1),
        ("CCCCC", 1),
        ("DDDDD", 1),
    ]
    assert await store.inbox.sweep(after(50) + timedelta(days=1)) == 1


@ONLY_SQLITE
async def test_a_turn_on_sqlite_keeps_the_other_writers_waiting(store: SqlStore) -> None:
    await asked(store)
    async with turn(store):
        other = asyncio.create_task(store.once.first("Ev1", NOW))
        await asyncio.sleep(0)
        assert not other.done()
    assert await other
