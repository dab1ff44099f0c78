"""The words of a push when its tags were looked up."""

# ruff: noqa: E501 - the words are as long as they are

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from inline_snapshot import snapshot

from bot.blocks.cards.pushes import show
from bot.blocks.layouts import laid_out
from bot.domain.events import Pushed, PushFacts
from bot.domain.messages import Message
from bot.rules.cards.pushes import fold, items, learned

QUAY = "https://q.io"
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
MIB = 1024 * 1024
Look = Callable[[Message], str]


def pushed(*found: PushFacts, tags: tuple[str, ...] = (), **more: Any) -> Message:
    """The card of a push of all these tags (or of `tags`), completed by what was found."""
    names = tags or tuple(facts.tag for facts in found)
    event = Pushed(kind="repo_push", namespace="acme", repository="acme/api", at=NOON, tags=names, **more)
    return show(learned(fold(None, event, items(event)), found), QUAY)


def facts(tag: str = "v1.4.1", **more: Any) -> PushFacts:
    defaults: dict[str, Any] = {
        "digest": "sha256:" + "1a2b3c4d5e6f" * 5 + "abcd",
        "before": "sha256:" + "b" * 64,
        "size": 84 * MIB,
        "grew": 3 * MIB + 100_000,
        "by": "acme+ci",
        "scan": "scanned",
        "findings": (1, 2, 0, 0, 0, 0),
        "gained": ("CVE-2026-1111",),
        "lost": ("CVE-2025-2222", "CVE-2025-3333"),
    }
    return PushFacts(tag=tag, **(defaults | more))


def test_a_tag_with_everything_that_is_known_about_it(look: Look) -> None:
    whole = facts(architectures=("linux/amd64", "linux/arm64"), same_as="stable")
    assert look(pushed(whole)) == snapshot("""\
Pushed acme/api:v1.4.1 by acme+ci. Same image as stable. 1 Critical, 2 High (new: CVE-2026-1111; gone: CVE-2025-2222, CVE-2025-3333).
🟢 *Pushed* <https://q.io/repository/acme/api?tab=tags&amp;tag=v1.4.1|acme/api:v1.4.1>
#2eb67d
`q.io/acme/api:v1.4.1`
`sha256:1a2b3c4d5e6f` · linux/amd64, linux/arm64 · 84 MiB (+3.1 MiB)
Same image as `stable`
🛡️ 1 Critical, 2 High (new: CVE-2026-1111; gone: CVE-2025-2222, CVE-2025-3333)
~ pushed by acme+ci · ⟨2026-11-23 12:00 UTC⟩
[History](acme/api:v1.4.1) [Restore](acme/api:v1.4.1) [Vulnerabilities](acme/api:v1.4.1) [Open in Quay](https://q.io/repository/acme/api?tab=tags&tag=v1.4.1)\
""")


def test_a_tag_of_which_only_the_image_is_known(look: Look) -> None:
    assert look(pushed(PushFacts(tag="v1", digest="sha256:" + "c" * 64))) == snapshot("""\
Pushed acme/api:v1.
🟢 *Pushed* <https://q.io/repository/acme/api?tab=tags&amp;tag=v1|acme/api:v1>
#2eb67d
`q.io/acme/api:v1`
`sha256:cccccccccccc`
~ ⟨2026-11-23 12:00 UTC⟩
[History](acme/api:v1) [Restore](acme/api:v1) [Vulnerabilities](acme/api:v1) [Open in Quay](https://q.io/repository/acme/api?tab=tags&tag=v1)\
""")


def test_a_scan_that_still_runs_says_so(look: Look) -> None:
    assert "🛡️ The scan is running" in look(pushed(facts(scan="queued", findings=None, gained=None, lost=None)))


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ({"findings": (0, 0, 0, 0, 0, 0), "gained": (), "lost": ()}, "🛡️ No vulnerabilities"),
        ({"findings": (0, 1, 0, 0, 0, 0), "gained": (), "lost": ()}, "🛡️ 1 High (as before)"),
        ({"findings": (0, 1, 0, 0, 0, 0), "gained": None, "lost": None}, "🛡️ 1 High"),
        ({"findings": (0, 0, 0, 0, 0, 0), "gained": (), "lost": ("CVE-1",)}, "🛡️ No vulnerabilities (gone: CVE-1)"),
        ({"findings": None, "scan": "unsupported"}, "🛡️ The scanner cannot look into this kind of image"),
        ({"findings": None, "scan": "somethingelse"}, ""),
    ],
)
def test_what_the_scanner_says(look: Look, found: dict[str, Any], said: str) -> None:
    lines = [line for line in look(pushed(facts(**found))).splitlines() if line.startswith("🛡️")]
    assert lines == ([said] if said else [])


@pytest.mark.parametrize(
    ("grew", "said"),
    [(None, "84 MiB"), (0, "84 MiB (same size)"), (-3 * MIB, "84 MiB (−3 MiB)"), (1536, "84 MiB (+1.5 KiB)")],
)
def test_the_size_says_how_it_has_changed(look: Look, grew: int | None, said: str) -> None:
    assert f"`sha256:1a2b3c4d5e6f` · {said}\n" in look(pushed(facts(grew=grew)))


