"""The window with the whole list of a card, and the file of it."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from inline_snapshot import snapshot

from bot.blocks.validator import neutral_problems, view_problems
from bot.domain.errors import GiveUp, TryLater
from bot.ports import Page
from handlers.command import Origin
from handlers.modals.item_list import PAGE, Window, page, place

KEY = "delivery:7:C1"
WINDOW = Window(KEY, "https://quay.example")


def finding(number: int) -> dict[str, str]:
    return {
        "severity": "High",
        "vulnerability": f"CVE-2026-{number}",
        "repository": "acme/web",
        "tags": "v1",
        "fixable": "no",
        "link": "",
    }


def has_findings(office, count: int, channel: str = "C1", key: str = KEY) -> None:
    office.trail.pages[key] = Page("vulnerability", channel, count, tuple(finding(n) for n in range(1, count + 1)))


def pressed(modal, label: str) -> str:
    """The value of the button with that label; empty if there is none."""
    last = modal.blocks[-1]
    buttons = last["elements"] if last["type"] == "actions" else []
    return next((button["value"] for button in buttons if button["text"]["text"] == label), "")


def where(office) -> str:
    return next(words for words in reversed(office.words(office.shown().blocks)) if words.startswith("Items"))


async def test_the_window_opens_at_once_and_is_filled_afterwards(office):
    has_findings(office, 2)
    assert await office.presses("show_all", KEY, response_url="https://hooks.example/r") is None
    loading, filled = office.voice.modals["V1"]
    assert office.words(loading.blocks) == ["Loading the list…"]
    assert office.words(filled.blocks) == snapshot(
        [
            "*2 vulnerabilities*, the oldest first.",
            """\
