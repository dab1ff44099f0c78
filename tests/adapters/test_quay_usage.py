"""Quay's own usage log: days and pages at Quay, exact times and harmless texts here."""

import asyncio
import json
from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from bot.adapters.quay.shapes_people import EntryShape
from bot.adapters.quay.usage import MOST_PAGES, to_about, to_entry
from bot.domain.errors import BotError, GiveUp, Lacking, NotLinked, TryLater
from bot.domain.repositories import MOST_ENTRIES, LogEntry
from tests.adapters.quay_table import NOW, RECORDED, TOKEN, Table, registry_of

PATH = "/api/v1/repository/acme/web/logs"
LOG = f"GET {PATH}"
DAY = datetime(2026, 11, 23, tzinfo=UTC)


async def read(
    table: Table, since: datetime = DAY, until: datetime = NOW, deadline: float = 10
) -> tuple[LogEntry, ...]:
    async with registry_of(table, deadline) as registry:
        return await registry.as_token(TOKEN).log("acme/web", since, until)


async def fails(table: Table, **options: Any) -> BotError:
    with pytest.raises(BotError) as caught:
        await read(table, **options)
    return caught.value


def pages(*names: str) -> Table:
    """Recorded pages, one after the other, by Quay's token for the next one."""
    tokens = {RECORDED[name]["query"]["next_page"] if RECORDED[name]["query"] else None: name for name in names}

    def answer(request: httpx.Request) -> httpx.Response:
        name = tokens.get(request.url.params.get("next_page"))
        return httpx.Response(200, json=RECORDED[name]["answer"] if name else {"logs": []})

    return Table({LOG: answer})


async def test_all_pages_are_read_as_recorded() -> None:
    table = pages("usage", "usage_page_2")
    found = await read(table)
    assert table.queries(PATH) == [
        {"starttime": "11/23/2026", "endtime": "11/23/2026"},
        {"starttime": "11/23/2026", "endtime": "11/23/2026", "next_page": "PAGE-2"},
    ]
    recorded = [RECORDED[name]["answer"]["logs"] for name in ("usage", "usage_page_2")]
    assert len(found) == sum(map(len, recorded))
    assert sorted(found, key=lambda entry: entry.at, reverse=True) == list(found)


async def test_entries_tell_what_they_are_about() -> None:
    found = await read(pages("usage"), NOW - timedelta(hours=1), NOW - timedelta(minutes=36, seconds=52))
    assert [entry for entry in found if "build" in entry.kind] == snapshot(
        [
            LogEntry(
                kind="cancel_build",
                at=datetime(2026, 11, 23, hour=11, minute=23, second=6, tzinfo=UTC),
                performer="alice",
                about={"build_uuid": "37620d39-c245-49fd-a717-1b114b2215e5", "oauth_token_application": "chatops-bot"},
            ),
            LogEntry(
                kind="build_dockerfile",
                at=datetime(2026, 11, 23, hour=11, minute=23, second=5, tzinfo=UTC),
                performer="",
                about={
                    "namespace": "acme",
                    "repo": "web",
                    "docker_tags": "latest",
                    "build_id": "37620d39-c245-49fd-a717-1b114b2215e5",
                    "manual_user": "bob",
                },
            ),
            LogEntry(
                kind="build_dockerfile",
                at=datetime(2026, 11, 23, hour=11, minute=17, second=49, tzinfo=UTC),
                performer="",
                about={
                    "namespace": "acme",
                    "repo": "web",
                    "docker_tags": "latest, main",
                    "build_id": "16456ca4-4e2c-4a29-ad10-f4853c295f50",
                    "manual_user": "alice",
                    "trigger_id": "216ec810-62d4-44af-a106-1ce2369f52a7",
                    "trigger_kind": "custom-git",
                    "commit": "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
                },
            ),
            LogEntry(
                kind="build_dockerfile",
                at=datetime(2026, 11, 23, hour=11, minute=17, second=48, tzinfo=UTC),
                performer="alice",
                about={
                    "namespace": "acme",
                    "repo": "web",
                    "docker_tags": "aaaaaaa",
                    "build_id": "0459b6a2-d28a-4b18-9d9c-23308a8aab82",
                    "manual_user": "alice",
                    "trigger_id": "216ec810-62d4-44af-a106-1ce2369f52a7",
                    "trigger_kind": "custom-git",
                    "commit": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
                },
            ),
        ]
    )


async def test_nothing_that_is_not_for_people_is_let_through() -> None:
    found = await read(pages("usage", "usage_page_2"))
    told = repr(found) + json.dumps([dict(entry.about) for entry in found])
    for secret in ("SECRET", "credentials", "127.0.0.1", "http", "user-agent", "sync_token"):
        assert secret not in told


async def test_the_very_second_of_the_beginning_counts_and_the_time_after_the_end_does_not() -> None:
    at = datetime(2026, 11, 23, 11, 23, 6, tzinfo=UTC)
    found = await read(pages("usage"), at.replace(microsecond=900_000), at.replace(microsecond=950_000))
    assert [entry.kind for entry in found] == ["cancel_build"]
    assert await read(pages("usage"), at + timedelta(seconds=1), at + timedelta(seconds=1, microseconds=5)) == ()