def test_the_same_image_again_says_so(look: Look) -> None:
    shown = look(pushed(facts(before=facts().digest, grew=0)))
    assert "`sha256:1a2b3c4d5e6f` · 84 MiB\nThe tag had this image before\n" in shown


def test_tags_with_the_same_image_share_a_line(look: Look) -> None:
    other = facts("v2.0.0", digest="sha256:" + "d" * 64, size=10 * MIB, grew=None, findings=None, scan="queued")
    assert look(pushed(facts("v1.4.1"), facts("v1.4"), other, tags=("v1.4.1", "v1.4", "v2.0.0", "v3"))) == snapshot("""\
4 tags pushed to acme/api: v1.4, v1.4.1, v2.0.0, v3.
🟢 *4 tags pushed* to <https://q.io/repository/acme/api|acme/api>
#2eb67d
`v1.4` `v1.4.1` · 84 MiB (+3.1 MiB) · 1 Critical, 2 High · 1 new · by acme+ci
`v2.0.0` · 10 MiB · scan is running · by acme+ci
`v3`
~ ⟨2026-11-23 12:00 UTC⟩
[Open in Quay](https://q.io/repository/acme/api)\
""")


def test_many_tags_of_one_pusher_name_them_once(look: Look) -> None:
    assert look(pushed(facts("v1"), facts("v2", digest="sha256:" + "e" * 64, by="acme+ci"))) == snapshot("""\
2 tags pushed to acme/api: v1, v2.
🟢 *2 tags pushed* to <https://q.io/repository/acme/api|acme/api>
#2eb67d
`v1` · 84 MiB (+3.1 MiB) · 1 Critical, 2 High · 1 new
`v2` · 84 MiB (+3.1 MiB) · 1 Critical, 2 High · 1 new
~ pushed by acme+ci · ⟨2026-11-23 12:00 UTC⟩
[Open in Quay](https://q.io/repository/acme/api)\
""")


def test_a_push_that_was_found_out_later_says_so_in_its_headline(look: Look) -> None:
    late = pushed(facts(), recovered=True, note="recovered, 14 min late")
    assert look(late) == snapshot("""\
Pushed acme/api:v1.4.1 by acme+ci. 1 Critical, 2 High (new: CVE-2026-1111; gone: CVE-2025-2222, CVE-2025-3333). Note: recovered, 14 min late.
🟢 *Pushed* <https://q.io/repository/acme/api?tab=tags&amp;tag=v1.4.1|acme/api:v1.4.1> · ⏪ recovered, 14 min late
#2eb67d
`q.io/acme/api:v1.4.1`
`sha256:1a2b3c4d5e6f` · 84 MiB (+3.1 MiB)
🛡️ 1 Critical, 2 High (new: CVE-2026-1111; gone: CVE-2025-2222, CVE-2025-3333)
~ pushed by acme+ci · ⟨2026-11-23 12:00 UTC⟩
[History](acme/api:v1.4.1) [Restore](acme/api:v1.4.1) [Vulnerabilities](acme/api:v1.4.1) [Open in Quay](https://q.io/repository/acme/api?tab=tags&tag=v1.4.1)\
""")
    (line,) = laid_out(late, "compact", "").blocks
    assert "recovered, 14 min late" in line["text"]["text"]


def test_a_test_notification_has_no_facts_and_no_buttons() -> None:
    shown = json.dumps(pushed(facts("v1"), test=True).payload())
    assert "push_history" not in shown
    assert "sha256" not in shown


@pytest.mark.parametrize("tag", ["sha256:" + "a" * 64, "a b", "-x", "x" * 129, "ä", ""])
def test_what_is_no_tag_has_only_the_button_to_quay(tag: str) -> None:
    shown = json.dumps(pushed(tags=(tag,)).payload())
    assert "open_quay" in shown
    assert "push_" not in shown


def test_extreme_facts_make_a_card_that_slack_takes(look: Look) -> None:
    tags = [f"{number:03}" + "t" * 125 for number in range(50)]
    many = tuple(
        facts(
            tag,
            digest=f"sha256:{number:064x}",
            architectures=tuple(f"linux/arch{part}" for part in range(100)),
            gained=tuple(f"CVE-2026-{part}" for part in range(1_000)),
            lost=tuple("<!channel>" * 100 for _ in range(1_000)),
            by="*robot*" * 40,
            same_as="s" * 128,
            size=2**60,
            grew=-(2**60),
            findings=(10**6,) * 6,
        )
        for number, tag in enumerate(tags)
    )
    assert "+996 more" not in look(pushed(*many))
    assert "new: CVE-2026-0, CVE-2026-1, CVE-2026-2, +997 more" in look(pushed(many[0]))
    assert "+96 more" in look(pushed(many[0]))
