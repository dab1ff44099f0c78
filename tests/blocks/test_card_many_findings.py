"""The words of a card that tells about many findings."""

# ruff: noqa: E501 - the words are as long as they are

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from inline_snapshot import snapshot

from bot.blocks.cards.vulnerabilities import show
from bot.domain.cards import VulnerabilityCard
from bot.domain.events import Severity, VulnerabilityFound
from bot.domain.messages import Message
from bot.rules.cards.vulnerabilities import fold, items

QUAY = "https://q.io"
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
MIX = (Severity.CRITICAL, *[Severity.HIGH] * 3, *[Severity.MEDIUM] * 4, Severity.LOW, Severity.UNKNOWN)
Look = Callable[[Message], str]


def found(number: int = 1, repository: str = "acme/web", **more: Any) -> VulnerabilityFound:
    """A finding whose severity and fix hang on its number."""
    defaults: dict[str, Any] = {
        "kind": "vulnerability_found",
        "namespace": "acme",
        "at": NOON + timedelta(seconds=number),
        "tags": ("v2.1",),
        "severity": MIX[number % 10],
        "fixable": number % 3 != 0,
    }
    link = f"https://nvd.example/CVE-2026-{1000 + number}"
    event = {"repository": repository, "vulnerability": f"CVE-2026-{1000 + number}", "links": (link,)}
    return VulnerabilityFound(**{**defaults, **event, **more})


def card(events: Iterable[VulnerabilityFound]) -> VulnerabilityCard:
    folded = None
    for event in events:
        folded = fold(folded, event, items(event))
    assert folded is not None
    return folded


def shown(events: Iterable[VulnerabilityFound]) -> Message:
    return show(card(events), QUAY)


def test_two_findings_in_one_image(look: Look) -> None:
    assert look(shown([found(1), found(2, tags=("latest", "v2.1"))])) == snapshot("""\
2 vulnerabilities in acme/web: 2 High. A fix is available for all of them. Most severe: CVE-2026-1001.
🟠 *2 vulnerabilities* in <https://q.io/repository/acme/web|acme/web> · 2 High
#e01e5a
A fix is available for all of them.
*Most severe*
🟠 <https://nvd.example/CVE-2026-1001|CVE-2026-1001> in <https://q.io/repository/acme/web?tab=tags&amp;tag=v2.1|acme/web:v2.1> · fix available
🟠 <https://nvd.example/CVE-2026-1002|CVE-2026-1002> in <https://q.io/repository/acme/web?tab=tags&amp;tag=latest|acme/web:latest> (+1 more) · fix available
~ ⟨2026-11-23 12:00 UTC⟩
[Open in Quay](https://q.io/repository/acme/web)\
""")


def test_fifty_findings_in_one_repository(look: Look) -> None:
    assert look(shown(found(number) for number in range(50))) == snapshot("""\
50 vulnerabilities in acme/web: 5 Critical, 15 High, 20 Medium, 5 Low, 5 Unknown. A fix is available for 33 of them. Most severe: CVE-2026-1010.
🔴 *50 vulnerabilities* in <https://q.io/repository/acme/web|acme/web> · 5 Critical · 15 High · 20 Medium · 5 Low · 5 Unknown
#e01e5a
A fix is available for 33 of them.
*Most severe*
🔴 <https://nvd.example/CVE-2026-1010|CVE-2026-1010> in <https://q.io/repository/acme/web?tab=tags&amp;tag=v2.1|acme/web:v2.1> · fix available
🔴 <https://nvd.example/CVE-2026-1020|CVE-2026-1020> in <https://q.io/repository/acme/web?tab=tags&amp;tag=v2.1|acme/web:v2.1> · fix available
🔴 <https://nvd.example/CVE-2026-1040|CVE-2026-1040> in <https://q.io/repository/acme/web?tab=tags&amp;tag=v2.1|acme/web:v2.1> · fix available
🔴 <https://nvd.example/CVE-2026-1000|CVE-2026-1000> in <https://q.io/repository/acme/web?tab=tags&amp;tag=v2.1|acme/web:v2.1> · no fix yet
🔴 <https://nvd.example/CVE-2026-1030|CVE-2026-1030> in <https://q.io/repository/acme/web?tab=tags&amp;tag=v2.1|acme/web:v2.1> · no fix yet
~ ⟨2026-11-23 12:00 UTC⟩
[Open in Quay](https://q.io/repository/acme/web)\
""")


