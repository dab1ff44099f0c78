"""The words of a warning about expiring tags."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from inline_snapshot import snapshot

from bot.blocks.cards.expiry import show
from bot.domain.cards import ExpiryCard
from bot.domain.events import TagsExpiring
from bot.domain.messages import Message

QUAY = "https://q.io"
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
Look = Callable[[Message], str]


def expiring(*tags: str, expiring_in: str = "5 days", **more: Any) -> Message:
    event = TagsExpiring(
        kind="repo_image_expiry",
        namespace="acme",
        repository="acme/api",
        at=NOON,
        tags=tags,
        expiring_in=expiring_in,
        **more,
    )
    return show(ExpiryCard(event=event), QUAY)


def test_the_whole_payload_of_a_warning() -> None:
    assert expiring("v1").payload() == snapshot(
        {
            "text": "Tags expire soon in acme/api, within 5 days: v1.",
            "blocks": [
                {
                    "type": "section",
                    "text": {
                        "type": "mrkdwn",
                        "text": "🟡 *Tags expire soon* in <https://q.io/repository/acme/api|acme/api>",
                        "verbatim": True,
                    },
                }
            ],
            "attachments": [
                {
                    "color": "#ecb22e",
                    "blocks": [
                        {
                            "type": "section",
                            "text": {
                                "type": "mrkdwn",
                                "text": """\
Within 5 days · 1 tag: `v1`
Push them again, or change their expiration in Quay, to keep them.\
""",
                                "verbatim": True,
                            },
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
                                    "url": "https://q.io/repository/acme/api?tab=tags&tag=v1",
                                }
                            ],
                        },
                    ],
                    "fallback": "Tags expire soon in acme/api, within 5 days: v1.",
                }
            ],
        }
    )


def test_a_few_tags(look: Look) -> None:
    assert look(expiring("v1", "v2")) == snapshot("""\
Tags expire soon in acme/api, within 5 days: v1, v2.
🟡 *Tags expire soon* in <https://q.io/repository/acme/api|acme/api>
#ecb22e
Within 5 days · 2 tags: `v1` `v2`
Push them again, or change their expiration in Quay, to keep them.
~ ⟨2026-11-23 12:00 UTC⟩
[Open in Quay](https://q.io/repository/acme/api?tab=tags&tag=v1)\
""")


def test_many_tags_are_counted(look: Look) -> None:
    assert look(expiring(*(f"v{number}" for number in range(1, 31)))) == snapshot("""\
Tags expire soon in acme/api, within 5 days: v1, v2, v3, v4, v5, +25 more.
🟡 *Tags expire soon* in <https://q.io/repository/acme/api|acme/api>
#ecb22e
Within 5 days · 30 tags: `v1` `v2` `v3` `v4` `v5` `v6` `v7` `v8` `v9` `v10` `v11` `v12` `v13` `v14` `v15` +15 more
Push them again, or change their expiration in Quay, to keep them.
~ ⟨2026-11-23 12:00 UTC⟩
[Open in Quay](https://q.io/repository/acme/api?tab=tags&tag=v1)\
""")


def test_no_distance_and_no_tag(look: Look) -> None:
    assert look(expiring(expiring_in="")) == snapshot("""\
Tags expire soon in acme/api, within the next days: Quay named no tag.
🟡 *Tags expire soon* in <https://q.io/repository/acme/api|acme/api>
#ecb22e
Within the next days · Quay named no tag.
Push them again, or change their expiration in Quay, to keep them.
~ ⟨2026-11-23 12:00 UTC⟩
[Open in Quay](https://q.io/repository/acme/api)\
""")


def test_a_test_notification_looks_like_one_and_offers_nothing(look: Look) -> None:
    assert look(expiring("latest", "v1", expiring_in="None days", test=True)) == snapshot("""\
Test notification for acme/api. Notifications from Quay reach this channel. A real one would tell about expiring tags.
🧪 *Test notification* for <https://q.io/repository/acme/api|acme/api>
#616061
Notifications from Quay reach this channel. A real one would tell about expiring tags.
The sample says: 2 tags: `latest` `v1` · None days
~ Sent with Quay's test button, nothing has happened · ⟨2026-11-23 12:00 UTC⟩\
""")


@pytest.mark.parametrize(
    ("said", "shown"),
    [("1 days", "1 day"), ("5", "5 days"), ("1", "1 day"), ("5 days", "5 days"), ("2 weeks", "2 weeks"), ("-1", "-1")],
)
def test_the_distance_is_said_in_the_right_form(said: str, shown: str) -> None:
    message = expiring("v1", expiring_in=said)
    assert message.text == f"Tags expire soon in acme/api, within {shown}: v1."
    assert message.details[0]["text"]["text"].startswith(f"Within {shown} · ")


def test_images_without_a_tag_are_named_by_a_short_digest() -> None:
    one, two = "sha256:" + "a" * 64, "sha256:" + "b" * 64
    shown = [expiring(*tags).details[0]["text"]["text"].splitlines()[0] for tags in ((one,), (one, two), (one, "v1"))]
    assert shown == snapshot(
        [
            "Within 5 days · Untagged image `sha256:aaaaaaaaaaaa`",
            "Within 5 days · 2 untagged images: `sha256:aaaaaaaaaaaa` `sha256:bbbbbbbbbbbb`",
            "Within 5 days · 2 tags: `sha256:aaaaaaaaaaaa` `v1`",
        ]
    )
    assert expiring(one).text == snapshot("Tags expire soon in acme/api, within 5 days: sha256:aaaaaaaaaaaa.")
