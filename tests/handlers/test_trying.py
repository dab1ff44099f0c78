"""Trying a subscription: Quay's test calls, and the whole way back."""

# ruff: noqa: E501 - golden sentences stand on one line

from dataclasses import replace
from datetime import timedelta

import pytest
from inline_snapshot import snapshot

from bot.domain.errors import TryLater
from bot.domain.subscriptions import Notification
from bot.services.upkeep import Tended
from tests.handlers.conftest import BOB, Office
from tests.handlers.subscription_steps import no_admin, part, step, subscription


@pytest.fixture
def ringing(office: Office) -> Office:
    """A subscription to pushes and builds whose test calls arrive after 6.2 seconds, as Quay's worker takes its time."""
    office.voice.answers = True
    office.subscriptions.has(
        subscription(words="pushes builds:failure"), part(), part("build_failure"), part("build_start", silent=True)
    )
    for event in ("repo_push", "build_failure", "build_start"):
        office.quay.bells.has("acme/web", f"uuid-{event}", event)

    def rings(target: str, one: Notification) -> None:
        hook = f"S7PX4-{target}-{one.event}"
        came = office.clock.now() + timedelta(seconds=6.2)
        office.subscriptions.pieces[hook] = replace(office.subscriptions.pieces[hook], heard_at=came)
        office.trail.kept.append(step(kind=one.event, at=came, received_at=came, ts="1.2", card=1))

    office.quay.bells.rings = rings
    return office


async def test_each_kind_of_event_is_tried_once_and_followed(ringing: Office) -> None:
    ringing.upkeep.tending.does = Tended()
    assert ringing.reads(await ringing.says("test acme/web")) == snapshot(
        [
            "✅ *`acme/web`: 2 of 2 test calls arrived.*",
            """\
✔ `repo_push` in `acme/web`: arrived after 6.2 s, posted in the channel.
✔ `build_failure` in `acme/web`: arrived after 6.2 s, posted in the channel.\
""",
            "Quay's worker looks for new work every 10 seconds.",
        ]
    )
    asked = [call[2:] for call in ringing.quay.calls if call[1] == "test_notification"]
    assert asked == [("acme/web", "uuid-repo_push"), ("acme/web", "uuid-build_failure")]


async def test_the_heartbeat_waits_no_longer_so_that_the_test_is_seen(ringing: Office) -> None:
    hook = "S7PX4-acme/web-repo_push"
    pieces = ringing.subscriptions.pieces
    pieces[hook] = replace(pieces[hook], beat_at=ringing.clock.now(), beaten=1)
    awaited, rings = list[bool](), ringing.quay.bells.rings

    def asked(target: str, one: Notification) -> None:
        awaited.append(any(part.beat_at for part in pieces.values()))
        rings(target, one)

    ringing.quay.bells.rings = asked
    await ringing.says("test acme/web")
    assert awaited == [False, False]


async def test_it_says_at_once_that_it_takes_a_while(ringing: Office) -> None:
    await ringing.says("test acme/web")
    [begun] = ringing.voice.responses
    assert begun["response_type"] == "ephemeral"
    assert begun["text"] == snapshot(
        "I ask Quay for its test calls now. Its worker looks every 10 seconds, so this takes up to 45 seconds; the test alerts appear in the channel, and then I say here what came."
    )


async def test_what_was_mended_is_told(ringing: Office) -> None:
    ringing.upkeep.tending.does = Tended(reset=1, made=1)
    assert "2 notifications in Quay had to be mended first." in ringing.reads(await ringing.says("test acme/web"))[0]


async def test_what_does_not_come_is_told_with_why_that_may_be(ringing: Office) -> None:
    ringing.quay.bells.rings = lambda _target, _one: None
    ringing.subscriptions.pieces["S7PX4-acme/web-repo_push"] = part(failures=2)
    ringing.upkeep.tending.does = Tended()
    read = ringing.reads(await ringing.says("test acme/web"))
    assert read == snapshot(
        [
            "⚠️ *`acme/web`: 0 of 2 test calls arrived.*",
            """\
✖ `repo_push` in `acme/web`: nothing arrived within 45 seconds. Quay has counted 2 failed deliveries in a row.
✖ `build_failure` in `acme/web`: nothing arrived within 45 seconds.\
""",
            "Either Quay cannot reach the address of the bot (`PUBLIC_URL`: name, firewall, certificate), or its notification worker is behind or does not run. What comes later is posted all the same.",
            "Quay's worker looks for new work every 10 seconds.",
        ]
    )
    assert ringing.clock.now() - ringing.start == timedelta(seconds=45)


