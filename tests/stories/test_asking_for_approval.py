"""What takes the approval of others: it runs when two have agreed, as it was agreed, or not at all."""

# ruff: noqa: E501 - what people read stands on one line

import asyncio
import re
from pathlib import Path

from inline_snapshot import snapshot

from tests.stories.council import PROD, TWO, approves, approves_again, asks, assemble, card, denies
from tests.stories.reading import buttons, read, words
from tests.stories.scenery import ARCHIVE, PEOPLE
from tests.stories.world import World


def _plain(text: str) -> str:
    return re.sub(r"\b[A-Z]{4}-\d{4}\b", "REFE-0000", text)


async def test_two_agree_and_it_runs_with_the_account_of_whoever_asked(sleeping: World, tmp_path: Path) -> None:
    world = sleeping
    await assemble(world, tmp_path)
    name, shown = await asks(world)
    assert world.quay.builds == {}
    assert _plain(read(shown)).replace(name, "K7PX4") == snapshot("""\
⏳ *Approval needed* `build` · `acme/web:prod` · request `K7PX4`
 (in Quay: alice) wants:
Build `acme/web` from an archive at `https://git.example/web.tar.gz`. Writes the tag `prod`.
• address sha256: `9188729f3716`
Bound to: `prod` does not exist yet. If a tag moves before it runs, the approvals are void.
2 approvals needed from \n\
.
Why: Customers pull it.
Rule production · asked (time) · expires (time) · REFE-0000 · secrets in the archive address are not shown · or type `/quay approve K7PX4`
Approve
Deny\
""")
    await approves(world, "bob", shown)
    await world.whispered("bob", "counts", "1 more approval")
    assert world.quay.builds == {}
    await world.types("carol", f"/quay approve {name.lower()}")
    done = await card(world, name, "Approved and done")
    assert buttons(done) == []
    (build,) = world.quay.builds.values()
    assert (build.manual_user, build.archive_url, build.tags) == ("alice", ARCHIVE, ["prod"])
    await world.told("alice", name, "was approved and has run")
    lines = [d for d in await world.deeds() if d.approval == name]
    assert [(d.username, d.outcome.value) for d in lines] == [
        ("alice", "asked"),
        ("bob", "approved"),
        ("carol", "approved"),
        ("alice", "tried"),
        ("alice", "done"),
    ]
    assert len({d.reference for d in lines}) == 1


async def test_a_tag_that_moves_in_between_voids_the_votes(sleeping: World, tmp_path: Path) -> None:
    world = sleeping
    await assemble(world, tmp_path)
    world.quay.push("acme/web", "prod")
    name, shown = await asks(world)
    await approves(world, "bob", shown)
    await world.whispered("bob", "counts")
    world.quay.push("acme/web", "prod")
    await approves(world, "carol", shown)
    await card(world, name, "Void", "no longer count")
    assert world.quay.builds == {}
    await world.told("alice", name, "is void")
    assert "build acme/web:prod void" in await world.outcomes()


async def test_nobody_decides_and_the_scheduler_ends_it(sleeping: World, tmp_path: Path) -> None:
    world = sleeping
    await assemble(world, tmp_path)
    name, shown = await asks(world)
    await approves(world, "bob", shown)
    await world.whispered("bob", "counts")
    world.leap(minutes=31)
    await card(world, name, "Expired")
    await world.told("alice", name, "has expired")
    await approves_again(world, "carol", name)
    await world.whispered("carol", "has expired")
    assert world.quay.builds == {}


async def test_the_bot_starts_anew_between_the_votes(sleeping: World, tmp_path: Path) -> None:
    world = sleeping
    await assemble(world, tmp_path)
    name, shown = await asks(world)
    await approves(world, "bob", shown)
    await world.whispered("bob", "counts")
    await world.sleep()
    await world.wake()
    await approves(world, "carol", shown)
    await card(world, name, "Approved and done")
    assert [build.archive_url for build in world.quay.builds.values()] == [ARCHIVE]


