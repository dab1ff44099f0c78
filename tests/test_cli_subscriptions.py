"""`quaybot apply` and `quaybot export`: the plan, the drift, what is stored, and what is written."""

import asyncio
import io
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.adapters.store import SqlStore
from bot.domain.subscriptions import State, Subscription, Wanted
from tests.command_line import quaybot
from tests.command_line_shop import AT, BOB, COUNTS, ONE, Shop, file, put, quay, shop, there
from tests.house.untouched import untouched_logs
from tests.plugins.wishes import becomes

__all__ = ["file", "quay", "quaybot", "shop", "untouched_logs"]
pytestmark = pytest.mark.usefixtures("untouched_logs")


# --- apply ---


async def test_what_a_file_wants_is_stored_for_the_bot_to_make(shop: Shop, file: Path) -> None:
    done = await shop.quaybot("apply", str(file), "--yes")
    (made,) = await shop.all()

    assert (done.code, done.err) == (0, [])
    assert done.out == [
        "+ acme/web in C01: pushes tag:v* (owner U0ADA)",
        f"{COUNTS.format(1, 0, 0, 0)}.",
        f"{made.name} is new: acme/web in C01.",
        "A running bot does in Quay what this takes, within a minute.",
    ]
    assert made == there(name=made.name, source="file", created_at=made.created_at)

    async def due(store: SqlStore) -> tuple[Subscription, ...]:
        return await store.subscriptions.claim(9, datetime.now(UTC), timedelta(minutes=1))

    assert await shop.do(due) == (made,)


async def test_each_step_that_was_applied_is_a_line_in_the_audit(shop: Shop, file: Path) -> None:
    await shop.quaybot("apply", str(file), "--yes")
    put(file, ONE.replace("tag:v*", "tag:v2*"))
    await shop.quaybot("apply", str(file), "--yes")
    put(file, "subscription = []")
    await shop.quaybot("apply", str(file), "--yes")
    await shop.quaybot("apply", str(file), "--yes")

    lines = await shop.do(lambda store: store.audit.newest(limit=9))
    found = [line.deed for line in reversed(lines)]
    assert [(one.act.name, one.act.parameters["words"]) for one in found] == [
        ("subscribe", "pushes tag:v*"),
        ("subscribe", "pushes tag:v2*"),
        ("unsubscribe", "pushes tag:v2*"),
    ]
    assert {(one.person.user, one.username, one.channel, one.act.target) for one in found} == {
        ("operator", "", "C01", "acme/web")
    }
    assert {(one.outcome.value, one.detail) for one in found} == {("done", "applied from a file")}


async def test_what_a_file_holds_does_not_act_on_the_terminal(shop: Shop, file: Path) -> None:
    put(file, ONE.replace('"pushes"', r'"pushes\u001b]0;owned\u0007"').replace("tag:v*", r"ta\u009b2Jg:v*"))
    done = await shop.quaybot("apply", str(file), "--yes")

    assert done.code == 1
    assert r"\x1b]0;owned\x07" in " ".join(done.err)
    assert all(char.isprintable() for line in done.err for char in line)


async def test_what_is_exported_does_not_act_on_the_terminal(shop: Shop) -> None:
    await shop.add(there(Wanted("acme/web", ("build_failure",), "ref:~\x9b2J\u202e")))
    done = await shop.quaybot("export")

    assert done.code == 0
    assert all(char.isprintable() for line in done.out for char in line)


async def test_applied_twice_nothing_is_done_the_second_time(shop: Shop, file: Path) -> None:
    await shop.quaybot("apply", str(file), "--yes")
    before = await shop.all()
    done = await shop.quaybot("apply", str(file))

    assert (done.code, done.out) == (0, [f"{COUNTS.format(0, 0, 0, 1)}."])
    assert await shop.all() == before


async def test_a_change_keeps_the_name_and_an_end_ends(shop: Shop, file: Path) -> None:
    orphan = there(Wanted("acme/web", ("repo_push",)), state=State.ORPHANED, reason="gone", person=BOB, username="bob")
    await shop.add(orphan, there(Wanted("acme/api", ("repo_push",)), "SBBBB", source="file"))
    done = await shop.quaybot("apply", str(file), "--yes")

    assert done.out == [
        "~ SAAAA acme/web in C01",
        "    - pushes",
        "    + pushes tag:v*",
        "    - owner U0BOB",
        "    + owner U0ADA",
        "- SBBBB acme/api in C01: pushes (owner U0ADA)",
        f"{COUNTS.format(0, 1, 1, 0)}.",
        "SAAAA has changed: acme/web in C01.",
        "SBBBB has ended: acme/api in C01.",
        "A running bot does in Quay what this takes, within a minute.",
    ]
    assert await shop.all() == (there(source="file"),)


async def test_a_change_of_filter_leaves_a_pause_as_it_is(shop: Shop, file: Path) -> None:
    paused = replace(there(Wanted("acme/web", ("repo_push",))), paused_until=AT)
    await shop.add(paused)
    await shop.quaybot("apply", str(file), "--yes")

    assert [one.paused_until for one in await shop.all()] == [AT]


