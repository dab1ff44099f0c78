"""Linking: what the steps promise, whoever calls them."""

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from structlog.testing import capture_logs

from bot.blocks.validator import neutral_problems, problems
from bot.domain.errors import GiveUp, NotLinked, TryLater, UserError
from bot.domain.people import Account, Way
from bot.ports import Client, LinkStage
from bot.rules.link_codes import shown
from bot.services.linking import BASE, TRIES, Linking, Over
from tests.services.linking_desk import ALICE, ALICES, BOB, MALLORY, QUAY, SITE, World

UUID = "6c41523f-6841-48a6-af8b-afad972919ac"


@pytest.fixture
def world() -> World:
    return World()


def asked(address: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


async def away(linking: Linking, way: Way = Way.CODE, assignment: str = "", **start: Any) -> tuple[str, str]:
    """A browser on its way to Quay: its cookie and the state."""
    ticket = (await linking.start(ALICE, "here", **start)).rpartition("/")[2]
    departure = await linking.leave(ticket, way, assignment)
    return departure.cookie, asked(departure.address).get("state", "")


async def code_of(linking: Linking) -> tuple[str, str]:
    """A browser that came back from Quay: its cookie and the code that it shows."""
    cookie, state = await away(linking)
    await linking.arrive_with_code(state, cookie, "code-of-alice")
    waiting = await linking.waiting(cookie)
    assert waiting is not None
    return cookie, waiting.code


async def test_the_code_flow_ends_with_the_persons_own_account(world: World) -> None:
    linking = world.linking()
    cookie, code = await code_of(linking)
    world.clock.pass_by(60)

    account = (await linking.confirm(ALICE, shown(code))).account

    expected = Account(ALICE, "alice", world.clock.now(), ALICES, Way.CODE, BASE)
    assert account == expected
    assert world.accounts.linked == {ALICE: expected}
    assert await linking.stage(cookie) is LinkStage.DONE


async def test_nothing_is_stored_before_the_code_is_entered(world: World) -> None:
    await code_of(world.linking())
    assert world.accounts.linked == {}


async def test_quay_is_asked_for_consent_as_it_has_to_be(world: World) -> None:
    linking = world.linking()
    ticket = (await linking.start(ALICE, "", frozenset({"user:admin"}))).removeprefix(f"{SITE}/quay/link/")
    address = (await linking.leave(ticket, Way.CODE)).address

    assert address.startswith(f"{QUAY}/oauth/authorize?")
    state = asked(address).pop("state")
    assert asked(address) == {
        "response_type": "code",
        "client_id": "CLIENT",
        "redirect_uri": f"{SITE}/quay/oauth/callback",
        "scope": "repo:admin repo:read repo:write user:admin user:read",
        "state": state,
    }
    assert len(state) == 43


async def test_the_exchange_repeats_scope_and_address_to_the_letter(world: World) -> None:
    linking = world.linking()
    ticket = (await linking.start(ALICE, "", frozenset({"user:admin"}))).rpartition("/")[2]
    departure = await linking.leave(ticket, Way.CODE)
    there = asked(departure.address)
    await linking.arrive_with_code(there["state"], departure.cookie, "code-of-alice")
    assert world.quay.asked == [("CLIENT", there["redirect_uri"], there["scope"])]


async def test_an_assigned_token_comes_with_its_assignment_and_a_state(world: World) -> None:
    linking = world.linking()
    ticket = (await linking.start(ALICE, "")).rpartition("/")[2]
    departure = await linking.leave(ticket, Way.ASSIGNED, f"https://evil.example/x?assignment_uuid={UUID.upper()}")
    there = asked(departure.address)
    assert urlsplit(departure.address).netloc == "quay.example"
    assert (there["response_type"], there["assignment_uuid"]) == ("token", UUID)

    await linking.arrive_with_token(departure.cookie, there["state"], ALICES, "repo:read user:read")
    waiting = await linking.waiting(departure.cookie)
    assert waiting is not None
    account = (await linking.confirm(ALICE, waiting.code)).account
    assert (account.way, account.scopes) == (Way.ASSIGNED, frozenset({"repo:read", "user:read"}))


async def test_who_has_no_link_finds_the_assignment_alone_and_comes_back_without_a_state(world: World) -> None:
    linking = world.linking()
    ticket = (await linking.start(ALICE, "")).rpartition("/")[2]
    departure = await linking.leave(ticket, Way.ASSIGNED)
    assert (departure.address, departure.alone) == (QUAY, True)

    await linking.arrive_with_token(departure.cookie, "", ALICES)
    waiting = await linking.waiting(departure.cookie)
    assert waiting is not None
    assert (await linking.confirm(ALICE, waiting.code)).account.scopes is None


async def test_a_state_that_was_given_has_to_come_back(world: World) -> None:
    linking = world.linking()
    cookie, state = await away(linking, Way.ASSIGNED, UUID)
    with pytest.raises(Over):
        await linking.arrive_with_token(cookie, "", ALICES)
    await linking.arrive_with_token(cookie, state, ALICES)  # the attempt without one has not used it up


@pytest.mark.parametrize(
    "typed", ["https://quay.example/oauth/authorize?x=1", "42", f"{UUID}/..", "javascript:alert(1)"]
)
async def test_what_is_no_assignment_is_refused(world: World, typed: str) -> None:
    with pytest.raises(UserError, match="no assignment"):
        await away(world.linking(), Way.ASSIGNED, typed)


async def test_the_person_is_told_in_private_and_the_code_is_not_in_it(world: World) -> None:
    _, code = await code_of(world.linking())
    ((channel, payload, key),) = world.voice.posted
    assert (channel, key) == ("UALICE", "link:1")
    said = repr(payload)
    assert code not in said.replace("-", "")
    assert ALICES not in said
    assert "alice" in payload["text"]
    buttons = [element["action_id"] for block in payload["blocks"] for element in block.get("elements", ())
               if element["type"] == "button"]  # fmt: skip
    assert buttons == ["link_code", "link_cancel"]
    assert problems(payload) + neutral_problems(payload) == []


async def test_that_slack_is_away_does_not_end_the_linking(world: World) -> None:
    world.voice.error = TryLater("away")
    linking = world.linking()
    with capture_logs() as logs:
        _, code = await code_of(linking)
    assert [line["event"] for line in logs if line["event"] != "audited"] == ["not_told_about_linking"]
    assert (await linking.confirm(ALICE, code)).account.username == "alice"


async def test_others_with_the_same_quay_account_are_told_once(world: World) -> None:
    world.accounts.linked[BOB] = Account(BOB, "alice", world.clock.now(), "b" * 40)
    world.slack.names["UALICE"] = "<@U1> *Al*"
    linking = world.linking()
    _, code = await code_of(linking)
    world.voice.posted.clear()
    await linking.confirm(ALICE, code)
    ((channel, payload, _),) = world.voice.posted
    assert channel == "UBOB"
    assert problems(payload) + neutral_problems(payload) == []

    world.quay.codes["code-of-alice"] = ALICES
    _, code = await code_of(linking)
    world.voice.posted.clear()
    await linking.confirm(ALICE, code)
    assert world.voice.posted == []


@pytest.mark.parametrize("typed", ["", "hello", "ABC", "1234-5678"])
async def test_what_cannot_be_a_code_is_no_try(world: World, typed: str) -> None:
    linking = world.linking()
    _, code = await code_of(linking)
    for _ in range(TRIES + 1):
        with pytest.raises(UserError, match="eight letters"):
            await linking.confirm(ALICE, typed)
    assert await linking.confirm(ALICE, code)


async def test_wrong_codes_are_counted_down_and_then_it_is_over(world: World) -> None:
    linking = world.linking()
    _, code = await code_of(linking)
    wrong = "2" * 8 if code != "2" * 8 else "3" * 8
    said = []
    for _ in range(TRIES):
        with pytest.raises(UserError) as caught:
            await linking.confirm(ALICE, wrong)
        said.append(caught.value.say.removeprefix("That is not the code that your browser shows. "))
    assert said[:-1] == ["4 more tries.", "3 more tries.", "2 more tries.", "1 more try."]
    assert "5 times" in said[-1]
    with pytest.raises(Over):
        await linking.confirm(ALICE, code)
    assert world.accounts.linked == {}


async def test_a_code_that_is_too_late_links_nothing(world: World) -> None:
    linking = world.linking()
    cookie, code = await code_of(linking)
    world.clock.pass_by(timedelta(minutes=10).total_seconds())
    with pytest.raises(Over):
        await linking.confirm(ALICE, code)
    assert await linking.waiting(cookie) is None


async def test_that_was_not_me_throws_everything_away(world: World) -> None:
    linking = world.linking()
    cookie, code = await code_of(linking)
    assert await linking.cancel(ALICE)
    assert not await linking.cancel(ALICE)
    with pytest.raises(Over):
        await linking.confirm(ALICE, code)
    assert await linking.stage(cookie) is None


async def test_the_code_of_one_attempt_is_none_for_another_person(world: World) -> None:
    linking = world.linking()
    _, code = await code_of(linking)
    ticket = (await linking.start(MALLORY, "")).rpartition("/")[2]
    departure = await linking.leave(ticket, Way.CODE)
    await linking.arrive_with_code(asked(departure.address)["state"], departure.cookie, "code-of-mallory")
    with pytest.raises(UserError, match="not the code"):
        await linking.confirm(MALLORY, code)
    assert world.accounts.linked == {}


async def test_a_new_link_ends_the_earlier_one(world: World) -> None:
    linking = world.linking()
    cookie, state = await away(linking)
    await linking.start(ALICE, "")
    with pytest.raises(Over):
        await linking.arrive_with_code(state, cookie, "code-of-alice")


async def test_a_browser_that_takes_over_while_quay_answers_sees_no_code_that_works(world: World) -> None:
    linking = world.linking()
    ticket = (await linking.start(ALICE, "")).rpartition("/")[2]
    first = await linking.leave(ticket, Way.CODE)
    plain = world.quay.exchange

    async def meanwhile(*what: Any) -> Any:
        second = await linking.leave(ticket, Way.CODE)
        cookies.append(second.cookie)
        return await plain(*what)

    cookies: list[str] = []
    world.quay.exchange = meanwhile  # type: ignore[method-assign]
    with pytest.raises(Over):
        await linking.arrive_with_code(asked(first.address)["state"], first.cookie, "code-of-alice")
    assert await linking.waiting(cookies[0]) is None


async def test_each_leaving_gives_the_browser_a_new_cookie(world: World) -> None:
    linking = world.linking()
    ticket = (await linking.start(ALICE, "")).rpartition("/")[2]
    first, second = await linking.leave(ticket, Way.CODE), await linking.leave(ticket, Way.CODE)
    assert first.cookie != second.cookie
    with pytest.raises(Over):
        await linking.arrive_with_code(asked(first.address)["state"], first.cookie, "code-of-alice")
    await linking.arrive_with_code(asked(second.address)["state"], second.cookie, "code-of-alice")


async def test_a_token_that_does_not_say_whose_it_is_is_not_kept(world: World) -> None:
    linking = world.linking()
    cookie, state = await away(linking, Way.ASSIGNED, UUID)
    with pytest.raises(UserError) as caught:
        await linking.arrive_with_token(cookie, state, "x" * 40)
    assert "It needs the scope `user:read`" in caught.value.say
    assert await linking.waiting(cookie) is None
    assert world.voice.posted == []


@pytest.mark.parametrize("error", [TryLater("Quay is away."), GiveUp("Quay refuses the bot's application.")])
async def test_after_quays_trouble_the_same_link_works_again(world: World, error: Any) -> None:
    linking = world.linking()
    ticket = (await linking.start(ALICE, "")).rpartition("/")[2]
    world.quay.broken = error
    first = await linking.leave(ticket, Way.CODE)
    with pytest.raises(type(error)):
        await linking.arrive_with_code(asked(first.address)["state"], first.cookie, "code-of-alice")
    world.quay.broken = None
    again = await linking.leave(ticket, Way.CODE)
    await linking.arrive_with_code(asked(again.address)["state"], again.cookie, "code-of-alice")


async def test_a_silent_slack_leaves_ids_in_place_of_names(world: World) -> None:
    world.slack.silent = True
    linking = world.linking()
    ticket = (await linking.start(ALICE, "")).rpartition("/")[2]
    visit = await linking.visit(ticket)
    assert visit is not None
    assert (visit.profile.user, visit.profile.name) == ("UALICE", "")
    assert (visit.home.team, visit.home.name) == ("T1", "")


async def test_a_guest_of_another_workspace_is_not_said_to_be_of_ours(world: World) -> None:
    linking = world.linking()
    ticket = (await linking.start(ALICE.__class__("T2", "UEVE"), "")).rpartition("/")[2]
    visit = await linking.visit(ticket)
    assert visit is not None
    assert (visit.home.team, visit.home.name) == ("T2", "")


async def test_a_pasted_token_is_linked_and_others_are_told_once(world: World) -> None:
    world.accounts.linked[BOB] = Account(BOB, "alice", world.clock.now(), "b" * 40)
    linking = world.linking()
    for _ in range(2):
        assert (await linking.paste(ALICE, f" {ALICES} ")).account.way is Way.PASTED
    assert [channel for channel, _, _ in world.voice.posted] == ["UBOB"]


async def test_a_pasted_token_that_nobody_knows_links_nothing(world: World) -> None:
    with pytest.raises(NotLinked):
        await world.linking().paste(ALICE, "x" * 40)
    assert world.accounts.linked == {}
    assert world.voice.posted == []


ALL = {"public_url": SITE, "client": Client("C", "S"), "sealed": True}
BY = "It is not set up here: whoever runs me has to set"


@pytest.mark.parametrize(
    ("lacks", "code", "assigned", "pasted"),
    [
        ({}, "", "", ""),
        ({"client": Client("C")}, f"{BY} `QUAY_CLIENT_SECRET`.", "", ""),
        ({"client": None}, f"{BY} `QUAY_CLIENT_ID` and `QUAY_CLIENT_SECRET`.", f"{BY} `QUAY_CLIENT_ID`.", ""),
        ({"public_url": ""}, f"{BY} `PUBLIC_URL`.", f"{BY} `PUBLIC_URL`.", ""),
        ({"sealed": False}, f"{BY} `SECRET_KEYS`.", f"{BY} `SECRET_KEYS`.", f"{BY} `SECRET_KEYS`."),
        (
            {"public_url": "", "client": None},
            f"{BY} `PUBLIC_URL`, `QUAY_CLIENT_ID` and `QUAY_CLIENT_SECRET`.",
            f"{BY} `PUBLIC_URL` and `QUAY_CLIENT_ID`.",
            "",
        ),
    ],
    ids=["everything", "no secret", "no client", "no address", "no keys", "nothing"],
)
def test_each_way_says_what_is_missing(
    world: World, lacks: dict[str, Any], code: str, assigned: str, pasted: str
) -> None:
    ways = world.linking(**(ALL | lacks)).ways()
    assert (ways.code, ways.assigned, ways.pasted) == (code, assigned, pasted)


async def test_where_nothing_works_in_a_browser_no_link_is_given_out(world: World) -> None:
    with pytest.raises(UserError, match="PUBLIC_URL") as caught:  # for the log
        await world.linking(public_url="").start(ALICE, "")
    assert caught.value.say == "Accounts cannot be linked in the browser. Not set up here; ask the operator."
    assert world.links.rows == {}


async def test_a_way_that_does_not_work_here_cannot_be_taken(world: World) -> None:
    linking = world.linking(client=Client("C"))
    ticket = (await linking.start(ALICE, "")).rpartition("/")[2]
    for way in (Way.CODE, Way.PASTED):
        with pytest.raises(UserError) as caught:
            await linking.leave(ticket, way)
        assert "in this way" in caught.value.say
    assert world.links.rows[ALICE].attempt.stage is LinkStage.OPEN


async def test_no_secret_is_stored_in_clear_or_shown_by_repr(world: World) -> None:
    linking = world.linking()
    address = await linking.start(ALICE, "")
    ticket = address.rpartition("/")[2]
    departure = await linking.leave(ticket, Way.CODE)
    state = asked(departure.address)["state"]
    before = repr(world.links.rows)
    await linking.arrive_with_code(state, departure.cookie, "code-of-alice")
    waiting = await linking.waiting(departure.cookie)
    assert waiting is not None
    seen = before + repr([world.links.rows, departure, waiting, linking.client])
    for secret in (ticket, departure.cookie, state, waiting.code, ALICES, "hush-hush"):
        assert secret not in seen


async def test_who_was_deactivated_while_quay_was_asked_keeps_no_pasted_token(world: World) -> None:
    world.slack.gone = {ALICE.user}
    with pytest.raises(UserError, match="deactivated"):
        await world.linking().paste(ALICE, ALICES)
    assert world.accounts.linked == {}


async def test_a_pasted_token_stays_if_slack_does_not_say_who_is_there(world: World) -> None:
    world.slack.silent = True
    await world.linking().paste(ALICE, ALICES)
    assert world.accounts.linked[ALICE].username == "alice"


async def test_whose_account_waits_for_a_code_is_known_until_the_code_was_right(world: World) -> None:
    linking = world.linking()
    assert await linking.offered(ALICE) == ""
    _, code = await code_of(linking)
    assert (await linking.offered(ALICE), await linking.offered(BOB)) == ("alice", "")
    await linking.confirm(ALICE, code)
    assert await linking.offered(ALICE) == ""


async def test_a_browser_waits_for_a_token_only_on_its_way_to_an_assigned_one(world: World) -> None:
    linking = world.linking()
    assert await linking.whose("") is None
    cookie, _ = await away(linking)
    assert await linking.whose(cookie) is None
    cookie, _ = await away(linking, Way.ASSIGNED)
    visit = await linking.whose(cookie)
    assert visit is not None
    assert (visit.attempt.person, visit.profile.name) == (ALICE, "Alice")
    await linking.arrive_with_token(cookie, "", ALICES)
    assert await linking.whose(cookie) is None


async def test_the_same_code_twice_at_once_links_once_and_is_no_false_alarm(world: World) -> None:
    linking = world.linking()
    _, code = await code_of(linking)
    plain = world.links.confirm

    async def meanwhile(*what: Any) -> Any:
        await plain(*what)
        return await plain(*what)

    world.links.confirm = meanwhile
    linked = await linking.confirm(ALICE, code)
    assert (linked.account.username, linked.already) == ("alice", True)


async def test_an_earlier_token_that_quay_may_still_take_is_told_of(world: World) -> None:
    linking = world.linking()
    assert not (await linking.paste(ALICE, ALICES)).left
    assert not (await linking.paste(ALICE, ALICES)).left
    world.quay.owners["n" * 40] = "alice"
    assert (await linking.paste(ALICE, "n" * 40)).left
    _, code = await code_of(linking)
    assert (await linking.confirm(ALICE, code)).left
