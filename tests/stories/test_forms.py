"""Commands as forms: search as you type, shortcuts, and the same answers as for what is typed."""

from datetime import timedelta

from handlers.manifest import manifest
from tests.stories.reading import Json, read
from tests.stories.scenery import DEV, PEOPLE
from tests.stories.world import PATIENCE, World

ALICE = PEOPLE["alice"]


def furnished(world: World) -> tuple[str, str]:
    """Two images of acme/web:latest, the older one first; and the shortcuts of the app are known to Slack."""
    old = world.quay.push("acme/web", "latest", by="bob", ago=timedelta(days=2))
    new = world.quay.push("acme/web", "latest", "v2", by="bob", ago=timedelta(hours=1))
    world.slack.shortcuts = manifest("", socket_mode=True)["features"]["shortcuts"]
    return old, new


def labels(body: Json) -> list[str]:
    return [option["text"]["text"] for option in body["options"]]


def block_of(view: Json, name: str) -> str:
    """What the field's block is called now."""
    return next(block["block_id"] for block in view["blocks"] if block["block_id"].partition("@")[0] == name)


def initial(view: Json, name: str) -> str:
    """What stands in the field."""
    return str(
        next(
            block["element"].get("initial_option", {}).get("value", "")
            for block in view["blocks"]
            if block["block_id"].partition("@")[0] == name
        )
    )


async def chosen(world: World, name: str, action: str, typed: str, value: str) -> Json:
    """Choose in the top modal, and wait until it is shown anew."""
    user = PEOPLE[name]
    before = world.slack.open_views(user)[-1]["hash"]
    assert (await world.slack.choose(user, action, typed, value)).error is None
    return await world.slack.wait(
        lambda: next((view for view in world.slack.open_views(user)[-1:] if view["hash"] != before), None)
    )


async def test_a_tag_is_restored_through_its_form(world: World) -> None:
    old, _ = furnished(world)
    await world.links("alice")
    await world.types("alice", "/quay restore")
    await world.window("alice", "Repository")
    view = await chosen(world, "alice", "seek:repository", "we", "acme/web")
    offered = await world.slack.options(ALICE, "seek:past tag", "")
    assert {label.partition(" ")[0] for label in labels(offered.body)} == {"latest", "v2"}
    view = await chosen(world, "alice", "seek:past tag", "lat", "latest")
    images = labels((await world.slack.options(ALICE, "seek:digest", "")).body)
    assert [label.partition(" · ")[2] for label in images] == ["1 hour ago · now", "2 days ago"]
    values = {block_of(view, "to"): {"seek:digest": old}}
    assert (await world.slack.submit(ALICE, values)).error is None
    preview = await world.whispered("alice", "Please check what would happen", "acme/web:latest")
    await world.presses("alice", preview, "confirm", whisper=True)
    await world.shown(DEV, lambda all_: any("acme/web:latest" in read(one) for one in all_))
    await world.whispered("alice", "Done")
    assert await world.outcomes("alice") == [
        "restore acme/web:latest tried",
        "restore acme/web:latest shown",
        "restore acme/web:latest tried",
        "restore acme/web:latest done",
    ]


async def test_nobody_is_offered_what_they_may_not_see(world: World) -> None:
    furnished(world)
    await world.links("alice")
    await world.links("dave")
    for name in ("alice", "dave"):
        await world.types(name, "/quay restore")
        await world.window(name, "Repository")
    offered = await world.slack.options(ALICE, "seek:repository", "web")
    assert labels(offered.body) == ["acme/web"]
    assert labels((await world.slack.options(PEOPLE["dave"], "seek:repository", "web")).body) == []
    pasted = await world.slack.options(PEOPLE["dave"], "seek:repository", "acme/web:latest")
    assert labels(pasted.body) == ["acme/web:latest"]
    await chosen(world, "dave", "seek:repository", "acme/web:latest", "acme/web:latest")
    assert labels((await world.slack.options(PEOPLE["dave"], "seek:past tag", "")).body) == []
    assert labels((await world.slack.options(PEOPLE["dave"], "seek:digest", "")).body) == []


async def test_a_message_shortcut_knows_the_image_of_the_message(world: World) -> None:
    furnished(world)
    await world.links("alice")
    ts = world.slack.say(PEOPLE["bob"], DEV, "acme/web:latest is broken!")
    await world.slack.shortcut(ALICE, "restore_this", channel=DEV, ts=ts)
    view = await world.window("alice", "Repository")
    assert (initial(view, "repository"), initial(view, "tag")) == ("acme/web", "latest")
    await world.slack.submit(ALICE, {})
    await world.whispered("alice", "Please check what would happen")


async def test_a_global_shortcut_is_answered_in_direct_messages(world: World) -> None:
    furnished(world)
    await world.links("alice")
    await world.slack.shortcut(ALICE, "tag_history")
    await world.window("alice", "Repository")
    await chosen(world, "alice", "seek:repository", "acme/web:latest", "acme/web:latest")
    await world.slack.submit(ALICE, {})
    assert "latest" in read(await world.told("alice", "acme/web"))


async def test_a_slip_is_shown_in_the_open_form(world: World) -> None:
    furnished(world)
    await world.links("alice")
    await world.types("alice", "/quay message post")
    view = await world.window("alice", "Severity")
    values = {
        block_of(view, "severity"): {"choice": "info"},
        block_of(view, "text"): {"text": "Down at six"},
        block_of(view, "at"): {"text": "when it rains"},
    }
    await world.slack.submit(ALICE, values)
    [still] = world.slack.open_views(ALICE)
    assert list(still["errors"]) == [block_of(view, "at")]


async def test_a_form_waits_for_whoever_has_to_link_first(world: World) -> None:
    furnished(world)
    await world.types("bob", "/quay restore")
    await world.whispered("bob", "I remember what you asked for")
    await world.link_form("bob")
    await world.slack.submit(PEOPLE["bob"], {"token": {"token": world.tokens["bob"]}})
    again = await world.whispered("bob", "It opens a window", "Open it now")
    await world.presses("bob", again, "form:restore", whisper=True)
    await world.window("bob", "Repository")


async def test_without_a_public_address_the_fields_search_as_well(sleeping: World) -> None:
    token = type(sleeping.settings.slack_app_token)(sleeping.slack.app_token)
    await sleeping.wake(slack_app_token=token)
    await sleeping.slack.wait(lambda: sleeping.slack._sockets.connected, PATIENCE)
    furnished(sleeping)
    await sleeping.links("alice")
    await sleeping.types("alice", "/quay restore")
    await sleeping.window("alice", "Repository")
    offered = await sleeping.slack.options(ALICE, "seek:repository", "acme/")
    assert "acme/web" in labels(offered.body)


async def test_a_quay_that_is_away_leaves_the_field_empty_and_the_form_usable(world: World) -> None:
    furnished(world)
    await world.links("alice")
    await world.types("alice", "/quay tag history")
    await world.window("alice", "Repository")
    await world.quay.stop()
    offered = await world.slack.options(ALICE, "seek:repository", "acme/web:latest")
    assert (offered.status, labels(offered.body)) == (200, ["acme/web:latest"])
    assert labels((await world.slack.options(ALICE, "seek:repository", "we")).body) == []
