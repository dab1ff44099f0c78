"""Somebody wants what takes approvals without them: by voting twice, for themselves, too late, or around the rule."""

from pathlib import Path

import pytest

from bot.domain.people import Person
from tests.stories import forging
from tests.stories.council import ONE, PROD, TWO, approves, approves_again, asks, assemble, card
from tests.stories.reading import words
from tests.stories.scenery import ARCHIVE, DEV, PEOPLE
from tests.stories.world import World

SECOND = "U0ALICE2"  # another Slack account of alice's
ZOE = "U0ZOE"


async def _refused(world: World, name: str, *expected: str) -> None:
    """Somebody hears why their vote does not count, and the audit has it; nothing has run."""
    await world.whispered(name, *expected)
    assert world.quay.builds == {}
    assert any(line.endswith("refused") for line in await world.outcomes(name))


async def _second_hears(world: World, expected: str) -> None:
    await world.slack.wait(lambda: any(expected in words(one) for one in world.slack.whispers(SECOND)))


async def test_nobody_approves_for_themselves(sleeping: World, tmp_path: Path) -> None:
    world = sleeping
    await assemble(world, tmp_path, ONE.replace('"group:S0REL"', '"*"'))
    _, shown = await asks(world)
    await approves(world, "alice", shown)
    await _refused(world, "alice", "You have asked for this yourself")


async def test_nobody_approves_for_themselves_through_a_second_slack_account(sleeping: World, tmp_path: Path) -> None:
    world = sleeping
    await assemble(world, tmp_path, ONE.replace('"group:S0REL"', '"*"'))
    world.slack.add_user(SECOND, "alice2")
    await world.app.desk.accounts.link(Person(world.slack.team, SECOND), world.quay.token("alice"))
    _, shown = await asks(world)
    await world.slack.click(SECOND, DEV, shown["ts"], "approval_approve")
    await world.slack.wait(
        lambda: any("Quay account of whoever asked" in words(m) for m in world.slack.whispers(SECOND))
    )
    assert world.quay.builds == {}


async def test_one_quay_account_behind_two_slack_accounts_is_one_vote(sleeping: World, tmp_path: Path) -> None:
    world = sleeping
    await assemble(world, tmp_path)
    world.slack.add_user(SECOND, "bob2")
    world.slack.add_group("S0REL", [PEOPLE["bob"], SECOND])
    await world.app.desk.accounts.link(Person(world.slack.team, SECOND), world.quay.token("bob"))
    _, shown = await asks(world)
    await approves(world, "bob", shown)
    await world.whispered("bob", "counts")
    await world.slack.click(SECOND, DEV, shown["ts"], "approval_approve")
    await _second_hears(world, "bob has agreed already")
    await approves(world, "bob", shown)
    await world.settled()
    assert world.quay.builds == {}


async def test_somebody_outside_of_the_group_does_not_count(sleeping: World, tmp_path: Path) -> None:
    world = sleeping
    await assemble(world, tmp_path, ONE)
    name, shown = await asks(world)
    await approves(world, "dave", shown)
    await _refused(world, "dave", "You are not an approver")
    await world.hears("dave", f"/quay deny {name} because")
    await card(world, name, "Approval needed")
    world.slack.add_user(ZOE, "zoe", team="T0OTHER")
    await world.slack.click(ZOE, DEV, shown["ts"], "approval_approve")
    await world.slack.click(ZOE, DEV, shown["ts"], "approval_deny")
    await world.slack.wait(lambda: world.slack.open_views(ZOE))
    await world.slack.submit(ZOE, {f"why {name}": {"why": "because"}})
    await world.slack.wait(lambda: len(world.slack.whispers(ZOE)) == 2)
    assert [d.outcome.value for d in await world.deeds() if d.person.user == ZOE] == ["unlinked", "unlinked"]
    assert [d.username for d in await world.deeds("dave")] == ["dave", "dave"]
    twin = {"id": PEOPLE["bob"], "team_id": "T0OTHER"}
    press = forging.press(world, PEOPLE["bob"], "approval_approve", name, user=twin)
    assert await forging.sends(world, press) == 200
    await world.hears("bob", "/quay help")
    await world.settled()
    assert world.quay.builds == {}


async def test_an_approval_after_it_has_expired_does_nothing(sleeping: World, tmp_path: Path) -> None:
    world = sleeping
    await assemble(world, tmp_path, ONE)
    name, shown = await asks(world)
    world.leap(minutes=31)
    await approves(world, "bob", shown)
    await world.slack.wait(lambda: any("has expired" in words(m) for m in world.slack.whispers("U0BOB")))
    await card(world, name, "Expired")
    await approves_again(world, "carol", name)
    await world.whispered("carol", "has expired")
    assert world.quay.builds == {}
    assert not any(
        line.endswith("refused") for line in await world.outcomes("carol")
    )  # nobody fills the audit like that


