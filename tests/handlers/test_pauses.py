"""Pausing subscriptions, letting them go on, and what is told when a pause ends."""

# ruff: noqa: E501 - golden sentences stand on one line

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from inline_snapshot import snapshot

from bot.domain.offers import Purpose
from bot.rules.policy import Effect, Policy, Rule
from handlers.jobs import end_pauses
from handlers.subscription_pauses import lengthen_pause
from tests.handlers.conftest import ALICE, BOB, Office
from tests.handlers.repository_steps import offered
from tests.handlers.subscription_steps import no_admin, part, said, step, subscription

FOUR = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)


def rule() -> str:
    return "paused until 2026-11-23 13:00 UTC"


async def test_a_pause_says_when_it_ends_and_can_be_undone(office: Office) -> None:
    office.subscriptions.has(subscription())
    assert office.reads(await office.says("pause acme/web 4h")) == snapshot(
        [
            "Done: paused until <!date^1795438800^{date_short_pretty} {time}|2026-11-23 13:00 UTC>. It goes on by itself then; `/quay resume S7PX4` lets it go on earlier."
        ]
    )
    assert office.subscriptions.kept["S7PX4"].paused_until == FOUR
    assert said(office) == snapshot(
        [
            [
                "<@U-ALICE> paused `acme/web` in this channel for 4 h, until <!date^1795438800^{date_short_pretty} {time}|2026-11-23 13:00 UTC>. Nothing of that is told before, not even what is critical.",
                "[Undo]",
                "Can be undone for 60 minutes. Reference KDWF-4071",
            ]
        ]
    )
    await office.presses("undo", offered(office, Purpose.UNDO))
    assert office.subscriptions.kept["S7PX4"].paused_until is None


async def test_resuming_tells_in_one_line_what_was_kept_out(office: Office) -> None:
    office.subscriptions.has(subscription(paused_until=FOUR), part())
    office.trail.kept = [step(rule()) for _ in range(14)] + [step("`-tag:*-dev`"), step(), step(rule(), channel="C2")]
    await office.says("resume acme/web")
    assert office.subscriptions.kept["S7PX4"].paused_until is None
    assert said(office) == snapshot(
        [
            [
                "<@U-ALICE> let `acme/web` go on in this channel. While paused: 14 events, `/quay why acme/web`",
                "[Undo]",
                "Can be undone for 60 minutes. Reference KDWF-4071",
            ]
        ]
    )
    await office.presses("undo", offered(office, Purpose.UNDO))
    assert office.subscriptions.kept["S7PX4"].paused_until == FOUR


async def test_a_pause_that_ends_by_itself_is_told_once(office: Office) -> None:
    office.subscriptions.has(subscription(paused_until=FOUR), part())
    office.trail.kept = [step(rule()), step(rule())]
    await end_pauses.run(office.desk)
    assert office.notices.said == {}
    office.clock.time = FOUR
    await end_pauses.run(office.desk)
    await end_pauses.run(office.desk)
    assert said(office) == snapshot(
        [["The pause of `acme/web` is over: it is told here again. While paused: 2 events, `/quay why acme/web`"]]
    )
    assert [message.channel for message in office.notices.said.values()] == ["C1"]
    assert office.subscriptions.kept["S7PX4"].paused_until is None


async def test_the_same_end_told_twice_is_one_message(office: Office) -> None:
    office.clock.time = FOUR
    for _ in range(2):  # as if the process had died between saying it and storing it
        office.subscriptions.has(subscription(paused_until=FOUR), part())
        await end_pauses.run(office.desk)
    assert list(office.notices.said) == [f"pause:S7PX4:{int(FOUR.timestamp())}"]


async def test_many_kept_out_are_counted_as_far_as_one_looks(office: Office) -> None:
    office.subscriptions.has(subscription(paused_until=FOUR), part())
    office.trail.kept = [step(rule()) for _ in range(300)]
    await office.says("resume acme/web")
    assert "While paused: 200 events or more" in said(office)[0][0]


async def test_a_new_pause_tells_what_the_one_before_kept_out(office: Office) -> None:
    office.subscriptions.has(subscription(paused_until=FOUR), part())
    office.trail.kept = [step(rule())]
    await office.says("pause acme/web 2 days")
    assert "While paused: 1 event" in said(office)[0][0]


async def test_everything_in_a_channel_is_paused_as_far_as_one_may(office: Office) -> None:
    no_admin(office, "acme/theirs")
    office.subscriptions.has(subscription("acme/web", name="S2222"))
    office.subscriptions.has(subscription("acme/theirs", name="S3333", person=BOB))
    office.subscriptions.has(subscription("acme/denied", name="S4444"))
    office.subscriptions.has(subscription("acme/away", name="S5555", channel="C2"))
    office.policies.source = type("Rules", (), {"name": "p", "changed": lambda _self: None})()
    office.policies._policy = Policy((Rule("no", Effect.DENY, commands=("pause",), targets=("acme/denied",)),))
    assert office.reads(await office.says("pause all 4h")) == snapshot(
        [
            "Done: paused until <!date^1795438800^{date_short_pretty} {time}|2026-11-23 13:00 UTC>. It goes on by itself then; `/quay resume all` lets it go on earlier. Left as they were: `acme/denied` (the policy), `acme/theirs` (not yours)."
        ]
    )
    assert [one.name for one in office.subscriptions.kept.values() if one.paused_until] == ["S2222"]
    await office.presses("undo", offered(office, Purpose.UNDO))
    assert not any(one.paused_until for one in office.subscriptions.kept.values())


