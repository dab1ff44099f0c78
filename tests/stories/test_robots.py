"""A robot's token has leaked: a new one is made from chat, looked at once by whoever asked, and by nobody else."""

import json

import aiohttp
import pytest

from bot.domain.people import Person
from tests.stories.browser import a_browser, wake_with_pages
from tests.stories.reading import Json, buttons, words
from tests.stories.scenery import DEV, PEOPLE
from tests.stories.world import World

SCOPES = "repo:admin user:read user:admin org:admin"


async def _ready(world: World) -> str:
    """Alice has linked an account that may manage robots; acme+ci works in acme/web. Its old token."""
    person = Person(world.slack.team, PEOPLE["alice"])
    await world.app.desk.accounts.link(person, world.quay.token("alice", SCOPES))
    world.quay.repositories["acme/web"].roles["acme+ci"] = "write"
    return world.quay.robots["acme+ci"].token


async def _regenerated(world: World) -> Json:
    """Alice asks, looks at what works with the robot, and says yes: what she is told."""
    seen = await world.hears("alice", "/quay robot regenerate acme+ci")
    assert "`acme/web` (write)" in words(seen)
    assert "There is no way back" in words(seen)
    await world.presses("alice", seen, "confirm", whisper=True)
    return await world.whispered("alice", "has a new token")


def _everything(world: World) -> str:
    """All that was said to Slack but the window, and all that was logged."""
    said = [json.dumps(dict(call.args), default=str) for call in world.slack.calls if call.method != "views.update"]
    return "\n".join([*said, *world.log.lines])


async def _database(world: World) -> str:
    """Every column of every row that the bot keeps."""
    from sqlalchemy import text  # noqa: PLC0415 - only this story looks behind the store

    found = []
    async with world.app.store.reveals._database.reading() as connection:  # type: ignore[attr-defined]
        tables = await connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'"))
        for (table,) in tables.all():
            found += [str(row) for row in (await connection.execute(text(f'SELECT * FROM "{table}"'))).all()]
    return "\n".join(found)


async def test_a_new_token_is_looked_at_once_on_a_page(sleeping: World) -> None:
    world = sleeping
    await wake_with_pages(world)
    old = await _ready(world)
    told = await _regenerated(world)
    new = world.quay.robots["acme+ci"].token
    assert new != old
    await world.card(DEV, "made a new token for the robot account `acme+ci`", "about an hour")
    rows = [block for block in told["blocks"] if block["type"] == "actions"]
    url = rows[0]["elements"][0]["url"]
    assert new[:20] not in await _database(world)
    async with aiohttp.ClientSession() as preview:
        for _ in range(3):
            async with preview.get(url) as answer:
                assert new not in await answer.text()
    async with a_browser() as browser:
        page = await browser.opens(url)
        shown = await browser.presses(page, "")
        assert new in shown.text
        assert f"podman login --username acme+ci --password-stdin 127.0.0.1:{world.quay.url.rpartition(':')[2]}" in (
            shown.words
        )
        assert "It was shown already" in (await browser.opens(url)).text
    assert new[:20] not in _everything(world) + await _database(world)
    assert await world.outcomes("alice") == [
        "robot regenerate acme+ci tried",
        "robot regenerate acme+ci shown",
        "robot regenerate acme+ci tried",
        "robot regenerate acme+ci done",
    ]


async def test_without_a_page_it_is_looked_at_once_in_a_window(world: World) -> None:
    await _ready(world)
    told = await _regenerated(world)
    assert buttons(told) == ["Show the token"]
    await world.presses("alice", told, "reveal", whisper=True)
    new = world.quay.robots["acme+ci"].token
    await world.window("alice", new, "dockerconfigjson")
    await world.presses("alice", told, "reveal", whisper=True)
    await world.whispered("alice", "It was shown already")
    assert new[:20] not in _everything(world) + await _database(world)


async def test_a_robot_is_made_shown_and_deleted(world: World) -> None:
    await _ready(world)
    made = await world.hears("alice", '/quay robot create acme+deploy --description "rolls out"')
    assert "*Verified:*" in words(made)
    await world.card(DEV, "made the robot account `acme+deploy`")
    assert "rolls out" in words(await world.hears("alice", "/quay robot list acme"))
    assert "Repositories: none" in words(await world.hears("alice", "/quay robot show acme+deploy"))
    asked = await world.hears("alice", "/quay robot delete acme+deploy")
    await world.presses("alice", asked, "confirm", whisper=True)
    await world.whispered("alice", "you deleted the robot account", "*Verified:*")
    assert "acme+deploy" not in world.quay.robots


@pytest.mark.parametrize("name", ["bob", "carol"])
async def test_who_may_not_changes_nothing_and_reads_why(world: World, name: str) -> None:
    old = await _ready(world)
    await world.links(name)
    told = await world.hears(name, "/quay robot regenerate acme+ci")
    assert "You are not a member of the organization acme" in words(told)
    assert world.quay.robots["acme+ci"].token == old


async def test_without_keys_the_old_token_goes_on(world: World) -> None:
    old = await _ready(world)
    await world.sleep()
    world.settings = world.settings.model_copy(update={"secret_keys": []})
    told = ""
    await world.wake()
    told = words(await world.hears("alice", "/quay robot regenerate acme+ci"))
    assert "SECRET_KEYS" in told or "vault" in told
    assert world.quay.robots["acme+ci"].token == old
