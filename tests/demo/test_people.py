"""What a visitor of the demo can try as one person or another: approvals, the policy, the audit, and accounts."""

import socket
from typing import Any

import aiohttp
import pytest

from bot.demo import demo
from bot.demo.city import CHANNELS, PEOPLE
from bot.demo.place import address, kept, open_quay
from bot.fakes.quay import FakeQuay
from tests.demo.conftest import LaterClock, Visit

BUILDS = CHANNELS["builds"]


async def say(visit: Visit, who: str, line: str) -> None:
    assert await visit.post("command", user=PEOPLE[who], channel=BUILDS, text=line) == (200, {})


async def hears(visit: Visit, who: str, words: str) -> Any:
    """Wait until somebody is whispered these words; gives the whisper."""
    slack = visit.world.slack
    return await visit.until(lambda: next((one for one in slack.whispers(PEOPLE[who]) if words in str(one)), None))


async def card(visit: Visit, words: str) -> Any:
    slack = visit.world.slack
    return await visit.until(lambda: next((one for one in slack.messages(BUILDS) if words in str(one)), None))


async def test_everybody_is_invited_to_try_something_that_is_understood(visit: Visit) -> None:
    whispers = visit.world.slack.whispers
    for who, user in PEOPLE.items():
        tries = (await visit.state(who))["tries"]
        assert 3 <= len(tries) <= 5
        for one in tries:
            before = len(whispers(user))
            await say(visit, who, one["usage"])
            await visit.until(lambda user=user, before=before: len(whispers(user)) > before)
        for mistake in ("Did you mean", "More: `/quay help", "Something went wrong"):
            assert mistake not in str(whispers(user))


async def test_a_build_for_production_waits_for_somebody_else_and_then_runs(visit: Visit) -> None:
    await say(visit, "bob", (await visit.state("bob"))["tries"][0]["usage"])
    asked = await card(visit, "approval_approve")
    press = {"channel": BUILDS, "ts": asked["ts"], "action_id": "approval_approve"}
    await visit.post("click", user=PEOPLE["bob"], **press)
    await hears(visit, "bob", "somebody else has to approve it")
    assert len(visit.world.quay.builds) == 1  # only the one of before
    await visit.post("click", user=PEOPLE["alice"], **press)
    await visit.until(lambda: len(visit.world.quay.builds) == 2)
    newest = list(visit.world.quay.builds.values())[-1]
    assert (newest.manual_user, newest.tags) == ("bob", ["prod-2"])


async def test_carol_may_build_but_not_cancel_and_one_repository_is_closed_to_her(visit: Visit) -> None:
    token = visit.world.notes(PEOPLE["carol"])[-1].value
    await say(visit, "carol", "/quay link")
    offered = await hears(visit, "carol", "link_paste")
    press = {"channel": BUILDS, "ts": offered["ts"], "whisper": True}
    await visit.post("click", user=PEOPLE["carol"], **press, action_id="link_paste")
    await visit.until(lambda: visit.world.slack.open_views(PEOPLE["carol"]))
    [field] = [one for one in visit.world.slack.open_views(PEOPLE["carol"])[0]["blocks"] if one["type"] == "input"]
    values = {field["block_id"]: {field["element"]["action_id"]: {"type": "plain_text_input", "value": token}}}
    await visit.post("submit", user=PEOPLE["carol"], values=values)
    await hears(visit, "carol", "You are *carol*")
    await say(visit, "carol", "/quay build acme/web")
    running = await card(visit, "build_cancel")
    cancel = {"channel": BUILDS, "ts": running["ts"], "action_id": "build_cancel"}
    await visit.post("click", user=PEOPLE["carol"], **cancel)
    await hears(visit, "carol", "Ask alice to cancel it.")
    await say(visit, "carol", (await visit.state("carol"))["tries"][2]["usage"])
    await hears(visit, "carol", "acme/api")
    assert {build.repository for build in visit.world.quay.builds.values()} == {"acme/web"}