async def test_the_policy_says_no_while_it_waits(sleeping: World, tmp_path: Path) -> None:
    world = sleeping
    file = await assemble(world, tmp_path)
    name, shown = await asks(world)
    await approves(world, "bob", shown)
    await world.whispered("bob", "counts")
    file.write_text(TWO + '[[rule]]\nname = "frozen"\neffect = "deny"\nreason = "It is Friday."\n')
    world.leap(seconds=2)
    await approves(world, "carol", shown)
    await card(world, name, "Not done", "It is Friday.")
    assert world.quay.builds == {}


async def test_the_policy_asks_for_more_while_it_waits(sleeping: World, tmp_path: Path) -> None:
    world = sleeping
    file = await assemble(world, tmp_path)
    name, shown = await asks(world)
    await approves(world, "bob", shown)
    await world.whispered("bob", "counts")
    file.write_text(TWO.replace("approvals = 2", "approvals = 3"))
    world.slack.add_group("S0REL", [PEOPLE[one] for one in ("bob", "carol", "dave")])
    world.leap(seconds=61)  # what Slack said about the group is remembered for a minute
    await approves(world, "carol", shown)
    await card(world, name, "Approval needed", "3 approvals needed", "1 more is missing")
    assert world.quay.builds == {}
    await approves(world, "dave", shown)
    await card(world, name, "Approved and done")
    assert len(world.quay.builds) == 1


async def test_two_last_votes_at_the_same_moment_run_it_once(sleeping: World, tmp_path: Path) -> None:
    world = sleeping
    await assemble(world, tmp_path, TWO.replace("approvals = 2", "approvals = 1"))
    name, shown = await asks(world)
    await asyncio.gather(approves(world, "bob", shown), approves(world, "carol", shown))
    await card(world, name, "Approved and done")
    await world.settled()
    assert len(world.quay.builds) == 1
    assert (await world.outcomes()).count("build acme/web:prod done") == 1


async def test_an_approver_says_no_and_whoever_asked_takes_it_back(sleeping: World, tmp_path: Path) -> None:
    world = sleeping
    await assemble(world, tmp_path)
    name, shown = await asks(world)
    await denies(world, "bob", shown)
    await card(world, name, "Denied", "Denied with the Quay account bob")
    await world.told("alice", name, "was denied")
    name, _ = await asks(world, line=f"{PROD} --subdirectory app")
    await world.types("alice", f"/quay deny {name}")
    await card(world, name, "Withdrawn")
    assert world.quay.builds == {}
    ended = [line for line in await world.outcomes() if line.endswith(("rejected", "withdrawn"))]
    assert ended == ["build acme/web:prod rejected", "build acme/web:prod withdrawn"]


async def test_quay_says_no_in_the_end_and_everybody_reads_it(sleeping: World, tmp_path: Path) -> None:
    """Approvals give nobody a right: carol may only read."""
    world = sleeping
    await assemble(world, tmp_path, TWO.replace("approvals = 2", "approvals = 1"))
    name, shown = await asks(world, "carol")
    await approves(world, "bob", shown)
    shown = await card(world, name, "Not done", "Quay did not let carol start builds in acme/web.")
    assert "can read" not in words(shown)
    await world.whispered("bob", "Quay did not let carol start builds")
    await world.told("carol", name, "was not done", "can read acme/web but need write there")
    assert world.quay.builds == {}
    assert "build acme/web:prod refused" in await world.outcomes("carol")


async def test_whoever_asked_unlinks_meanwhile(sleeping: World, tmp_path: Path) -> None:
    world = sleeping
    await assemble(world, tmp_path)
    name, shown = await asks(world)
    await approves(world, "bob", shown)
    await world.whispered("bob", "counts")
    await world.hears("alice", "/quay unlink")
    await card(world, name, "Withdrawn")
    await approves_again(world, "carol", name)
    await world.whispered("carol", "was withdrawn")
    assert world.quay.builds == {}
