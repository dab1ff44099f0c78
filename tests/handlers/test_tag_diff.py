"""`/quay tag diff`: two images beside each other."""

# ruff: noqa: E501 - what people read stands on one line

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from bot.blocks.text import when
from bot.domain.images import Label, Scan
from handlers.commands.tag_diff import apart
from handlers.grammar import UsageError
from tests.handlers.conftest import START, Office
from tests.handlers.tag_words import HOUR, LATEST, A, B, C, finding, image, index, scanned, stock


async def test_the_image_before_is_compared_with_the_one_now(office: Office) -> None:
    stock(office)
    office.quay.shelf.manifests[A] = image(A, 1000, 700, 20)
    office.quay.shelf.labels |= {
        A: (Label("1", "version", "1", "manifest"), Label("2", "owner", "web", "api")),
        B: (Label("3", "version", "2", "manifest"), Label("4", "team", "*<!here>*", "api")),
    }
    assert office.reads(await office.says("tag diff acme/web:latest")) == snapshot(
        [
            """\
⚖️ *<https://quay.example/repository/acme/web?tab=tags&amp;tag=latest|acme/web:latest>*: `sha256:aaaaaaaaaaaa` → `sha256:bbbbbbbbbbbb`
Vulnerabilities: 🔺 gains 1 High, 🔻 loses 1 Critical.\
""",
            """\
*From* `sha256:aaaaaaaaaaaa` (previous) · the tag had it from <!date^1795417200^{date_short_pretty} {time}|2026-11-23 07:00 UTC> to <!date^1795420800^{date_short_pretty} {time}|2026-11-23 08:00 UTC> · 976.6 KiB
*To* `sha256:bbbbbbbbbbbb` (current) · the tag has it since <!date^1795420800^{date_short_pretty} {time}|2026-11-23 08:00 UTC> · 976.6 KiB
*Size* 976.6 KiB → 976.6 KiB (±0 B)\
""",
            "*Layers* keeps 1 layer (1000 B), adds 1 layer (500 B), drops 2 layers (720 B)",
            """\
*Labels*
changed: `version` 1 → 2
added: `team` = ∗&lt;!here&gt;∗
removed: `owner` = web\
""",
            "*Vulnerabilities* 1 Low in both",
            """\
*🔺 Gained:* 1 High
🟠 High *<https://security.example/CVE-3|CVE-3>* in `openssl` 1.0 · no fix yet\
""",
            """\
*🔻 Lost:* 1 Critical
🔴 Critical *<https://security.example/CVE-2|CVE-2>* in `openssl` 1.0 · fixed in `1.1`\
""",
        ]
    )


async def test_what_is_only_in_the_history_is_said_to_be_unknown(office: Office) -> None:
    stock(office)
    assert office.reads(await office.says("tag diff acme/web:latest")) == snapshot(
        [
            """\
⚖️ *<https://quay.example/repository/acme/web?tab=tags&amp;tag=latest|acme/web:latest>*: `sha256:aaaaaaaaaaaa` → `sha256:bbbbbbbbbbbb`
Vulnerabilities: 🔺 gains 1 High, 🔻 loses 1 Critical.\
""",
            """\
*From* `sha256:aaaaaaaaaaaa` (previous) · the tag had it from <!date^1795417200^{date_short_pretty} {time}|2026-11-23 07:00 UTC> to <!date^1795420800^{date_short_pretty} {time}|2026-11-23 08:00 UTC> · 976.6 KiB
*To* `sha256:bbbbbbbbbbbb` (current) · the tag has it since <!date^1795420800^{date_short_pretty} {time}|2026-11-23 08:00 UTC> · 976.6 KiB
*Size* 976.6 KiB → 976.6 KiB (±0 B)\
""",
            "*Vulnerabilities* 1 Low in both",
            """\
*🔺 Gained:* 1 High
🟠 High *<https://security.example/CVE-3|CVE-3>* in `openssl` 1.0 · no fix yet\
""",
            """\
*🔻 Lost:* 1 Critical
🔴 Critical *<https://security.example/CVE-2|CVE-2>* in `openssl` 1.0 · fixed in `1.1`\
""",
            "`sha256:aaaaaaaaaaaa` is only in the history: Quay shows no layers, platforms or labels of it.",
        ]
    )


