"""Somebody asks for a build, is sent to link their account, and the build runs by itself as soon as that is done."""

import pytest

from bot.domain.people import Account, Person, Way
from tests.stories.browser import (
    SCOPES,
    a_browser,
    address,
    enters,
    ticket,
    wake_with_pages,
    with_assigned,
    with_code,
    with_found,
)
from tests.stories.reading import buttons, read, words
from tests.stories.scenery import ARCHIVE, DEV, PEOPLE
from tests.stories.world import World

BUILD = f"/quay build acme/web --archive-url {ARCHIVE}"


def _account(world: World, name: str) -> Person:
    return Person(world.slack.team, PEOPLE[name])


async def _linked(world: World, name: str) -> Account:
    account = await world.app.store.accounts.of(_account(world, name))
    assert account
    return account


async def _asked_and_sent_away(world: World, name: str) -> str:
    """Somebody unlinked asks for a build and presses the button that they get; the address of their page."""
    refused = await world.hears(name, BUILD)
    assert "I remember what you asked for" in words(refused)
    await world.presses(name, refused, "link_start", whisper=True)
    return address(await world.whispered(name, "Sign in at Quay"))


async def test_signing_in_at_quay_and_the_build_runs_by_itself(sleeping: World) -> None:
    world = sleeping
    await wake_with_pages(world)
    url = await _asked_and_sent_away(world, "alice")
    async with a_browser() as browser:
        page = await with_code(browser, url, world, "alice")
        assert page.url == f"{world.address}/quay/link/code#code"
        assert world.quay.builds == {}
        await enters(world, "alice", page.code)
        assert "Now I do what you asked for" in words(await world.whispered("alice", "You are *alice*"))
        await world.card(DEV, "Build queued", "requested by alice")
        assert "Linked" in (await browser.opens(page.url)).text
    account = await _linked(world, "alice")
    assert (account.username, account.way, account.scopes) == ("alice", Way.CODE, frozenset(SCOPES.split()))
    assert [build.archive_url for build in world.quay.builds.values()] == [ARCHIVE]
    assert await world.outcomes("alice") == [
        "build acme/web:latest unlinked",
        "link arrival tried",
        "link arrival done",
        "link tried",
        "link done",
        "build acme/web:latest tried",
        "build acme/web:latest done",
    ]


async def test_an_assigned_token_and_the_build_runs_by_itself(sleeping: World) -> None:
    world = sleeping
    await wake_with_pages(world)
    url = await _asked_and_sent_away(world, "bob")
    async with a_browser() as browser:
        page = await with_assigned(browser, url, world, "bob")
        told = await world.hears("bob", f"/quay link {page.code}")  # typed, not entered
        assert "You are *bob*" in words(told)
        await world.card(DEV, "Build queued", "requested by bob")
        made = [
            secret for secret, token in world.quay.tokens.items() if token.client_id == world.settings.quay_client_id
        ]
        assert made
        assert not any(secret in url for secret in made for url in browser.seen)
    assert (await _linked(world, "bob")).way is Way.ASSIGNED
    assert not any(secret in "\n".join(world.log.lines) for secret in made)


async def test_an_assignment_that_is_found_in_quay_itself(sleeping: World) -> None:
    """Quay's own link to it carries no state: the browser that waits for it is what counts."""
    world = sleeping
    await wake_with_pages(world)
    url = await ticket(world, "bob")
    async with a_browser() as browser:
        page = await with_found(browser, url, world, "bob")
        assert "You are *bob*" in words(await world.hears("bob", f"/quay link {page.code}"))


async def test_a_pasted_token_and_the_build_runs_by_itself(sleeping: World) -> None:
    world = sleeping
    await wake_with_pages(world)
    await _asked_and_sent_away(world, "bob")
    ways = await world.whispered("bob", "Paste a token")
    await world.presses("bob", ways, "link_paste", whisper=True)
    await world.window("bob", "I act in Quay as")
    await world.slack.submit(PEOPLE["bob"], {"token": {"token": world.tokens["bob"]}})
    await world.whispered("bob", "You are *bob*", "Now I do what you asked for")
    await world.card(DEV, "Build queued")
    assert (await _linked(world, "bob")).way is Way.PASTED


@pytest.mark.parametrize("way", ["pasted", "assigned"])
async def test_a_token_with_too_few_scopes_is_replaced_and_the_build_runs_by_itself(sleeping: World, way: str) -> None:
    """Of a pasted token its scopes show in the owner's own namespace; of another one Quay has told them."""
    world, poor = sleeping, "repo:read user:read"
    await wake_with_pages(world)
    async with a_browser() as browser:
        if way == "pasted":
            world.quay.add_repository("bob/tools")
            await world.app.desk.accounts.link(_account(world, "bob"), world.quay.token("bob", poor))
        else:
            page = await with_found(browser, await ticket(world, "bob"), world, "bob", poor)
            await world.hears("bob", f"/quay link {page.code}")
        refused = await world.hears("bob", BUILD)
        assert "made without the scope `repo:write`" in words(refused)
        assert "I remember what you asked for" in words(refused)
        assert buttons(refused) == ["Link again with that scope"]
        await world.presses("bob", refused, "link_start", whisper=True)
        ways = await world.whispered("bob", "takes more than your token may", "repo:write")
        page = await with_assigned(browser, address(ways), world, "bob")
        await world.slack.wait(lambda: len(world.slack.messages(PEOPLE["bob"])) == (1 if way == "pasted" else 2))
        await enters(world, "bob", page.code)
        await world.whispered("bob", "Now I do what you asked for")
        await world.card(DEV, "Build queued")
    assert (await _linked(world, "bob")).scopes == frozenset(SCOPES.split())


async def test_without_an_application_the_ways_that_do_not_work_say_why(world: World) -> None:
    told = read(await world.hears("bob", "/quay link"))
    assert "✗ 1. Sign in at Quay" in told.replace("*", "")
    assert "✓ 3. Paste a token" in told.replace("*", "")
    assert told.count("Not set up here; ask the operator.") == 2


async def test_whoever_is_no_admin_of_the_organization_is_turned_away_by_quay_and_takes_another_way(
    sleeping: World,
) -> None:
    world = sleeping
    await wake_with_pages(world)
    async with a_browser() as browser:
        url = await ticket(world, "bob")
        await browser.signs_in(world, "bob")
        assert (await browser.presses(await browser.opens(url), "code")).status == 403
        page = await with_assigned(browser, url, world, "bob")  # the same link still works
        assert "You are *bob*" in words(await world.hears("bob", f"/quay link {page.code}"))


async def test_whoever_uses_the_same_account_is_told(sleeping: World) -> None:
    world = sleeping
    await wake_with_pages(world)
    await world.links("alice")
    async with a_browser() as browser:
        page = await with_code(browser, await ticket(world, "dave"), world, "alice")
        await world.hears("dave", f"/quay link {page.code}")
    await world.told("alice", "dave", "which you use here as well")


async def test_unlinking_revokes_at_quay_what_quay_lets_us_revoke(sleeping: World) -> None:
    world = sleeping
    await wake_with_pages(world)
    async with a_browser() as browser:
        page = await with_code(browser, await ticket(world, "alice"), world, "alice")
        await world.hears("alice", f"/quay link {page.code}")
    alice = world.quay.users["alice"]
    assert len(world.quay.living(user=alice, client_id=world.settings.quay_client_id)) == 1
    told = words(await world.hears("alice", "/quay unlink"))
    assert "I have forgotten your account" in told
    assert "still valid" in told  # without user:admin Quay lets nobody revoke
    assert await world.app.store.accounts.of(_account(world, "alice")) is None
