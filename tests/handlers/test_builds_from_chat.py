"""Builds and build triggers from chat: listing, naming one, reading, cancelling and repeating it, switching."""

# ruff: noqa: E501 - golden sentences stand on one line

import contextlib
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from bot.blocks.build_list import menu
from bot.domain.errors import UserError
from bot.domain.events import Phase, Progress
from bot.domain.offers import Purpose
from bot.domain.repositories import Trigger
from bot.ports import Build
from handlers.build_name import BuildName, read
from handlers.building import moved
from tests.handlers.conftest import QUAY_URL, Office
from tests.handlers.repository_steps import announced, offered

GIT = Trigger("73fe24b7-353d-4b12", "custom-git", active=True, enabled=True, source="git@git.example:acme/web.git")
HUB = Trigger("11112222-aaaa", "github", active=True, enabled=False, source="acme/web")
RAW = Trigger("99990000-bbbb", "gitlab", active=False, enabled=True)
OTHER_ID = "dbf23442-0000-45b9-9ba3-7d506a2e21c2"
HEX = st.text("0123456789abcdef", min_size=7, max_size=8)


def called(office: Office) -> list[str]:
    return [call[1] for call in office.quay.calls]


async def test_the_newest_builds_are_listed_with_a_menu_beside_each(office: Office) -> None:
    failed = {"tags": ("v1", "v2"), "requested_by": "bob", "error": "Step 3 failed", "trigger": "github"}
    office.has_build(Phase.ERROR, started=office.start, ref="refs/heads/main", commit_message="hello", **failed)
    done = Build(OTHER_ID, "acme/web", Phase.COMPLETE, started=office.start, commit="9f8e7d6c", author="ada")
    running = replace(done, id=OTHER_ID.replace("0000", "1111"), phase=Phase.BUILDING)
    office.quay.builds |= {done.id: done, running.id: running}
    office.clock.time += timedelta(minutes=3, seconds=5)
    reply = await office.says("builds acme/web")
    assert office.reads(reply) == snapshot(
        [
            "*The newest builds of <https://quay.example/repository/acme/web?tab=builds|acme/web>*",
            """\
*🔵 Build running* · <https://quay.example/repository/acme/web/build/dbf23442-1111-45b9-9ba3-7d506a2e21c2|dbf23442>
commit `9f8e7d6` · commit by ada · <!date^1795424400^{date_short_pretty} {time}|2026-11-23 09:00 UTC> · for 3 min 5 s now\
""",
            """\
*🟢 Build succeeded* · <https://quay.example/repository/acme/web/build/dbf23442-0000-45b9-9ba3-7d506a2e21c2|dbf23442>
commit `9f8e7d6` · commit by ada · <!date^1795424400^{date_short_pretty} {time}|2026-11-23 09:00 UTC>\
""",
            """\
*🔴 Build failed* · <https://quay.example/repository/acme/web/build/dbf23442-b521-45b9-9ba3-7d506a2e21c2|dbf23442> · `v1` `v2`
github · branch `main` · requested by bob · <!date^1795424400^{date_short_pretty} {time}|2026-11-23 09:00 UTC>
Error: Step 3 failed\
""",
            "`/quay build status ID` shows one of them: the beginning of its id is enough.",
            "[Open in Quay]",
        ]
    )
    menus = [
        [option["value"] for option in block["accessory"]["options"]]
        for block in reply.message.blocks
        if "accessory" in block
    ]
    assert menus == snapshot(
        [
            [
                "logs acme/web dbf23442-1111-45b9-9ba3-7d506a2e21c2",
                "cancel acme/web dbf23442-1111-45b9-9ba3-7d506a2e21c2",
            ],
            [
                "logs acme/web dbf23442-0000-45b9-9ba3-7d506a2e21c2",
                "retry acme/web dbf23442-0000-45b9-9ba3-7d506a2e21c2",
            ],
            [
                "logs acme/web dbf23442-b521-45b9-9ba3-7d506a2e21c2",
                "retry acme/web dbf23442-b521-45b9-9ba3-7d506a2e21c2",
            ],
        ]
    )


async def test_a_repository_without_builds_says_so(office: Office) -> None:
    assert office.reads(await office.says("builds acme/web")) == snapshot(
        ["Nothing has been built in `acme/web` yet.", "[Open in Quay]"]
    )


