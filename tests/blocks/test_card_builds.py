"""The words of a build, in every phase."""

# ruff: noqa: E501 - the words are as long as they are

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from inline_snapshot import snapshot

from bot.blocks.cards.builds import show
from bot.domain.cards import BuildCard
from bot.domain.events import BuildMoved, Phase, Progress
from bot.domain.messages import Message

QUAY = "https://q.io"
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
Look = Callable[[Message], str]


def build(phase: Phase, *, minutes: float = 4, **more: Any) -> Message:
    defaults: dict[str, Any] = {
        "kind": "build_start",
        "namespace": "acme",
        "repository": "acme/api",
        "at": NOON,
        "build_id": "1a2b3c4d-0000",
        "name": "9f8e7d6",
        "tags": ("v1.4.0", "latest"),
        "trigger": "github",
        "ref": "refs/heads/main",
        "commit": "9f8e7d6c5b4a39281706f5e4d3c2b1a098765432",
        "commit_url": "https://github.example/acme/api/commit/9f8e7d6",
        "commit_message": "Fix the *flaky* test\n\nLonger story.",
        "author": "Ada",
        "requested_by": "alice",
    }
    later = NOON + timedelta(minutes=minutes)
    ended = phase in {Phase.COMPLETE, Phase.ERROR, Phase.INTERNAL_ERROR, Phase.EXPIRED, Phase.CANCELLED}
    known = BuildMoved(phase=phase, **{**defaults, **more})
    return show(BuildCard(known=known, first=NOON, last=later, finished=later if ended else None), QUAY)


def test_the_whole_payload_of_a_failed_build() -> None:
    message = build(Phase.ERROR, error="exit code 2", log_tail=("Step 3/9 : RUN make", "make: *** no rule"))
    assert message.payload() == snapshot(
        {
            "text": "Build failed: acme/api:v1.4.0 (and latest), build 1a2b3c4d from main @ 9f8e7d6, commit by Ada, requested by alice. exit code 2",
            "blocks": [
                {
                    "type": "section",
                    "text": {
                        "type": "mrkdwn",
                        "text": "🔴 *Build failed* <https://q.io/repository/acme/api?tab=tags&amp;tag=v1.4.0|acme/api:v1.4.0> (+1 more) · <https://q.io/repository/acme/api/build/1a2b3c4d-0000|build 1a2b3c4d>",
                        "verbatim": True,
                    },
                }
            ],
            "attachments": [
                {
                    "color": "#e01e5a",
                    "blocks": [
                        {
                            "type": "section",
                            "text": {
                                "type": "mrkdwn",
                                "text": """\
github · branch `main` · commit <https://github.example/acme/api/commit/9f8e7d6|9f8e7d6> · tags `v1.4.0` `latest`
Fix the ∗flaky∗ test\
""",
                                "verbatim": True,
                            },
                        },
                        {
                            "type": "section",
                            "text": {
                                "type": "mrkdwn",
                                "text": """\
*Error:* exit code 2
```
Step 3/9 : RUN make
make: *** no rule
```\
""",
                                "verbatim": True,
                            },
                        },
                        {
                            "type": "context",
                            "elements": [
                                {
                                    "type": "mrkdwn",
                                    "text": "requested by alice · commit by Ada · took about 4 min · <!date^1795435440^{date_short_pretty} {time}|2026-11-23 12:04 UTC>",
                                    "verbatim": True,
                                }
                            ],
                        },
                        {
                            "type": "actions",
                            "elements": [
                                {
                                    "type": "button",
                                    "action_id": "build_logs",
                                    "text": {"type": "plain_text", "text": "Logs", "emoji": True},
                                    "value": "acme/api 1a2b3c4d-0000",
                                },
                                {
                                    "type": "button",
                                    "action_id": "build_retry",
                                    "text": {"type": "plain_text", "text": "Retry", "emoji": True},
                                    "value": "acme/api 1a2b3c4d-0000",
                                },
                                {
                                    "type": "button",
                                    "action_id": "open_quay",
                                    "text": {"type": "plain_text", "text": "Open in Quay", "emoji": True},
                                    "url": "https://q.io/repository/acme/api/build/1a2b3c4d-0000",
                                },
                            ],
                        },
                    ],
                    "fallback": "Build failed: acme/api:v1.4.0 (and latest), build 1a2b3c4d from main @ 9f8e7d6, commit by Ada, requested by alice. exit code 2",
                }
            ],
        }
    )


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


