"""People look up who did what: their own lines, a repository's, and whether Quay has written down the same."""

import re

from tests.stories.reading import Json, words
from tests.stories.scenery import ARCHIVE, DEV, PEOPLE
from tests.stories.world import World

BUILD = f"/quay build acme/web --archive-url {ARCHIVE} --tag v1"


async def _built(world: World, name: str) -> str:
    """Somebody has requested a build; the reference of it."""
    await world.links(name)
    await world.types(name, BUILD)
    await world.shown(DEV, lambda all_: any("Build queued" in words(one) for one in all_))
    (line, *_) = await world.app.store.audit.newest(limit=1)
    return line.deed.reference


def _outcomes(message: Json) -> list[str]:
    return re.findall(r" · (begun|done|refused|failed|denied by the policy) · `[A-Z]{4}-", words(message))


async def test_everybody_sees_their_own_lines_with_what_came_of_it(world: World) -> None:
    reference = await _built(world, "bob")

    await world.types("bob", "/quay audit")

    told = await world.whispered("bob", "What you have done", reference, "acme/web:v1")
    assert _outcomes(told) == ["done"]
    await world.types("bob", f"/quay audit {reference}")
    told = await world.whispered("bob", f"Everything about `{reference}`")
    assert f"from `{ARCHIVE}`" in words(told)  # without user and query, which may hold a secret


async def test_quays_own_log_has_the_build_that_the_audit_names(world: World) -> None:
    reference = await _built(world, "alice")

    await world.types("alice", f"/quay audit {reference}")

    told = await world.whispered("alice", f"Everything about `{reference}`")
    assert "Quay's own log has it as well: `build_dockerfile`" in words(told)


async def test_a_writer_does_not_see_quays_log_and_not_what_the_admin_did(world: World) -> None:
    reference = await _built(world, "alice")
    await world.links("bob")

    await world.types("bob", f"/quay audit {reference}")
    await world.whispered("bob", f"I find nothing under {reference} that you may see.")
    await world.types("bob", "/quay audit acme/web")

    told = await world.whispered("bob", "for admins of the repository in Quay")
    assert reference not in words(told)


async def test_that_an_admin_looked_is_in_the_audit_too(world: World) -> None:
    await _built(world, "bob")
    await world.links("alice")

    await world.types("alice", "/quay audit acme/web")

    told = await world.whispered("alice", "`build` `acme/web:v1`")
    assert _outcomes(told) == ["done"]
    assert f"<@{PEOPLE['bob']}>" in words(told)
    (deed,) = await world.deeds("alice")
    assert (deed.act.name, deed.act.target, deed.outcome.value) == ("audit", "acme/web", "done")


async def test_the_log_of_the_bot_holds_the_head_of_the_chain(world: World) -> None:
    await _built(world, "alice")
    (line, *_) = await world.app.store.audit.newest(limit=1)

    assert any("audited" in said and line.hash in said for said in world.log.lines)