@pytest.mark.parametrize("repository", ["acme/" + "x" * 140, "acme/we b"])
async def test_a_build_that_a_menu_cannot_name_has_none(office: Office, repository: str) -> None:
    build = replace(office.has_build(Phase.ERROR), repository=repository)
    office.quay.builds[build.id] = build
    assert menu(moved(build, "build", office.start)) is None


@pytest.mark.parametrize(
    ("choice", "call"), [("logs", "build_log"), ("retry", "retry_build"), ("cancel", "build")], ids=str
)
async def test_the_menu_acts_with_the_account_of_whoever_chooses(office: Office, choice: str, call: str) -> None:
    office.has_build(Phase.WAITING)
    office.links_bob()
    await office.presses("build_menu", f"{choice} acme/web {office.build_id}", office.bob)
    assert call in called(office)
    assert {token for token, *_ in office.quay.calls} == {"token-bob"}


@pytest.mark.parametrize("value", ["", "nonsense", "delete acme/web x", "cancel acme/web", "logs"])
async def test_a_strange_menu_does_nothing(office: Office, value: str) -> None:
    assert await office.presses("build_menu", value) is not None
    assert office.quay.calls == []


async def test_the_status_is_the_card_of_this_moment(office: Office) -> None:
    office.has_build(Phase.BUILDING, tags=("v1",), started=office.start, progress=Progress(step=2, steps=5))
    reply = await office.says(f"build status acme/web {office.build_id}")
    assert reply is not None
    assert (reply.message.text, office.words(reply.message.details)) == snapshot(
        (
            "Build running: acme/web:v1, build dbf23442, building.",
            [
                "▰▰▱▱▱ step 2 of 5, now building",
                "<!date^1795424400^{date_short_pretty} {time}|2026-11-23 09:00 UTC>",
                "[Logs] [Cancel] [Open in Quay]",
            ],
        )
    )
    assert called(office) == ["build"]


@pytest.mark.parametrize("word", ["status", "retry", "cancel", "logs"])
async def test_the_beginning_of_an_id_is_enough(office: Office, word: str) -> None:
    office.has_build(Phase.WAITING)
    await office.says(f"build {word} acme/web dbf2344", trigger="")
    assert "builds" in called(office)
    asked = [call for call in office.quay.calls if call[1] in ("build", "retry_build", "build_log")]
    assert asked
    assert all(call[3] == office.build_id for call in asked)


async def test_several_builds_that_begin_alike_are_told_apart_by_more(office: Office) -> None:
    build = office.has_build()
    office.quay.builds[OTHER_ID] = replace(build, id=OTHER_ID)
    said = office.reads(await office.says("build status acme/web dbf2344"))
    none = office.reads(await office.says("build status acme/web aaaaaaa"))
    assert [said, none] == snapshot(
        [
            ["2 builds of acme/web begin with dbf2344. Please write more of the id."],
            ["None of the newest builds of acme/web begins with aaaaaaa. `/quay builds acme/web` lists them."],
        ]
    )


async def test_an_id_alone_is_a_build_whose_card_hangs_here(office: Office) -> None:
    office.has_build()
    office.trail.told = [("acme/web", office.build_id, "C1"), ("acme/secret", OTHER_ID, "C2")]
    reply = await office.says("build status dbf2344")
    assert reply is not None
    assert "acme/web" in reply.message.text
    assert called(office) == ["build"]


async def test_an_id_alone_may_be_a_build_of_another_channel_that_the_asker_sees(office: Office) -> None:
    office.has_build()
    office.trail.told = [("acme/web", office.build_id, "C2")]
    reply = await office.says("build status dbf2344")
    assert reply is not None
    assert "acme/web" in reply.message.text


async def test_what_others_build_is_not_named_to_those_who_may_not_see_it(office: Office) -> None:
    office.trail.told = [("acme/secret", office.build_id, "C2")]
    for word in ("status", "logs", "cancel", "retry"):
        reply = await office.says(f"build {word} dbf2344")
        assert office.reads(reply) == [
            "I have no card of such a build: dbf2344. Please name its repository as well: acme/web dbf2344"
        ]
    assert {line.deed.act.target for line in office.audit.lines} == {""}


async def test_logs_open_the_window_at_once(office: Office) -> None:
    office.has_build()
    assert await office.says(f"build logs acme/web {office.build_id}") is None
    assert office.voice.opened_with == ["TRIGGER"]
    assert called(office)[:2] == ["build", "build_log"]