async def test_without_a_time_a_form_asks_for_it(office: Office) -> None:
    office.subscriptions.has(subscription())
    assert await office.says("pause acme/web") is None
    shown = office.shown()
    assert (shown.callback, shown.blocks[1]["element"]["initial_option"]["value"]) == ("form:pause", "acme/web")


async def test_a_pattern_is_never_paused_for_one_of_its_repositories(office: Office) -> None:
    office.subscriptions.has(subscription("acme/*", name="S2222"))
    office.quay.hall.has("acme/web")
    assert office.reads(await office.says("pause acme/web 4h")) == snapshot(
        [
            "There is no subscription for `acme/web` here; `acme/*` (`S2222`) covers it. If you mean that one, with all that it covers: `/quay pause acme/* 4h`. Nothing was done."
        ]
    )
    assert office.subscriptions.kept["S2222"].paused_until is None
    await office.says("pause acme/* 4h")
    assert office.subscriptions.kept["S2222"].paused_until == FOUR


async def test_seconds_that_go_by_do_not_shorten_the_pause_that_is_told(office: Office) -> None:
    office.subscriptions.has(subscription())
    office.clock.time += timedelta(milliseconds=700)
    await office.says("pause acme/web 4h")
    assert "for 4 h, until" in said(office)[0][0]


async def test_everything_goes_on(office: Office) -> None:
    for name in ("S2222", "S3333"):
        office.subscriptions.has(subscription(f"acme/{name.lower()}", name=name, paused_until=FOUR))
    office.subscriptions.has(subscription("acme/web", name="S4444"))
    await office.says("resume all")
    assert not any(one.paused_until for one in office.subscriptions.kept.values())
    assert "`acme/web`" not in said(office)[0][0]


async def test_the_menu_pauses_for_four_hours_and_lets_go_on(office: Office) -> None:
    office.subscriptions.has(subscription(), part())
    await office.presses("subscription_menu", "pause S7PX4")
    assert office.subscriptions.kept["S7PX4"].paused_until == FOUR
    listed = await office.says("subscriptions")
    assert listed is not None
    options = listed.message.blocks[1]["accessory"]["options"]
    assert [one["value"] for one in options] == [
        "test S7PX4",
        "resume S7PX4",
        "change S7PX4",
        "unsubscribe S7PX4",
    ]
    await office.presses("subscription_menu", "resume S7PX4")
    assert office.subscriptions.kept["S7PX4"].paused_until is None


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("pause acme/web 40 days", "within 30 days"),
        ("pause acme/web soon", "how long"),
        ("pause acme/nothing 4h", "does not exist"),
        ("pause all 4h", "nothing here"),
        ("resume acme/web", "is not paused"),
        ("resume all", "nothing here"),
        ("resume", "Which one"),
    ],
)
async def test_what_cannot_be_is_said(office: Office, words: str, says: str) -> None:
    if "acme/web" in words:
        office.subscriptions.has(subscription())
    assert says in " ".join(office.reads(await office.says(words)))
    assert not any(one.paused_until for one in office.subscriptions.kept.values())
    assert office.notices.said == {}


async def test_strangers_pause_nothing(office: Office) -> None:
    office.links_bob()
    no_admin(office, "acme/web")
    office.subscriptions.has(subscription())
    await office.says("pause acme/web 4h", BOB)
    assert office.subscriptions.kept["S7PX4"].paused_until is None
    assert office.subscriptions.kept["S7PX4"].person == ALICE


async def test_an_undo_ends_only_the_pause_that_it_is_of(office: Office) -> None:
    office.subscriptions.has(subscription())
    await office.says("pause acme/web 1h")
    undo = offered(office, Purpose.UNDO)
    await office.says("pause acme/web 4h")
    await office.presses("undo", undo)
    assert office.subscriptions.kept["S7PX4"].paused_until == office.start + timedelta(hours=4)


async def test_a_pause_of_everything_does_not_shorten_a_longer_one(office: Office) -> None:
    office.subscriptions.has(subscription("acme/web", name="S2222"))
    office.subscriptions.has(subscription("acme/api", name="S3333", paused_until=FOUR))
    office.subscriptions.has(subscription("acme/app", name="S4444", paused_until=FOUR - timedelta(hours=3, minutes=30)))
    [shown] = office.reads(await office.says("pause all 1h"))
    assert "Left as they were: `acme/api` (paused until " in shown
    until = office.start + timedelta(hours=1)
    kept = office.subscriptions.kept
    assert [kept[name].paused_until for name in ("S2222", "S3333", "S4444")] == [until, FOUR, until]
    await office.presses("undo", offered(office, Purpose.UNDO))
    assert [kept[name].paused_until for name in ("S2222", "S3333", "S4444")] == [None, FOUR, None]


async def test_a_pause_of_everything_leaves_what_is_paused_for_longer_in_this_moment(office: Office) -> None:
    one = office.subscriptions.has(subscription())
    office.subscriptions.has(replace(one, paused_until=FOUR))
    await lengthen_pause(one, office.start + timedelta(hours=1), office.desk)
    assert office.subscriptions.kept["S7PX4"].paused_until == FOUR


async def test_where_everything_is_paused_for_longer_nothing_is_done(office: Office) -> None:
    office.subscriptions.has(subscription(paused_until=FOUR))
    [shown] = office.reads(await office.says("pause all 1h"))
    assert shown.startswith("Left as they were: `acme/web` (paused until ")
    assert office.notices.said == {}


async def test_a_longer_pause_is_shortened_by_its_name(office: Office) -> None:
    office.subscriptions.has(subscription(paused_until=FOUR))
    await office.says("pause S7PX4 1h")
    assert office.subscriptions.kept["S7PX4"].paused_until == office.start + timedelta(hours=1)