def test_a_build_that_succeeded(look: Look) -> None:
    assert look(build(Phase.COMPLETE, error="", progress=Progress(step=9, steps=9))) == snapshot("""\
Build succeeded: acme/api:v1.4.0 (and latest), build 1a2b3c4d from main @ 9f8e7d6, commit by Ada, requested by alice.
🟢 *Build succeeded* <https://q.io/repository/acme/api?tab=tags&amp;tag=v1.4.0|acme/api:v1.4.0> (+1 more) · <https://q.io/repository/acme/api/build/1a2b3c4d-0000|build 1a2b3c4d>
#2eb67d
github · branch `main` · commit <https://github.example/acme/api/commit/9f8e7d6|9f8e7d6> · tags `v1.4.0` `latest`
Fix the ∗flaky∗ test
~ requested by alice · commit by Ada · took about 4 min · ⟨2026-11-23 12:04 UTC⟩
[Logs](acme/api 1a2b3c4d-0000) [Open in Quay](https://q.io/repository/acme/api/build/1a2b3c4d-0000)\
""")


def test_a_failed_build_shows_why_and_where_its_log_was_cut(look: Look) -> None:
    tail = tuple(f"\x1b[31mline {number}\x1b[0m" for number in range(1, 50))
    assert look(build(Phase.ERROR, error="The command `make` returned 2", log_tail=tail)) == snapshot("""\
Build failed: acme/api:v1.4.0 (and latest), build 1a2b3c4d from main @ 9f8e7d6, commit by Ada, requested by alice. The command ˋmakeˋ returned 2
🔴 *Build failed* <https://q.io/repository/acme/api?tab=tags&amp;tag=v1.4.0|acme/api:v1.4.0> (+1 more) · <https://q.io/repository/acme/api/build/1a2b3c4d-0000|build 1a2b3c4d>
#e01e5a
github · branch `main` · commit <https://github.example/acme/api/commit/9f8e7d6|9f8e7d6> · tags `v1.4.0` `latest`
Fix the ∗flaky∗ test
*Error:* The command ˋmakeˋ returned 2
```
… 34 lines cut
line 35
line 36
line 37
line 38
line 39
line 40
line 41
line 42
line 43
line 44
line 45
line 46
line 47
line 48
line 49
```
~ requested by alice · commit by Ada · took about 4 min · ⟨2026-11-23 12:04 UTC⟩
[Logs](acme/api 1a2b3c4d-0000) [Retry](acme/api 1a2b3c4d-0000) [Open in Quay](https://q.io/repository/acme/api/build/1a2b3c4d-0000)\
""")


def test_a_build_that_broke_inside_quay(look: Look) -> None:
    assert look(build(Phase.INTERNAL_ERROR)) == snapshot("""\
Build stopped by an internal error: acme/api:v1.4.0 (and latest), build 1a2b3c4d from main @ 9f8e7d6, commit by Ada, requested by alice.
🟠 *Build stopped by an internal error* <https://q.io/repository/acme/api?tab=tags&amp;tag=v1.4.0|acme/api:v1.4.0> (+1 more) · <https://q.io/repository/acme/api/build/1a2b3c4d-0000|build 1a2b3c4d>
#ecb22e
github · branch `main` · commit <https://github.example/acme/api/commit/9f8e7d6|9f8e7d6> · tags `v1.4.0` `latest`
Fix the ∗flaky∗ test
Something in Quay's build system broke. Quay may start it again by itself.
~ requested by alice · commit by Ada · took about 4 min · ⟨2026-11-23 12:04 UTC⟩
[Logs](acme/api 1a2b3c4d-0000) [Retry](acme/api 1a2b3c4d-0000) [Open in Quay](https://q.io/repository/acme/api/build/1a2b3c4d-0000)\
""")


