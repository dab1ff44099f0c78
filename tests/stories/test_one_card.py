"""What belongs together is one message that is edited, however Quay cuts it up, mixes it up and repeats it."""

# ruff: noqa: E501 - what people read stands on one line

import asyncio

from inline_snapshot import snapshot

from tests.stories.reading import buttons, read
from tests.stories.scenery import DEV, OPS
from tests.stories.world import World, body_of

STEPS = ("build_queued", "build_start", "build_success")


async def test_all_events_of_a_build_edit_one_message(world: World) -> None:
    said = []
    for event, expected in zip(STEPS, ("Build queued", "Build running", "Build succeeded"), strict=True):
        url = await world.hook(event, "acme/web", DEV)
        assert await world.deliver(url, body_of(event)) == 200
        card = await world.card(DEV, expected)
        said.append(read(card))
    assert said == snapshot(
        [
            """\
⏳ *Build queued* acme/web:latest (+1 more) · build dbf23442
tags `latest` `build-1`
requested by alice · (time)
Logs
Cancel
Open in Quay\
""",
            """\
🔵 *Build running* acme/web:latest (+1 more) · build dbf23442
tags `latest` `build-1`
Now building.
requested by alice · (time)
Logs
Cancel
Open in Quay\
""",
            """\
🟢 *Build succeeded* acme/web:latest (+1 more) · build dbf23442
tags `latest` `build-1`
requested by alice · (time)
Logs
Open in Quay\
""",
        ]
    )
    assert world.calls("chat.postMessage") == 1
    assert world.calls("chat.update") == 2


async def test_the_events_of_a_build_make_the_same_card_in_any_order(world: World) -> None:
    urls = [await world.hook(event, "acme/web", DEV) for event in STEPS]
    for url, event in reversed(list(zip(urls, STEPS, strict=True))):
        await world.deliver(url, body_of(event))
        await world.card(DEV, "Build succeeded")
    await world.settled()
    assert read(await world.card(DEV)) == snapshot("""\
🟢 *Build succeeded* acme/web:latest (+1 more) · build dbf23442
tags `latest` `build-1`
requested by alice · (time)
Logs
Open in Quay\
""")
    assert world.calls("chat.postMessage") == 1


async def test_a_late_start_does_not_revive_a_failed_build(world: World) -> None:
    start = await world.hook("build_start", "acme/web", DEV)
    failure = await world.hook("build_failure", "acme/web", DEV)
    build = body_of("build_failure")["build_id"]
    await world.deliver(failure, body_of("build_failure"))
    await world.card(DEV, "Build failed")
    await world.deliver(start, body_of("build_start", build_id=build))
    await world.settled()
    card = await world.card(DEV, "Build failed")
    assert buttons(card) == ["Logs", "Retry", "Open in Quay"]


async def test_a_build_that_comes_all_at_once_is_posted_once_and_as_it_ended(world: World) -> None:
    urls = [await world.hook(event, "acme/web", DEV) for event in STEPS]
    await asyncio.gather(*(world.deliver(url, body_of(event)) for url, event in zip(urls, STEPS, strict=True)))
    await world.card(DEV, "Build succeeded")
    await world.settled()
    assert len(world.slack.messages(DEV)) == 1


async def test_two_hooks_on_two_channels_make_two_cards_and_both_are_kept_true(world: World) -> None:
    queued = await world.hook("build_queued", "acme/web", DEV)
    success = await world.hook("build_success", "acme/web", OPS)
    await world.deliver(queued, body_of("build_queued"))
    await world.card(DEV, "Build queued")
    await world.deliver(success, body_of("build_success"))
    await world.card(OPS, "Build succeeded")
    await world.card(DEV, "Build succeeded")


async def test_one_hook_tells_all_of_its_channels(world: World) -> None:
    url = await world.hook("repo_push", "acme/web", DEV, OPS)
    await world.deliver(url, body_of("repo_push"))
    await world.card(DEV, "latest")
    await world.card(OPS, "latest")


async def test_a_mirror_sync_is_one_message_from_its_start_to_its_end(world: World) -> None:
    started = await world.hook("repo_mirror_sync_started", "acme/mirrored", DEV)
    failed = await world.hook("repo_mirror_sync_failed", "acme/mirrored", DEV)
    await world.deliver(started, body_of("repo_mirror_sync_started"))
    running = read(await world.card(DEV, "Mirror sync running"))
    await world.deliver(failed, body_of("repo_mirror_sync_failed"))
    over = read(await world.card(DEV, "Mirror sync failed"))
    assert (running, over) == snapshot(
        (
            """\
🔵 *Mirror sync running* acme/mirrored
`'quay.example.com/acme/upstream' with tag pattern '*'`
(time)
Open in Quay\
""",
            """\
🔴 *Mirror sync failed* acme/mirrored
`'quay.example.com/acme/nonexist' with tag pattern '*'`
```
skopeo list-tags failed: See output
time="2026-11-23T11:26:56Z" level=fatal msg="Error listing repository tags: unable to retrieve auth token: invalid username/password: unauthorized: access to the requested resource
is not authorized"
```
(time)
Open in Quay\
""",
        )
    )


async def test_a_delivery_that_quay_repeats_is_one_message_that_counts(world: World) -> None:
    url = await world.hook("repo_push", "acme/web", DEV)
    await asyncio.gather(*(world.deliver(url, body_of("repo_push")) for _ in range(3)))
    assert read(await world.card(DEV, "3 times")) == snapshot("""\
🟢 *Pushed* acme/web:latest
`quay.example/acme/web:latest` · reported 3 times
Quay repeats itself when an answer gets lost, so this may be one push.
(time)
History
Restore
Vulnerabilities
Open in Quay\
""")
    await world.settled()
    assert len(world.slack.messages(DEV)) == 1


async def test_copies_of_one_finding_are_silent(world: World) -> None:
    """With N notifications Quay sends every finding N times to each of them."""
    for _ in range(3):
        await world.notification("vulnerability_found", "acme/web", DEV)
    world.quay.find_vulnerability("acme/web", ["v1"], "CVE-2024-3094", "Critical", description="xz is not itself.")
    assert await world.quay.work() == 9
    assert read(await world.card(DEV)) == snapshot("""\
🔴 *Critical vulnerability* CVE-2024-3094 in acme/web:v1
A fix is available
xz is not itself.
(time)
Open in Quay
Advisory\
""")
    await world.settled()
    assert world.calls("chat.postMessage") == 1
    assert world.calls("chat.update") == 0


async def test_all_tags_of_a_promotion_are_one_message_however_many_webhooks_bring_them(world: World) -> None:
    url = await world.hook("repo_push", "acme/web", DEV)
    for tag in ("v1", "v2", "v3"):
        await world.deliver(url, body_of("repo_push", updated_tags=[tag]))
    card = await world.card(DEV, "3 tags pushed")
    assert card["text"] == "3 tags pushed to acme/web: v1, v2, v3."
    assert world.calls("chat.postMessage") == 1


async def test_each_press_of_the_test_button_is_seen(world: World) -> None:
    url = await world.hook("repo_push", "acme/web", DEV)
    for _ in range(2):
        await world.deliver(url, body_of("repo_push", "test"))
    await world.settled()
    assert len(world.slack.messages(DEV)) == 2


async def test_a_body_about_another_repository_is_shown_with_a_note(world: World) -> None:
    url = await world.hook("repo_push", "acme/api", DEV)
    await world.deliver(url, body_of("repo_push"))
    await world.card(DEV, "Note: sent to the webhook URL of acme/api")
