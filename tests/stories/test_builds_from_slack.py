"""People build from Slack: one card tells how it goes, and everybody can do as much as Quay lets them."""

# ruff: noqa: E501 - what people read stands on one line

import re

import pytest
from inline_snapshot import snapshot

from tests.stories.reading import buttons, read
from tests.stories.scenery import ARCHIVE, DEV, PEOPLE
from tests.stories.world import World

BUILD = f"/quay build acme/web --archive-url {ARCHIVE} --tag v1"


def _only_build(world: World) -> str:
    (build,) = world.quay.builds
    return build


def _without_id(text: str) -> str:
    return re.sub(r"build [0-9a-f]{7,8}\b", "build c0ffee1", text)


async def _requested(world: World, name: str = "alice", line: str = BUILD) -> str:
    """Somebody has requested a build, and its card hangs in the channel."""
    await world.links(name)
    assert (await world.types(name, line)).status == 200
    await world.card(DEV, "Build queued")
    return _only_build(world)


async def test_one_card_follows_a_build_by_polling_alone(world: World) -> None:
    build = await _requested(world)
    said = [read(await world.card(DEV, "Build queued"))]
    world.quay.move_build(build, "building", step=2, steps=5)
    said.append(read(await world.card(DEV, "step 2 of 5")))
    world.quay.move_build(build, "complete")
    await world.app.store.watches.hurry(build, world.app.clock.now())  # its next look would be seconds away
    said.append(read(await world.card(DEV, "Build succeeded")))
    assert [_without_id(text) for text in said] == snapshot(
        [
            """\
⏳ *Build queued* acme/web:v1 · build c0ffee1
requested by alice · (time)
Logs
Cancel
Open in Quay\
""",
            """\
🔵 *Build running* acme/web:v1 · build c0ffee1
▰▰▱▱▱ step 2 of 5, now building
requested by alice · (time)
Logs
Cancel
Open in Quay\
""",
            """\
🟢 *Build succeeded* acme/web:v1 · build c0ffee1
requested by alice · (time)
Logs
Open in Quay\
""",
        ]
    )
    assert world.calls("chat.postMessage") == 1
    assert read(await world.whispered("alice", "is queued"))


async def test_polling_and_webhooks_feed_the_same_card(world: World) -> None:
    for event in ("build_queued", "build_start", "build_success"):
        await world.notification(event, "acme/web", DEV)
    build = await _requested(world)
    await world.quay.work()
    world.quay.move_build(build, "building", step=1, steps=5)
    await world.card(DEV, "step 1 of 5")
    world.quay.move_build(build, "complete")
    await world.quay.work()
    card = await world.card(DEV, "Build succeeded")
    await world.settled()
    assert buttons(card) == ["Logs", "Open in Quay"]
    assert world.calls("chat.postMessage") == 1


async def test_a_webhook_brings_the_next_look_forward(world: World) -> None:
    """Nothing is lost if Quay's answer to the look is late: the webhook's own words are on the card at once."""
    await world.notification("build_start", "acme/web", DEV)
    build = await _requested(world)
    world.quay.down = True
    world.quay.move_build(build, "building")
    await world.quay.work()
    await world.card(DEV, "Build running")


async def test_a_failed_build_shows_its_last_words_and_retry_makes_a_new_card(world: World) -> None:
    build = await _requested(world)
    world.quay.move_build(
        build,
        "building",
        log=[
            ("Step 1/2 : FROM ubi9", "command"),
            ("pulled", None),
            ("Step 2/2 : RUN make test", "command"),
            ("1 failed, 41 passed <!channel>", None),
        ],
    )
    world.quay.move_build(build, "error", log=[("The command 'make test' returned 1", "error")])
    card = await world.card(DEV, "Build failed")
    assert _without_id(read(card)) == snapshot("""\
🔴 *Build failed* acme/web:v1 · build c0ffee1
```
Step 2/2 : RUN make test
1 failed, 41 passed &lt;!channel&gt;
The command 'make test' returned 1
```
requested by alice · (time)
Logs
Retry
Open in Quay\
""")

    await world.presses("alice", card, "build_retry")
    await world.shown(DEV, lambda messages: len(messages) == 2 and "Build queued" in messages[1]["text"])
    first, second = world.quay.builds.values()
    assert (second.repository, second.archive_url, second.tags) == ("acme/web", ARCHIVE, ["v1"])
    assert first.id != second.id


async def test_logs_opens_a_window_with_the_end_of_the_log(world: World) -> None:
    build = await _requested(world)
    log = [(f"line {number}", None) for number in range(1, 101)]
    world.quay.move_build(build, "building", step=1, steps=2, log=log)
    card = await world.card(DEV)
    await world.presses("alice", card, "build_logs")
    assert "line 100" in read(await world.window("alice", "Lines 42 to 101 of 101"))
    await world.slack.click_view(PEOPLE["alice"], "build_log_older")
    assert "line 41\n" in read(await world.window("alice", "Lines 1 to 60 of 101"))


async def test_an_admin_cancels_a_waiting_build(world: World) -> None:
    build = await _requested(world)
    await world.presses("alice", await world.card(DEV), "build_cancel")
    await world.whispered("alice", "asked Quay to cancel")
    card = await world.card(DEV, "Build cancelled")
    assert world.quay.builds[build].phase == "cancelled"
    assert buttons(card) == ["Logs", "Retry", "Open in Quay"]


