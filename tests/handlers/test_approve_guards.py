"""What a request may not do: hide something, wait twice, fill the list, end by a hiccup, or leave a wrong audit."""

import asyncio
import json
from datetime import timedelta
from functools import partial

import pytest

from bot.domain.acts import Outcome, Stage
from bot.domain.errors import TryLater
from bot.domain.people import Person
from bot.ports import Sighting
from bot.rules.policy import Decision, Effect
from tests.handlers.council import NEW, Council

EVE = Person("T1", "U-EVE")
ARCHIVE = "build acme/web --archive-url https://x.example/a"


@pytest.fixture
def council() -> Council:
    return Council()


async def refused(council: Council, text: str) -> str:
    reply = await council.says(text)
    assert reply is not None
    assert council.approvals.requests == {}
    assert council.ran == 0
    return reply.message.text


def last(council: Council) -> tuple[Outcome, str]:
    deed = council.audit.lines[-1].deed
    return deed.outcome, deed.detail


async def test_ten_tags_of_any_length_are_all_on_the_card(council):
    long = " ".join(f"--tag t{number:02}{'x' * 125}" for number in range(9))
    await council.asks(f"{ARCHIVE} {long} --tag production")
    card = json.dumps(council.approvals.cards[-1].payload)
    assert "production" in card
    assert "…" not in "".join(council.card[:3])


@pytest.mark.parametrize(
    "more",
    [
        "--tag v1 --dockerfile " + "./" * 90 + "…/Dockerfile",
        "--tag v1 --context 'a\u200bb'",
        "--tag v1 --context 'a  b'",
    ],
)
async def test_what_the_card_would_not_show_as_it_is_is_not_asked_for(council, more):
    assert "has to see exactly what runs" in await refused(council, f"{ARCHIVE} {more}")
    assert last(council)[0] is Outcome.REFUSED


async def test_an_address_whose_end_the_card_would_cut_is_not_asked_for(council):
    text = f"build acme/web:v1 --archive-url https://x.example/{'a/' * 400}evil.tgz"
    assert "has to see exactly what runs" in await refused(council, text)


async def test_the_same_is_asked_for_once_and_the_second_answer_names_the_first(council):
    name = await council.asks()
    reply = await council.says(
        "build acme/web:v1 --archive-url https://bot:hunter2@files.example/secret/a.tgz?key=s3cret"
    )
    assert f"request `{name}`" in "".join(council.reads(reply))
    assert (list(council.approvals.requests), len(council.approvals.cards)) == ([name], 1)


@pytest.mark.parametrize("what", ["hidden", "pin", "person", "over"])
async def test_what_differs_in_anything_may_wait_beside_it(council, what):
    url = f"https://x.example/a?key={1}"
    await council.asks(f"build acme/web:v1 --archive-url {url}")
    person = council.alice
    if what == "hidden":
        url = "https://x.example/a?key=2"
    if what == "pin":
        council.quay.digests["acme/web:v1"] = NEW
    if what == "person":
        person = council.bob
    if what == "over":
        council.clock.time += timedelta(hours=2)
    await council.says(f"build acme/web:v1 --archive-url {url}", person)
    assert len(council.approvals.requests) == 2


async def test_of_one_person_ten_requests_wait_and_the_eleventh_is_refused(council):
    for number in range(10):
        await council.asks(f"build acme/web:v1 --archive-url https://x.example/{number}")
    reply = await council.says("build acme/web:v1 --archive-url https://x.example/more")
    assert "10 requests of yours wait" in reply.message.text
    assert len(council.approvals.requests) == 10
    await council.says("build acme/web:v1 --archive-url https://x.example/more", council.bob)
    assert len(council.approvals.requests) == 11


async def test_what_others_ask_for_does_not_push_out_of_the_list_what_concerns_the_reader(council):
    mine = await council.asks(f"{ARCHIVE} --tag mine")
    for person in (council.bob, council.carol, council.dave):
        for number in range(10):
            await council.says(f"{ARCHIVE} --tag n{number}", person)
    council.rulings.members = set()
    listed = await council.says("approve", council.alice)
    assert mine in repr(listed.message.payload())


