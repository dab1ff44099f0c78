"""The words of a push, in every state."""

# ruff: noqa: E501 - the words are as long as they are

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from inline_snapshot import snapshot

from bot.blocks.cards.pushes import show
from bot.domain.cards import PushCard
from bot.domain.events import Pushed
from bot.domain.messages import Message

QUAY = "https://q.io"
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
Look = Callable[[Message], str]


def pushed(*tags: str, times: int = 1, **more: Any) -> Message:
    event = Pushed(kind="repo_push", namespace="acme", repository="acme/api", at=NOON, tags=tags, **more)
    return show(PushCard(event=event, first=NOON, last=NOON, times=times), QUAY)


def test_the_whole_payload_of_a_push() -> None:
    assert pushed("v1.4.0").payload() == snapshot(
        {
            "text": "Pushed acme/api:v1.4.0.",
            "blocks": [
                {
                    "type": "section",
                    "text": {
                        "type": "mrkdwn",
                        "text": "🟢 *Pushed* <https://q.io/repository/acme/api?tab=tags&amp;tag=v1.4.0|acme/api:v1.4.0>",
                        "verbatim": True,
                    },
                }
            ],
            "attachments": [
                {
                    "color": "#2eb67d",
                    "blocks": [
                        {
                            "type": "section",
                            "text": {"type": "mrkdwn", "text": "`q.io/acme/api:v1.4.0`", "verbatim": True},
                        },
                        {
                            "type": "context",
                            "elements": [
                                {
                                    "type": "mrkdwn",
                                    "text": "<!date^1795435200^{date_short_pretty} {time}|2026-11-23 12:00 UTC>",
                                    "verbatim": True,
                                }
                            ],
                        },
                        {
                            "type": "actions",
                            "elements": [
                                {
                                    "type": "button",
                                    "action_id": "open_quay",
                                    "text": {"type": "plain_text", "text": "Open in Quay", "emoji": True},
                                    "url": "https://q.io/repository/acme/api?tab=tags&tag=v1.4.0",
                                }
                            ],
                        },
                    ],
                    "fallback": "Pushed acme/api:v1.4.0.",
                }
            ],
        }
    )


def test_a_push_of_one_tag(look: Look) -> None:
    assert look(pushed("v1.4.0")) == snapshot("""\
Pushed acme/api:v1.4.0.
🟢 *Pushed* <https://q.io/repository/acme/api?tab=tags&amp;tag=v1.4.0|acme/api:v1.4.0>
#2eb67d
`q.io/acme/api:v1.4.0`
~ ⟨2026-11-23 12:00 UTC⟩
[Open in Quay](https://q.io/repository/acme/api?tab=tags&tag=v1.4.0)\
""")


def test_a_push_of_several_tags(look: Look) -> None:
    assert look(pushed("v1.4.0", "v1.4", "v1", "latest")) == snapshot("""\
Pushed acme/api:v1.4.0 (and v1.4, v1, latest).
🟢 *Pushed* <https://q.io/repository/acme/api?tab=tags&amp;tag=v1.4.0|acme/api:v1.4.0> (+3 more)
#2eb67d
4 tags: `v1.4.0` `v1.4` `v1` `latest`
~ ⟨2026-11-23 12:00 UTC⟩
[Open in Quay](https://q.io/repository/acme/api?tab=tags&tag=v1.4.0)\
""")


def test_a_push_of_more_tags_than_fit_says_how_many_are_missing(look: Look) -> None:
    assert look(pushed(*(f"nightly-{day}" for day in range(1, 25)))) == snapshot("""\
Pushed acme/api:nightly-1 (and nightly-2, nightly-3, nightly-4, nightly-5, +19 more).
🟢 *Pushed* <https://q.io/repository/acme/api?tab=tags&amp;tag=nightly-1|acme/api:nightly-1> (+23 more)
#2eb67d
24 tags: `nightly-1` `nightly-2` `nightly-3` `nightly-4` `nightly-5` `nightly-6` `nightly-7` `nightly-8` `nightly-9` `nightly-10` `nightly-11` `nightly-12` +12 more
~ ⟨2026-11-23 12:00 UTC⟩
[Open in Quay](https://q.io/repository/acme/api?tab=tags&tag=nightly-1)\
""")