async def test_an_old_arrival_does_not_count(ringing: Office) -> None:
    ringing.quay.bells.rings = lambda _target, _one: None
    ringing.subscriptions.pieces["S7PX4-acme/web-repo_push"] = part(heard_at=ringing.start - timedelta(minutes=1))
    assert "0 of 2 test calls arrived" in ringing.reads(await ringing.says("test acme/web"))[0]


async def test_what_arrived_and_waits_or_is_kept_out_says_so(ringing: Office) -> None:
    came = ringing.start + timedelta(seconds=3)

    def rings(target: str, one: Notification) -> None:
        hook = f"S7PX4-{target}-{one.event}"
        ringing.subscriptions.pieces[hook] = replace(ringing.subscriptions.pieces[hook], heard_at=came)
        how = {"rule": "a rule"} if one.event == "repo_push" else {"card": 1, "lane": "I am not in that channel."}
        ringing.trail.kept.append(step(how.pop("rule", ""), kind=one.event, at=came, received_at=came, **how))

    ringing.quay.bells.rings = rings
    assert ringing.reads(await ringing.says("test acme/web"))[1] == snapshot("""\
✔ `repo_push` in `acme/web`: arrived after 3.0 s, and kept out by a rule.
✔ `build_failure` in `acme/web`: arrived after 3.0 s, and its card waits: I am not in that channel.\
""")


async def test_what_arrived_and_is_not_worked_on_yet_says_so(ringing: Office) -> None:
    def rings(target: str, one: Notification) -> None:
        hook = f"S7PX4-{target}-{one.event}"
        ringing.subscriptions.pieces[hook] = replace(ringing.subscriptions.pieces[hook], heard_at=ringing.clock.now())

    ringing.quay.bells.rings = rings
    assert "being worked on" in ringing.reads(await ringing.says("test acme/web"))[1]


async def test_what_quay_refuses_or_does_not_have_is_said_for_each(ringing: Office) -> None:
    ringing.quay.bells.kept["acme/web"] = []
    read = ringing.reads(await ringing.says("test acme/web"))
    assert read[1].count("Quay does not have this notification any more") == 2
    assert ringing.subscriptions.hurried
    ringing.quay.errors["test_notification"] = TryLater("Quay is away.")
    assert "Quay is away." in ringing.reads(await ringing.says("test acme/web"))[1]


async def test_without_a_notification_there_is_nothing_to_try(office: Office) -> None:
    office.voice.answers = True
    office.subscriptions.has(subscription(), part(uuid=""))
    office.upkeep.tending.does = Tended(missing=("You are no admin of acme/web.",))
    assert office.reads(await office.says("test acme/web"))[0] == snapshot(
        "There is no notification of it in Quay that could be tried. `/quay subscriptions` says why, and I try to mend it. You are no admin of acme/web."
    )


async def test_strangers_try_nothing(ringing: Office) -> None:
    ringing.links_bob()
    no_admin(ringing, "acme/web")
    await ringing.says("test acme/web", BOB)
    assert not any(call[1] == "test_notification" for call in ringing.quay.calls)


async def test_whoever_cannot_be_told_beforehand_is_told_afterwards(
    ringing: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def closed(*_: object) -> None:
        raise TryLater("Slack is away.")

    monkeypatch.setattr(ringing.voice, "respond", closed)
    assert "arrived" in ringing.reads(await ringing.says("test acme/web"))[0]


async def test_the_menu_tries_as_well(ringing: Office) -> None:
    reply = await ringing.presses("subscription_menu", "test S7PX4", response_url="https://hooks.example/r")
    assert "2 of 2 test calls arrived" in ringing.reads(reply)[0]
    assert len(ringing.voice.responses) == 1


async def test_strangers_are_not_told_that_it_begins(ringing: Office) -> None:
    ringing.links_bob()
    no_admin(ringing, "acme/web")
    await ringing.says("test acme/web", BOB)
    assert not any("I ask Quay" in answer["text"] for answer in ringing.voice.responses)


async def test_of_a_pattern_it_says_in_how_many_repositories_it_was_tried(ringing: Office) -> None:
    ringing.subscriptions.has(
        subscription("acme/*", words="pushes", name="S2222"),
        part(name="S2222", hook="S7PX4-acme/web-repo_push"),
        part(name="S2222", target="acme/x"),
    )
    assert "1 of 2 repositories tried (`acme/web`)." in ringing.reads(await ringing.says("test acme/*"))[0]