async def test_logs_are_a_message_where_no_window_can_be_opened(office: Office) -> None:
    office.has_build()
    reply = await office.says(f"build logs acme/web {office.build_id}", trigger="")
    assert office.reads(reply) == snapshot(
        ["The end of the log of build `dbf23442` of `acme/web`:", "There are no log lines yet."]
    )


@pytest.mark.parametrize(
    ("phase", "progress"), [(Phase.WAITING, None), (Phase.BUILDING, Progress(step=2, steps=5))], ids=["waits", "runs"]
)
async def test_cancelling_shows_what_is_lost_and_asks_once(office: Office, phase: Phase, progress: Progress) -> None:
    office.has_build(phase, tags=("v1",), requested_by="bob", progress=progress)
    office.quay.hall.has("acme/web")
    shown = office.reads(await office.says(f"build cancel acme/web {office.build_id}"))
    assert "cancel_build" not in called(office)
    assert shown[1].startswith("*Cancel build `dbf23442`* of `acme/web`")
    assert ("nothing is lost but its place" in shown[1]) == (phase is Phase.WAITING)
    assert ("surely cancels only builds that wait" in shown[1]) == (phase is not Phase.WAITING)
    await office.presses("confirm", offered(office))
    assert called(office)[-1] == "cancel_build"
    assert office.watches.due[office.build_id][1] == office.start


async def test_a_build_that_has_ended_is_not_cancelled(office: Office) -> None:
    office.has_build(Phase.COMPLETE)
    office.quay.hall.has("acme/web")
    reply = await office.says(f"build cancel acme/web {office.build_id}")
    assert office.reads(reply) == snapshot(
        ["Build dbf23442 has ended already: 🟢 Build succeeded. There is nothing to cancel."]
    )
    assert office.offers.kept == {}


async def test_who_may_not_cancel_is_told_so_before_the_click(office: Office) -> None:
    office.has_build(Phase.BUILDING)
    office.quay.hall.has("acme/web", can_admin=False)
    said = office.reads(await office.says(f"build cancel acme/web {office.build_id}"))
    assert "need admin there to cancel builds" in said[0]
    assert office.offers.kept == {}


async def test_a_build_is_repeated_by_its_id(office: Office) -> None:
    office.has_build(Phase.ERROR, tags=("v1",))
    await office.says(f"build retry https://quay.example/repository/acme/web/build/{office.build_id}")
    assert ("token-alice", "retry_build", "acme/web", office.build_id) in office.quay.calls
    assert office.board.told


@given(st.sampled_from(["acme/web", "a-b/c.d/e"]), HEX, st.booleans())
def test_every_way_to_name_a_build_means_the_same(repository: str, start: str, address: bool) -> None:
    page = f"{QUAY_URL}/repository/{repository}/build/{start}"
    words = (page,) if address else (repository, start)
    assert read(words, QUAY_URL) == BuildName(start, repository)
    assert read((start.upper(),), QUAY_URL) == BuildName(start)


@given(st.lists(st.text(max_size=60), max_size=4))
def test_any_words_name_a_build_or_are_refused_with_a_sentence(words: list[str]) -> None:
    with contextlib.suppress(UserError):  # nothing else may come out of it
        found = read(words, QUAY_URL)
        assert 7 <= len(found.build) <= 36


@pytest.mark.parametrize(
    "words", [[], ["acme/web"], ["abc"], ["acme/web", "abc"], ["acme/web", "dbf2344", "x"], ["https://x/build/zzz"]]
)
def test_a_build_that_is_not_named_is_asked_for(words: list[str]) -> None:
    with pytest.raises(UserError):
        read(words, QUAY_URL)


async def test_triggers_are_listed_without_anything_secret(office: Office) -> None:
    office.quay.trigger_list = (GIT, HUB, RAW)
    reply = await office.says("triggers acme/web")
    assert office.reads(reply) == snapshot(
        [
            "*Build triggers of <https://quay.example/repository/acme/web?tab=builds|acme/web>*",
            """\
🟢 *custom-git* · `73fe24b7` · builds from `git@git.example:acme/web.git`
Switched on.\
""",
            """\
⚪ *github* · `11112222` · builds from `acme/web`
Switched off: nothing starts it.\
""",
            """\
⚪ *gitlab* · `99990000`
Its set-up is not finished: that is done in Quay.\
""",
            "[Open in Quay]",
        ]
    )
    menus = [[o["text"]["text"] for o in b["accessory"]["options"]] for b in reply.message.blocks if "accessory" in b]
    assert menus == snapshot([["Start a build…", "Switch off…"], ["Switch on…"]])