async def test_the_audit_tells_a_visitor_who_did_what(visit: Visit) -> None:
    await say(visit, "bob", "/quay build acme/web")
    await card(visit, "build_cancel")
    await say(visit, "alice", "/quay audit acme/web")
    told = str(await hears(visit, "alice", "build retry"))
    assert "bob" in told


async def test_an_account_is_shown_and_forgotten(visit: Visit) -> None:
    await say(visit, "bob", "/quay whoami")
    await hears(visit, "bob", "*bob*")
    await say(visit, "bob", "/quay unlink")
    await hears(visit, "bob", "I have forgotten your account")
    await say(visit, "bob", "/quay build acme/web")
    await hears(visit, "bob", "I remember what you asked for")


async def test_only_carol_has_something_to_link_with_at_hand(visit: Visit) -> None:
    number, token = [note["value"] for note in (await visit.state("carol"))["notes"]]
    assert visit.world.quay.assignments[number].username == "carol"
    assert visit.world.quay.tokens[token].user.name == "carol"
    for who in ("alice", "bob", "dave"):
        state = await visit.state(who)
        assert state["notes"] == []
        assert token not in str(state)


async def test_carol_is_assigned_another_token_when_hers_is_used_up(visit: Visit) -> None:
    before = visit.world.notes(PEOPLE["carol"])[0].value
    del visit.world.quay.assignments[before]
    after = await visit.until(lambda: [note.value for note in visit.world.notes(PEOPLE["carol"])][:-1])
    assert after not in ([], [before])


async def test_quays_way_back_leads_to_the_page(visit: Visit) -> None:
    [application] = [one for one in visit.world.quay.applications.values() if one.name == "quaybot"]
    assert application.redirect_uri == f"{visit.address}/quay/oauth/callback"
    async with visit.session.get(application.redirect_uri) as response:
        assert response.status == 200


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("127.0.0.1", "http://127.0.0.1:8080"),
        ("localhost", "http://localhost:8080"),
        ("box.example", "http://box.example:8080"),
        ("0.0.0.0", "http://localhost:8080"),
        ("::", "http://localhost:8080"),
        ("::1", "http://[::1]:8080"),
    ],
)
def test_browsers_are_told_an_address_that_they_can_open(host: str, name: str) -> None:
    assert address(host, 8080) == name


def test_a_free_port_is_kept_until_it_is_listened_on() -> None:
    with kept("127.0.0.1", 0) as port, socket.socket() as other:
        assert port > 0
        with pytest.raises(OSError, match="in use"):
            other.bind(("127.0.0.1", port))
    with socket.socket() as after:
        after.bind(("127.0.0.1", port))
    with kept("127.0.0.1", 8080) as port:
        assert port == 8080


async def test_quay_takes_the_next_port_or_another_one() -> None:
    with kept("127.0.0.1", 0) as port, socket.socket() as taken:
        quay = FakeQuay(clock=LaterClock())
        taken.bind(("127.0.0.1", port + 1))
        taken.listen()
        await open_quay(quay, "127.0.0.1", port)
        try:
            assert quay.url.startswith("http://127.0.0.1:")
            assert quay.url != f"http://127.0.0.1:{port + 1}"
            taken.close()
            await quay.stop()
            await open_quay(quay, "127.0.0.1", port)
            assert quay.url == f"http://127.0.0.1:{port + 1}"
        finally:
            await quay.stop()


async def test_in_a_container_everything_is_reached_as_localhost() -> None:
    async with demo("0.0.0.0", 0) as (place, world), aiohttp.ClientSession() as session:
        assert place.startswith("http://localhost:")
        assert world.quay.url.startswith("http://localhost:")
        for page in (f"{place}/", f"{world.quay.url}/signin"):
            async with session.get(page) as response:
                assert response.status == 200