async def test_times_of_other_zones_mean_the_same_days_in_utc() -> None:
    east = timezone(timedelta(hours=14))
    table = pages("usage")
    await read(table, datetime(2026, 11, 23, 9, 0, tzinfo=east), datetime(2026, 11, 24, 9, 0, tzinfo=east))
    assert table.queries(PATH)[0] == {"starttime": "11/22/2026", "endtime": "11/23/2026"}


async def test_reading_stops_at_the_first_entry_that_is_too_old() -> None:
    table = pages("usage", "usage_page_2")
    await read(table, datetime(2026, 11, 23, 11, 20, tzinfo=UTC))
    assert len(table.requests) == 1


def endless(step: float) -> Table:
    """Twenty entries a page, each `step` seconds older than the last one, for ever."""

    def answer(request: httpx.Request) -> httpx.Response:
        page = int(request.url.params.get("next_page", "0"))
        ages = [step * (page * 20 + number) for number in range(20)]
        logs = [{"kind": "push_repo", "datetime": format_datetime(NOW - timedelta(seconds=age))} for age in ages]
        return httpx.Response(200, json={"logs": logs, "next_page": str(page + 1)})

    return Table({LOG: answer})


async def test_no_more_than_a_hundred_entries_are_read() -> None:
    table = endless(1)
    found = await read(table)
    assert len(found) == MOST_ENTRIES
    assert found[0].at == NOW
    assert len(table.requests) == 5


async def test_a_busy_day_after_the_end_is_passed_over_but_not_for_ever() -> None:
    table = endless(1)
    assert (await read(table, DAY, NOW - timedelta(seconds=250)))[0].at == NOW - timedelta(seconds=250)
    table = endless(0)
    assert await read(table, DAY, NOW - timedelta(hours=1)) == ()
    assert len(table.requests) == MOST_PAGES


async def test_a_part_says_how_many_calls_it_took() -> None:
    table = endless(1)
    async with registry_of(table) as registry:
        quay = registry.as_token(TOKEN)
        full = await quay.log_page("acme/web", DAY, NOW)
        rare = await quay.log_page("acme/web", DAY, NOW, kind="delete_tag", next_page=full.next)
    assert (full.calls, rare.calls, rare.entries) == (1, MOST_PAGES, ())
    assert len(table.requests) == 1 + MOST_PAGES


async def test_a_page_that_leads_to_itself_is_left() -> None:
    entry = {"kind": "push_repo", "datetime": format_datetime(NOW)}
    table = Table().tell(LOG, 200, {"logs": [entry], "next_page": "again"})
    assert len(await read(table)) == 2
    assert len(table.requests) == 2


async def test_a_writer_is_told_that_it_takes_an_admin() -> None:
    table = (
        Table()
        .replay("usage_refused")
        .replay("user")
        .tell("GET /api/v1/repository/acme/web", 200, {"can_write": True, "can_admin": False})
    )
    error = await fails(table)
    assert isinstance(error, Lacking)
    assert (error.repository, error.needs, error.does) == ("acme/web", "admin", "read the usage log")
    assert error.say == snapshot(
        "You (alice) can write to acme/web but need admin there to read the usage log. Either your account lacks "
        "that role: ask an admin of the repository. Or your linked token lacks the scope `repo:admin`: make one "
        "that has it and run `/quay link` again."
    )
    assert error.role == snapshot(
        "You (alice) can write to acme/web but need admin there to read the usage log. Your token has the scope "
        "for that, so it is the role that your account lacks: ask an admin of acme/web for the role admin."
    )


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (401, RECORDED["user_revoked"]["answer"], NotLinked),
        (500, "<html>", GiveUp),
        (502, "<html>", TryLater),
        (200, "<html>", GiveUp),
        (200, {}, GiveUp),
        (200, "x" * 5_000_001, GiveUp),
    ],
)
async def test_a_log_that_cannot_be_read_says_why(status: int, body: Any, kind: type[BotError]) -> None:
    assert type(await fails(Table().tell(LOG, status, body))) is kind


async def test_a_log_that_never_ends_is_left_after_a_while() -> None:
    pages = 0

    async def slowly(_request: httpx.Request) -> httpx.Response:
        nonlocal pages
        pages += 1
        await asyncio.sleep(0.06)
        return httpx.Response(200, json={"logs": [], "next_page": str(pages)})

    error = await fails(Table({LOG: slowly}), deadline=0.1)
    assert type(error) is TryLater


@given(
    st.dictionaries(
        st.sampled_from(["repo", "tag", "url", "docker_tags", "oauth_token_id", "config", "trigger_metadata"]),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(max_size=300),
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.just("commit"), inner, max_size=1),
            max_leaves=5,
        ),
    )
)
def test_whatever_the_metadata_is_only_short_lines_come_out(metadata: dict[str, Any]) -> None:
    about = to_about(metadata)
    assert set(about) <= {"repo", "tag", "docker_tags", "commit"}
    assert all(text and len(text) <= 200 and "\n" not in text for text in about.values())


@pytest.mark.parametrize(
    "raw",
    [{}, {"kind": "x"}, {"kind": "x", "datetime": "soon"}, {"kind": 3, "datetime": format_datetime(NOW)}],
)
def test_an_entry_without_kind_or_time_is_left_out(raw: dict[str, Any]) -> None:
    assert to_entry(EntryShape.model_validate(raw)) is None