def test_a_build_that_expired(look: Look) -> None:
    assert look(build(Phase.EXPIRED)) == snapshot("""\
Build expired: acme/api:v1.4.0 (and latest), build 1a2b3c4d from main @ 9f8e7d6, commit by Ada, requested by alice.
🔴 *Build expired* <https://q.io/repository/acme/api?tab=tags&amp;tag=v1.4.0|acme/api:v1.4.0> (+1 more) · <https://q.io/repository/acme/api/build/1a2b3c4d-0000|build 1a2b3c4d>
#e01e5a
github · branch `main` · commit <https://github.example/acme/api/commit/9f8e7d6|9f8e7d6> · tags `v1.4.0` `latest`
Fix the ∗flaky∗ test
The build machine stopped answering, and Quay has given up on it.
~ requested by alice · commit by Ada · took about 4 min · ⟨2026-11-23 12:04 UTC⟩
[Logs](acme/api 1a2b3c4d-0000) [Retry](acme/api 1a2b3c4d-0000) [Open in Quay](https://q.io/repository/acme/api/build/1a2b3c4d-0000)\
""")


def test_a_cancelled_build(look: Look) -> None:
    assert look(build(Phase.CANCELLED)) == snapshot("""\
Build cancelled: acme/api:v1.4.0 (and latest), build 1a2b3c4d from main @ 9f8e7d6, commit by Ada, requested by alice.
⚪ *Build cancelled* <https://q.io/repository/acme/api?tab=tags&amp;tag=v1.4.0|acme/api:v1.4.0> (+1 more) · <https://q.io/repository/acme/api/build/1a2b3c4d-0000|build 1a2b3c4d>
#616061
github · branch `main` · commit <https://github.example/acme/api/commit/9f8e7d6|9f8e7d6> · tags `v1.4.0` `latest`
Fix the ∗flaky∗ test
~ requested by alice · commit by Ada · took about 4 min · ⟨2026-11-23 12:04 UTC⟩
[Logs](acme/api 1a2b3c4d-0000) [Retry](acme/api 1a2b3c4d-0000) [Open in Quay](https://q.io/repository/acme/api/build/1a2b3c4d-0000)\
""")


def test_a_build_that_quay_cannot_see(look: Look) -> None:
    assert look(build(Phase.UNKNOWN, error="Redis is away")) == snapshot("""\
Build state unknown: acme/api:v1.4.0 (and latest), build 1a2b3c4d from main @ 9f8e7d6, commit by Ada, requested by alice. Redis is away
🟠 *Build state unknown* <https://q.io/repository/acme/api?tab=tags&amp;tag=v1.4.0|acme/api:v1.4.0> (+1 more) · <https://q.io/repository/acme/api/build/1a2b3c4d-0000|build 1a2b3c4d>
#ecb22e
github · branch `main` · commit <https://github.example/acme/api/commit/9f8e7d6|9f8e7d6> · tags `v1.4.0` `latest`
Fix the ∗flaky∗ test
Quay cannot say right now how this build is doing.
*Error:* Redis is away
~ requested by alice · commit by Ada · ⟨2026-11-23 12:04 UTC⟩
[Logs](acme/api 1a2b3c4d-0000) [Cancel](acme/api 1a2b3c4d-0000) [Open in Quay](https://q.io/repository/acme/api/build/1a2b3c4d-0000)\
""")


def test_an_unsafe_commit_address_is_no_link(look: Look) -> None:
    facts = build(Phase.WAITING, commit_url="javascript:alert(1)").details[0]["text"]["text"]
    assert facts == snapshot("""\
github · branch `main` · commit `9f8e7d6` · tags `v1.4.0` `latest`
Fix the ∗flaky∗ test\
""")


