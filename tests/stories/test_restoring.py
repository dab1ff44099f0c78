"""“latest is broken”: from the first word to a restore that is verified, told and can be undone; and what goes wrong."""

# ruff: noqa: E501 - what people read stands on one line

import asyncio
import re
from collections.abc import Callable

import pytest
from aiohttp import web
from inline_snapshot import snapshot

from bot.fakes.quay.identities import Session
from bot.fakes.quay.images import Finding, layer
from bot.services.references import REFERENCE
from tests.stories.reading import Json, buttons, read, words
from tests.stories.scenery import DEV
from tests.stories.world import World

WEB = "acme/web"
OPS = "C0OPS"


async def _broken(world: World, name: str = "alice") -> tuple[str, str]:
    """A good image, then a bad one."""
    await world.links(name)
    base = layer("base", 4096)
    old = [Finding("CVE-2024-1", "High", package="xz")]
    good = world.quay.push(WEB, "latest", by="bob", layers=(base, layer("one", 100)), findings=old)
    world.leap(hours=2)
    bad = world.quay.push(WEB, "latest", by="acme+ci", layers=(base, layer("two", 300)))
    world.leap(hours=1)
    return good, bad


def _digest(world: World, tag: str = "latest") -> str:
    row = world.quay.repositories[WEB].living(tag, world.quay.clock.now())
    return row.digest if row else ""


async def _told(world: World, *expected: str) -> Json:
    """The newest message of the channel that says this."""

    def look(messages: list[Json]) -> Json | None:
        return next((one for one in reversed(messages) if all(part in words(one) for part in expected)), None)

    found = await world.shown(DEV, look)
    assert found
    return found


async def _restores(world: World, line: str = "/quay restore acme/web:latest") -> Json:
    """Alice asks and says yes; the announcement."""
    shown = await world.hears("alice", line)
    assert "Restore" in buttons(shown), read(shown)
    await world.presses("alice", shown, "confirm", whisper=True)
    return await _told(world, "restored", "Verified:")


def _calm(text: str, *digests: str) -> str:
    """Without what is different in every run."""
    for name, digest in zip(("GOOD", "BAD"), digests, strict=False):
        text = text.replace(digest[7:19], name)
    text = REFERENCE.sub("KDWF-4071", text)
    return re.sub(r"\b(?:\d+ (?:s|min|h|d)|less than a second)\b(?: \d+ (?:s|min|h))?", "(span)", text)


async def test_two_interactions_from_broken_to_a_verified_restore(world: World) -> None:
    good, bad = await _broken(world)
    shown = await world.hears("alice", "/quay restore acme/web:latest")
    assert _calm(read(shown), good, bad) == snapshot("""\
Please check what would happen:
*Restore `acme/web:latest`*
*Now:* `sha256:BAD` · since (time) · pushed by *acme+ci*
*Then:* `sha256:GOOD` · it was this for (span), until (time)
*Vulnerabilities:* :warning: brings 1 High · takes none away
Quay still has this image. Images without a tag can be restored there for (span).
Nothing is done yet. This offer is good until (time).
Restore
Cancel\
""")
    assert _digest(world) == bad
    await world.presses("alice", shown, "confirm", whisper=True)
    told = await _told(world, "restored")
    assert _calm(read(told), good, bad) == snapshot(
        """\
:white_check_mark: <@U0ALICE> restored `acme/web:latest` to `sha256:GOOD` (it pointed at `sha256:BAD`). *Verified:* I read it back from Quay.
Undo
Can be undone for 60 minutes. Reference KDWF-4071\
"""
    )
    assert _digest(world) == good
    await world.settled()
    assert sum("restored" in words(one) for one in world.slack.messages(DEV)) == 1
    assert (await world.outcomes("alice"))[-2:] == ["restore acme/web:latest tried", "restore acme/web:latest done"]


async def test_undo_takes_it_back_and_says_so_on_the_card(world: World) -> None:
    good, bad = await _broken(world)
    told = await _restores(world)
    await world.presses("alice", told, "undo")
    await _told(world, "Undone by")
    assert _digest(world) == bad
    again = next(one for one in reversed(world.slack.messages(DEV)) if "Undo" in buttons(one))
    await world.presses("alice", again, "undo")
    await world.shown(DEV, lambda _: _digest(world) == good)


