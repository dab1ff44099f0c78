"""The words of a mirror sync, in every state."""

# ruff: noqa: E501 - the words are as long as they are

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from bot.blocks.cards.mirrors import show, told
from bot.domain.cards import MirrorCard
from bot.domain.events import MirrorOutcome, MirrorSynced
from bot.domain.messages import Message

QUAY = "https://q.io"
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
Look = Callable[[Message], str]


def synced(outcome: MirrorOutcome, message: str = "", *, took: float | None = 95, **more: Any) -> Message:
    ended = outcome is not MirrorOutcome.STARTED
    event = MirrorSynced(
        kind=f"repo_mirror_sync_{outcome}",
        namespace="acme",
        repository="acme/api",
        at=NOON,
        outcome=outcome,
        message=message,
        **more,
    )
    started = None if took is None else NOON - timedelta(seconds=took)
    card = MirrorCard(known=event, outcome=outcome, started=started, finished=NOON if ended else None)
    return show(card, QUAY)


def test_the_whole_payload_of_a_failed_sync() -> None:
    assert synced(MirrorOutcome.FAILED, "'quay.io/acme/api' with tag pattern '*'\nexit 1").payload() == snapshot(
        {
            "text": "Mirror sync failed: acme/api. 'quay.io/acme/api' with tag pattern '*': exit 1",
            "blocks": [
                {
                    "type": "section",
                    "text": {
                        "type": "mrkdwn",
                        "text": "🔴 *Mirror sync failed* <https://q.io/repository/acme/api|acme/api>",
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
```
'quay.io/acme/api' with tag pattern '*'
exit 1
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
                                    "text": "took about 1 min 35 s · <!date^1795435200^{date_short_pretty} {time}|2026-11-23 12:00 UTC>",
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
                                    "url": "https://q.io/repository/acme/api",
                                }
                            ],
                        },
                    ],
                    "fallback": "Mirror sync failed: acme/api. 'quay.io/acme/api' with tag pattern '*': exit 1",
                }
            ],
        }
    )


def test_a_sync_that_runs(look: Look) -> None:
    assert look(synced(MirrorOutcome.STARTED, "'quay.io/acme/api' with tag pattern '*'")) == snapshot("""\
Mirror sync running: acme/api. 'quay.io/acme/api' with tag pattern '*'
🔵 *Mirror sync running* <https://q.io/repository/acme/api|acme/api>
#36c5f0
`'quay.io/acme/api' with tag pattern '*'`
~ ⟨2026-11-23 12:00 UTC⟩
[Open in Quay](https://q.io/repository/acme/api)\
""")


def test_a_sync_that_went_well(look: Look) -> None:
    assert look(synced(MirrorOutcome.SUCCESS, "'quay.io/acme/api' with tag pattern '*'")) == snapshot("""\
Mirror sync finished: acme/api. 'quay.io/acme/api' with tag pattern '*'
🟢 *Mirror sync finished* <https://q.io/repository/acme/api|acme/api>
#2eb67d
`'quay.io/acme/api' with tag pattern '*'`
~ took about 1 min 35 s · ⟨2026-11-23 12:00 UTC⟩
[Open in Quay](https://q.io/repository/acme/api)\
""")


def test_a_sync_that_went_well_before_we_heard_of_its_start(look: Look) -> None:
    assert look(synced(MirrorOutcome.SUCCESS, took=None)) == snapshot("""\
Mirror sync finished: acme/api.
🟢 *Mirror sync finished* <https://q.io/repository/acme/api|acme/api>
#2eb67d
~ ⟨2026-11-23 12:00 UTC⟩
[Open in Quay](https://q.io/repository/acme/api)\
""")


def test_a_failed_sync_shows_the_first_lines_and_counts_the_rest(look: Look) -> None:
    output = "\n".join(["'quay.io/acme/api' failed", *(f"line `{number}`" for number in range(2, 50))])
    assert look(synced(MirrorOutcome.FAILED, output)) == snapshot("""\
Mirror sync failed: acme/api. 'quay.io/acme/api' failed: line `2`
🔴 *Mirror sync failed* <https://q.io/repository/acme/api|acme/api>
#e01e5a
```
'quay.io/acme/api' failed
line ˋ2ˋ
line ˋ3ˋ
line ˋ4ˋ
line ˋ5ˋ
line ˋ6ˋ
line ˋ7ˋ
line ˋ8ˋ
line ˋ9ˋ
line ˋ10ˋ
line ˋ11ˋ
line ˋ12ˋ
line ˋ13ˋ
line ˋ14ˋ
line ˋ15ˋ
… 34 lines cut
```
~ took about 1 min 35 s · ⟨2026-11-23 12:00 UTC⟩
[Open in Quay](https://q.io/repository/acme/api)\
""")


def test_a_test_notification_looks_like_one_and_offers_nothing(look: Look) -> None:
    assert look(synced(MirrorOutcome.STARTED, "TEST NOTIFICATION", test=True)) == snapshot("""\
Test notification for acme/api. Notifications from Quay reach this channel. A real one would tell about a started mirror sync.
🧪 *Test notification* for <https://q.io/repository/acme/api|acme/api>
#616061
Notifications from Quay reach this channel. A real one would tell about a started mirror sync.
~ Sent with Quay's test button, nothing has happened · ⟨2026-11-23 12:00 UTC⟩\
""")


def test_what_the_tool_said_is_taken_out_of_the_tuple() -> None:
    message = r"""'q/a' with tag pattern '*': ('skopeo failed', '', 'time="now"\nit\'s broken\n', "a \"b\"", None)"""
    assert told(message) == ("'q/a' with tag pattern '*'", "skopeo failed", 'time="now"', "it's broken", 'a "b"')


@pytest.mark.parametrize("message", ["", "plain words", "half: ('open", "two\nlines", "odd: ()", ": (')"])
def test_a_message_of_another_form_loses_nothing(message: str) -> None:
    kept = "".join(told(message))
    assert all(word in kept for word in message.replace(": ()", "").replace(": (')", "").split())


@given(st.text(max_size=300))
def test_any_message_is_told_in_lines(message: str) -> None:
    assert all(line.strip() and "\n" not in line for line in told(message))