async def test_a_button_with_another_name_or_none_approves_nothing(sleeping: World, tmp_path: Path) -> None:
    world = sleeping
    await assemble(world, tmp_path, ONE)
    name, _ = await asks(world)
    for value in ("", "AAAAA", "{}", "x" * 2000, f"{name} {name}", "' OR 1=1 --"):
        assert await forging.sends(world, forging.press(world, PEOPLE["bob"], "approval_approve", value)) == 200
    await world.slack.wait(lambda: len(world.slack.messages(PEOPLE["bob"]) + world.slack.whispers(PEOPLE["bob"])) == 6)
    assert world.quay.builds == {}
    assert "unexpected error" not in "\n".join(world.log.lines)


WEB = """
[[rule]]
name = "not the shop"
effect = "deny"
targets = ["acme/web"]
reason = "It is closed."
"""
SPELLINGS = (
    "acme/web",
    "acme/web/",
    "acme//web",
    "ACME/web",
    "Acme/Web",
    "acme/web%2e",
    "acme%2fweb",
    "acme/./web",
    "acme/api/../web",
    "acme/web:v1",
    "acme/web@sha256:" + "0" * 64,
    "acme/we\u0432",
    "acme/web\u200b",
    "/acme/web",
    "http://127.0.0.1/repository/acme/web",
)


async def test_no_spelling_of_a_repository_gets_around_the_rule(sleeping: World, tmp_path: Path) -> None:
    world = sleeping
    await assemble(world, tmp_path, WEB)
    for spelling in SPELLINGS:
        heard = words(await world.hears("alice", f"/quay build {spelling} --archive-url {ARCHIVE}"))
        assert "is queued" not in heard, spelling
    assert world.quay.builds == {}
    assert "build acme/web:latest denied" in await world.outcomes("alice")


PRODUCTION = (
    f"/quay build acme/web --archive-url {ARCHIVE} --tag prod",
    f"/quay build acme/web --archive-url {ARCHIVE} --tag v1 --tag prod",
    f"/quay build acme/web:v1 --tag prod --archive-url {ARCHIVE}",
    f'/quay build acme/web "--tag=prod" --archive-url {ARCHIVE}',
    f"/quay build acme/web --tag v1,prod --archive-url {ARCHIVE}",
    PROD,
)


@pytest.mark.parametrize("line", PRODUCTION)
async def test_no_spelling_of_a_tag_gets_around_the_approvals(sleeping: World, tmp_path: Path, line: str) -> None:
    world = sleeping
    await assemble(world, tmp_path)
    heard = words(await world.hears("alice", line))
    assert "is queued" not in heard
    assert world.quay.builds == {}


async def test_another_tag_is_another_tag(sleeping: World, tmp_path: Path) -> None:
    """Quay's tags know upper and lower case: PROD is not prod, and nobody pulls it."""
    world = sleeping
    await assemble(world, tmp_path)
    await world.types("alice", f"/quay build acme/web --tag PROD --archive-url {ARCHIVE}")
    await world.card(DEV, "Build queued")
    assert [build.tags for build in world.quay.builds.values()] == [["PROD"]]


async def test_the_retry_button_takes_the_approvals_that_the_command_takes(sleeping: World, tmp_path: Path) -> None:
    world = sleeping
    file = await assemble(world, tmp_path, 'default = "allow"\n')
    await world.types("alice", PROD)
    shown = await world.card(DEV, "Build queued")
    (build,) = world.quay.builds
    world.quay.move_build(build, "error")
    shown = await world.card(DEV, "Build failed")
    file.write_text(TWO)
    world.leap(seconds=2)
    await world.presses("alice", shown, "build_retry")
    await world.whispered("alice", "This takes 2 approvals")
    assert "This takes 2 approvals" in words(await world.hears("bob", "/quay build acme/web"))
    assert len(world.quay.builds) == 1


async def test_a_trigger_does_not_get_around_a_rule_about_the_repository(sleeping: World, tmp_path: Path) -> None:
    world = sleeping
    await assemble(world, tmp_path, WEB)
    trigger = world.quay.add_trigger("acme/web", "github", source="acme/web")
    for line in ("/quay build acme/web --branch main", f"/quay build acme/web --branch main --trigger {trigger}"):
        assert "not the shop" in words(await world.hears("alice", line))
    assert world.quay.builds == {}
