"""The words of a push, in every state."""

# ruff: noqa: E501 - the words are as long as they are

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from inline_snapshot import snapshot

from bot.blocks.cards.pushes import show
from bot.domain.events import Pushed
from bot.domain.messages import Message
from bot.rules.cards.pushes import fold, items

QUAY = "https://q.io"
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
Look = Callable[[Message], str]


def pushed(*tags: str, times: int = 1, **more: Any) -> Message:
    event = Pushed(kind="repo_push", namespace="acme", repository="acme/api", at=NOON, tags=tags, **more)
    card = fold(None, event, items(event))
    for _ in range(1, times):
        card = fold(card, event, ())
    return show(card, QUAY)


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
                                    "action_id": "push_history",
                                    "text": {"type": "plain_text", "text": "History", "emoji": True},
                                    "value": "acme/api:v1.4.0",
                                },
                                {
                                    "type": "button",
                                    "action_id": "push_restore",
                                    "text": {"type": "plain_text", "text": "Restore", "emoji": True},
                                    "value": "acme/api:v1.4.0",
                                },
                                {
                                    "type": "button",
                                    "action_id": "push_vulns",
                                    "text": {"type": "plain_text", "text": "Vulnerabilities", "emoji": True},
                                    "value": "acme/api:v1.4.0",
                                },
                                {
                                    "type": "button",
                                    "action_id": "open_quay",
                                    "text": {"type": "plain_text", "text": "Open in Quay", "emoji": True},
                                    "url": "https://q.io/repository/acme/api?tab=tags&tag=v1.4.0",
                                },
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
[History](acme/api:v1.4.0) [Restore](acme/api:v1.4.0) [Vulnerabilities](acme/api:v1.4.0) [Open in Quay](https://q.io/repository/acme/api?tab=tags&tag=v1.4.0)\
""")


def test_a_push_of_several_tags(look: Look) -> None:
    assert look(pushed("v1.4.0", "v1.4", "v1", "latest")) == snapshot("""\
4 tags pushed to acme/api: latest, v1, v1.4, v1.4.0.
🟢 *4 tags pushed* to <https://q.io/repository/acme/api|acme/api>
#2eb67d
`latest` `v1` `v1.4` `v1.4.0`
~ ⟨2026-11-23 12:00 UTC⟩
[Open in Quay](https://q.io/repository/acme/api)\
""")


def test_a_push_of_more_tags_than_fit_says_how_many_are_missing(look: Look) -> None:
    assert look(pushed(*(f"nightly-{day}" for day in range(1, 25)))) == snapshot("""\
24 tags pushed to acme/api: nightly-1, nightly-2, nightly-3, nightly-4, nightly-5, nightly-6, nightly-7, nightly-8, nightly-9, nightly-10, nightly-11, nightly-12, nightly-13, nightly-14, nightly-15, +9 more.
🟢 *24 tags pushed* to <https://q.io/repository/acme/api|acme/api>
#2eb67d
`nightly-1` `nightly-2` `nightly-3` `nightly-4` `nightly-5` `nightly-6` `nightly-7` `nightly-8` `nightly-9` `nightly-10` `nightly-11` `nightly-12` `nightly-13` `nightly-14` `nightly-15` +9 more
~ ⟨2026-11-23 12:00 UTC⟩
[Open in Quay](https://q.io/repository/acme/api)\
""")


def test_a_push_that_was_reported_again(look: Look) -> None:
    assert look(pushed("latest", times=3)) == snapshot("""\
Pushed acme/api:latest, reported 3 times.
🟢 *Pushed* <https://q.io/repository/acme/api?tab=tags&amp;tag=latest|acme/api:latest>
#2eb67d
`q.io/acme/api:latest` · reported 3 times
Quay repeats itself when an answer gets lost, so this may be one push.
~ ⟨2026-11-23 12:00 UTC⟩
[History](acme/api:latest) [Restore](acme/api:latest) [Vulnerabilities](acme/api:latest) [Open in Quay](https://q.io/repository/acme/api?tab=tags&tag=latest)\
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
[History](acme/api:v1) [Restore](acme/api:v1) [Vulnerabilities](acme/api:v1) [Open in Quay](https://q.io/repository/acme/api?tab=tags&tag=v1)\
""")


def test_a_test_notification_looks_like_one_and_offers_nothing(look: Look) -> None:
    assert look(pushed("latest", "foo", test=True)) == snapshot("""\
Test notification for acme/api. Notifications from Quay reach this channel. A real one would tell about a push.
🧪 *Test notification* for <https://q.io/repository/acme/api|acme/api>
#616061
Notifications from Quay reach this channel. A real one would tell about a push.
The sample says: 2 tags: `foo` `latest`
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


def promoted(*pushes: tuple[str, ...]) -> Message:
    """The card after pushes of these tags, one after the other."""
    card, known = None, set[str]()
    for tags in pushes:
        event = Pushed(kind="repo_push", namespace="acme", repository="acme/web", at=NOON, tags=tags)
        fresh = tuple(item for item in items(event) if item.key not in known)
        known |= {item.key for item in fresh}
        card = fold(card, event, fresh)
    assert card is not None
    return show(card, QUAY)


def test_twelve_tags_of_a_promotion(look: Look) -> None:
    assert look(promoted(*((f"v1.{minor}",) for minor in range(12)))) == snapshot("""\
12 tags pushed to acme/web: v1.0, v1.1, v1.2, v1.3, v1.4, v1.5, v1.6, v1.7, v1.8, v1.9, v1.10, v1.11.
🟢 *12 tags pushed* to <https://q.io/repository/acme/web|acme/web>
#2eb67d
`v1.0` `v1.1` `v1.2` `v1.3` `v1.4` `v1.5` `v1.6` `v1.7` `v1.8` `v1.9` `v1.10` `v1.11`
~ ⟨2026-11-23 12:00 UTC⟩
[Open in Quay](https://q.io/repository/acme/web)\
""")


def test_a_tag_among_others_that_was_reported_again_says_so(look: Look) -> None:
    assert look(promoted(("v2",), ("latest",), ("v2",), ("v2",))) == snapshot("""\
2 tags pushed to acme/web: latest, v2 (reported 3 times).
🟢 *2 tags pushed* to <https://q.io/repository/acme/web|acme/web>
#2eb67d
`latest` `v2` ×3
Quay repeats itself when an answer gets lost, so this may be one push.
~ ⟨2026-11-23 12:00 UTC⟩
[Open in Quay](https://q.io/repository/acme/web)\
""")


def test_a_hundred_tags_are_counted(look: Look) -> None:
    assert look(promoted(*((f"nightly-{day}",) for day in range(100)))) == snapshot("""\
100 tags pushed to acme/web: nightly-0, nightly-1, nightly-2, nightly-3, nightly-4, nightly-5, nightly-6, nightly-7, nightly-8, nightly-9, nightly-10, nightly-11, nightly-12, nightly-13, nightly-14, +85 more.
🟢 *100 tags pushed* to <https://q.io/repository/acme/web|acme/web>
#2eb67d
`nightly-0` `nightly-1` `nightly-2` `nightly-3` `nightly-4` `nightly-5` `nightly-6` `nightly-7` `nightly-8` `nightly-9` `nightly-10` `nightly-11` `nightly-12` `nightly-13` `nightly-14` +85 more
~ ⟨2026-11-23 12:00 UTC⟩
[Open in Quay](https://q.io/repository/acme/web)\
""")
