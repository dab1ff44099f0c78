"""Somebody asks before they have linked an account: it is done as soon as they have, and forgotten when they leave."""

from bot.domain.people import Person
from tests.stories.reading import read
from tests.stories.scenery import ARCHIVE, DEV, PEOPLE
from tests.stories.world import World

BUILD = f"/quay build acme/web --archive-url {ARCHIVE}"


async def test_a_command_runs_by_itself_once_the_account_is_linked_and_only_once(world: World) -> None:
    await world.types("bob", BUILD)
    await world.whispered("bob", "I remember what you asked for", "Link my Quay account")
    await world.link_form("bob")
    await world.slack.submit(PEOPLE["bob"], {"token": {"token": world.tokens["bob"]}})
    said = read(await world.whispered("bob", "Now I do what you asked for"))
    assert "build acme/web --archive-url …" in said
    await world.card(DEV, "Build queued")
    await world.link_form("bob")
    await world.slack.submit(PEOPLE["bob"], {"token": {"token": world.tokens["bob"]}})
    await world.whispered("bob", "You are *bob*", "Try")
    await world.settled()
    assert [build.archive_url for build in world.quay.builds.values()] == [ARCHIVE]


async def test_what_somebody_else_asked_for_is_not_done_with_my_account(world: World) -> None:
    await world.types("bob", BUILD)
    await world.whispered("bob", "I remember what you asked for")
    await world.link_form("alice")
    await world.slack.submit(PEOPLE["alice"], {"token": {"token": world.tokens["alice"]}})
    await world.whispered("alice", "You are *alice*", "Try")
    assert not world.quay.builds


async def test_whoever_is_deactivated_is_forgotten_with_what_they_asked_for(world: World) -> None:
    await world.links("alice")
    await world.types("bob", BUILD)
    await world.whispered("bob", "I remember what you asked for")
    for name in ("alice", "bob"):
        gone = {"id": PEOPLE[name], "team_id": world.slack.team, "deleted": True}
        answer = await world.slack.event({"type": "user_change", "user": gone})
        assert answer.status == 200
    assert await world.app.store.accounts.everybody() == ()
    bob = Person(world.slack.team, PEOPLE["bob"])
    assert await world.app.store.kept.take(bob, world.app.clock.now().replace(year=2000)) is None


async def test_when_the_app_is_uninstalled_nobodys_account_is_left(world: World) -> None:
    await world.links("alice")
    await world.links("bob")
    assert (await world.slack.event({"type": "app_uninstalled"})).status == 200
    assert await world.app.store.accounts.everybody() == ()