async def test_indexes_are_compared_platform_by_platform(office: Office) -> None:
    stock(office)
    office.quay.shelf.manifests |= {A: index(A, amd64=A, arm64=C, s390x=B), B: index(B, amd64=B, arm64=C, riscv64=A)}
    office.quay.shelf.scans = {A: Scan("unsupported"), B: Scan("unsupported")}
    assert office.reads(await office.says("tag diff acme/web:latest")) == snapshot(
        [
            """\
⚖️ *<https://quay.example/repository/acme/web?tab=tags&amp;tag=latest|acme/web:latest>*: `sha256:aaaaaaaaaaaa` → `sha256:bbbbbbbbbbbb`
Quay cannot tell what changes in vulnerabilities: see below.\
""",
            """\
*From* `sha256:aaaaaaaaaaaa` (previous) · the tag had it from <!date^1795417200^{date_short_pretty} {time}|2026-11-23 07:00 UTC> to <!date^1795420800^{date_short_pretty} {time}|2026-11-23 08:00 UTC> · several platforms
*To* `sha256:bbbbbbbbbbbb` (current) · the tag has it since <!date^1795420800^{date_short_pretty} {time}|2026-11-23 08:00 UTC> · several platforms\
""",
            """\
*Platforms*
unchanged: linux/arm64
changed: linux/amd64 `sha256:aaaaaaaaaaaa` → `sha256:bbbbbbbbbbbb`
added: linux/riscv64 `sha256:aaaaaaaaaaaa`
removed: linux/s390x `sha256:bbbbbbbbbbbb`\
""",
            "`sha256:aaaaaaaaaaaa`: an index is not scanned itself. Compare the images of its platforms. `sha256:bbbbbbbbbbbb`: an index is not scanned itself. Compare the images of its platforms.",
        ]
    )


async def test_an_index_and_an_image_are_not_compared_layer_by_layer(office: Office) -> None:
    stock(office)
    office.quay.shelf.manifests[A] = index(A, amd64=C)
    shown = " ".join(office.reads(await office.says("tag diff acme/web:latest")))
    assert "layers cannot be compared" in shown
    assert "*Layers*" not in shown


async def test_the_same_image_twice_does_not_differ(office: Office) -> None:
    stock(office)
    assert office.reads(await office.says("tag diff acme/web:latest current bbbbbbb")) == snapshot(
        [
            "⚖️ *<https://quay.example/repository/acme/web?tab=tags&amp;tag=latest|acme/web:latest>*: both are the same image, `sha256:bbbbbbbbbbbb`. Nothing differs."
        ]
    )


async def test_many_vulnerabilities_are_counted_exactly_and_the_worst_named(office: Office) -> None:
    stock(office)
    office.quay.shelf.scans[B] = scanned(*(finding(f"CVE-{n:03}", "High", "2" if n > 60 else "") for n in range(70)))
    shown = "\n".join(office.reads(await office.says("tag diff acme/web:latest")))
    assert "70 High" in shown
    assert "CVE-061" in shown
    assert "and 65 more" in shown


async def test_a_queued_scan_has_its_own_sentence(office: Office) -> None:
    stock(office)
    office.quay.shelf.scans[B] = Scan("queued")
    assert "has not looked at this image yet" in " ".join(office.reads(await office.says("tag diff acme/web:latest")))