def test_a_push_that_was_reported_again(look: Look) -> None:
    assert look(pushed("latest", times=3)) == snapshot("""\
Pushed acme/api:latest, reported 3 times.
🟢 *Pushed* <https://q.io/repository/acme/api?tab=tags&amp;tag=latest|acme/api:latest>
#2eb67d
`q.io/acme/api:latest` · reported 3 times
Quay repeats itself when an answer gets lost, so this may be one push.
~ ⟨2026-11-23 12:00 UTC⟩
[Open in Quay](https://q.io/repository/acme/api?tab=tags&tag=latest)\
""")


def test_a_push_without_a_tag_name(look: Look) -> None:
    assert look(pushed()) == snapshot("""\
Pushed acme/api.
🟢 *Pushed* <https://q.io/repository/acme/api|acme/api>
#2eb67d
Quay named no tag.
~ ⟨2026-11-23 12:00 UTC⟩
[Open in Quay](https://q.io/repository/acme/api)\
""")


def test_something_odd_about_the_delivery_is_in_the_small_print(look: Look) -> None:
    assert look(pushed("v1", note="The body named another repository than the hook.")) == snapshot("""\
Pushed acme/api:v1. Note: The body named another repository than the hook.
🟢 *Pushed* <https://q.io/repository/acme/api?tab=tags&amp;tag=v1|acme/api:v1>
#2eb67d
`q.io/acme/api:v1`
~ ⟨2026-11-23 12:00 UTC⟩ · Note: The body named another repository than the hook.
[Open in Quay](https://q.io/repository/acme/api?tab=tags&tag=v1)\
""")


def test_a_test_notification_looks_like_one_and_offers_nothing(look: Look) -> None:
    assert look(pushed("latest", "foo", test=True)) == snapshot("""\
Test notification for acme/api. Notifications from Quay reach this channel. A real one would tell about a push.
🧪 *Test notification* for <https://q.io/repository/acme/api|acme/api>
#616061
Notifications from Quay reach this channel. A real one would tell about a push.
The sample says: 2 tags: `latest` `foo`
~ Sent with Quay's test button, nothing has happened · ⟨2026-11-23 12:00 UTC⟩\
""")


def test_foreign_markup_stays_text(look: Look) -> None:
    assert look(pushed("<!channel>*`_x_")) == snapshot("""\
Pushed acme/api:&lt;!channel&gt;∗ˋ＿x＿.
🟢 *Pushed* <https://q.io/repository/acme/api?tab=tags&amp;tag=%3C%21channel%3E%2A%60_x_|acme/api:&lt;!channel&gt;∗ˋ＿x＿>
#2eb67d
`q.io/acme/api:&lt;!channel&gt;*ˋ_x_`
~ ⟨2026-11-23 12:00 UTC⟩
[Open in Quay](https://q.io/repository/acme/api?tab=tags&tag=%3C%21channel%3E%2A%60_x_)\
""")


def test_a_push_without_a_tag_is_named_by_a_short_digest(look: Look) -> None:
    assert look(pushed("sha256:" + "a" * 64)) == snapshot("""\
Pushed acme/api@sha256:aaaaaaaaaaaa.
🟢 *Pushed* <https://q.io/repository/acme/api/manifest/sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa|acme/api@sha256:aaaaaaaaaaaa>
#2eb67d
Untagged image `sha256:aaaaaaaaaaaa`
~ ⟨2026-11-23 12:00 UTC⟩
[Open in Quay](https://q.io/repository/acme/api/manifest/sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa)\
""")
