"""The words of a build in any phase: the whole payload, where it comes from, its tags and notes."""

# ruff: noqa: E501 - the words are as long as they are

import pytest
from inline_snapshot import snapshot

from bot.domain.events import Phase
from tests.blocks.build_cards import Look, build


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


def test_an_unsafe_commit_address_is_no_link(look: Look) -> None:
    facts = build(Phase.WAITING, commit_url="javascript:alert(1)").details[0]["text"]["text"]
    assert facts == snapshot("""\
github · branch `main` · commit `9f8e7d6` · tags `v1.4.0` `latest`
Fix the ∗flaky∗ test\
""")


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


def test_something_odd_about_the_delivery_is_in_the_text_too() -> None:
    message = build(Phase.COMPLETE, note="sent to the webhook URL of acme/web")
    assert message.text.endswith(" Note: sent to the webhook URL of acme/web.")


def test_up_to_five_tags_are_named_in_the_text() -> None:
    assert build(Phase.COMPLETE, tags=tuple("abcde")).text.startswith("Build succeeded: acme/api:a (and b, c, d, e), ")
    assert "acme/api:a (and b, c, d, e, +2 more), " in build(Phase.COMPLETE, tags=tuple("abcdefg")).text
