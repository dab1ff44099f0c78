"""Requests for approval in the stories: the policy that asks for them, their cards, and who presses what."""

import re
from pathlib import Path

from bot.fakes.slack import Answer
from tests.stories import forging
from tests.stories.reading import Json, words
from tests.stories.scenery import ARCHIVE, DEV, PEOPLE
from tests.stories.world import World

GROUP = "S0REL"
TWO = f"""
[[rule]]
name = "production"
effect = "approve"
commands = ["build", "build *"]
targets = ["acme/web:prod"]
reason = "Customers pull it."
approvers = ["group:{GROUP}"]
approvals = 2
expires = "30m"
"""
ONE = TWO.replace("approvals = 2", "approvals = 1")
PROD = f"/quay build acme/web:prod --archive-url {ARCHIVE}"


async def assemble(world: World, folder: Path, policy: str = TWO) -> Path:
    """Wake the bot with that policy. Everybody is linked; bob and carol may approve. The policy's file."""
    file = folder / "policy.toml"
    file.write_text(policy)
    world.slack.add_group(GROUP, [PEOPLE["bob"], PEOPLE["carol"]])
    await world.wake(policy_file=str(file))
    for name in PEOPLE:
        await world.links(name)
    return file


async def asks(world: World, name: str = "alice", line: str = PROD) -> tuple[str, Json]:
    """Somebody asks for what takes approvals: the name of the request, and its card."""
    found = re.search(r"request `([A-Z0-9]{5})`", words(await world.hears(name, line)))
    assert found
    return found[1], await card(world, found[1], "Approval needed")


async def card(world: World, request: str, *expected: str) -> Json:
    """The card of a request, as soon as it says all that is expected."""

    def look(messages: list[Json]) -> Json | None:
        wanted = (f"request `{request}`", *expected)
        return next((one for one in messages if all(word in words(one) for word in wanted)), None)

    found = await world.shown(DEV, look)
    assert found
    return found


async def approves(world: World, name: str, message: Json) -> Answer:
    """Somebody presses Approve."""
    return await world.presses(name, message, "approval_approve")


async def denies(world: World, name: str, message: Json, why: str = "") -> None:
    """Somebody presses Deny and sends the form that opens."""
    await world.presses(name, message, "approval_deny")
    form = await world.window(name, "This ends the request")
    field = form["blocks"][-1]
    await world.slack.submit(PEOPLE[name], {field["block_id"]: {field["element"]["action_id"]: why}})


async def approves_again(world: World, name: str, request: str) -> None:
    """Somebody's press of a button that is not there any more arrives all the same."""
    assert await forging.sends(world, forging.press(world, PEOPLE[name], "approval_approve", request)) == 200
