"""No secret is ever logged, not even where the mask of the log would hide it, and none is stored readably."""

from pathlib import Path

from bot.fakes.slack import Fault
from tests.stories.scenery import ARCHIVE, DEV, OUTSIDE
from tests.stories.world import World, body_of
from webhooks.sample import sample

PASSWORD = "s3cr3t-in-the-address"


async def _a_day_of_work(world: World) -> None:
    """A bit of everything, with as much trouble as fits."""
    url = await world.hook("repo_push", "acme/web", DEV)
    lost = await world.hook("repo_push", "acme/web", OUTSIDE)
    await world.links("alice")
    await world.deliver(url, sample("repo_push"))
    await world.deliver(url, b"nonsense")
    await world.deliver(url, body_of("repo_push", repository=None))
    await world.deliver(lost, sample("repo_push"))
    await world.deliver(f"{url[:-1]}~", sample("repo_push"))
    await world.types("alice", f"/quay build acme/api --archive-url https://dev:{PASSWORD}@git.example/a.zip")
    await world.link_form("bob")
    await world.slack.submit("U0BOB", {"token": {"token": world.tokens["bob"]}})
    await world.whispered("bob", "You are *bob*")
    await world.types("carol", f"/quay link {world.tokens['carol']}")
    await world.whispered("carol", "do not write a token")
    await world.types("carol", f"/quay {world.tokens['carol']}")
    await world.whispered("carol", "I do not know")
    world.quay.revoke(world.tokens["bob"])
    await world.types("bob", "/quay whoami")
    await world.whispered("bob", "does not accept")
    world.slack.faults = [Fault("chat.postMessage", "500"), Fault("response_url", "500", times=2)]
    await world.deliver(url, body_of("repo_push", updated_tags=["v9"]))
    await world.types("alice", "/quay help")
    world.quay.down = True
    await world.types("alice", "/quay whoami")
    await world.whispered("alice", "does not answer")
    await world.settled()


async def test_no_secret_is_logged_in_a_day_of_work_and_trouble(world: World) -> None:
    await _a_day_of_work(world)
    text = "\n".join(world.log.lines)
    assert "deliveries_settled" in text
    assert [secret for secret in [*world.secrets, PASSWORD] if secret in text] == []
    assert "/response/" not in text  # response_urls are capabilities, too


async def test_no_secret_is_stored_readably(world: World, database: Path) -> None:
    await world.links("alice")
    await world.hook("repo_push", "acme/web", DEV)
    await world.types("alice", f"/quay build acme/web --archive-url {ARCHIVE}")
    await world.card(DEV, "Build queued")
    await world.settled()
    await world.sleep()
    stored = b"".join(file.read_bytes() for file in database.parent.iterdir() if file.name.startswith(database.name))
    assert b"acme/web" in stored
    assert [secret for secret in world.secrets if secret.encode() in stored] == []


async def test_slack_is_told_no_secret(world: World) -> None:
    await world.links("alice")
    url = await world.hook("repo_push", "acme/web", DEV)
    await world.deliver(url, sample("repo_push"))
    await world.types("alice", "/quay whoami")
    await world.whispered("alice", "You are *alice*")
    await world.card(DEV)
    told = repr([call.args for call in world.slack.calls])
    assert [secret for secret in world.secrets if secret in told] == []