def test_findings_in_four_repositories(look: Look) -> None:
    sizes = {"acme/api": 5, "acme/web": 25, "acme/worker": 1, "beta/shop": 12}
    events = [found(number, name) for name, size in sizes.items() for number in range(1, size + 1)]
    assert look(shown(events)) == snapshot("""\
43 vulnerabilities in 4 repositories: 3 Critical, 18 High, 16 Medium, 3 Low, 3 Unknown. A fix is available for 30 of them. acme/web 25 (2 Critical, 9 High, 10 Medium, 2 Low, 2 Unknown); beta/shop 12 (1 Critical, 5 High, 4 Medium, 1 Low, 1 Unknown); acme/api 5 (3 High, 2 Medium); acme/worker 1 High. Most severe: CVE-2026-1010 in 2 repositories.
🔴 *43 vulnerabilities* in 4 repositories · 3 Critical · 18 High · 16 Medium · 3 Low · 3 Unknown
#e01e5a
A fix is available for 30 of them.
<https://q.io/repository/acme/web|acme/web>: 25 (2 Critical, 9 High, 10 Medium, 2 Low, 2 Unknown)
<https://q.io/repository/beta/shop|beta/shop>: 12 (1 Critical, 5 High, 4 Medium, 1 Low, 1 Unknown)
<https://q.io/repository/acme/api|acme/api>: 5 (3 High, 2 Medium)
<https://q.io/repository/acme/worker|acme/worker>: 1 High
*Most severe*
🔴 <https://nvd.example/CVE-2026-1010|CVE-2026-1010> in 2 repositories · fix available
🔴 <https://nvd.example/CVE-2026-1020|CVE-2026-1020> in <https://q.io/repository/acme/web?tab=tags&amp;tag=v2.1|acme/web:v2.1> · fix available
🟠 <https://nvd.example/CVE-2026-1001|CVE-2026-1001> in all 4 repositories · fix available
🟠 <https://nvd.example/CVE-2026-1002|CVE-2026-1002> in 3 repositories · fix available
🟠 <https://nvd.example/CVE-2026-1011|CVE-2026-1011> in 2 repositories · fix available
What is in all repositories may come from their base image.
~ ⟨2026-11-23 12:00 UTC⟩\
""")


def test_two_hundred_findings_of_one_base_image(look: Look) -> None:
    names = ("acme/api", "acme/web", "acme/worker", "beta/shop")
    assert look(shown(found(number, name) for number in range(50) for name in names)) == snapshot("""\
200 vulnerabilities in 4 repositories: 20 Critical, 60 High, 80 Medium, 20 Low, 20 Unknown. A fix is available for 132 of them. acme/api 50 (5 Critical, 15 High, 20 Medium, 5 Low, 5 Unknown); acme/web 50 (5 Critical, 15 High, 20 Medium, 5 Low, 5 Unknown); acme/worker 50 (5 Critical, 15 High, 20 Medium, 5 Low, 5 Unknown); beta/shop 50 (5 Critical, 15 High, 20 Medium, 5 Low, 5 Unknown). Most severe: CVE-2026-1010 in all 4 repositories.
🔴 *200 vulnerabilities* in 4 repositories · 20 Critical · 60 High · 80 Medium · 20 Low · 20 Unknown
#e01e5a
A fix is available for 132 of them.
<https://q.io/repository/acme/api|acme/api>: 50 (5 Critical, 15 High, 20 Medium, 5 Low, 5 Unknown)
<https://q.io/repository/acme/web|acme/web>: 50 (5 Critical, 15 High, 20 Medium, 5 Low, 5 Unknown)
<https://q.io/repository/acme/worker|acme/worker>: 50 (5 Critical, 15 High, 20 Medium, 5 Low, 5 Unknown)
<https://q.io/repository/beta/shop|beta/shop>: 50 (5 Critical, 15 High, 20 Medium, 5 Low, 5 Unknown)
*Most severe*
🔴 <https://nvd.example/CVE-2026-1010|CVE-2026-1010> in all 4 repositories · fix available
🔴 <https://nvd.example/CVE-2026-1020|CVE-2026-1020> in all 4 repositories · fix available
🔴 <https://nvd.example/CVE-2026-1040|CVE-2026-1040> in all 4 repositories · fix available
🔴 <https://nvd.example/CVE-2026-1000|CVE-2026-1000> in all 4 repositories · no fix yet
🔴 <https://nvd.example/CVE-2026-1030|CVE-2026-1030> in all 4 repositories · no fix yet
What is in all repositories may come from their base image.
~ ⟨2026-11-23 12:00 UTC⟩\
""")


