"""`/quay quiet` and `/quay digest`: set for a channel, told there, and taken back."""

# ruff: noqa: E501 - golden sentences stand on one line

from dataclasses import replace
from datetime import timedelta

import pytest
from inline_snapshot import snapshot

from bot.domain.digests import Rhythm
from bot.domain.offers import Purpose
from bot.ports import Channel
from bot.rules.policy import Decision, Effect
from tests.handlers.conftest import Office
from tests.handlers.council import Rulings
from tests.handlers.repository_steps import offered, plainly


@pytest.fixture
def berlin(office: Office) -> Office:
    office.directory.zones[office.alice.user] = "Europe/Berlin"
    return office


def rhythm(office: Office, channel: str = "C1") -> Rhythm:
    return office.channels.kept[channel].rhythm


def announced(office: Office) -> list[list[str]]:
    return [plainly(office.words(message.payload["blocks"])) for message in office.notices.said.values()]


async def test_quiet_hours_are_set_on_the_clock_of_whoever_sets_them(berlin: Office) -> None:
    assert berlin.reads(await berlin.says("quiet 22-7")) == snapshot(
        [
            "Done: you set quiet hours for this channel: *22:00–07:00* (Europe/Berlin). Meanwhile I tell only what is critical, and at 07:00 what else happened.",
            "`/quay quiet` and `/quay digest` show what is set here.",
        ]
    )
    assert rhythm(berlin) == Rhythm("Europe/Berlin", "22:00-07:00", told_at=berlin.start)
    assert announced(berlin) == snapshot(
        [
            [
                "<@U-ALICE> set quiet hours for this channel: *22:00–07:00* (Europe/Berlin). Meanwhile I tell only what is critical, and at 07:00 what else happened.",
                "[Undo]",
                "Can be undone for 60 minutes. Reference KDWF-4071",
            ]
        ]
    )
    assert berlin.audit.lines[-1].deed.act.name == "quiet"


async def test_summaries_are_set_beside_quiet_hours(berlin: Office) -> None:
    await berlin.says("quiet 22-7")
    berlin.clock.time += timedelta(minutes=5)
    assert berlin.reads(await berlin.says("digest weekly Monday 9")) == snapshot(
        [
            "Done: you set summaries for this channel: *weekly mon 09:00* (Europe/Berlin).",
            "`/quay quiet` and `/quay digest` show what is set here.",
        ]
    )
    assert rhythm(berlin) == Rhythm("Europe/Berlin", "22:00-07:00", "weekly mon 09:00", berlin.clock.time)


async def test_alone_they_say_what_is_set(berlin: Office) -> None:
    assert berlin.reads(await berlin.says("quiet")) == snapshot(
        [
            "Times of this channel:",
            """\
*Quiet hours:* none.
*Summaries:* none.\
""",
            "Change them: `/quay quiet 22:00-07:00` · `/quay digest daily 09:00` · `/quay digest off`",
        ]
    )
    berlin.channels.kept["C1"] = Channel("C1", rhythm=Rhythm("Europe/Berlin", "09:00-17:00", "daily 18:00"))
    assert berlin.reads(await berlin.says("digest")) == snapshot(
        [
            "Times of this channel:",
            """\
*Quiet hours:* 09:00–17:00 (Europe/Berlin). It is quiet until 17:00.
*Summaries:* daily 18:00 (Europe/Berlin).\
""",
            "Change them: `/quay quiet 22:00-07:00` · `/quay digest daily 09:00` · `/quay digest off`",
        ]
    )


async def test_without_an_account_one_may_look_and_not_change(office: Office) -> None:
    shown = office.reads(await office.says("quiet", office.bob))
    assert shown[0] == "Times of this channel:"
    await office.says("quiet 22-7", office.bob)
    assert office.channels.kept == {}


async def test_the_other_decisions_about_the_channel_stay(berlin: Office) -> None:
    berlin.channels.kept["C1"] = Channel("C1", "compact", "U1", Rhythm("Europe/Berlin", digest="daily 09:00"))
    await berlin.says("quiet 22-7")
    assert berlin.channels.kept["C1"] == Channel(
        "C1", "compact", "U1", Rhythm("Europe/Berlin", "22:00-07:00", "daily 09:00")
    )


async def test_one_channel_has_one_clock(berlin: Office) -> None:
    berlin.channels.kept["C1"] = Channel("C1", rhythm=Rhythm("Asia/Tokyo", digest="daily 09:00"))
    await berlin.says("quiet 22-7")
    assert announced(berlin)[0][0].endswith("The summaries are on the clock of Europe/Berlin now, too.")


async def test_they_are_switched_off(berlin: Office) -> None:
    await berlin.says("quiet 22-7")
    assert berlin.reads(await berlin.says("quiet off"))[0] == (
        "Done: you switched the quiet hours of this channel off. Everything is told at once again."
    )
    assert rhythm(berlin).quiet == ""


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("quiet off", "There are no quiet hours here."),
        ("digest off", "There are no summaries here."),
        ("quiet tonight", "“tonight” are no quiet hours that I understand. Right are for example: `22:00-07:00`"),
        ("digest daily", "“daily” is no time for summaries that I understand. Right are for example: `daily 09:00`"),
    ],
)
async def test_what_changes_nothing_or_is_not_understood_is_said(berlin: Office, words: str, says: str) -> None:
    [shown, *_] = berlin.reads(await berlin.says(words))
    assert shown.startswith(says)
    assert berlin.channels.kept == {}


async def test_the_same_once_more_is_no_change(berlin: Office) -> None:
    await berlin.says("digest daily 9")
    assert berlin.reads(await berlin.says("digest daily 09:00"))[0] == (
        "That is set already: daily 09:00 (Europe/Berlin)."
    )


async def test_it_is_taken_back_for_an_hour(berlin: Office) -> None:
    await berlin.says("quiet 20-6")
    await berlin.says("quiet 22-7")
    await berlin.presses("undo", offered(berlin, Purpose.UNDO))
    assert rhythm(berlin).quiet == "20:00-06:00"


async def test_an_undo_leaves_alone_what_was_changed_since(berlin: Office) -> None:
    await berlin.says("quiet 22-7")
    name = offered(berlin, Purpose.UNDO)
    await berlin.says("digest daily 9")
    shown = berlin.reads(await berlin.presses("undo", name))
    assert shown[0].startswith("The times of this channel were changed meanwhile, so I left them as they are.")
    assert rhythm(berlin) == replace(rhythm(berlin), quiet="22:00-07:00", digest="daily 09:00")


async def test_without_a_zone_the_clock_is_utc(office: Office) -> None:
    await office.says("digest daily 9")
    assert rhythm(office).zone == "UTC"


async def test_a_policy_can_forbid_it_or_let_others_agree(berlin: Office) -> None:
    rulings = Rulings(Decision(Effect.DENY, "hands off"))
    berlin.desk = replace(berlin.desk, gate=replace(berlin.desk.gate, policies=rulings))
    await berlin.says("quiet 22-7")
    assert berlin.channels.kept == {}
    assert rulings.asked[-1].name == "quiet"
