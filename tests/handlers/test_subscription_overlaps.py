"""Subscriptions of a channel that cover the same repository, or that are changed by two people at the same time."""

# ruff: noqa: E501 - golden sentences stand on one line

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from inline_snapshot import snapshot

from bot.domain.people import Place
from bot.domain.subscriptions import State
from handlers.jobs import end_pauses
from handlers.subscription_pauses import set_pause
from tests.handlers.conftest import BOB, Office
from tests.handlers.repository_steps import confirms
from tests.handlers.subscription_steps import part, pushed, stays_past, subscription


@pytest.fixture(autouse=True)
def acme(office: Office) -> None:
    for name in ("acme/api", "acme/app-x", "acme/app-y", "acme/web"):
        office.quay.hall.has(name, public=True)
    office.directory.places["C1"] = Place("C1", "ops")


async def test_a_pattern_counts_only_what_is_left_to_it_and_names_the_rest(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.subscriptions.has(subscription("acme/web", name="SWEBB"))
    office.subscriptions.has(subscription("acme/app-*", name="SAPPP"))
    looked = stays_past(monkeypatch, pushed("v1"), pushed("v1", repository="acme/api"))
    shown = office.reads(await office.says("subscribe acme/* pushes"))
    assert sorted(looked) == ["acme/api"]
    assert shown[2:5] == snapshot(
        [
            "Covers 1 repository now (`acme/api`), and those that are created later.",
            "`acme/web` has a subscription of its own here, which goes on counting alone. `acme/app-x`, `acme/app-y` belong to this channel's subscription to `acme/app-*` (`SAPPP`), which goes on counting alone.",
            "Would have posted the one event of the last 7 days.",
        ]
    )


async def test_one_that_says_more_exactly_says_from_which_it_takes(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.subscriptions.has(subscription("acme/*", name="SALLL"))
    stays_past(monkeypatch)
    shown = office.reads(await office.says("subscribe acme/web pushes"))
    assert [line for line in shown if "leaves" in line] == snapshot(
        [
            "This channel's subscription to `acme/*` (`SALLL`) leaves this repository out from then on: here this one counts alone, with all its words."
        ]
    )
    shown = office.reads(await office.says("subscribe acme/app-* pushes"))
    assert [line for line in shown if "leaves" in line] == snapshot(
        [
            "This channel's subscription to `acme/*` (`SALLL`) leaves what it covers out from then on: here this one counts alone, with all its words."
        ]
    )


async def test_what_another_channel_has_is_no_matter(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.subscriptions.has(subscription("acme/*", name="SALLL", channel="C2"))
    stays_past(monkeypatch)
    assert "leave" not in " ".join(office.reads(await office.says("subscribe acme/web pushes")))


async def test_the_list_says_what_a_pattern_leaves_out(office: Office) -> None:
    office.subscriptions.has(subscription("acme/*", name="SALLL", checked_at=office.start), part(name="SALLL"))
    office.subscriptions.has(subscription("acme/web", name="SWEBB", checked_at=office.start), part(name="SWEBB"))
    shown = office.reads(await office.says("subscriptions"))
    assert [line.rpartition(" · ")[2] for line in shown[1:3]] == snapshot(
        ["leaves `acme/web` to other subscriptions here", "0 messages in the last week"]
    )


async def test_the_end_of_one_says_which_goes_on(office: Office) -> None:
    office.subscriptions.has(subscription("acme/*", name="SALLL"))
    office.subscriptions.has(subscription("acme/web", name="SWEBB"), part(name="SWEBB"))
    shown = office.reads(await office.says("unsubscribe SWEBB"))
    assert shown[1].splitlines()[-1] == snapshot("Of what it covers, this channel is told by `acme/*` (`SALLL`) then.")


async def test_of_two_yeses_at_once_one_subscribes_and_the_other_is_told(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    stays_past(monkeypatch)
    bobs = subscription("acme/web", name="SBOBB", person=BOB)
    monkeypatch.setattr(office.subscriptions, "add", _first(office.subscriptions, bobs))
    reply = await confirms(office, "subscribe acme/web pushes")
    assert list(office.subscriptions.kept.values()) == [bobs]
    assert office.reads(reply)[0] == snapshot(
        "This channel is subscribed to acme/web meanwhile. So I left it as it is."
    )


def _first(book: Any, other: Any) -> Any:
    """Somebody else is stored in the very moment."""
    real = book.add

    async def add(new: Any, now: datetime) -> bool:
        book.has(other)
        return bool(await real(new, now))

    return add


async def test_a_pause_goes_with_what_others_change_in_the_same_moment(office: Office) -> None:
    one = office.subscriptions.has(subscription())
    until = office.start + timedelta(hours=4)
    taken = replace(one, person=BOB, username="bob")
    orphaned = replace(one, state=State.ORPHANED, reason="The role is gone.")
    await office.subscriptions.change(one, taken, office.start)
    await set_pause(one, until, office.desk)
    assert not await office.subscriptions.change(one, orphaned, office.start, check=False)  # it looked as alice
    assert office.subscriptions.kept["S7PX4"] == replace(taken, paused_until=until)


async def test_a_new_pause_is_not_ended_with_the_old_one(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    one = office.subscriptions.has(subscription(paused_until=office.start))
    later = office.start + timedelta(hours=4)
    say = office.notices.say

    async def meanwhile(*words: Any) -> None:
        await say(*words)
        await set_pause(one, later, office.desk)

    monkeypatch.setattr(office.notices, "say", meanwhile)
    await end_pauses.JOB.run(office.desk)
    assert office.subscriptions.kept["S7PX4"].paused_until == later
