"""Global messages with a time: scheduled, shown, ended, cancelled, deleted and shown again."""

# ruff: noqa: E501 - what people read stands on one line

from datetime import timedelta

from inline_snapshot import snapshot

from bot.blocks.text import when
from bot.domain.banners import BannerStage
from bot.domain.errors import UserError
from handlers.jobs import sweep_banners
from tests.handlers.banner_steps import SOON, banner, later, posts, read, says_yes, stage, told, undo
from tests.handlers.conftest import BOB, START, Office


async def test_a_preview_says_the_exact_times_on_both_clocks(office: Office) -> None:
    office.directory.zones["U-ALICE"] = "Europe/Berlin"
    assert read(office, await office.says('message post info "x" --at tomorrow 18:00 --for 2 days')) == snapshot(
        [
            "Please check what would happen:",
            "Every user of the registry `quay.example` will see this banner in Quay:",
            """\
:information_source: info
│ x\
""",
            """\
Begins: `Tue 24 Nov 2026 18:00 CET (17:00 UTC)`
Ends: `Thu 26 Nov 2026 18:00 CET (17:00 UTC)`, after 2 d\
""",
            "Nothing is done yet. This offer is good until <!date^1795425000^{date_short_pretty} {time}|2026-11-23 09:10 UTC>.",
            "[Schedule it] [Cancel]",
        ]
    )


async def test_it_is_scheduled_shown_and_ended(office: Office) -> None:
    reply = await says_yes(office, SOON)
    name = banner(office).name
    assert [line.replace(name, "M7PX4") for line in read(office, reply)] == snapshot(
        [
            "Scheduled as `M7PX4`, with your account. It begins <!date^1795431600^{date_short_pretty} {time}|2026-11-23 11:00 UTC> and ends <!date^1795446000^{date_short_pretty} {time}|2026-11-23 15:00 UTC>. `/quay message cancel M7PX4` takes it back.",
            """\
:warning: warning
│ Read-only\
""",
        ]
    )
    assert told(office) == snapshot(
        [
            "<@U-ALICE> scheduled a global message for every user of `quay.example`: `M7PX4` begins <!date^1795431600^{date_short_pretty} {time}|2026-11-23 11:00 UTC> and ends <!date^1795446000^{date_short_pretty} {time}|2026-11-23 15:00 UTC>. What it says is told then.",
            "[Undo]",
            "Can be undone for 60 minutes. Reference REFE-0000",
        ]
    )
    await later(office, minutes=119)
    assert (stage(office), posts(office)) == (BannerStage.WAITING, 0)
    await later(office, minutes=1)
    assert (stage(office), office.quay.banners.texts()) == (BannerStage.SHOWN, ["Read-only"])
    assert told(office, f"banner:{name}:shown") == snapshot(
        [
            "The global message `M7PX4` “Read-only” is shown to every user of the registry now. Scheduled by <@U-ALICE>.",
            """\
:warning: warning
│ Read-only\
""",
            "[Undo]",
            "Can be undone for 60 minutes. Reference REFE-0000",
        ]
    )
    await later(office, hours=3)
    assert stage(office) is BannerStage.SHOWN
    await later(office, hours=1)
    assert (stage(office), office.quay.banners.shown, posts(office)) == (BannerStage.ENDED, [], 1)
    assert told(office, f"banner:{name}:ended") == snapshot(
        ["The global message `M7PX4` “Read-only” is over, and not shown any more. Verified: it is gone."]
    )
    acts = [(line.deed.act.name, line.deed.outcome.value) for line in office.audit.lines]
    assert acts[-4:] == [
        *(("message post", one) for one in ("tried", "done")),
        *(("message delete", one) for one in ("tried", "done")),
    ]


