"""What the bot has written down and what Quay has written down are the same, and nobody can change the bot's unseen."""

import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

from bot.domain.acts import Outcome
from bot.domain.errors import UserError
from bot.operator import verify_audit
from tests.stories.council import ONE, approves, asks, assemble, card
from tests.stories.reading import words
from tests.stories.scenery import ARCHIVE, DEV, PEOPLE
from tests.stories.world import World


async def _a_morning(world: World, folder: Path) -> None:
    """Several people build, retry and cancel; some may, some may not, and one build takes an approval."""
    await assemble(world, folder, ONE)
    for name, repository in (("alice", "acme/web"), ("bob", "acme/api"), ("carol", "acme/web"), ("dave", "acme/api")):
        await world.hears(name, f"/quay build {repository} --archive-url {ARCHIVE}")
    shown = await world.shown(DEV, lambda all_: len(all_) == 2 and all_)
    await world.presses("bob", shown[1], "build_cancel")  # he may not
    await world.whispered("bob", "admin")
    await world.presses("alice", shown[1], "build_cancel")
    await world.whispered("alice", "asked Quay to cancel")
    name, request = await asks(world)
    await approves(world, "bob", request)
    await card(world, name, "Approved and done")
    await world.hears("bob", "/quay build acme/api")
    await world.settled()


async def test_every_deed_is_in_quays_own_log_and_nothing_else_is(sleeping: World, tmp_path: Path) -> None:
    world = sleeping
    await _a_morning(world, tmp_path)
    deeds = [deed for deed in await world.deeds() if deed.quay_log and deed.outcome is Outcome.DONE]
    ours = Counter((deed.quay_log, deed.act.repository, deed.username) for deed in deeds)
    theirs = Counter(
        (row.kind, f"{row.namespace}/{row.repository}", row.performer or str(row.metadata.get("manual_user")))
        for row in world.quay.usage
        if row.repository
    )
    assert ours == theirs
    assert ours == {
        ("build_dockerfile", "acme/web", "alice"): 2,
        ("build_dockerfile", "acme/api", "bob"): 2,
        ("cancel_build", "acme/api", "alice"): 1,
    }


async def test_everything_is_found_in_quays_log_by_whoever_may_read_it(sleeping: World, tmp_path: Path) -> None:
    world = sleeping
    await _a_morning(world, tmp_path)
    for deed in await world.deeds():
        if deed.quay_log and deed.outcome is Outcome.DONE:
            told = words(await world.hears("alice", f"/quay audit {deed.reference}"))
            assert f"Quay's own log has it as well: `{deed.quay_log}`" in told


async def test_the_chain_is_whole_and_a_changed_line_is_found(sleeping: World, tmp_path: Path, database: Path) -> None:
    world = sleeping
    await _a_morning(world, tmp_path)
    whole = await verify_audit(world.settings)
    assert "The audit is whole" in whole
    head = whole.rpartition(" ")[2]
    # Each statement by itself: one transaction around them could not write any more after the bot has written.
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        with pytest.raises(sqlite3.DatabaseError, match="append-only"):
            connection.execute("UPDATE audit SET username = 'carol' WHERE number = 3")
        with pytest.raises(sqlite3.DatabaseError, match="append-only"):
            connection.execute("DELETE FROM audit WHERE number = 3")
        for (trigger,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {trigger}")
        connection.execute("UPDATE audit SET username = 'carol' WHERE number = 3")
        with pytest.raises(UserError, match="line 3"):
            await verify_audit(world.settings)
        connection.execute("DELETE FROM audit WHERE number >= 3")
    assert "The audit is whole: 2 lines" in await verify_audit(world.settings)
    with pytest.raises(UserError, match="cut off"):  # the head that was noted elsewhere, or in the log, shows it
        await verify_audit(world.settings, head)
    assert any(head in line for line in world.log.lines)


async def test_when_nothing_can_be_written_down_nothing_is_done(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_: object) -> None:
        raise OSError("no space left")

    await world.links("alice")
    monkeypatch.setattr(type(world.app.store.audit), "append", broken)
    await world.types("alice", f"/quay build acme/web --archive-url {ARCHIVE}")
    await world.whispered("alice", "Something went wrong on my side")
    assert world.quay.builds == {}
    assert not world.slack.messages(PEOPLE["alice"])