async def test_a_build_that_runs_cannot_be_cancelled_and_the_reason_is_told(world: World) -> None:
    build = await _requested(world)
    card = await world.card(DEV)
    world.quay.move_build(build, "building")
    await world.presses("alice", card, "build_cancel")
    assert read(await world.whispered("alice", "cancelled")) == snapshot(
        "This build cannot be cancelled any more: it is already running or has finished."
    )


async def test_whoever_presses_acts_with_their_own_account(world: World) -> None:
    build = await _requested(world)
    await world.presses("dave", await world.card(DEV), "build_cancel")
    assert read(await world.whispered("dave", "Link my Quay account")) == snapshot("""\
I do not know your Quay account yet.
Link my Quay account
I remember what you asked for: link your account within 15 minutes, and I do it by myself.\
""")
    assert world.quay.builds[build].phase == "waiting"


async def test_nothing_is_built_where_nothing_is_to_be_seen(world: World) -> None:
    await world.links("carol")
    told = await world.hears("carol", f"/quay build acme/nowhere --archive-url {ARCHIVE}")
    assert read(told) == snapshot(
        "acme/nowhere does not exist, or you (carol) may not see it. Please check the name and that your linked token has the scope `repo:read`, or ask the owner for access."
    )
    assert world.quay.builds == {}
    assert world.slack.messages(DEV) == []


@pytest.mark.parametrize("trouble", ["queue limit", "mirror", "read-only", "unknown robot", "no repository of dave's"])
async def test_a_refusal_is_a_plain_sentence(world: World, trouble: str) -> None:
    name, repository, more = "alice", "acme/web", ""
    match trouble:
        case "queue limit":
            world.quay.queue_limit["acme"] = 0
        case "mirror":
            repository = "acme/mirrored"
        case "read-only":
            world.quay.repositories["acme/web"].state = "READ_ONLY"
        case "unknown robot":
            more = " --pull-robot acme+nobody"
        case _:
            name = "dave"
    await world.links(name)
    await world.types(name, f"/quay build {repository} --archive-url {ARCHIVE}{more}")
    await world.slack.wait(lambda: world.slack.whispers(PEOPLE[name]))
    (whisper,) = world.slack.whispers(PEOPLE[name])
    assert re.sub(r"\b[A-Z]{4}-\d{4}\b", "REFE-0000", read(whisper)) == TROUBLES[trouble]
    assert world.quay.builds == {}


TROUBLES = snapshot(
    {
        "queue limit": "Too many builds of this namespace wait already. Please wait until one has finished and try again.\nReference REFE-0000",
        "mirror": "acme/mirrored is a mirror, so nothing can be built or changed there. An admin can change that in Quay.",
        "read-only": "acme/web is read-only, so nothing can be built or changed there. An admin can change that in Quay.",
        "unknown robot": "There is no robot account “acme+nobody”. Please check its full name (namespace+robot).",
        "no repository of dave's": "acme/web does not exist, or you (dave) may not see it. Please check the name and that your linked token has the scope `repo:read`, or ask the owner for access.",
    }
)


async def test_a_quay_that_is_down_is_a_plain_sentence(world: World) -> None:
    await world.links("alice")
    world.quay.down = True
    await world.types("alice", "/quay whoami")
    assert read(await world.whispered("alice", "does not answer")) == snapshot(
        "Quay at quay.example does not answer. Please try again in a minute."
    )


async def test_a_nested_repository_is_built_like_any_other(world: World) -> None:
    await _requested(world, line=f"/quay build acme/team/api --archive-url {ARCHIVE}")
    assert world.quay.builds[_only_build(world)].repository == "acme/team/api"


async def test_a_trigger_builds_a_branch(world: World) -> None:
    world.quay.add_trigger("acme/api", "github", source="acme/api")
    build = await _requested(world, line="/quay build acme/api --branch main")
    assert world.quay.builds[build].trigger in world.quay.triggers


async def test_a_bot_that_was_restarted_goes_on_following(world: World) -> None:
    build = await _requested(world)
    await world.sleep()
    world.quay.move_build(build, "complete")
    await world.wake()
    await world.card(DEV, "Build succeeded")
    assert world.calls("chat.postMessage") == 1


async def test_a_build_can_be_requested_in_a_direct_message(world: World) -> None:
    await world.links("alice")
    direct = world.slack.im(PEOPLE["alice"])
    await world.types("alice", BUILD, direct)
    card = await world.card(PEOPLE["alice"], "Build queued")
    await world.presses("alice", card, "build_cancel", direct)
    await world.card(PEOPLE["alice"], "Build cancelled")


async def test_a_reader_can_neither_retry_nor_read_the_log_of_a_foreign_build(world: World) -> None:
    build = await _requested(world)
    await world.links("carol")
    card = await world.card(DEV)
    await world.presses("carol", card, "build_logs")
    await world.window("carol", "acme/web", "need write there to read build logs")
    world.quay.move_build(build, "error")
    card = await world.card(DEV, "Build failed")
    await world.presses("carol", card, "build_retry")
    await world.whispered("carol", "can read acme/web but need write there")
    assert len(world.quay.builds) == 1