async def test_undo_leaves_a_tag_alone_that_somebody_has_pushed_since(world: World) -> None:
    await _broken(world)
    told = await _restores(world)
    world.leap(minutes=5)
    newer = world.quay.push(WEB, "latest", by="acme+ci")
    await world.presses("alice", told, "undo")
    assert "acme+ci pushed it at" in read(await world.whispered("alice", "So I left it as it is."))
    assert _digest(world) == newer
    assert "Undo" not in buttons(await _told(world, "Not undone:"))


async def test_a_stranger_neither_confirms_nor_undoes(world: World) -> None:
    good, _ = await _broken(world)
    await world.links("bob")
    told = await _restores(world)
    await world.presses("bob", told, "undo")
    await world.whispered("bob", "Only whoever did this")
    assert _digest(world) == good


async def test_a_deleted_tag_is_brought_back(world: World) -> None:
    _, bad = await _broken(world)
    shown = await world.hears("alice", "/quay tag delete acme/web:latest")
    await world.presses("alice", shown, "confirm", whisper=True)
    told = await _told(world, "deleted", "Verified:")
    assert _digest(world) == ""
    await world.presses("alice", told, "undo")
    await world.shown(DEV, lambda _: _digest(world) == bad)


async def test_tags_are_made_moved_and_given_an_end(world: World) -> None:
    _, bad = await _broken(world)
    shown = await world.hears("alice", "/quay tag move acme/web:prod latest")
    await world.presses("alice", shown, "confirm", whisper=True)
    await _told(world, "created", "Verified:")
    assert _digest(world, "prod") == bad
    shown = await world.hears("alice", "/quay tag expire acme/web:prod in 2 weeks")
    await world.presses("alice", shown, "confirm", whisper=True)
    told = await _told(world, "changed when", "Verified:")
    await world.presses("alice", told, "undo")
    await _told(world, "undid the change of the expiry of `acme/web:prod`: it never ends by itself, as before.")


async def test_who_may_only_read_is_told_before_anything_is_offered(world: World) -> None:
    await _broken(world)
    world.quay.repositories[WEB].state = "READ_ONLY"
    assert "acme/web is read-only" in read(await world.hears("alice", "/quay restore acme/web:latest"))


async def test_what_garbage_collection_has_taken_is_refused_before_the_click(world: World) -> None:
    good, _ = await _broken(world)
    world.quay.collect(WEB, good, rows_too=False)
    assert "for good" in read(await world.hears("alice", "/quay restore acme/web:latest"))


async def test_an_offer_outlives_the_bot(world: World) -> None:
    good, _ = await _broken(world)
    shown = await world.hears("alice", "/quay restore acme/web:latest")
    await world.sleep()
    await world.wake()
    await world.presses("alice", shown, "confirm", whisper=True)
    told = await _told(world, "restored", "Verified:")
    assert _digest(world) == good
    await world.sleep()
    await world.wake()
    await world.presses("alice", told, "undo")
    await _told(world, "Undone by")


def _hangs(world: World, monkeypatch: pytest.MonkeyPatch, what: Callable[[web.Request], bool]) -> asyncio.Event:
    """Quay does what it is asked and never answers. Set as soon as that was asked."""
    came, answer = asyncio.Event(), world.quay._answer

    async def hanging(request: web.Request, session: Session) -> web.Response:
        if not what(request) or came.is_set():
            return await answer(request, session)
        answered = await answer(request, session)
        came.set()
        await asyncio.sleep(60)
        return answered

    monkeypatch.setattr(world.quay, "_answer", hanging)
    return came


async def test_killed_in_between_it_is_not_done_twice_and_the_audit_shows_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    good, _ = await _broken(world)
    shown = await world.hears("alice", "/quay restore acme/web:latest")
    came = _hangs(world, monkeypatch, lambda request: request.path.endswith("/restore"))
    await world.presses("alice", shown, "confirm", whisper=True)
    await asyncio.wait_for(came.wait(), 15)
    await world.sleep()
    await world.wake()
    assert _digest(world) == good
    rows = len(world.quay.repositories[WEB].tags)
    await world.presses("alice", shown, "confirm", whisper=True)
    await world.whispered("alice", "was pressed already")
    assert len(world.quay.repositories[WEB].tags) == rows
    assert "restore acme/web:latest tried" in (await world.outcomes("alice"))[-2:][0]
