"""The policy in the running bot: it says no, it changes while the bot runs, and a broken file changes nothing."""

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from bot.app import build
from bot.domain.errors import UserError
from tests.stories.scenery import ARCHIVE, DEV, PEOPLE
from tests.stories.world import World

BUILD = f"/quay build acme/web --archive-url {ARCHIVE} --tag v1"
RULE = """
[[rule]]
name = "releases"
effect = "deny"
unless = ["group:S0REL"]
targets = ["acme/*:v*"]
reason = "Ask the release team."
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "policy.toml"
    path.write_text(RULE)
    return path


def written(file: Path, text: str) -> str:
    file.write_text(text)
    return str(file)


async def trouble(world: World, *, expected: bool) -> str:
    """What /readyz says of the policy, as soon as it is trouble, or none."""
    while True:
        async with world.http.get(f"{world.address}/readyz") as response:
            said = str((await response.json())["policy"])
        if expected is (said != "ok"):
            return said
        await asyncio.sleep(0.05)


async def test_a_rule_says_no_to_those_whom_it_does_not_spare(sleeping: World, file: Path) -> None:
    world = sleeping
    world.slack.add_group("S0REL", [PEOPLE["alice"]])
    await world.wake(policy_file=str(file))
    for name in ("alice", "bob"):
        await world.links(name)
    await world.types("bob", BUILD)
    await world.whispered("bob", "releases", "Ask the release team.")
    assert world.quay.builds == {}
    await world.types("alice", BUILD)
    await world.card(DEV, "Build queued")


async def test_what_slack_does_not_tell_counts_against_the_person_and_is_said(sleeping: World, file: Path) -> None:
    world = sleeping
    world.slack.add_group("S0REL", [PEOPLE["alice"]])
    world.slack.scopes.discard("usergroups:read")
    await world.wake(policy_file=str(file))
    await world.links("alice")
    await world.types("alice", BUILD)
    await world.whispered("alice", "releases", "who is in the Slack user group S0REL")
    assert world.quay.builds == {}


async def test_a_changed_file_is_in_force_soon_and_a_broken_one_is_not(sleeping: World, file: Path) -> None:
    world = sleeping
    await world.wake(policy_file=str(file))
    await world.links("bob")
    written(file, "default = 1\n")
    assert (await trouble(world, expected=True)).startswith("policy.toml line 1, key default: ")
    await world.types("bob", BUILD)
    await world.whispered("bob", "releases")
    written(file, 'default = "allow"\n')
    await trouble(world, expected=False)
    await world.types("bob", BUILD)
    await world.card(DEV, "Build queued")


async def test_a_file_that_is_empty_all_at_once_opens_nothing(sleeping: World, file: Path) -> None:
    world = sleeping
    await world.wake(policy_file=str(file))
    await world.links("bob")
    written(file, "")
    assert (await trouble(world, expected=True)).startswith("policy.toml: it is empty, so it is not used.")
    await world.types("bob", BUILD)
    await world.whispered("bob", "releases", "Ask the release team.")
    assert world.quay.builds == {}


async def test_hands_off_a_namespace_means_its_robots_its_log_and_what_fields_list(sleeping: World, file: Path) -> None:
    world = sleeping
    world.quay.push("acme/web", "latest")
    written(file, '[[rule]]\nname = "hands off"\neffect = "deny"\ntargets = ["acme/*"]\n')
    await world.wake(policy_file=str(file))
    await world.links("alice")
    for words in ("robot list acme", "robot regenerate acme+ci", "logs acme", "repos acme", "tag list acme/web"):
        assert "hands off" in (await world.hears("alice", f"/quay {words}"))["text"]
    await world.types("alice", "/quay restore")
    await world.window("alice", "Repository")
    offered = await world.slack.options(PEOPLE["alice"], "seek:repository", "acme/")
    assert offered.body["options"] == []


async def test_a_rule_for_tags_holds_for_what_people_call_otherwise(sleeping: World, file: Path) -> None:
    world = sleeping
    world.quay.push("acme/web", "latest")
    written(file, '[[rule]]\nname = "no tags"\neffect = "deny"\ncommands = ["tag *"]\n')
    await world.wake(policy_file=str(file))
    await world.links("alice")
    for words in ("tag delete acme/web:latest", "tag labels acme/web:latest --add a=b"):
        assert "no tags" in (await world.hears("alice", f"/quay {words}"))["text"]


@pytest.mark.parametrize(("text", "says"), [("[[rule]]\n", "key name: is missing"), ("# soon\n", "it is empty")])
async def test_the_bot_does_not_start_with_a_broken_or_empty_file(
    sleeping: World, file: Path, text: str, says: str
) -> None:
    settings = sleeping.settings.model_copy(update={"policy_file": written(file, text)})
    async with AsyncExitStack() as closing:
        with pytest.raises(UserError, match=says):
            await build(settings, closing, clock=sleeping.clock)
