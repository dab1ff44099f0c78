"""People with different rights do the same: each gets exactly what Quay gives, and reads what is missing."""

# ruff: noqa: E501 - what people read stands on one line

import pytest
from inline_snapshot import snapshot

from bot.domain.people import Person
from tests.stories.reading import Json, read, words
from tests.stories.scenery import ARCHIVE, DEV, PEOPLE
from tests.stories.world import World

ROLES = {"alice": "admin", "bob": "write", "carol": "read", "dave": "none"}


async def _built(world: World) -> tuple[str, Json]:
    """A build of alice's that waits."""
    for name in PEOPLE:
        await world.links(name)
    await world.types("alice", f"/quay build acme/web --archive-url {ARCHIVE}")
    await world.whispered("alice", "is queued")
    shown = await world.card(DEV, "Build queued")
    (build,) = world.quay.builds
    return build, shown


async def _heard(world: World, name: str) -> str:
    return read((await world.slack.wait(lambda: world.slack.whispers(PEOPLE[name])))[0])


BUILD = snapshot(
    {
        "read": """\
You (carol) can read acme/web but need write there to start builds. Either your account lacks that role: ask an admin of the repository. Or your linked token lacks the scope `repo:write`: make one that has it and run `/quay link` again.
Link again with that scope
I remember what you asked for: link your account within 15 minutes, and I do it by myself.\
""",
        "none": "acme/web does not exist, or you (dave) may not see it. Please check the name and that your linked token has the scope `repo:read`, or ask the owner for access.",
    }
)


@pytest.mark.parametrize("name", ROLES)
async def test_a_build_takes_the_role_write(world: World, name: str) -> None:
    await world.links(name)
    told = read(await world.hears(name, f"/quay build acme/web --archive-url {ARCHIVE} --tag v1"))
    allowed = ROLES[name] in {"admin", "write"}
    assert len(world.quay.builds) == allowed
    assert allowed == ("is queued" in told)
    if not allowed:
        assert told == BUILD[ROLES[name]]
    outcome = "done" if allowed else "refused"
    assert await world.outcomes(name) == ["build acme/web:v1 tried", f"build acme/web:v1 {outcome}"]


CANCEL = snapshot(
    {
        "write": """\
You (bob) can write to acme/web but need admin there to cancel builds. Either your account lacks that role: ask an admin of the repository. Or your linked token lacks the scope `repo:admin`: make one that has it and run `/quay link` again.
Link again with that scope
I remember what you asked for: link your account within 15 minutes, and I do it by myself.\
""",
        "read": """\
You (carol) can read acme/web but need admin there to cancel builds. Either your account lacks that role: ask an admin of the repository. Or your linked token lacks the scope `repo:admin`: make one that has it and run `/quay link` again.
Link again with that scope
I remember what you asked for: link your account within 15 minutes, and I do it by myself.\
""",
        "none": "acme/web does not exist, or you (dave) may not see it. Please check the name and that your linked token has the scope `repo:read`, or ask the owner for access.",
    }
)


@pytest.mark.parametrize("name", ROLES)
async def test_cancelling_takes_the_role_admin(world: World, name: str) -> None:
    build, shown = await _built(world)
    await world.presses(name, shown, "build_cancel")
    allowed = ROLES[name] == "admin"
    if allowed:
        await world.whispered(name, "asked Quay to cancel")
    else:
        assert await _heard(world, name) == CANCEL[ROLES[name]]
    assert world.quay.builds[build].phase == ("cancelled" if allowed else "waiting")


LOGS = {"read": "need write there to read build logs", "none": "or you (dave) may not see it"}


@pytest.mark.parametrize("name", ROLES)
async def test_reading_a_log_takes_the_role_write(world: World, name: str) -> None:
    build, shown = await _built(world)
    world.quay.move_build(build, "building", log=[("a secret line", None)])
    await world.presses(name, shown, "build_logs")
    window = await world.window(name, LOGS.get(ROLES[name], "a secret line"))
    assert ("a secret line" in read(window)) == (ROLES[name] in {"admin", "write"})


@pytest.mark.parametrize("name", ROLES)
async def test_only_admins_of_the_repository_see_what_others_did(world: World, name: str) -> None:
    await _built(world)
    told = words(await world.hears(name, "/quay audit acme/web"))
    if name != "alice":
        assert "those of others are for admins of the repository" in told.lower()
        assert "in Quay: alice" not in told


async def test_a_scope_is_not_a_role_and_a_role_is_no_scope(world: World) -> None:
    """Alice is an admin with a poor token; carol has every scope and may only read."""
    team = world.slack.team
    world.quay.add_repository("alice/tools")  # in her own namespace her role is sure
    await world.app.desk.accounts.link(Person(team, PEOPLE["alice"]), world.quay.token("alice", "repo:read user:read"))
    await world.app.desk.accounts.link(
        Person(team, PEOPLE["carol"]),
        world.quay.token("carol", "repo:admin repo:create user:admin org:admin user:read"),
    )
    line = f"/quay build acme/web --archive-url {ARCHIVE}"
    assert {name: read(await world.hears(name, line)) for name in ("alice", "carol")} == snapshot(
        {
            "alice": """\
Your token was made without the scope `repo:write`, and it takes that to start builds in acme/web. Please link your account again, with that scope.
Link again with that scope
I remember what you asked for: link your account within 15 minutes, and I do it by myself.\
""",
            "carol": """\
You (carol) can read acme/web but need write there to start builds. Either your account lacks that role: ask an admin of the repository. Or your linked token lacks the scope `repo:write`: make one that has it and run `/quay link` again.
Link again with that scope
I remember what you asked for: link your account within 15 minutes, and I do it by myself.\
""",
        }
    )
    assert world.quay.builds == {}


async def test_a_role_that_is_taken_away_is_gone_at_once(world: World) -> None:
    await world.links("bob")
    await world.types("bob", f"/quay build acme/web --archive-url {ARCHIVE}")
    await world.card(DEV, "Build queued")
    world.quay.grant("bob", "acme/web", "none")
    assert "does not exist, or you (bob) may not see it" in words(await world.hears("bob", "/quay build acme/web"))
    assert len(world.quay.builds) == 1
