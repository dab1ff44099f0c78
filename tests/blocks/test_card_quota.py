"""The words of a storage warning."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from inline_snapshot import snapshot

from bot.blocks.cards.quota import percent, show
from bot.blocks.text import size
from bot.domain.cards import QuotaCard
from bot.domain.events import QuotaCrossed
from bot.domain.messages import Message

QUAY = "https://q.io"
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
Look = Callable[[Message], str]


def crossed(*, rejecting: bool, usage_percent: float = 81.53, **more: Any) -> Message:
    defaults: dict[str, Any] = {
        "kind": "quota_error" if rejecting else "quota_warning",
        "namespace": "acme",
        "at": NOON,
        "threshold_percent": 80,
        "usage_bytes": 875_000_000,
        "limit_bytes": 1024**3,
        "usage": "834.5 MiB",
        "limit": "1 GiB",
    }
    event = QuotaCrossed(rejecting=rejecting, usage_percent=usage_percent, **{**defaults, **more})
    return show(QuotaCard(event=event), QUAY)


def test_the_whole_payload_of_a_warning() -> None:
    assert crossed(rejecting=False).payload() == snapshot(
        {
            "text": "Storage is running out: acme uses 834.5 MiB of 1 GiB (81.5 %).",
            "blocks": [
                {
                    "type": "section",
                    "text": {
                        "type": "mrkdwn",
                        "text": "🟡 *Storage is running out* in <https://q.io/organization/acme|acme>",
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
▰▰▰▰▰▰▰▰▱▱ 834.5 MiB of 1 GiB · 81.5 % · threshold 80 %
Delete tags or ask for more space; at the limit, pushes will be refused.\
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
                                    "url": "https://q.io/organization/acme",
                                }
                            ],
                        },
                    ],
                    "fallback": "Storage is running out: acme uses 834.5 MiB of 1 GiB (81.5 %).",
                }
            ],
        }
    )


def test_storage_runs_out(look: Look) -> None:
    assert look(crossed(rejecting=False)) == snapshot("""\
Storage is running out: acme uses 834.5 MiB of 1 GiB (81.5 %).
🟡 *Storage is running out* in <https://q.io/organization/acme|acme>
#ecb22e
▰▰▰▰▰▰▰▰▱▱ 834.5 MiB of 1 GiB · 81.5 % · threshold 80 %
Delete tags or ask for more space; at the limit, pushes will be refused.
~ ⟨2026-11-23 12:00 UTC⟩
[Open in Quay](https://q.io/organization/acme)\
""")


def test_storage_is_full(look: Look) -> None:
    assert look(crossed(rejecting=True, usage_percent=103.0, threshold_percent=100)) == snapshot("""\
Storage limit reached, pushes are refused: acme uses 834.5 MiB of 1 GiB (103 %).
🔴 *Storage limit reached, pushes are refused* in <https://q.io/organization/acme|acme>
#e01e5a
▰▰▰▰▰▰▰▰▰▰ 834.5 MiB of 1 GiB · 103 % · threshold 100 %
Delete tags or ask for more space; until then nobody can push.
~ ⟨2026-11-23 12:00 UTC⟩
[Open in Quay](https://q.io/organization/acme)\
""")


def test_sizes_are_worded_here_when_quay_does_not(look: Look) -> None:
    assert look(crossed(rejecting=False, usage="", limit="")) == snapshot("""\
Storage is running out: acme uses 834.5 MiB of 1 GiB (81.5 %).
🟡 *Storage is running out* in <https://q.io/organization/acme|acme>
#ecb22e
▰▰▰▰▰▰▰▰▱▱ 834.5 MiB of 1 GiB · 81.5 % · threshold 80 %
Delete tags or ask for more space; at the limit, pushes will be refused.
~ ⟨2026-11-23 12:00 UTC⟩
[Open in Quay](https://q.io/organization/acme)\
""")


def test_a_test_notification_looks_like_one_and_offers_nothing(look: Look) -> None:
    assert look(crossed(rejecting=False, test=True)) == snapshot("""\
Test notification for acme. Notifications from Quay reach this channel. A real one would tell about a storage warning.
🧪 *Test notification* for <https://q.io/organization/acme|acme>
#616061
Notifications from Quay reach this channel. A real one would tell about a storage warning.
The sample says: ▰▰▰▰▰▰▰▰▱▱ 834.5 MiB of 1 GiB · 81.5 % · threshold 80 %
~ Sent with Quay's test button, nothing has happened · ⟨2026-11-23 12:00 UTC⟩\
""")


@pytest.mark.parametrize(
    ("number", "said"),
    [(80, "80 %"), (81.53, "81.5 %"), (float("nan"), "an unknown share"), (float("inf"), "an unknown share")],
)
def test_percentages(number: float, said: str) -> None:
    assert percent(number) == said


@pytest.mark.parametrize(
    ("number", "said"),
    [(0, "0 B"), (1023, "1023 B"), (1536, "1.5 KiB"), (1024**3, "1 GiB"), (1024**6 * 5, "5,120 PiB")],
)
def test_sizes(number: int, said: str) -> None:
    assert size(number) == said


NOTHING: dict[str, Any] = dict.fromkeys(
    ("usage_percent", "threshold_percent", "usage_bytes", "limit_bytes")
) | dict.fromkeys(("usage", "limit"), "")


@pytest.mark.parametrize(
    ("known", "shown"),
    [
        (
            {},
            snapshot(
                [
                    "Storage limit reached, pushes are refused: acme crossed a storage limit.",
                    "Quay did not say how much is used.",
                ]
            ),
        ),
        (
            {"usage_percent": 96.0, "threshold_percent": 95.0},
            snapshot(
                [
                    "Storage limit reached, pushes are refused: acme uses 96 % of its storage.",
                    "▰▰▰▰▰▰▰▰▰▰ 96 % · threshold 95 %",
                ]
            ),
        ),
        ({"usage_bytes": 1024}, snapshot(["Storage limit reached, pushes are refused: acme uses 1 KiB.", "1 KiB"])),
        (
            {"limit_bytes": 2048},
            snapshot(
                [
                    "Storage limit reached, pushes are refused: acme crossed a storage limit (2 KiB in all).",
                    "2 KiB in all",
                ]
            ),
        ),
        (
            {"usage_bytes": 0, "limit_bytes": 2048, "usage_percent": 0.0},
            snapshot(
                [
                    "Storage limit reached, pushes are refused: acme uses 0 B of 2 KiB (0 %).",
                    "▱▱▱▱▱▱▱▱▱▱ 0 B of 2 KiB · 0 %",
                ]
            ),
        ),
    ],
)
def test_only_what_is_known_is_said(look: Look, known: dict[str, Any], shown: list[str]) -> None:
    lines = look(crossed(rejecting=True, **{**NOTHING, **known})).splitlines()
    assert [lines[0], lines[3]] == shown
