"""The words of a build that waits or runs."""

# ruff: noqa: E501 - the words are as long as they are

import pytest
from inline_snapshot import snapshot

from bot.domain.events import Phase, Progress
from tests.blocks.build_cards import Look, build


def test_a_queued_build(look: Look) -> None:
    assert look(build(Phase.WAITING)) == snapshot("""\
Build queued: acme/api:v1.4.0 (and latest), build 1a2b3c4d from main @ 9f8e7d6, commit by Ada, requested by alice.
⏳ *Build queued* <https://q.io/repository/acme/api?tab=tags&amp;tag=v1.4.0|acme/api:v1.4.0> (+1 more) · <https://q.io/repository/acme/api/build/1a2b3c4d-0000|build 1a2b3c4d>
#616061
github · branch `main` · commit <https://github.example/acme/api/commit/9f8e7d6|9f8e7d6> · tags `v1.4.0` `latest`
Fix the ∗flaky∗ test
~ requested by alice · commit by Ada · ⟨2026-11-23 12:04 UTC⟩
[Logs](acme/api 1a2b3c4d-0000) [Cancel](acme/api 1a2b3c4d-0000) [Open in Quay](https://q.io/repository/acme/api/build/1a2b3c4d-0000)\
""")


def test_a_build_requested_by_hand_knows_little(look: Look) -> None:
    message = build(Phase.WAITING, name="", trigger="", ref="", commit="", commit_url="", commit_message="", author="")
    assert look(message) == snapshot("""\
Build queued: acme/api:v1.4.0 (and latest), build 1a2b3c4d, requested by alice.
⏳ *Build queued* <https://q.io/repository/acme/api?tab=tags&amp;tag=v1.4.0|acme/api:v1.4.0> (+1 more) · <https://q.io/repository/acme/api/build/1a2b3c4d-0000|build 1a2b3c4d>
#616061
tags `v1.4.0` `latest`
~ requested by alice · ⟨2026-11-23 12:04 UTC⟩
[Logs](acme/api 1a2b3c4d-0000) [Cancel](acme/api 1a2b3c4d-0000) [Open in Quay](https://q.io/repository/acme/api/build/1a2b3c4d-0000)\
""")


@pytest.mark.parametrize(
    ("phase", "state"),
    [
        (
            Phase.SCHEDULED,
            snapshot(
                [
                    "Build running: acme/api:v1.4.0 (and latest), build 1a2b3c4d from main @ 9f8e7d6, commit by Ada, waiting for a build machine, requested by alice.",
                    "🔵 *Build running* <https://q.io/repository/acme/api?tab=tags&amp;tag=v1.4.0|acme/api:v1.4.0> (+1 more) · <https://q.io/repository/acme/api/build/1a2b3c4d-0000|build 1a2b3c4d>",
                    "Now waiting for a build machine.",
                ]
            ),
        ),
        (
            Phase.UNPACKING,
            snapshot(
                [
                    "Build running: acme/api:v1.4.0 (and latest), build 1a2b3c4d from main @ 9f8e7d6, commit by Ada, unpacking the sources, requested by alice.",
                    "🔵 *Build running* <https://q.io/repository/acme/api?tab=tags&amp;tag=v1.4.0|acme/api:v1.4.0> (+1 more) · <https://q.io/repository/acme/api/build/1a2b3c4d-0000|build 1a2b3c4d>",
                    "Now unpacking the sources.",
                ]
            ),
        ),
        (
            Phase.PULLING,
            snapshot(
                [
                    "Build running: acme/api:v1.4.0 (and latest), build 1a2b3c4d from main @ 9f8e7d6, commit by Ada, pulling the base image, requested by alice.",
                    "🔵 *Build running* <https://q.io/repository/acme/api?tab=tags&amp;tag=v1.4.0|acme/api:v1.4.0> (+1 more) · <https://q.io/repository/acme/api/build/1a2b3c4d-0000|build 1a2b3c4d>",
                    "Now pulling the base image.",
                ]
            ),
        ),
        (
            Phase.BUILDING,
            snapshot(
                [
                    "Build running: acme/api:v1.4.0 (and latest), build 1a2b3c4d from main @ 9f8e7d6, commit by Ada, building, requested by alice.",
                    "🔵 *Build running* <https://q.io/repository/acme/api?tab=tags&amp;tag=v1.4.0|acme/api:v1.4.0> (+1 more) · <https://q.io/repository/acme/api/build/1a2b3c4d-0000|build 1a2b3c4d>",
                    "Now building.",
                ]
            ),
        ),
        (
            Phase.PUSHING,
            snapshot(
                [
                    "Build running: acme/api:v1.4.0 (and latest), build 1a2b3c4d from main @ 9f8e7d6, commit by Ada, pushing the image, requested by alice.",
                    "🔵 *Build running* <https://q.io/repository/acme/api?tab=tags&amp;tag=v1.4.0|acme/api:v1.4.0> (+1 more) · <https://q.io/repository/acme/api/build/1a2b3c4d-0000|build 1a2b3c4d>",
                    "Now pushing the image.",
                ]
            ),
        ),
    ],
)
def test_what_a_running_build_does(look: Look, phase: Phase, state: list[str]) -> None:
    lines = look(build(phase)).splitlines()
    assert [lines[0], lines[1], lines[5]] == state


def test_a_running_build_with_progress(look: Look) -> None:
    assert look(build(Phase.BUILDING, progress=Progress(step=3, steps=9))) == snapshot("""\
Build running: acme/api:v1.4.0 (and latest), build 1a2b3c4d from main @ 9f8e7d6, commit by Ada, building, requested by alice.
🔵 *Build running* <https://q.io/repository/acme/api?tab=tags&amp;tag=v1.4.0|acme/api:v1.4.0> (+1 more) · <https://q.io/repository/acme/api/build/1a2b3c4d-0000|build 1a2b3c4d>
#36c5f0
github · branch `main` · commit <https://github.example/acme/api/commit/9f8e7d6|9f8e7d6> · tags `v1.4.0` `latest`
Fix the ∗flaky∗ test
▰▰▰▱▱▱▱▱▱ step 3 of 9, now building
~ requested by alice · commit by Ada · ⟨2026-11-23 12:04 UTC⟩
[Logs](acme/api 1a2b3c4d-0000) [Cancel](acme/api 1a2b3c4d-0000) [Open in Quay](https://q.io/repository/acme/api/build/1a2b3c4d-0000)\
""")


def test_a_running_push_with_progress(look: Look) -> None:
    state = build(Phase.PUSHING, progress=Progress(step=9, steps=9, pushed=0.42)).details[1]["text"]["text"]
    assert state == snapshot("▰▰▰▰▱▱▱▱▱▱ now pushing the image, 42% done")


def test_before_the_first_step_there_is_no_gauge() -> None:
    assert (
        build(Phase.PULLING, progress=Progress(step=0, steps=9)).details[1]["text"]["text"]
        == "Now pulling the base image."
    )
