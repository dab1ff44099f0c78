"""The words of a finding, in every severity."""

# ruff: noqa: E501 - the words are as long as they are

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from inline_snapshot import snapshot

from bot.blocks.cards.vulnerabilities import show
from bot.domain.events import Severity, VulnerabilityFound
from bot.domain.messages import Message
from bot.rules.cards.vulnerabilities import fold, items

QUAY = "https://q.io"
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
Look = Callable[[Message], str]


def found(**more: Any) -> Message:
    defaults: dict[str, Any] = {
        "kind": "vulnerability_found",
        "namespace": "acme",
        "repository": "acme/api",
        "at": NOON,
        "tags": ("v1.4.0", "latest"),
        "vulnerability": "CVE-2026-1234",
        "severity": Severity.CRITICAL,
        "description": "A flaw in *libfoo* lets anyone <run> code.",
        "links": ("https://nvd.example/vuln/CVE-2026-1234",),
        "fixable": True,
    }
    event = VulnerabilityFound(**{**defaults, **more})
    return show(fold(None, event, items(event)), QUAY)


def test_the_whole_payload_of_a_critical_finding() -> None:
    assert found().payload() == snapshot(
        {
            "text": "Critical vulnerability: CVE-2026-1234 in acme/api:v1.4.0 (and latest). A fix is available.",
            "blocks": [
                {
                    "type": "section",
                    "text": {
                        "type": "mrkdwn",
                        "text": "🔴 *Critical vulnerability* <https://nvd.example/vuln/CVE-2026-1234|CVE-2026-1234> in <https://q.io/repository/acme/api?tab=tags&amp;tag=v1.4.0|acme/api:v1.4.0> (+1 more)",
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
A fix is available · 2 tags: `v1.4.0` `latest`
A flaw in ∗libfoo∗ lets anyone &lt;run&gt; code.\
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
                                    "url": "https://q.io/repository/acme/api?tab=tags&tag=v1.4.0",
                                },
                                {
                                    "type": "button",
                                    "action_id": "advisory",
                                    "text": {"type": "plain_text", "text": "Advisory", "emoji": True},
                                    "url": "https://nvd.example/vuln/CVE-2026-1234",
                                },
                            ],
                        },
                    ],
                    "fallback": "Critical vulnerability: CVE-2026-1234 in acme/api:v1.4.0 (and latest). A fix is available.",
                }
            ],
        }
    )


def test_a_critical_finding_with_a_fix(look: Look) -> None:
    assert look(found()) == snapshot("""\
Critical vulnerability: CVE-2026-1234 in acme/api:v1.4.0 (and latest). A fix is available.
🔴 *Critical vulnerability* <https://nvd.example/vuln/CVE-2026-1234|CVE-2026-1234> in <https://q.io/repository/acme/api?tab=tags&amp;tag=v1.4.0|acme/api:v1.4.0> (+1 more)
#e01e5a
A fix is available · 2 tags: `v1.4.0` `latest`
A flaw in ∗libfoo∗ lets anyone &lt;run&gt; code.
~ ⟨2026-11-23 12:00 UTC⟩
[Open in Quay](https://q.io/repository/acme/api?tab=tags&tag=v1.4.0) [Advisory](https://nvd.example/vuln/CVE-2026-1234)\
""")


def test_each_severity_has_its_words_and_colour() -> None:
    shown = [(found(severity=level).text, found(severity=level).color) for level in Severity]
    assert shown == snapshot(
        [
            ("Critical vulnerability: CVE-2026-1234 in acme/api:v1.4.0 (and latest). A fix is available.", "#e01e5a"),
            ("High vulnerability: CVE-2026-1234 in acme/api:v1.4.0 (and latest). A fix is available.", "#e01e5a"),
            ("Medium vulnerability: CVE-2026-1234 in acme/api:v1.4.0 (and latest). A fix is available.", "#ecb22e"),
            ("Low vulnerability: CVE-2026-1234 in acme/api:v1.4.0 (and latest). A fix is available.", "#36c5f0"),
            ("Negligible vulnerability: CVE-2026-1234 in acme/api:v1.4.0 (and latest). A fix is available.", "#616061"),
            (
                "Vulnerability of unknown severity: CVE-2026-1234 in acme/api:v1.4.0 (and latest). A fix is available.",
                "#616061",
            ),
        ]
    )


def test_a_finding_without_a_fix_or_a_link(look: Look) -> None:
    assert look(found(severity=Severity.HIGH, fixable=False, links=(), description="")) == snapshot("""\
High vulnerability: CVE-2026-1234 in acme/api:v1.4.0 (and latest). No fix is known yet.
🟠 *High vulnerability* CVE-2026-1234 in <https://q.io/repository/acme/api?tab=tags&amp;tag=v1.4.0|acme/api:v1.4.0> (+1 more)
#e01e5a
No fix is known yet · 2 tags: `v1.4.0` `latest`
~ ⟨2026-11-23 12:00 UTC⟩
[Open in Quay](https://q.io/repository/acme/api?tab=tags&tag=v1.4.0)\
""")


