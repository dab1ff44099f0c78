"""People look at tags from Slack: what a tag has been, what changed in it, and what the scanner says."""

import re

from inline_snapshot import snapshot

from bot.fakes.quay.images import Finding, layer
from tests.stories.reading import buttons, read
from tests.stories.world import World

WEB = "acme/web"
CONFIG, HEARTBLEED = "CVE-2026-1", "CVE-2014-0160"


def _calm(text: str) -> str:
    """Without what is different in every run: digests and how long things lasted."""
    text = re.sub(r"`sha256:[0-9a-f]{12}`", "`(digest)`", text)
    return re.sub(r"\b(?:\d+ (?:s|min|h|d)|less than a second)\b( \d+ (?:s|min|h))?", "(span)", text)


async def _broken(world: World, name: str = "alice") -> tuple[str, str]:
    """A good image, then a bad one."""
    await world.links(name)
    base = layer("base", 4096)
    good = world.quay.push(WEB, "latest", by="bob", layers=(base, layer("one", 100)))
    world.leap(hours=2)
    worse = [Finding(HEARTBLEED, "Critical"), Finding(CONFIG, "Low", package="web", fixed_by="")]
    bad = world.quay.push(WEB, "latest", by="acme+ci", layers=(base, layer("two", 300)), findings=worse)
    world.leap(hours=1)
    return good, bad


async def test_what_broke_latest_is_seen_at_a_glance(world: World) -> None:
    good, bad = await _broken(world)
    world.quay.repositories[WEB].point("latest", good, world.quay.clock.now(), reversion=True)
    world.leap(minutes=3)
    shown = await world.hears("alice", "/quay tag history acme/web:latest")
    assert _calm(read(shown)) == snapshot("""\
🏷️ *History of acme/web:latest*
Now 🟦 `(digest)` since (time)
3 steps with 2 images.
🟦 `(digest)` · *now*, since (time) · so far (span) · 4.1 KiB
┃\u2003↩ *restored*
🟧 `(digest)` · (time) · for (span) · 4.3 KiB
┃\u2003pushed by *acme+ci*
🟦 `(digest)` · (time) · for (span) · 4.1 KiB
\u2003\u2003pushed by *bob*
Compare with previous
Restore…\
""")
    text = read(shown)
    assert text.count(f"🟦 `{good[:19]}`") == 3
    assert text.count(f"🟧 `{bad[:19]}`") == 1


async def test_what_changed_is_compared_by_a_button(world: World) -> None:
    good, bad = await _broken(world)
    shown = await world.hears("alice", "/quay tag history acme/web:latest")
    assert "Compare with previous" in buttons(shown)
    await world.presses("alice", shown, "tag_compare", whisper=True)
    said = read(await world.whispered("alice", "*From*"))
    assert f"`{good[:19]}` → `{bad[:19]}`" in said
    assert _calm(said) == snapshot("""\
⚖️ *acme/web:latest*: `(digest)` → `(digest)`
Vulnerabilities: 🔺 gains 1 Critical, 1 Low.
*From* `(digest)` (previous) · the tag had it from (time) to (time) · 4.1 KiB
*To* `(digest)` (current) · the tag has it since (time) · 4.3 KiB
*Size* 4.1 KiB → 4.3 KiB (+200 B)
*Vulnerabilities* none in both
*🔺 Gained:* 1 Critical, 1 Low
🔴 Critical *CVE-2014-0160* in `openssl-libs` 1.0.0-1.el9 · fixed in `0:9.9.9-1.el9`
🔵 Low *CVE-2026-1* in `web` 1.0.0-1.el9 · no fix yet
`(digest)` is only in the history: Quay shows no layers, platforms or labels of it.\
""")


async def test_a_reader_sees_the_history_without_names(world: World) -> None:
    await _broken(world, "carol")
    said = read(await world.hears("carol", "/quay tag history acme/web:latest"))
    assert "takes the admin role" in said
    assert "acme+ci" not in said


async def test_a_stranger_sees_nothing(world: World) -> None:
    await _broken(world, "dave")
    for line in (
        "tag history acme/web:latest",
        "tag diff acme/web:latest",
        "tag list acme/web",
        "vulns acme/web:latest",
    ):
        said = read(await world.hears("dave", f"/quay {line}"))
        assert "sha256" not in said
        assert "acme/web" in said


async def test_vulnerabilities_come_as_a_list_and_as_a_file(world: World) -> None:
    await _broken(world)
    shown = await world.hears("alice", "/quay vulns acme/web:latest")
    assert _calm(read(shown)) == snapshot("""\
🛡️ *acme/web:latest* `(digest)`
*2 vulnerabilities*: 1 Critical, 1 Low. A fix is there for 1 of them.
🔴 Critical *CVE-2014-0160* in `openssl-libs` 1.0.0-1.el9 · fixed in `0:9.9.9-1.el9`
🔵 Low *CVE-2026-1* in `web` 1.0.0-1.el9 · no fix yet
1 to 2 of 2, the most severe first, those with a fix above those without.
Download CSV\
""")
    await world.presses("alice", shown, "vulns_csv", whisper=True)
    await world.whispered("alice", "The file is in your direct messages")


async def test_a_label_is_put_on_and_taken_off(world: World) -> None:
    _, bad = await _broken(world, "bob")
    await world.types("bob", "/quay tag labels acme/web:latest --add checked-by=bob")
    await world.whispered("bob", "checked-by", "*Verified:*")
    labels = world.quay.repositories[WEB].images[bad].labels
    assert [(one.key, one.value) for one in labels] == [("checked-by", "bob")]
    asked = await world.hears("bob", "/quay tag labels acme/web:latest --remove checked-by")
    await world.presses("bob", asked, "confirm", whisper=True)
    await world.whispered("bob", "took the label", "*Verified:*")
    assert world.quay.repositories[WEB].images[bad].labels == []