async def test_for_a_while_it_is_shown_at_once(office: Office) -> None:
    reply = await says_yes(office, 'message post info "Back soon" --for 90m')
    assert read(office, reply) == snapshot(
        [
            ":white_check_mark: Done: you showed every user of `quay.example` a new global message. It ends <!date^1795429800^{date_short_pretty} {time}|2026-11-23 10:30 UTC>. *Verified:* I read it back from Quay."
        ]
    )
    assert (stage(office), banner(office).ends_at) == (BannerStage.SHOWN, START + timedelta(minutes=90))
    await later(office, minutes=90)
    assert office.quay.banners.shown == []


async def test_undo_of_scheduling_cancels_it_and_undo_of_that_schedules_it_again(office: Office) -> None:
    await says_yes(office, SOON)
    assert read(office, await office.presses("undo", undo(office))) != []
    assert stage(office) is BannerStage.CANCELLED
    await office.presses("undo", undo(office))
    assert sorted(one.stage.value for one in office.banners.kept.values()) == ["cancelled", "waiting"]
    await later(office, hours=2)
    assert office.quay.banners.texts() == ["Read-only"]


async def test_only_whoever_scheduled_it_or_an_approver_cancels_it(office: Office) -> None:
    office.links_bob()
    await says_yes(office, SOON)
    office.quay.banners.errors["admitted"] = [UserError("You are no superuser.")]
    assert (
        "Only whoever scheduled it" in read(office, await office.says(f"message cancel {banner(office).name}", BOB))[0]
    )
    assert stage(office) is BannerStage.WAITING
    await office.says(f"message delete {banner(office).name.lower()}")
    assert stage(office) is BannerStage.CANCELLED


async def test_the_undo_of_what_was_shown_ends_it_for_good(office: Office) -> None:
    await says_yes(office, SOON)
    await later(office, hours=2)
    await office.presses("undo", undo(office))
    assert (stage(office), office.quay.banners.shown) == (BannerStage.ENDED, [])
    await later(office, hours=5)
    assert posts(office) == 1


async def test_what_somebody_deleted_meanwhile_is_over_without_a_fuss(office: Office) -> None:
    await says_yes(office, SOON)
    await later(office, hours=2)
    office.quay.banners.shown.clear()
    await later(office, hours=4)
    assert stage(office) is BannerStage.ENDED
    assert "It was gone already." in told(office)[0]


async def test_what_is_shown_is_deleted_by_the_name_under_which_it_was_scheduled(office: Office) -> None:
    await says_yes(office, SOON)
    await later(office, hours=2)
    await says_yes(office, f"message delete {banner(office).name}")
    assert (office.quay.banners.shown, stage(office)) == ([], BannerStage.ENDED)


async def test_the_undo_of_a_deletion_shows_it_until_the_end_that_it_had(office: Office) -> None:
    await says_yes(office, 'message post info "x" --for 4h')
    await says_yes(office, f"message delete {banner(office).name}")
    assert office.quay.banners.shown == []
    (first,) = office.banners.kept.values()
    await later(office, minutes=50)
    await office.presses("undo", undo(office))
    second = next(one for one in office.banners.kept.values() if one.name != first.name)
    assert second.ends_at == first.ends_at == START + timedelta(hours=4)
    assert f"it is shown again until {when(START + timedelta(hours=4))}" in told(office)[0]
    assert len(office.quay.banners.shown) == 1
    await later(office, hours=4)
    assert office.quay.banners.shown == []


async def test_a_deleted_message_whose_end_has_passed_is_not_shown_again(office: Office) -> None:
    await says_yes(office, 'message post info "x" --for 30m')
    await says_yes(office, f"message delete {banner(office).name}")
    office.clock.time += timedelta(minutes=40)
    assert "The end of this message has passed meanwhile" in read(office, await office.presses("undo", undo(office)))[0]
    assert office.quay.banners.shown == []


async def test_what_is_long_over_is_forgotten(office: Office) -> None:
    await says_yes(office, SOON)
    await office.says(f"message cancel {banner(office).name}")
    office.clock.time += timedelta(days=31)
    await sweep_banners.run(office.desk)
    assert office.banners.kept == {}
