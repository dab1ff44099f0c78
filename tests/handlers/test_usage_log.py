"""`/quay logs`: Quay's own usage log in chat and as a file."""

# ruff: noqa: E501 - golden sentences stand on one line

import asyncio
import contextlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from bot.blocks.paging import pack
from bot.domain.errors import UserError
from bot.domain.repositories import LogEntry, LogPage
from handlers.acts import logs
from handlers.acts.logs import unpacked
from handlers.grammar.logs_question import LogsQuestion, read
from tests.handlers.conftest import QUAY_URL, START, Office
from tests.handlers.registry import OnePersonsQuay

FIRST = LogEntry("push_repo", START, "acme+ci", {"repo": "web", "namespace": "acme", "tag": "v1"})
SECOND = LogEntry("delete_tag", START - timedelta(hours=1), "bob", {"repo": "web", "namespace": "acme", "tag": "v0"})


async def test_the_last_day_is_told_in_plain_words(office: Office) -> None:
    office.quay.log_pages[""] = LogPage((FIRST, SECOND), "page-2")
    reply = await office.says("logs acme/web")
    assert office.reads(reply) == snapshot(
        [
            "*The usage log of `acme/web` since <!date^1795338000^{date_short_pretty} {time}|2026-11-22 09:00 UTC>*, the newest first",
            """\
<!date^1795424400^{date_short_pretty} {time_secs}|2026-11-23 09:00:00 UTC> · *acme+ci* pushed `acme/web:v1`
<!date^1795420800^{date_short_pretty} {time_secs}|2026-11-23 08:00:00 UTC> · *bob* deleted the tag `v0`\
""",
            "[Next] [Download CSV]",
        ]
    )
    [call] = [call for call in office.quay.calls if call[1] == "log_page"]
    assert call[2:] == ("acme/web", START - timedelta(hours=24), START, "", "", "")


async def test_older_entries_take_the_place_of_the_newer_ones(office: Office) -> None:
    office.quay.log_pages |= {"": LogPage((FIRST,), "page-2"), "page-2": LogPage((SECOND,))}
    first = await office.says("logs acme/web --by @bob --kind delete_tag --since 2h ago")
    assert first is not None
    assert not first.replace
    [older] = [e for b in first.message.blocks for e in b.get("elements", ()) if e.get("action_id") == "logs_next"]
    second = await office.presses("logs_next", older["value"])
    assert second is not None
    assert second.replace
    assert "deleted the tag `v0`" in " ".join(office.reads(second))
    calls = [call[2:] for call in office.quay.calls if call[1] == "log_page"]
    since = START - timedelta(hours=2)
    assert calls == [
        ("acme/web", since, START, "delete_tag", "bob", ""),
        ("acme/web", since, START, "delete_tag", "bob", "page-2"),
    ]


async def test_all_of_it_comes_as_a_file(office: Office) -> None:
    office.quay.log_pages |= {"": LogPage((FIRST,), "page-2"), "page-2": LogPage((SECOND,))}
    value = pack("acme/web", START.isoformat(), START.isoformat(), "", "", "")
    assert office.reads(await office.presses("logs_csv", value)) == snapshot(
        ["The file is in your direct messages with me: 2 entries."]
    )
    [(user, name, data, _)] = office.voice.files
    assert (user, name) == ("U-ALICE", "quay-log-acme-web-2026-11-23.csv")
    assert data.decode().splitlines()[1:] == snapshot(
        [
            '"2026-11-23T09:00:00+00:00","push_repo","acme+ci","acme/web","web","acme","v1"',
            '"2026-11-23T08:00:00+00:00","delete_tag","bob","acme/web","web","acme","v0"',
        ]
    )


def endless(office: Office, *, found: int, calls: int) -> None:
    """A log without end: `found` entries that fit in each part, which takes `calls` calls."""
    for number in range(300):
        part = LogPage((FIRST,) * found, f"page-{number + 1}", calls)
        office.quay.log_pages[f"page-{number}" if number else ""] = part


ALL_OF_IT = pack("acme/web", START.isoformat(), START.isoformat(), "delete_tag", "", "")


def parts_read(office: Office) -> int:
    return sum(call[1] == "log_page" for call in office.quay.calls)


async def test_a_file_of_what_hardly_anything_fits_takes_a_bounded_number_of_calls(office: Office) -> None:
    endless(office, found=1, calls=15)
    assert office.reads(await office.presses("logs_csv", ALL_OF_IT)) == snapshot(
        [
            "The file is in your direct messages with me: 7 entries. I looked through the newest part only: all of it would have taken too long. Please ask for a shorter time."
        ]
    )
    assert parts_read(office) == 7  # of 15 calls each: with the seventh it is a hundred
    assert "newest part only" in office.voice.files[0][3]


async def test_a_file_in_which_nothing_would_be_is_not_sent(office: Office) -> None:
    endless(office, found=0, calls=15)
    assert office.reads(await office.presses("logs_csv", ALL_OF_IT)) == snapshot(
        [
            "I found nothing that fits so far, so there is no file. I looked through the newest part only: all of it would have taken too long. Please ask for a shorter time."
        ]
    )
    assert not office.voice.files