async def test_a_repository_without_triggers_says_so(office: Office) -> None:
    assert office.reads(await office.says("triggers acme/web"))[0] == snapshot(
        "`acme/web` has no build triggers. They are set up in Quay."
    )


async def test_a_trigger_is_switched_off_after_one_yes_and_can_be_switched_back(office: Office) -> None:
    office.quay.trigger_list = (GIT, HUB)
    assert office.reads(await office.says("trigger disable acme/web custom-git")) == snapshot(
        [
            "Please check what would happen:",
            """\
*Switch off the build trigger `custom-git 73fe24b7`* of `acme/web`
It builds from `git@git.example:acme/web.git`. From then on nothing starts a build through it: no push to its source, and nobody by hand. Builds that have begun go on.\
""",
            "Nothing is done yet. This offer is good until <!date^1795425000^{date_short_pretty} {time}|2026-11-23 09:10 UTC>.",
            "[Switch it off] [Cancel]",
        ]
    )
    await office.presses("confirm", offered(office))
    assert not office.quay.trigger_list[0].enabled
    assert announced(office) == snapshot(
        [
            ":white_check_mark: <@U-ALICE> switched the build trigger `custom-git 73fe24b7` of `acme/web` *off*. *Verified:* I read it back from Quay.",
            "[Undo]",
            "Can be undone for 60 minutes. Reference KDWF-4071",
        ]
    )
    await office.presses("undo", offered(office, Purpose.UNDO))
    assert office.quay.trigger_list[0].enabled


async def test_an_undo_does_not_switch_what_somebody_has_switched_since(office: Office) -> None:
    office.quay.trigger_list = (GIT,)
    await office.says("trigger disable acme/web")
    await office.presses("confirm", offered(office))
    office.quay.trigger_list = (GIT,)
    calls = len(office.quay.calls)
    reply = await office.presses("undo", offered(office, Purpose.UNDO))
    assert office.reads(reply) == snapshot(["The build trigger has changed since. So I left it as it is."])
    assert "switch_trigger" not in called(office)[calls:]


async def test_a_switch_that_does_not_show_is_not_called_done(office: Office) -> None:
    office.quay.trigger_list = (HUB,)
    office.quay.hall.stubborn = True
    await office.says("trigger enable acme/web")
    assert office.reads(await office.presses("confirm", offered(office))) == snapshot(
        [
            ":warning: Please look at this: you switched the build trigger `github 11112222` of `acme/web` *on*. Quay accepted it, but when I looked again, it was not switched on."
        ]
    )
    told = [office.words(one.payload["blocks"]) for one in office.notices.said.values()]
    assert told
    assert all(one[0].startswith(":warning: <@U-ALICE> ") and "[Undo]" not in one for one in told)


@pytest.mark.parametrize(
    "words",
    [
        "trigger enable acme/web custom-git",
        "trigger enable acme/web gitlab",
        "trigger enable acme/web nosuch",
        "trigger disable acme/web",
        "trigger disable acme/web one two",
    ],
)
async def test_a_switch_without_a_meaning_changes_nothing(office: Office, words: str) -> None:
    office.quay.trigger_list = (GIT, HUB, RAW)
    assert await office.says(words) is not None
    assert (office.offers.kept, "switch_trigger" in called(office)) == ({}, False)


async def test_a_trigger_is_started_with_a_commit_or_a_branch(office: Office) -> None:
    office.quay.trigger_list = (GIT, HUB)
    await office.says("trigger start acme/web custom-git --commit 1a2b3c4")
    assert ("token-alice", "start_trigger", "acme/web", GIT.id, None, "1a2b3c4") in office.quay.calls
    reply = await office.says("trigger start acme/web")
    assert office.reads(reply)[0] == snapshot(
        "What should be built? Add --branch NAME, or --commit SHA for a custom git trigger."
    )


async def test_the_menu_of_a_trigger_opens_the_form_or_asks(office: Office) -> None:
    office.quay.trigger_list = (GIT,)
    assert await office.presses("trigger_menu", f"start acme/web {GIT.id}") is None
    assert office.voice.opened_with == ["TRIGGER"]
    reply = await office.presses("trigger_menu", f"disable acme/web {GIT.id}")
    assert "Switch off the build trigger" in office.reads(reply)[1]
    assert await office.presses("trigger_menu", "explode acme/web x") is not None
    assert "switch_trigger" not in called(office)
