"""Keys are wrong, replaced, or mixed up: what cannot be opened stays shut, and says so; everything else goes on."""

import secrets
import sqlite3
from contextlib import closing
from pathlib import Path

from pydantic import SecretStr

from bot.domain.people import Person
from bot.operator import rotate_secrets
from tests.stories.council import ONE, approves, asks, assemble, card
from tests.stories.reading import words
from tests.stories.scenery import ARCHIVE, DEV, PEOPLE
from tests.stories.world import World, body_of

BUILD = f"/quay build acme/web --archive-url {ARCHIVE}"


def _key(world: World) -> SecretStr:
    key = secrets.token_urlsafe(32)
    world.secrets.append(key)
    return SecretStr(key)


async def _anew(world: World, *keys: SecretStr) -> None:
    await world.sleep()
    await world.wake(secret_keys=list(keys))


async def test_with_a_wrong_key_nothing_opens_and_everybody_is_told_what_to_do(world: World) -> None:
    for name in ("alice", "bob"):
        await world.links(name)
    await _anew(world, _key(world))
    for line in (BUILD, "/quay whoami", "/quay audit acme/web"):
        told = words(await world.hears("alice", line))
        assert "The vault cannot be opened" in told
        assert "Link my Quay account" in told
    assert world.quay.builds == {}
    url = await world.hook("repo_push", "acme/web", DEV)  # cards need nobody's account
    assert await world.deliver(url, body_of("repo_push")) == 200
    await world.card(DEV, "acme/web")
    await world.links("alice")  # linking anew mends it
    assert "is queued" in words(await world.hears("alice", BUILD))
    assert [line for line in await world.outcomes("alice") if "failed" in line] == ["build acme/web:latest failed"]


async def test_a_key_that_was_replaced_still_opens_and_is_not_needed_after_the_rotation(world: World) -> None:
    (old,), new = world.settings.secret_keys, _key(world)
    await world.links("alice")
    await _anew(world, new, old)
    assert "Your token works" in words(await world.hears("alice", "/quay whoami"))
    said, lost = await rotate_secrets(world.settings)
    assert (said[0].startswith("1 secret sealed anew"), lost) == (True, [])
    assert "Your token works" in words(await world.hears("alice", "/quay whoami"))  # it served meanwhile
    await _anew(world, new)
    assert "Your token works" in words(await world.hears("alice", "/quay whoami"))
    await _anew(world, old)
    assert "The vault cannot be opened" in words(await world.hears("alice", "/quay whoami"))


async def test_a_token_that_was_moved_to_somebody_elses_row_opens_for_nobody(world: World, database: Path) -> None:
    """Whoever can write into the database makes carol, who reads, no admin."""
    for name in ("alice", "carol"):
        await world.links(name)
    with closing(sqlite3.connect(database)) as connection:
        (token,) = connection.execute("SELECT token FROM accounts WHERE member = ?", (PEOPLE["alice"],)).fetchone()
        connection.execute("UPDATE accounts SET token = ? WHERE member = ?", (token, PEOPLE["carol"]))
        connection.commit()
    told = words(await world.hears("carol", BUILD))
    assert "was changed or belongs to somebody else" in told
    assert world.quay.builds == {}
    assert "is queued" in words(await world.hears("alice", BUILD))


async def test_what_waits_for_approval_survives_a_rotation_and_fails_closed_without_its_key(
    sleeping: World, tmp_path: Path
) -> None:
    world = sleeping
    (old,), new = world.settings.secret_keys, _key(world)
    await assemble(world, tmp_path, ONE)
    name, shown = await asks(world)
    other, waits = await asks(world, line=f"/quay build acme/web:prod --archive-url {ARCHIVE} --subdirectory app")
    await _anew(world, new, old)
    await rotate_secrets(world.settings)
    await _anew(world, new)
    await approves(world, "bob", shown)
    await card(world, name, "Approved and done")
    assert [build.archive_url for build in world.quay.builds.values()] == [ARCHIVE]
    await _anew(world, _key(world))
    for voter in ("alice", "bob"):
        await world.links(voter)
    await approves(world, "bob", waits)
    await world.whispered("bob", "cannot be opened")
    assert len(world.quay.builds) == 1
    world.leap(minutes=31)
    await card(world, other, "Expired")


async def test_without_a_key_nobody_is_linked_and_the_ways_say_why(world: World) -> None:
    await _anew(world)
    told = words(await world.hears("alice", "/quay link"))
    assert told.count("Not set up here; ask the operator.") == 3
    assert await world.app.store.accounts.of(Person(world.slack.team, PEOPLE["alice"])) is None