def test_a_finding_of_a_first_index_names_the_vendors_word(look: Look) -> None:
    message = found(
        vulnerability="48213", severity=Severity.MEDIUM, severity_word="Moderate", fixable=None, first_index=True
    )
    assert look(message) == snapshot("""\
Medium vulnerability: CVE-2026-1234 in acme/api:v1.4.0 (and latest). Quay does not say whether there is a fix.
🟡 *Medium vulnerability* <https://nvd.example/vuln/CVE-2026-1234|CVE-2026-1234> in <https://q.io/repository/acme/api?tab=tags&amp;tag=v1.4.0|acme/api:v1.4.0> (+1 more)
#ecb22e
The vendor says "Moderate" · Quay does not say whether there is a fix · 2 tags: `v1.4.0` `latest`
A flaw in ∗libfoo∗ lets anyone &lt;run&gt; code.
~ found when the image was first scanned · ⟨2026-11-23 12:00 UTC⟩
[Open in Quay](https://q.io/repository/acme/api?tab=tags&tag=v1.4.0) [Advisory](https://nvd.example/vuln/CVE-2026-1234)\
""")


def test_untagged_manifests_are_named_by_a_short_digest(look: Look) -> None:
    assert look(found(severity=Severity.LOW, tags=("sha256:" + "0123456789abcdef" * 4,))) == snapshot("""\
Low vulnerability: CVE-2026-1234 in acme/api@sha256:0123456789ab. A fix is available.
🔵 *Low vulnerability* <https://nvd.example/vuln/CVE-2026-1234|CVE-2026-1234> in <https://q.io/repository/acme/api/manifest/sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef|acme/api@sha256:0123456789ab>
#36c5f0
A fix is available · Untagged image `sha256:0123456789ab`
A flaw in ∗libfoo∗ lets anyone &lt;run&gt; code.
~ ⟨2026-11-23 12:00 UTC⟩
[Open in Quay](https://q.io/repository/acme/api/manifest/sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef) [Advisory](https://nvd.example/vuln/CVE-2026-1234)\
""")


def test_the_first_safe_link_is_the_advisory(look: Look) -> None:
    links = ("javascript:alert(1)", "https://access.example/security?id=1&x=2")
    assert look(found(links=links, description="")) == snapshot("""\
Critical vulnerability: CVE-2026-1234 in acme/api:v1.4.0 (and latest). A fix is available.
🔴 *Critical vulnerability* <https://access.example/security?id=1&amp;x=2|CVE-2026-1234> in <https://q.io/repository/acme/api?tab=tags&amp;tag=v1.4.0|acme/api:v1.4.0> (+1 more)
#e01e5a
A fix is available · 2 tags: `v1.4.0` `latest`
~ ⟨2026-11-23 12:00 UTC⟩
[Open in Quay](https://q.io/repository/acme/api?tab=tags&tag=v1.4.0) [Advisory](https://access.example/security?id=1&x=2)\
""")


def test_a_long_description_is_clipped_and_says_so() -> None:
    paragraph = found(description="word " * 1000).details[0]["text"]["text"]
    assert len(paragraph) < 1000
    assert paragraph.endswith("…")


def test_a_test_notification_looks_like_one_and_offers_nothing(look: Look) -> None:
    assert look(found(test=True, vulnerability="CVE-FAKE-CVE")) == snapshot("""\
Test notification for acme/api. Notifications from Quay reach this channel. A real one would tell about a vulnerability.
🧪 *Test notification* for <https://q.io/repository/acme/api|acme/api>
#616061
Notifications from Quay reach this channel. A real one would tell about a vulnerability.
The sample says: `CVE-FAKE-CVE` · Critical · 2 tags: `v1.4.0` `latest`
~ Sent with Quay's test button, nothing has happened · ⟨2026-11-23 12:00 UTC⟩\
""")


@pytest.mark.parametrize(
    ("links", "description", "name"),
    [
        (("https://a.example/x", "https://nvd.example/CVE-2024-0001"), "also CVE-2024-0002", "CVE-2024-0001"),
        (("https://access.example/errata/RHSA-2024%3A1234",), "", "RHSA-2024:1234"),
        ((), "See GHSA-7jwh-3vrq-q3m8.", "GHSA-7jwh-3vrq-q3m8"),
        ((), "", "finding 4711"),
    ],
)
def test_the_scanners_own_number_is_no_name(links: tuple[str, ...], description: str, name: str) -> None:
    message = found(vulnerability="4711", links=links, description=description, first_index=True)
    assert message.text.startswith(f"Critical vulnerability: {name} in ")
    assert name in message.blocks[0]["text"]["text"]
