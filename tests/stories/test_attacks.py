"""Somebody attacks buttons, forms and requests: whoever presses acts for themselves alone, and what is over is over."""

import pytest

from bot.domain.people import Person
from tests.stories import forging
from tests.stories.reading import Json, words
from tests.stories.scenery import ARCHIVE, DEV, OPS, PEOPLE
from tests.stories.world import World

BUILD = f"/quay build acme/web --archive-url {ARCHIVE} --tag v1"
ZOE = "U0ZOE"  # of another company, in a channel that is shared


async def _built(world: World, name: str = "alice") -> tuple[str, Json]:
    """Somebody has requested a build: its id, and its card."""
    await world.links(name)
    await world.types(name, BUILD)
    shown = await world.card(DEV, "Build queued")
    (build,) = world.quay.builds
    return build, shown


# Requests


async def test_a_forged_an_old_and_an_unsigned_request_do_nothing(world: World) -> None:
    await world.links("alice")
    body = forging.command(world, PEOPLE["alice"], BUILD.removeprefix("/quay "))
    now = world.clock.now().timestamp()
    for headers in (
        {"Content-Type": forging.FORM},
        forging.signed("8f742231b10e8888abcd99edabcd00ff", body, now),
        forging.signed("", body, now),
        forging.signed(world.slack.signing_secret, body, now - 301),
        forging.signed(world.slack.signing_secret, body, now + 330),
        forging.signed(world.slack.signing_secret, body + b"&x", now),
    ):
        assert (await forging.knock(world, body, headers))[0] == 401
    assert world.quay.builds == {}
    assert await world.deeds() == []


async def test_a_recorded_request_cannot_be_sent_again_later(world: World) -> None:
    await world.links("alice")
    body = forging.command(world, PEOPLE["alice"], BUILD.removeprefix("/quay "))
    headers = forging.signed(world.slack.signing_secret, body, world.clock.now().timestamp())
    assert (await forging.knock(world, body, headers))[0] == 200
    await world.card(DEV, "Build queued")
    world.leap(minutes=6)
    assert (await forging.knock(world, body, headers))[0] == 401
    await world.settled()
    assert len(world.quay.builds) == 1


# Other people's messages and forms


async def test_a_press_on_somebody_elses_message_links_only_whoever_pressed(world: World) -> None:
    refused = await world.hears("bob", BUILD)
    ts = refused["ts"]
    await world.slack.click(PEOPLE["dave"], DEV, ts, "link_start", whisper=True, seen_by=PEOPLE["bob"])
    ways = await world.whispered("dave", "Paste a token")
    assert not any("Paste a token" in words(one) for one in world.slack.whispers(PEOPLE["bob"]))
    await world.slack.click(PEOPLE["dave"], DEV, ways["ts"], "link_paste", whisper=True)
    await world.window("dave", "I act in Quay as")


async def test_a_form_that_was_opened_for_somebody_else_acts_for_the_sender(world: World) -> None:
    """Dave sends bob's form: his token is his own account, and bob's command is not done with it."""
    await world.hears("bob", BUILD)
    await world.link_form("bob")
    await world.slack.submit(PEOPLE["dave"], {"token": {"token": world.tokens["dave"]}}, seen_by=PEOPLE["bob"])
    await world.slack.wait(lambda: any("You are *dave*" in words(one) for one in _everything(world)))
    team = world.slack.team
    assert await world.app.store.accounts.of(Person(team, PEOPLE["bob"])) is None
    account = await world.app.store.accounts.of(Person(team, PEOPLE["dave"]))
    assert account
    assert account.username == "dave"
    assert world.quay.builds == {}


def _everything(world: World) -> list[Json]:
    return [one for user in PEOPLE.values() for one in (*world.slack.whispers(user), *world.slack.messages(user))]


async def test_a_log_window_of_somebody_else_shows_the_clicker_only_what_they_may_see(world: World) -> None:
    build, shown = await _built(world)
    await world.links("carol")
    world.quay.move_build(build, "building", log=[(f"line {number}", None) for number in range(1, 101)])
    await world.presses("alice", shown, "build_logs")
    await world.window("alice", "Lines 42 to 101")
    await world.slack.click_view(PEOPLE["carol"], "build_log_older", seen_by=PEOPLE["alice"])
    refused = "build logs acme/web refused"
    await _audited(world, "carol", refused)