def test_findings_in_thirty_repositories(look: Look) -> None:
    assert look(shown(found(number, f"acme/service-{number % 30}") for number in range(100))) == snapshot("""\
100 vulnerabilities in 30 repositories: 10 Critical, 30 High, 40 Medium, 10 Low, 10 Unknown. A fix is available for 66 of them. acme/service-0 4 Critical; acme/service-10 3 Critical; acme/service-20 3 Critical; acme/service-1 4 High; acme/service-2 4 High; acme/service-3 4 High; acme/service-11 3 High; acme/service-12 3 High; and 22 more repositories with 72 findings. Most severe: CVE-2026-1010.
🔴 *100 vulnerabilities* in 30 repositories · 10 Critical · 30 High · 40 Medium · 10 Low · 10 Unknown
#e01e5a
A fix is available for 66 of them.
<https://q.io/repository/acme/service-0|acme/service-0>: 4 Critical
<https://q.io/repository/acme/service-10|acme/service-10>: 3 Critical
<https://q.io/repository/acme/service-20|acme/service-20>: 3 Critical
<https://q.io/repository/acme/service-1|acme/service-1>: 4 High
<https://q.io/repository/acme/service-2|acme/service-2>: 4 High
<https://q.io/repository/acme/service-3|acme/service-3>: 4 High
<https://q.io/repository/acme/service-11|acme/service-11>: 3 High
<https://q.io/repository/acme/service-12|acme/service-12>: 3 High
<https://q.io/repository/acme/service-13|acme/service-13>: 3 High
<https://q.io/repository/acme/service-21|acme/service-21>: 3 High
<https://q.io/repository/acme/service-22|acme/service-22>: 3 High
<https://q.io/repository/acme/service-23|acme/service-23>: 3 High
<https://q.io/repository/acme/service-4|acme/service-4>: 4 Medium
<https://q.io/repository/acme/service-5|acme/service-5>: 4 Medium
<https://q.io/repository/acme/service-6|acme/service-6>: 4 Medium
and 15 more repositories with 48 findings
*Most severe*
🔴 <https://nvd.example/CVE-2026-1010|CVE-2026-1010> in <https://q.io/repository/acme/service-10?tab=tags&amp;tag=v2.1|acme/service-10:v2.1> · fix available
🔴 <https://nvd.example/CVE-2026-1020|CVE-2026-1020> in <https://q.io/repository/acme/service-20?tab=tags&amp;tag=v2.1|acme/service-20:v2.1> · fix available
🔴 <https://nvd.example/CVE-2026-1040|CVE-2026-1040> in <https://q.io/repository/acme/service-10?tab=tags&amp;tag=v2.1|acme/service-10:v2.1> · fix available
🔴 <https://nvd.example/CVE-2026-1050|CVE-2026-1050> in <https://q.io/repository/acme/service-20?tab=tags&amp;tag=v2.1|acme/service-20:v2.1> · fix available
🔴 <https://nvd.example/CVE-2026-1070|CVE-2026-1070> in <https://q.io/repository/acme/service-10?tab=tags&amp;tag=v2.1|acme/service-10:v2.1> · fix available
~ ⟨2026-11-23 12:00 UTC⟩ to ⟨2026-11-23 12:01 UTC⟩\
""")


