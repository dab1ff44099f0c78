"""Somebody leaves, or the bot is thrown out: whatever belongs to them is gone, and what they did stays written down."""

import sqlite3
from contextlib import closing
from pathlib import Path

from tests.stories.browser import a_browser, ticket, wake_with_pages, with_code
from tests.stories.council import ONE, asks, card
from tests.stories.scenery import ARCHIVE, DEV, PEOPLE
from tests.stories.world import World

STAYS = {"audit", "approvals", "cards", "outbox", "spent"}  # what was done, and what hangs in channels


def _mentions(database: Path, user: str) -> set[str]:
    """Tables in which that user's id stands anywhere."""
    with closing(sqlite3.connect(database)) as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {table for table in tables if user in repr(connection.execute(f'SELECT * FROM "{table}"').fetchall())}


async def _left_much(world: World, folder: Path) -> str:
    """Alice has an account, a build that is followed, an open request, a sign-in that waits; bob something kept."""
    file = folder / "policy.toml"
    file.write_text(ONE)
    world.slack.add_group("S0REL", [PEOPLE["bob"]])
    await wake_with_pages(world, policy_file=str(file))
    await world.links("alice")
    await world.types("alice", f"/quay build acme/api --archive-url {ARCHIVE}")
    await world.card(DEV, "Build queued")
    name, _ = await asks(world)
    async with a_browser() as browser:
        page = await with_code(browser, await ticket(world, "alice"), world, "alice")
        assert page.code
    await world.hears("bob", f"/quay build acme/web --archive-url {ARCHIVE}")
    return name


async def test_whoever_is_deactivated_leaves_nothing_behind_but_the_audit(
    sleeping: World, tmp_path: Path, database: Path
) -> None:
    world = sleeping
    name = await _left_much(world, tmp_path)
    assert {"accounts", "links", "watches"} <= _mentions(database, PEOPLE["alice"])
    assert "kept" in _mentions(database, PEOPLE["bob"])
    for person in ("alice", "bob"):
        assert (await world.slack.event(world.slack.deactivate(PEOPLE[person]))).status == 200
    await card(world, name, "Withdrawn")
    await world.settled()
    for person in ("alice", "bob"):
        assert _mentions(database, PEOPLE[person]) <= STAYS
        assert await world.deeds(person)
    assert "build acme/api:latest done" in await world.outcomes("alice")


async def test_when_the_app_is_thrown_out_nobody_leaves_anything_behind(
    sleeping: World, tmp_path: Path, database: Path
) -> None:
    world = sleeping
    await _left_much(world, tmp_path)
    assert (await world.slack.event({"type": "app_uninstalled"})).status == 200
    for person in PEOPLE:
        assert _mentions(database, PEOPLE[person]) <= STAYS
    assert "build acme/api:latest done" in await world.outcomes("alice")


async def test_somebody_elses_leaving_takes_nothing_from_others(sleeping: World) -> None:
    world = sleeping
    await world.wake()
    for name in ("alice", "bob"):
        await world.links(name)
    await world.slack.event(world.slack.deactivate(PEOPLE["bob"]))
    assert [person.user for person in await world.app.store.accounts.everybody()] == [PEOPLE["alice"]]