async def test_what_cannot_be_found_out_for_a_moment_ends_no_request(council):
    name = await council.asks()
    council.rulings.decision = Decision(Effect.DENY, "staff only", unsure="who is in the group S1")
    reply = await council.presses("approval_approve", name, council.bob)
    assert "could not find out" in reply.message.text
    assert council.request.stage is Stage.OPEN
    council.needs(2)
    await council.presses("approval_approve", name, council.bob)
    await council.presses("approval_approve", name, council.carol)
    assert council.request.stage is Stage.DONE


async def test_what_cannot_be_found_out_at_the_last_moment_lets_it_wait(council):
    await council.asks()
    await council.presses("approval_approve", council.request.name, council.bob)
    decide, calls = council.rulings.decide, []

    async def then_unsure(*a):
        calls.append(a)
        if len(calls) == 3:  # the vote, the check before it runs, and in the gate
            return Decision(Effect.DENY, "staff only", unsure="who is in the group S1")
        return await decide(*a)

    council.rulings.decide = then_unsure
    await council.presses("approval_approve", council.request.name, council.carol)
    assert (council.request.stage, council.ran) == (Stage.OPEN, 0)
    assert "Any approver can press Approve once more" in council.request.reason


async def test_a_press_of_somebody_who_is_no_approver_looks_at_nothing_of_whoever_asked(council):
    council.links(EVE, "eve")
    council.quay.users["token-eve"] = "eve"
    name = await council.asks()
    council.quay.calls.clear()
    council.rulings.asked.clear()
    reply = await council.presses("approval_approve", name, EVE)
    assert "You are not an approver" in reply.message.text
    assert {call[0] for call in council.quay.calls} <= {"token-eve"}
    assert council.rulings.asked == []


@pytest.mark.parametrize("action", ["approval_deny", "approval_approve"])
async def test_while_the_audit_cannot_be_written_no_request_moves(council, action):
    name = await council.asks()
    if action == "approval_approve":
        council.quay.digests["acme/web:v1"] = NEW  # it would be void
    council.audit.error = TryLater("The database does not answer.")
    act = council.denies if action == "approval_deny" else partial(council.presses, action)
    reply = await act(name, council.bob)
    assert "does not answer" in reply.message.text
    assert council.request.stage is Stage.OPEN
    council.audit.error = None
    await act(name, council.bob)
    assert council.request.stage in (Stage.REJECTED, Stage.VOID)


async def test_a_yes_that_came_too_late_has_a_line_that_says_so(council):
    council.needs(1)
    name = await council.asks()
    people = (council.bob, council.carol, council.dave)
    await asyncio.gather(*(council.presses("approval_approve", name, person) for person in people))
    deeds = [line.deed for line in council.audit.lines]
    approved = {deed.person for deed in deeds if deed.outcome is Outcome.APPROVED}
    voted = {vote.person for vote in council.request.votes}
    late = {deed.person for deed in deeds if deed.outcome is Outcome.REFUSED and "vote refused" in deed.detail}
    assert approved - voted <= late
    assert council.ran == 1


async def test_of_two_who_end_it_at_once_the_audit_says_who_was_too_late(council):
    name = await council.asks()
    await asyncio.gather(*(council.denies(name, person) for person in (council.bob, council.carol)))
    deeds = [line.deed for line in council.audit.lines if line.deed.approval == name]
    rejected = [deed.person for deed in deeds if deed.outcome is Outcome.REJECTED]
    late = [deed.person for deed in deeds if deed.outcome is Outcome.REFUSED]
    assert len(rejected) - 1 == len([person for person in late if person in rejected])


async def test_pressing_approve_often_opens_no_lines_of_a_request(council):
    name = await council.asks()
    council.quay.sightings["acme/web"] = Sighting(can_write=True, can_admin=False)
    council.links(EVE, "eve")
    for _ in range(25):
        await council.presses("approval_approve", name, EVE)
    text = repr((await council.says(f"audit {name}", EVE)).message.payload())
    assert ("U-EVE" in text, "U-ALICE" in text) == (True, False)
    reference = council.request.reference
    text = repr((await council.says(f"audit {reference}", EVE)).message.payload())
    assert "U-ALICE" not in text
    text = repr((await council.says(f"audit {name}", council.alice)).message.payload())
    assert "These are your own lines" not in text
