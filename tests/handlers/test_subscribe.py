"""Subscribing a channel: what is shown before, what is stored, and what the channel is told."""

# ruff: noqa: E501 - golden sentences stand on one line

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from inline_snapshot import snapshot

from bot.domain.errors import TryLater, UserError
from bot.domain.offers import Purpose
from bot.domain.people import Place
from bot.domain.subscriptions import State
from bot.services.upkeep import Tended
from bot.services.upkeep.past import Past
from tests.handlers.conftest import ALICE, BOB, Office
from tests.handlers.repository_steps import confirms, offered
from tests.handlers.subscription_steps import HOUR, failed, part, pushed, said, stays_past, subscription


@pytest.fixture(autouse=True)
def web(office: Office) -> None:
    """A public repository, and a channel that all can read."""
    office.quay.hall.has("acme/web", public=True)
    office.directory.places["C1"] = Place("C1", "ops")


async def test_the_preview_says_it_in_words_and_counts_what_would_have_been(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    stays_past(
        monkeypatch,
        *(pushed(f"b{number}-dev", ago=number * HOUR) for number in range(1, 5)),
        pushed("v1.2", ago=2 * HOUR),
        pushed("main", ago=3 * HOUR),
        failed(ago=HOUR),
        untold=("Findings cannot be counted afterwards.",),
    )
    shown = await office.says("subscribe acme/web pushes builds:failure tag:v* -tag:*-dev")
    assert office.reads(shown) == snapshot(
        [
            "Please check what would happen:",
            """\
*Subscribe this channel to `acme/web`*
In `acme/web`: pushes and builds that fail. Only tags like `v*`, but none like `*-dev`.\
""",
            "Would have posted *2 of 7 events* in the last 7 days; 5 removed by `tag:v*` (5).",
            "Findings cannot be counted afterwards.",
            "Two of them, as they would have looked:",
            "---",
            "🔴 *Build failed* <https://quay.example/repository/acme/web|acme/web> · <https://quay.example/repository/acme/web/build/b1|build b1>",
            "<!date^1795420800^{date_short_pretty} {time}|2026-11-23 08:00 UTC>",
            "---",
            "🟢 *Pushed* <https://quay.example/repository/acme/web?tab=tags&amp;tag=v1.2|acme/web:v1.2>",
            "`quay.example/acme/web:v1.2`",
            "<!date^1795417200^{date_short_pretty} {time}|2026-11-23 07:00 UTC>",
            "---",
            "Nothing is done yet. This offer is good until <!date^1795425000^{date_short_pretty} {time}|2026-11-23 09:10 UTC>.",
            "[Subscribe] [Cancel]",
        ]
    )
    assert office.subscriptions.kept == {}
    assert office.audit.lines[-1].deed.outcome == "shown"


async def test_a_sample_has_nothing_that_could_be_pressed(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    stays_past(monkeypatch, pushed("v1"), failed())
    reply = await office.says("subscribe acme/web pushes builds:failure")
    assert reply is not None
    assert [block["elements"][0]["action_id"] for block in reply.message.blocks if block["type"] == "actions"] == [
        "confirm"
    ]
    assert not any("accessory" in block for block in reply.message.blocks)


async def test_one_yes_stores_it_sets_it_up_and_tells_the_channel(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    stays_past(monkeypatch)
    done = await confirms(office, "subscribe acme/web pushes tag:v*")
    [made] = office.subscriptions.kept.values()
    assert (made.channel, made.person, made.username) == ("C1", ALICE, "alice")
    assert (made.wanted.events, made.wanted.filter) == (("repo_push",), "tag:v*")
    assert office.upkeep.tending.tended == [made]
    assert [text.replace(made.name, "S7PX4") for text in office.reads(done)] == snapshot(
        ["Done: it is called `S7PX4`. `/quay test S7PX4` proves the whole way, `/quay subscriptions` shows how it is."]
    )
    assert said(office) == snapshot(
        [
            [
                "<@U-ALICE> subscribed this channel. In `acme/web`: pushes. Only tags like `v*`.",
                "[Undo]",
                "Can be undone for 60 minutes. Reference KDWF-4071",
            ]
        ]
    )


async def test_undo_ends_it_again(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    stays_past(monkeypatch)
    await confirms(office, "subscribe acme/web pushes")
    await office.presses("undo", offered(office, Purpose.UNDO))
    assert await office.subscriptions.all() == ()
    assert said(office)[-1][0] == snapshot(
        "<@U-ALICE> undid the subscription of `acme/web`. It was: In `acme/web`: pushes."
    )


async def test_an_undo_leaves_alone_what_was_changed_since(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    stays_past(monkeypatch)
    await confirms(office, "subscribe acme/web pushes")
    undo = offered(office, Purpose.UNDO)
    await confirms(office, "subscribe acme/web builds")
    reply = await office.presses("undo", undo)
    assert "has changed since. So I left it as it is." in office.reads(reply)[0]
    [kept] = await office.subscriptions.all()
    assert kept.wanted.events[0] == "build_queued"


async def test_the_same_target_is_changed_and_keeps_its_name(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    stays_past(monkeypatch)
    office.links_bob()
    old = office.subscriptions.has(subscription(person=BOB, username="bob", state=State.ORPHANED, reason="gone"))
    assert office.reads(await office.says("subscribe acme/web pushes"))[1] == snapshot("""\
*Change this channel's subscription to `acme/web`* (`S7PX4`)
In `acme/web`: pushes.
It replaces `pushes tag:v*`. You look after it then; until now `bob` does.\
""")
    await office.presses("confirm", offered(office))
    assert office.subscriptions.kept["S7PX4"] == replace(
        old, wanted=replace(old.wanted, filter=""), person=ALICE, username="alice", state=State.ACTIVE, reason=""
    )
    await office.presses("undo", offered(office, Purpose.UNDO))
    assert office.subscriptions.kept["S7PX4"].wanted == old.wanted


async def test_what_changed_under_the_preview_is_not_overwritten(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    stays_past(monkeypatch)
    office.subscriptions.has(subscription())
    await office.says("subscribe acme/web builds")
    office.subscriptions.has(subscription(words="vulns"))
    reply = await office.presses("confirm", offered(office))
    assert "has changed since" in office.reads(reply)[0]
    assert office.subscriptions.kept["S7PX4"].wanted.events == ("vulnerability_found",)


async def test_two_yeses_to_two_previews_make_one_subscription(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    stays_past(monkeypatch)
    await office.says("subscribe acme/web pushes")
    first = offered(office)
    await office.says("subscribe acme/web builds")
    await office.presses("confirm", first)
    reply = await office.presses("confirm", offered(office))
    assert "is subscribed to acme/web meanwhile" in office.reads(reply)[0]
    assert len(office.subscriptions.kept) == 1


async def test_exactly_what_is_there_already_is_said(office: Office) -> None:
    office.subscriptions.has(subscription())
    [told] = office.reads(await office.says("subscribe acme/web pushes tag:v*"))
    assert told == snapshot("This channel is subscribed to exactly that already: `/quay test S7PX4` tries it.")


async def test_a_pattern_names_what_it_covers_and_looks_at_the_last_ten(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [f"acme/app-{number:02}" for number in range(12)]
    for age, name in enumerate(names):
        office.quay.hall.has(name, public=True, last_changed=office.start - age * HOUR)
    looked = stays_past(monkeypatch, pushed("v1", repository="acme/app-00"), pushed("v2", repository="acme/app-11"))
    read = office.reads(await office.says("subscribe acme/app-* pushes"))
    assert read[1:4] == snapshot(
        [
            """\
*Subscribe this channel to `acme/app-*`*
In every repository like `acme/app-*`, later ones included: pushes.\
""",
            "Covers 12 repositories now (`acme/app-00`, `acme/app-01`, `acme/app-02`, `acme/app-03`, `acme/app-04`, `acme/app-05`, `acme/app-06`, `acme/app-07`, +4 more), and those that are created later. The numbers below are those of the 10 that changed last.",
            "Would have posted the one event of the last 7 days.",
        ]
    )
    assert sorted(looked) == names[:10]


async def test_a_pattern_that_covers_nothing_says_so(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    assert stays_past(monkeypatch) == []
    assert office.reads(await office.says("subscribe acme/nothing-* pushes"))[2] == snapshot(
        "*No repository fits `acme/nothing-*` now.* Those that are created later are covered by themselves."
    )


async def test_if_quay_is_slow_it_goes_without_numbers(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    async def slow(*_: object, **__: object) -> Past:
        await asyncio.Event().wait()
        raise AssertionError

    monkeypatch.setattr("handlers.subscription_past.past", slow)
    monkeypatch.setattr("handlers.subscription_past.PATIENCE", 0.01)
    assert office.reads(await office.says("subscribe acme/web pushes"))[2] == snapshot(
        "Without numbers: Quay took too long to tell what happened in the last 7 days."
    )


async def test_if_quay_refuses_it_goes_without_numbers(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    async def away(*_: object, **__: object) -> Past:
        raise TryLater("Quay is away.")

    monkeypatch.setattr("handlers.subscription_past.past", away)
    assert office.reads(await office.says("subscribe acme/web pushes"))[2] == snapshot(
        "Without numbers: What happened in the last 7 days could not be read: Quay is away."
    )


@pytest.mark.parametrize("trouble", [TryLater("Quay is away."), RuntimeError("odd")])
async def test_what_could_not_be_set_up_is_stored_and_goes_on_by_itself(
    office: Office, monkeypatch: pytest.MonkeyPatch, trouble: Exception
) -> None:
    stays_past(monkeypatch)
    office.upkeep.tending.errors[""] = trouble
    done = await confirms(office, "subscribe acme/web pushes")
    [made] = office.subscriptions.kept.values()
    assert office.subscriptions.hurried == [made.name]
    assert "I try again by myself." in office.reads(done)[0]


async def test_a_slow_setting_up_is_not_waited_for_longer_than_it_may_take(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    stays_past(monkeypatch)

    async def slow(_: object) -> Tended:
        await asyncio.Event().wait()
        raise AssertionError

    monkeypatch.setattr(office.upkeep.tending, "tend", slow)
    monkeypatch.setattr("handlers.subscription_tending.PATIENCE", 0.01)
    done = await confirms(office, "subscribe acme/web pushes")
    assert "it is being set up" in office.reads(done)[0]
    assert len(office.subscriptions.hurried) == 1


async def test_what_is_missing_in_quay_is_told(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    stays_past(monkeypatch)
    office.upkeep.tending.does = Tended(made=1, missing=("You are no admin of acme/app-2.",))
    assert "You are no admin of acme/app-2." in office.reads(await confirms(office, "subscribe acme/web pushes"))[0]


async def test_in_direct_messages_the_alerts_go_there(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.quay.hall.has("acme/web")
    stays_past(monkeypatch)
    await office.presses("form:subscribe", "", channel="D1")
    sent = office.shown()
    assert sent.callback == "form:subscribe"


async def test_the_form_has_the_last_repository(office: Office) -> None:
    await office.says("repo acme/web")
    assert await office.says("subscribe") is None
    shown = office.shown()
    assert shown.blocks[1]["element"]["initial_option"]["value"] == "acme/web"
    assert [block["label"]["text"] for block in shown.blocks[1:]] == snapshot(
        ["Repository", "What to tell", "Filter", "Days before a tag expires", "Layout"]
    )


async def test_undo_is_over_after_an_hour_and_says_so(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    stays_past(monkeypatch)
    await confirms(office, "subscribe acme/web pushes")
    office.clock.time += timedelta(minutes=61)
    await office.presses("undo", offered(office, Purpose.UNDO))
    assert len(await office.subscriptions.all()) == 1


async def test_a_subscription_that_cannot_be_stored_is_not_announced(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    stays_past(monkeypatch)

    async def full(*_: object) -> bool:
        raise UserError("No.")

    monkeypatch.setattr(office.subscriptions, "add", full)
    await confirms(office, "subscribe acme/web pushes")
    assert office.notices.said == {}
    assert part() not in office.subscriptions.pieces.values()