🟠 High *CVE-2026-1* · <https://quay.example/repository/acme/web?tab=tags&amp;tag=v1|acme/web:v1> · no fix yet
🟠 High *CVE-2026-2* · <https://quay.example/repository/acme/web?tab=tags&amp;tag=v1|acme/web:v1> · no fix yet\
""",
            "Items 1 to 2 of 2",
            "[Download CSV]",
        ]
    )
    assert (filled.title, filled.submit) == ("Vulnerabilities", None)
    assert Origin.unpack(filled.private) == Origin("C1", "https://hooks.example/r")
    assert view_problems(loading.view()) == []


async def test_five_thousand_items_are_paged_through_to_the_end_and_back(office):
    has_findings(office, 5000)
    await office.presses("show_all", KEY)
    seen, steps = [where(office)], 0
    while (value := pressed(office.shown(), "Next")) and steps < 200:
        await office.presses("list_next", value, channel="", view="V1", private=office.shown().private)
        steps += 1
        seen.append(where(office))
    assert (seen[0], seen[1], seen[-1], steps) == snapshot(
        ("Items 1 to 40 of 5,000", "Items 41 to 80 of 5,000", "Items 4,961 to 5,000 of 5,000", 124)
    )
    while value := pressed(office.shown(), "Previous"):
        await office.presses("list_previous", value, channel="", view="V1", private=office.shown().private)
    assert where(office) == seen[0]


async def test_every_item_is_on_exactly_one_page(office):
    has_findings(office, 2 * PAGE + 7)
    await office.presses("show_all", KEY)
    found: list[str] = []
    for _ in range(3):
        shown = office.shown()
        found += [line for words in office.words(shown.blocks) for line in words.split("\n") if "CVE-" in line]
        if value := pressed(shown, "Next"):
            await office.presses("list_next", value, channel="", view="V1", private=shown.private)
    assert [line.split("CVE-2026-")[1].split("*")[0] for line in found] == [str(n) for n in range(1, 2 * PAGE + 8)]


async def test_a_list_of_another_channel_is_not_shown(office):
    has_findings(office, 3, channel="C-SECRET")
    for action, more in (("show_all", {}), ("list_next", {"view": "V1", "private": Origin("C1").pack()})):
        value = KEY if action == "show_all" else f"0 {KEY}"
        await office.presses(action, value, channel="C1" if action == "show_all" else "", **more)
        assert office.words(office.shown().blocks) == snapshot(
            ["This list belongs to another channel. Open it from its own message there."]
        )


async def test_a_file_of_another_channels_list_is_not_made(office):
    has_findings(office, 3, channel="C-SECRET")
    await office.presses("list_csv", f"0 {KEY}", channel="", view="V1", private=Origin("C1").pack())
    assert office.voice.files == []
    assert "another channel" in office.words(office.shown().blocks)[0]


async def test_without_a_channel_there_is_no_list(office):
    has_findings(office, 3, channel="")
    await office.presses("list_next", f"0 {KEY}", channel="", view="V1", private="nonsense")
    assert "another channel" in office.words(office.shown().blocks)[0]


async def test_a_list_in_direct_messages_belongs_to_its_person(office):
    has_findings(office, 3, channel=office.alice.user)
    await office.presses("show_all", KEY, channel="D1")
    assert where(office) == "Items 1 to 3 of 3"
    await office.presses("show_all", KEY, office.bob, channel="D2")
    assert "another channel" in office.words(office.shown("V2").blocks)[0]


async def test_a_list_that_is_forgotten_says_so(office):
    await office.presses("show_all", KEY)
    assert office.words(office.shown().blocks) == snapshot(
        ["I do not have this list any more: I keep lists for 90 days after the last change."]
    )


async def test_a_list_that_became_shorter_is_shown_from_its_beginning(office):
    has_findings(office, 3)
    await office.presses("list_next", f"4000 {KEY}", channel="", view="V1", private=Origin("C1").pack())
    assert where(office) == "Items 1 to 3 of 3"


async def test_trouble_with_the_database_is_told_in_the_window(office):
    async def away(*_, **__):
        raise TryLater("The database does not answer right now.")

    office.trail.items = away
    assert await office.presses("show_all", KEY) is None
    assert office.words(office.shown().blocks) == ["The database does not answer right now."]


async def test_what_nobody_expected_leaves_no_window_that_loads_for_ever(office):
    async def broken(*_, **__):
        raise KeyError("family")

    office.trail.items = broken
    reply = await office.presses("show_all", KEY)
    assert "KDW-407" in office.reads(reply)[0]
    assert "went wrong" in office.words(office.shown().blocks)[0]


async def test_the_file_goes_to_whoever_asked_with_every_item(office):
    has_findings(office, 2500)
    await office.presses("show_all", KEY)
    value = pressed(office.shown(), "Download CSV")
    assert await office.presses("list_csv", value, channel="", view="V1", private=office.shown().private) is None
    [(user, name, data, words)] = office.voice.files
    assert (user, name, words) == snapshot(
        (
            "U-ALICE",
            "quaybot-vulnerability-2026-11-23.csv",
            "Here is the list that you asked for: 2,500 vulnerabilities, the oldest first.",
        )
    )
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert rows == [finding(n) for n in range(1, 2501)]
    working, done = office.voice.modals["V1"][-2:]
    assert (office.words(working.blocks)[-2], office.words(done.blocks)[-2]) == snapshot(
        (
            "I am writing the file with 2,500 rows. This can take a moment.",
            "The file is in your direct messages with me: 2,500 rows.",
        )
    )
    assert where(office) == "Items 1 to 40 of 2,500"


async def test_a_file_has_twenty_thousand_rows_at_most_and_says_so(office):
    has_findings(office, 20_500)
    await office.presses("list_csv", f"80 {KEY}", channel="", view="V1", private=Origin("C1").pack())
    [(_, _, data, _)] = office.voice.files
    assert data.count(b"\r\n") == 20_001
    assert office.words(office.shown().blocks)[-2] == snapshot(
        "The file is in your direct messages with me: 20,000 rows. It holds the first 20,000 of 20,500."
    )
    assert where(office) == "Items 81 to 120 of 20,500"


async def test_without_the_right_the_window_says_what_the_operator_has_to_do(office):
    has_findings(office, 3)
    office.voice.no_files = GiveUp("Its operator has to add the scope `files:write`.")
    await office.presses("list_csv", f"0 {KEY}", channel="", view="V1", private=Origin("C1").pack())
    assert office.words(office.shown().blocks)[-2] == "Its operator has to add the scope `files:write`."
    assert where(office) == "Items 1 to 3 of 3"


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("40 delivery:7:C1", (40, "delivery:7:C1")),
        ("0 key with blanks", (0, "key with blanks")),
        ("-1 k", (0, "k")),
        ("٣ k", (0, "k")),
        ("99999999999 k", (0, "k")),
        ("", (0, "")),
    ],
)
def test_a_button_names_a_page_of_a_list(value, found):
    assert place(value) == found


FAMILIES = st.sampled_from(["vulnerability", "push", "gathered", "other"])
WORDS = st.text(max_size=30) | st.builds(lambda n: "😀<*" * n, st.integers(0, 200))
ITEMS = st.dictionaries(st.sampled_from(["vulnerability", "repository", "tags", "tag", "text", "link", "x"]), WORDS)


@settings(max_examples=60)
@given(FAMILIES, st.lists(ITEMS, max_size=PAGE), st.integers(0, 10**6), st.integers(0, 10**6))
def test_slack_takes_every_page(family, items, start, more):
    modal = page(
        Window(KEY, "https://quay.example", start), Page(family, "C1", start + len(items) + more, tuple(items))
    )
    assert view_problems(modal.view()) == []
    assert neutral_problems(modal.view()) == []


def test_forty_rows_of_nothing_but_emoji_fit():
    item = {
        "vulnerability": "😀" * 500,
        "repository": "😀" * 500,
        "tags": "😀" * 500,
        "link": f"https://x.example/{'a' * 1900}",
    }
    modal = page(WINDOW, Page("vulnerability", "C1", PAGE, (item,) * PAGE))
    assert view_problems(modal.view()) == []