@pytest.mark.parametrize(("answer", "made"), [("y\n", 1), ("n\n", 0), ("\n", 0), ("", 0)])
async def test_it_is_asked_before_anything_is_done(
    shop: Shop, file: Path, monkeypatch: pytest.MonkeyPatch, answer: str, made: int
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(answer))
    done = await shop.quaybot("apply", str(file))

    assert done.code == (0 if made else 1)
    assert len(await shop.all()) == made


async def test_a_plan_is_only_shown(shop: Shop, file: Path) -> None:
    done = await shop.quaybot("apply", "--plan", str(file))

    assert (done.code, done.out[-1]) == (0, f"{COUNTS.format(1, 0, 0, 0)}.")
    assert await shop.all() == ()


async def test_drift_is_told_by_the_exit_code(shop: Shop, file: Path) -> None:
    drifted = await shop.quaybot("apply", "--check", str(file))
    assert (drifted.code, await shop.all()) == (2, ())

    await shop.quaybot("apply", str(file), "--yes")
    assert (await shop.quaybot("apply", "--check", str(file))).code == 0


async def test_what_was_made_in_chat_is_shown_and_left_alone_unless_it_is_pruned(shop: Shop, file: Path) -> None:
    other = there(Wanted("acme/api", ("repo_push",)), "SBBBB")
    await shop.add(there(), other)
    checked = await shop.quaybot("apply", "--check", str(file))

    assert checked.code == 0
    assert checked.out == [
        "? SBBBB acme/api in C01: pushes (owner U0ADA): not in the file",
        f"{COUNTS.format(0, 0, 0, 1)}, 1 not in the file (made in chat, and left alone).",
    ]
    assert (await shop.quaybot("apply", "--check", "--prune", str(file))).code == 2
    await shop.quaybot("apply", "--prune", "--yes", str(file))
    assert await shop.all() == (there(),)


# --- the file ---


async def test_everything_wrong_with_a_file_is_told_with_its_line(shop: Shop, file: Path) -> None:
    put(file, ONE.replace("pushes", "pushs").replace("C01", "general"))
    done = await shop.quaybot("apply", str(file))

    assert (done.code, done.out, done.err[0]) == (1, [], "subscriptions.toml cannot be used:")
    assert [line.partition(", sub")[0] for line in done.err[1:]] == [
        "subscriptions.toml line 5",
        "subscriptions.toml line 6",
    ]


@pytest.mark.parametrize(
    ("content", "says"),
    [(None, "cannot be read: No such file or directory"), (b"\xff\xfe", "is no UTF-8 text."), (b"", "it is empty")],
)
async def test_a_file_that_cannot_be_read_is_told(shop: Shop, file: Path, content: bytes | None, says: str) -> None:
    put(file, content)
    done = await shop.quaybot("apply", str(file))

    assert (done.code, done.out) == (1, [])
    assert says in done.err[-1]


# --- export ---


async def test_an_export_applied_changes_nothing(shop: Shop, file: Path) -> None:
    await shop.add(
        there(),
        there(Wanted("acme/*", ("build_failure", "repo_image_expiry"), r"ref:~v\d+ -repo:x", 30, "compact"), "SBBBB"),
        there(Wanted("acme", ("quota_error",)), "SCCCC", channel="C02", person=BOB, username="bob", source="file"),
    )
    before = await shop.all()
    exported = await shop.quaybot("export")
    put(file, "\n".join(exported.out) + "\n")

    checked = await shop.quaybot("apply", "--check", "--prune", str(file))
    applied = await shop.quaybot("apply", "--yes", str(file))

    assert (checked.code, applied.code, applied.err) == (0, 0, [])
    assert applied.out == [f"{COUNTS.format(0, 0, 0, 3)}."]
    assert await shop.all() == before


async def test_an_export_of_nothing_is_a_file_as_well(shop: Shop, file: Path) -> None:
    exported = await shop.quaybot("export")
    put(file, "\n".join(exported.out))

    assert (await shop.quaybot("apply", "--check", str(file))).code == 0


# --- between looking and doing ---


async def test_what_was_changed_meanwhile_is_not_overwritten(
    shop: Shop, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await shop.add(there(Wanted("acme/web", ("repo_push",))))

    class Meanwhile(io.StringIO):
        """While the program waits for an answer, somebody changes the subscription in chat."""

        def readline(self, *_: Any) -> str:
            changed = there(Wanted("acme/web", ("build_failure",)))
            asyncio.run(shop.do(lambda store: becomes(store, changed, AT)))
            return "y\n"

    monkeypatch.setattr(sys, "stdin", Meanwhile())
    done = await shop.quaybot("apply", str(file))

    assert (done.code, done.err) == (1, ["SAAAA (acme/web in C01) was changed meanwhile. Please look again."])
    assert [one.wanted.events for one in await shop.all()] == [("build_failure",)]