def test_short_times_are_not_told_because_webhooks_are_late() -> None:
    assert "took" not in str(build(Phase.COMPLETE, minutes=0.5).details)


def test_a_test_notification_looks_like_one_and_offers_nothing(look: Look) -> None:
    assert look(build(Phase.ERROR, kind="build_failure", build_id="fake-build-id", test=True)) == snapshot("""\
Test notification for acme/api. Notifications from Quay reach this channel. A real one would tell about a failed build.
🧪 *Test notification* for <https://q.io/repository/acme/api|acme/api>
#616061
Notifications from Quay reach this channel. A real one would tell about a failed build.
The sample says: build `fake-build-id` · 2 tags: `v1.4.0` `latest` · github · branch `main` · commit `9f8e7d6` · Fix the ∗flaky∗ test
~ Sent with Quay's test button, nothing has happened · ⟨2026-11-23 12:00 UTC⟩\
""")


@pytest.mark.parametrize(
    ("ref", "kind"),
    [("refs/heads/v1.0", "branch"), ("refs/tags/v1.0", "git tag"), ("refs/v1.0", "ref"), ("v1.0", "ref")],
)
def test_the_kind_of_ref_is_said(ref: str, kind: str) -> None:
    message = build(Phase.COMPLETE, ref=ref)
    assert f" · {kind} `v1.0` · commit " in message.details[0]["text"]["text"]
    assert "build 1a2b3c4d from v1.0 @ 9f8e7d6, commit by Ada, requested by alice." in message.text


@pytest.mark.parametrize(
    ("known", "said"),
    [
        ({"ref": ""}, "build 1a2b3c4d from 9f8e7d6, commit by Ada, requested by alice."),
        ({"commit": "", "author": ""}, "build 1a2b3c4d from main, requested by alice."),
        ({"ref": "", "commit": "", "author": "alice"}, "build 1a2b3c4d, requested by alice."),
    ],
)
def test_the_text_says_where_a_build_comes_from_as_far_as_known(known: dict[str, str], said: str) -> None:
    assert build(Phase.COMPLETE, **known).text.endswith(said)


@pytest.mark.parametrize("error", ["Error: it broke", "ERROR:  error: it broke", "it broke"])
def test_the_word_error_is_not_said_twice(error: str) -> None:
    message = build(Phase.ERROR, error=error)
    assert message.text.endswith("requested by alice. it broke")
    assert message.details[1]["text"]["text"] == "*Error:* it broke"


@pytest.mark.parametrize("line", ["it `broke` & <fell>", "  make: Error: it `broke` & <fell> (2)"])
def test_an_error_that_the_log_says_is_not_repeated(line: str) -> None:
    message = build(Phase.ERROR, error="Error: it `broke` & <fell>", log_tail=("Step 3/9", line))
    assert message.details[1]["text"]["text"].startswith("```\nStep 3/9\n")
    assert "it ˋbrokeˋ" in message.text


def test_an_error_above_the_lines_that_are_shown_is_said() -> None:
    message = build(Phase.ERROR, error="it broke", log_tail=("it broke", *("later",) * 20))
    assert message.details[1]["text"]["text"].startswith("*Error:* it broke\n```")


def test_before_the_first_step_there_is_no_gauge() -> None:
    assert (
        build(Phase.PULLING, progress=Progress(step=0, steps=9)).details[1]["text"]["text"]
        == "Now pulling the base image."
    )


def test_something_odd_about_the_delivery_is_in_the_text_too() -> None:
    message = build(Phase.COMPLETE, note="sent to the webhook URL of acme/web")
    assert message.text.endswith(" Note: sent to the webhook URL of acme/web.")


def test_up_to_five_tags_are_named_in_the_text() -> None:
    assert build(Phase.COMPLETE, tags=tuple("abcde")).text.startswith("Build succeeded: acme/api:a (and b, c, d, e), ")
    assert "acme/api:a (and b, c, d, e, +2 more), " in build(Phase.COMPLETE, tags=tuple("abcdefg")).text