async def _audited(world: World, name: str, line: str) -> None:
    """Until the audit has that line about somebody."""
    for _ in range(200):
        if line in await world.outcomes(name):
            return
        await world.clock.sleep(0.02)
    raise AssertionError(await world.outcomes(name))


# Buttons with other values


VALUES = (
    "acme/secret {build}",
    "acme/api {build}",
    "other/web {build}",
    "ACME/WEB {build}",
    "acme/web/ {build}",
    "acme/web%2f {build}",
    "../acme/web {build}",
    "acme/web ../../repository/acme/api",
    "acme/web",
    "",
    "{}",
    "x" * 2000 + " " + "y" * 2000,
)


@pytest.mark.parametrize("action", ["build_cancel", "build_retry"])
async def test_a_button_with_another_value_does_no_more_than_quay_lets_the_clicker_do(
    world: World, action: str
) -> None:
    build, _ = await _built(world)
    await world.links("bob")
    world.quay.add_repository("acme/secret")
    world.quay.add_repository("other/web")
    heard = _private(world, "bob")
    for number, value in enumerate(VALUES):
        press = forging.press(world, PEOPLE["bob"], action, value.replace("{build}", build))
        assert await forging.sends(world, press) == 200
        await world.slack.wait(lambda number=number: len(_private(world, "bob")) == len(heard) + number + 1)  # type: ignore[misc]
    assert "went wrong on my side" not in "".join(_private(world, "bob"))
    assert world.quay.builds[build].phase == "waiting"
    assert len(world.quay.builds) == 1
    assert not any("done" in line for line in await world.outcomes("bob"))


def _private(world: World, name: str) -> list[str]:
    """What somebody has heard: without an answering address it is a direct message, or a whisper."""
    return [words(one) for one in (*world.slack.whispers(PEOPLE[name]), *world.slack.messages(PEOPLE[name]))]


PRIVATES = ("[]", "{", "null", '["C0OPS"]', "[1,2]", "[" * 2900, "x" * 3000)


@pytest.mark.parametrize("private", PRIVATES, ids=range(len(PRIVATES)))
async def test_a_form_with_another_private_text_links_the_sender_all_the_same(world: World, private: str) -> None:
    values = {"token": world.tokens["dave"]}
    sent = forging.submission(world, PEOPLE["dave"], "link_account", values, private)
    assert await forging.sends(world, sent) == 200
    await world.slack.wait(lambda: any("You are *dave*" in one for one in _private(world, "dave")), 10)
    assert await world.app.store.accounts.everybody() == (Person(world.slack.team, PEOPLE["dave"]),)
    assert world.slack.messages(OPS) == []


async def test_a_log_window_with_another_private_text_shows_nothing(world: World) -> None:
    await world.links("bob")
    for private in (*PRIVATES, '{"repository": "acme/secret"}'):
        view = {"id": "V0FORGED", "type": "modal", "callback_id": "build_log", "private_metadata": private}
        press = forging.press(world, PEOPLE["bob"], "build_log_older", "0", view=view)
        assert await forging.sends(world, press) == 200
    await world.whispered("bob")
    assert "slack_request_odd" not in "\n".join(world.log.lines)
    assert "unexpected error" not in "\n".join(world.log.lines)


# Foreign people


async def test_somebody_of_another_company_is_nobody_here(world: World) -> None:
    """Even with the user id of somebody who may: their own workspace tells them apart."""
    build, shown = await _built(world)
    world.slack.add_user(ZOE, "zoe", team="T0OTHER")
    zoe = Person("T0OTHER", ZOE)
    for number, action in enumerate(("build_cancel", "build_logs")):
        assert (await world.slack.click(ZOE, DEV, shown["ts"], action)).status == 200
        await _tried_by(world, zoe, ["build cancel unlinked", "build logs unlinked"][: number + 1])
    twin = {"id": PEOPLE["alice"], "team_id": "T0OTHER"}
    press = forging.press(world, PEOPLE["alice"], "build_cancel", f"acme/web {build}", user=twin)
    assert await forging.sends(world, press) == 200
    await _tried_by(world, Person("T0OTHER", PEOPLE["alice"]), ["build cancel unlinked"])
    assert world.quay.builds[build].phase == "waiting"


async def _tried_by(world: World, person: Person, expected: list[str]) -> None:
    for _ in range(200):
        found = [f"{d.act.name} {d.outcome.value}" for d in await world.deeds() if d.person == person]
        if found == expected:
            return
        await world.clock.sleep(0.02)
    raise AssertionError(found)