async def test_a_full_file_says_that_there_is_more(office: Office) -> None:
    endless(office, found=50, calls=1)
    [said] = office.reads(await office.presses("logs_csv", ALL_OF_IT))
    assert said.endswith("2,000 entries. It is the newest part: the rest did not fit.")
    assert parts_read(office) == 40


async def test_a_slow_log_makes_a_file_of_what_came_in_time(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = OnePersonsQuay.log_page

    async def stalls(quay: OnePersonsQuay, *asked: Any, **more: Any) -> LogPage:
        if parts_read(office) == 2:
            await asyncio.Event().wait()
        return await answers(quay, *asked, **more)

    monkeypatch.setattr(OnePersonsQuay, "log_page", stalls)
    monkeypatch.setattr(logs, "_PATIENCE", 0.05)
    endless(office, found=3, calls=1)
    [said] = office.reads(await office.presses("logs_csv", ALL_OF_IT))
    assert said.startswith("The file is in your direct messages with me: 6 entries. I looked through the newest part")


async def test_an_empty_log_says_what_was_looked_for(office: Office) -> None:
    said = [
        office.reads(await office.says("logs acme/web")),
        office.reads(await office.says("logs acme --kind push_repo --by alice")),
    ]
    office.quay.log_pages[""] = LogPage((), "page-2")
    said.append(office.reads(await office.says("logs acme --kind push_repo")))
    assert said == snapshot(
        [
            [
                "The usage log of `acme/web` since <!date^1795338000^{date_short_pretty} {time}|2026-11-22 09:00 UTC>: nothing.",
                "That is all of that time.",
            ],
            [
                "The usage log of `acme` since <!date^1795338000^{date_short_pretty} {time}|2026-11-22 09:00 UTC>: no `push_repo` by alice.",
                "That is all of that time.",
            ],
            [
                "The usage log of `acme` since <!date^1795338000^{date_short_pretty} {time}|2026-11-22 09:00 UTC>: no `push_repo` among the newest entries. Older ones may have it.",
                "[Next]",
            ],
        ]
    )


async def test_the_page_that_quay_names_is_sealed_in_no_line_of_the_audit(office: Office) -> None:
    value = pack("acme/web", START.isoformat(), START.isoformat(), "", "", "tokenOfAPage")
    await office.presses("logs_next", value)
    assert all("tokenOfAPage" not in line.deed.act.shown() for line in office.audit.lines)


@pytest.mark.parametrize(
    "words",
    [
        "logs acme/web acme/api",
        "logs acme/web --kind DROP;TABLE",
        "logs acme/web --kind nonsense",
        "logs acme/web --by a b",
        "logs acme/web --since soon",
    ],
)
async def test_words_that_do_not_fit_ask_nobody(office: Office, words: str) -> None:
    assert await office.says(words) is not None
    assert "log_page" not in [call[1] for call in office.quay.calls]


@pytest.mark.parametrize(
    "value",
    [
        "",
        "[]",
        "{}",
        '["a"]',
        pack("a", "b", "c", "", "", ""),
        pack("a", "2026-01-01", "2026-01-01", "", "", ""),
        json.dumps([1] * 7),
    ],
)
def test_a_strange_button_is_refused(value: str) -> None:
    with pytest.raises(UserError):
        unpacked(value)


def test_times_are_those_of_the_asker() -> None:
    now = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
    berlin = ZoneInfo("Europe/Berlin")
    for words in (
        ("acme/web", "--since", "yesterday", "18:00"),
        ("acme/web", "--since", "yesterday 18:00"),
        ("--since=yesterday 18:00", "acme/web"),
        ("--since", "yesterday", "18:00", "acme/web"),
        ("--by", "alice", "acme/web", "--since", "yesterday", "18:00"),
        ("--since", "yesterday", "18:00", "--by", "alice", "acme/web"),
    ):
        assert read(words, QUAY_URL, now, berlin).since == datetime(2026, 11, 22, 17, 0, tzinfo=UTC)


@given(st.lists(st.text(max_size=30) | st.sampled_from(["--since", "--kind", "--by", "acme", "2h"]), max_size=6))
def test_any_words_are_a_question_or_refused_with_a_sentence(words: list[str]) -> None:
    now = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
    with contextlib.suppress(UserError):  # nothing else may come out of it
        found = read(words, QUAY_URL, now, UTC)
        assert found.since <= now


@given(st.permutations([["acme/web"], ["--since", "yesterday", "18:00"], ["--by", "@bob"], ["--kind", "push_repo"]]))
def test_the_order_of_the_words_does_not_matter(parts: list[list[str]]) -> None:
    now = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
    found = read([word for part in parts for word in part], QUAY_URL, now, UTC)
    assert found == LogsQuestion("acme/web", datetime(2026, 11, 22, 18, 0, tzinfo=UTC), "push_repo", "bob")