def test_one_vulnerability_in_several_repositories_is_named_in_the_headline(look: Look) -> None:
    names = ("acme/api", "acme/web", "acme/worker")
    assert look(shown(found(10, name, tags=(tag,)) for name in names for tag in ("v1", "v2"))) == snapshot("""\
6 vulnerabilities in 3 repositories: 6 Critical. A fix is available for all of them. acme/api 2 Critical; acme/web 2 Critical; acme/worker 2 Critical. Most severe: CVE-2026-1010 in all 3 repositories.
🔴 *Critical vulnerability* <https://nvd.example/CVE-2026-1010|CVE-2026-1010> in 3 repositories · found 6 times
#e01e5a
A fix is available for all of them.
<https://q.io/repository/acme/api|acme/api>: 2 Critical
<https://q.io/repository/acme/web|acme/web>: 2 Critical
<https://q.io/repository/acme/worker|acme/worker>: 2 Critical
*Most severe*
🔴 <https://nvd.example/CVE-2026-1010|CVE-2026-1010> in all 3 repositories · fix available
What is in all repositories may come from their base image.
~ ⟨2026-11-23 12:00 UTC⟩\
""")


def test_one_vulnerability_in_two_images_of_a_repository(look: Look) -> None:
    assert look(shown([found(10, tags=("v1",)), found(10, tags=("v2",))])) == snapshot("""\
2 vulnerabilities in acme/web: 2 Critical. A fix is available for all of them. Most severe: CVE-2026-1010.
🔴 *Critical vulnerability* <https://nvd.example/CVE-2026-1010|CVE-2026-1010> in <https://q.io/repository/acme/web|acme/web> · found 2 times
#e01e5a
A fix is available for all of them.
*Most severe*
🔴 <https://nvd.example/CVE-2026-1010|CVE-2026-1010>, 2 times in <https://q.io/repository/acme/web|acme/web> · fix available
~ ⟨2026-11-23 12:00 UTC⟩
[Open in Quay](https://q.io/repository/acme/web)\
""")


@pytest.mark.parametrize(
    ("fixes", "words"),
    [
        ((True, True), "A fix is available for all of them."),
        ((False, False), "No fix is known yet."),
        ((None, None), "Quay does not say whether there are fixes."),
        ((True, False), "A fix is available for 1 of them."),
        ((True, None), "A fix is available for 1 of them, Quay does not say for 1."),
        ((False, None), "No fix is known yet, Quay does not say for 1."),
    ],
)
def test_whether_they_can_be_mended(fixes: tuple[bool | None, ...], words: str) -> None:
    message = shown(found(number, fixable=fix) for number, fix in enumerate(fixes))
    assert words in message.text
    assert message.details[0]["text"]["text"] == words


def test_something_odd_about_a_delivery_is_in_the_small_print_and_in_the_text() -> None:
    message = shown([found(1), found(2, note="The body named another repository.")])
    assert message.text.endswith(" Note: The body named another repository.")
    assert "Note: The body named another repository." in message.details[2]["elements"][0]["text"]


def test_the_text_is_short_enough_for_any_number_of_long_names() -> None:
    events = [found(n, f"{'o' * 120}/{'r' * 100}{n}", severity=list(Severity)[n % 6]) for n in range(200)]
    message = shown([*events, *(found(n + 1000, events[n].repository, tags=("x" * 128,)) for n in range(200))])
    assert len(message.text) <= 3000
    assert "and 192 more repositories with 384 findings" in message.text


def test_every_finding_is_in_some_line_of_the_card() -> None:
    words = shown(found(number, f"acme/service-{number % 30}") for number in range(100)).details[0]["text"]["text"]
    _, *lines, rest = words.splitlines()
    counted = [int(line.split("|")[1].split(">: ")[1].split(" ")[0]) for line in lines]
    assert (len(lines), rest) == (15, f"and 15 more repositories with {100 - sum(counted)} findings")