@pytest.mark.parametrize(
    ("words", "first", "second"),
    [
        ("", A, B),
        ("previous current", A, B),
        ("current previous", B, A),
        ("aaaaaaaa", A, B),
        ("bbbbbbb aaaaaaa", B, A),
        (f"{A} {B}", A, B),
        ("90m ago", A, B),
        ("90m", A, B),
        ("v2", C, B),
        (":v2 previous", C, A),
        (f"{C} current", C, B),
    ],
)
async def test_each_way_to_name_an_image_finds_it(office: Office, words: str, first: str, second: str) -> None:
    stock(office)
    office.quay.digests["acme/web:v2"] = C
    shown = office.reads(await office.says(f"tag diff acme/web:latest {words}".strip()))
    assert f"`{first[:19]}` → `{second[:19]}`" in shown[0]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("nosuchtag", "is no tag of acme/web"),
        ("deadbeef", "never pointed at"),
        ("3d ago", "did not exist"),
        ("a b c", "at most two images"),
    ],
)
async def test_what_names_no_image_is_explained(office: Office, words: str, said: str) -> None:
    stock(office)
    assert said in " ".join(office.reads(await office.says(f"tag diff acme/web:latest {words}")))


async def test_a_deleted_tag_has_no_current_image(office: Office) -> None:
    stock(office)
    rows = office.quay.shelf.rows[LATEST]
    office.quay.shelf.rows[LATEST] = (replace(rows[0], end=START - HOUR / 2), *rows[1:])
    assert "There is no tag latest in acme/web now" in office.reads(await office.says("tag diff acme/web:latest"))[0]


async def test_a_time_is_repeated_with_the_period_that_it_lies_in(office: Office) -> None:
    stock(office)
    office.directory.zones["U-ALICE"] = "Europe/Berlin"
    office.quay.shelf.had(LATEST, START, B, A, B, A)
    shown = "\n".join(office.reads(await office.says("tag diff acme/web:latest 3h30m")))
    period = f"from {when(START - 4 * HOUR)} to {when(START - 3 * HOUR)}"
    called = "(3 h 30 min ago, at `Mon 23 Nov 2026 06:30 CET (05:30 UTC)`)"
    assert f"*From* `sha256:aaaaaaaaaaaa` {called} · the tag had it {period}" in shown


async def test_a_tag_with_one_image_has_nothing_to_compare(office: Office) -> None:
    office.quay.shelf.had(LATEST, START, B)
    assert "so there is nothing to compare." in office.reads(await office.says("tag diff acme/web:latest"))[0]


async def test_what_both_have_is_told_by_severity(office: Office) -> None:
    stock(office)
    shown = "\n".join(office.reads(await office.says("tag diff acme/web:latest")))
    assert "*Vulnerabilities* 1 Low in both" in shown


async def test_what_was_compared_is_in_the_audit_to_the_digest(office: Office) -> None:
    stock(office)
    await office.says("tag diff acme/web:latest")
    act = office.audit.lines[-1].deed.act
    assert (act.name, act.target, act.parameters["from"], act.parameters["to"]) == ("tag diff", LATEST, A, B)


SIDES = st.sampled_from(["previous", "current", "v1", "1a2b3c4d5e", "2h ago", "yesterday 18:00", "2026-11-20 10:00"])


@given(st.lists(SIDES, max_size=2))
def test_times_among_the_images_need_no_quotation_marks(sides: list[str]) -> None:
    words = " ".join(sides).split()
    assert apart(words, lambda text: text in ("2h ago", "yesterday 18:00", "2026-11-20 10:00")) == tuple(sides)


@given(st.lists(st.text("ab", min_size=1, max_size=3), max_size=6), st.sets(st.text("ab ", max_size=7)))
def test_no_word_gets_lost_on_the_way(words: list[str], times: set[str]) -> None:
    try:
        sides = apart(words, times.__contains__)
    except UsageError:
        assert len(words) > 2
        return
    assert " ".join(sides) == " ".join(words)
    assert len(sides) <= 2
    assert all(" " not in side or side in times for side in sides)
