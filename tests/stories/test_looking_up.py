"""People look things up and change small ones from Slack: repositories, usage logs, builds, triggers; over real HTTP."""

# ruff: noqa: E501 - what people read stands on one line

import re

from inline_snapshot import snapshot

from tests.stories.reading import Json, buttons, read, words
from tests.stories.scenery import ARCHIVE, DEV
from tests.stories.world import World

WEB = "acme/web"


async def said(world: World, *expected: str) -> Json:
    """What the channel reads, as soon as it says that."""
    found = await world.shown(
        DEV, lambda every: next((one for one in every if all(text in words(one) for text in expected)), None)
    )
    assert found
    return found


def calm(text: str) -> str:
    """Without what is another one in every run."""
    text = re.sub(r"[A-Z]{4}-\d{4}", "KDWF-4071", text)
    return re.sub(r"\b[0-9a-f]{8}\b", "c0ffee12", text)


async def test_a_repository_is_looked_up_made_public_and_private_again(world: World) -> None:
    await world.links("alice")
    world.quay.push(WEB, "v1", by="bob")
    shown = calm(read(await world.hears("alice", f"/quay repo {WEB}")))
    preview = await world.hears("alice", f"/quay visibility {WEB} public")
    assert not world.quay.repositories[WEB].public
    await world.presses("alice", preview, "confirm", whisper=True)
    told = await said(world, "made", "public")
    assert world.quay.repositories[WEB].public
    await world.presses("alice", told, "undo")
    await said(world, "Undone by")
    assert not world.quay.repositories[WEB].public
    assert [shown, calm(read(preview)), calm(read(told))] == snapshot(
        [
            """\
📦 *acme/web* · *private*
It has no description.
1 tag · newest `v1` ((time))
Time machine: old versions of tags can be restored for 14 days.
You are an admin here.
Tags
History
Builds
Vulnerabilities
Open in Quay\
""",
            """\
Please check what would happen:
⚠️ *Make `acme/web` public*
*Everybody who reaches this registry can see and pull it then, without an account*: 1 tag, and whatever is pushed later.
Secrets in its images are public then, too. Making it private later takes nothing back that was pulled.
Who may push stays as it is.
Nothing is done yet. This offer is good until (time).
Make it public
Cancel\
""",
            """\
:white_check_mark: <@U0ALICE> made `acme/web` *public*. Everybody can pull it. *Verified:* I read it back from Quay.
Undo
Can be undone for 60 minutes. Reference KDWF-4071\
""",
        ]
    )
    kinds = [row.kind for row in world.quay.usage if row.kind == "change_repo_visibility"]
    assert len(kinds) == 2


async def test_an_undo_refuses_what_somebody_has_changed_since(world: World) -> None:
    await world.links("alice")
    preview = await world.hears("alice", f'/quay describe {WEB} "A *web* shop"')
    await world.presses("alice", preview, "confirm", whisper=True)
    told = await said(world, "changed the description")
    assert world.quay.repositories[WEB].description == "A *web* shop"
    world.quay.repositories[WEB].description = "somebody else's words"
    await world.presses("alice", told, "undo")
    await world.whispered("alice", "has changed since")
    assert world.quay.repositories[WEB].description == "somebody else's words"


async def test_what_one_may_not_do_is_said_before_any_button(world: World) -> None:
    for name in ("bob", "carol", "dave"):
        await world.links(name)
    heard = [
        read(await world.hears("bob", f"/quay visibility {WEB} public")),
        read(await world.hears("carol", f"/quay describe {WEB} x")),
        read(await world.hears("dave", f"/quay repo {WEB}")),
        read(await world.hears("bob", f"/quay logs {WEB}")),
        read(await world.hears("bob", f"/quay triggers {WEB}")),
    ]
    assert heard == snapshot(
        [
            """\
You can read acme/web but need admin there to change its visibility. Either ask an admin of acme/web for the role admin, or your linked token lacks the scope `repo:admin`: then run `/quay link` again.
Link again with that scope
I remember what you asked for: link your account within 15 minutes, and I do it by myself.\
""",
            """\
You can read acme/web but need write there to change its description. Either ask an admin of acme/web for the role write, or your linked token lacks the scope `repo:write`: then run `/quay link` again.
Link again with that scope
I remember what you asked for: link your account within 15 minutes, and I do it by myself.\
""",
            "acme/web does not exist, or you (dave) may not see it. Please check the name and that your linked token has the scope `repo:read`, or ask the owner for access.",
            """\
You (bob) can write to acme/web but need admin there to read the usage log. Either your account lacks that role: ask an admin of the repository. Or your linked token lacks the scope `repo:admin`: make one that has it and run `/quay link` again.
Link again with that scope
I remember what you asked for: link your account within 15 minutes, and I do it by myself.\
""",
            """\
You (bob) can write to acme/web but need admin there to see build triggers. Either your account lacks that role: ask an admin of the repository. Or your linked token lacks the scope `repo:admin`: make one that has it and run `/quay link` again.
Link again with that scope
I remember what you asked for: link your account within 15 minutes, and I do it by myself.\
""",
        ]
    )
    assert world.quay.repositories[WEB].description == ""


async def test_repositories_are_listed_and_found_by_those_who_may_see_them(world: World) -> None:
    await world.links("carol")
    await world.links("dave")
    mine = read(await world.hears("carol", "/quay repos acme"))
    found = read(await world.hears("carol", "/quay search api"))
    nothing = read(await world.hears("dave", "/quay repos acme"))
    assert [mine, found, nothing] == snapshot(
        [
            """\
*Repositories of `acme`*
*acme/web* · private
*acme/api* · private
*acme/team/api* · private
That is all that you may see.\
""",
            """\
*Repositories for `api`*, the best first
*acme/api* · private
*acme/team/api* · private
That is all that you may see.\
""",
            "I find no repositories in `acme`. Either there are none, or you may not see them: Quay does not tell which. Please check the name.",
        ]
    )


async def test_the_usage_log_tells_who_did_what(world: World) -> None:
    world.tokens["alice"] = world.quay.token("alice", "user:read repo:admin org:admin")
    world.secrets.append(world.tokens["alice"])
    await world.links("alice")
    world.quay.push(WEB, "v1", by="bob")
    world.quay.push(WEB, "v2", by="acme+ci")
    everything = await world.hears("alice", f"/quay logs {WEB} --since 1h")
    only = await world.hears("alice", f"/quay logs {WEB} --by bob --kind push_repo")
    organization = await world.hears("alice", "/quay logs acme")
    assert [read(everything), read(only)] == snapshot(
        [
            """\
*The usage log of `acme/web` since (time)*, the newest first
(time) · *acme+ci* pushed `acme/web:v2`
(time) · *bob* pushed `acme/web:v1`
That is all of that time.
Download CSV\
""",
            """\
*The usage log of `acme/web` since (time)*, only `push_repo`, by bob, the newest first
(time) · *bob* pushed `acme/web:v1`
That is all of that time.
Download CSV\
""",
        ]
    )
    assert "pushed `acme/web:v1`" in read(organization)
    await world.presses("alice", everything, "logs_csv", whisper=True)
    await world.whispered("alice", "The file is in your direct messages")


async def test_a_long_usage_log_is_read_on_with_a_button(world: World) -> None:
    await world.links("alice")
    for number in range(45):
        world.quay.push(WEB, f"v{number}", by="bob")
    page, seen = await world.hears("alice", f"/quay logs {WEB} --kind push_repo"), []
    for _ in range(4):
        seen += re.findall(r"pushed `acme/web:(v\d+)`", words(page))
        if "Next" not in buttons(page):
            break
        await world.presses("alice", page, "logs_next", whisper=True)
        page = await world.whispered("alice", f"pushed `{WEB}:v{44 - len(seen)}`")
    assert len(seen) == len(set(seen)) == 45


async def test_a_build_is_found_looked_at_and_cancelled_by_its_short_id(world: World) -> None:
    await world.links("alice")
    await world.types("alice", f"/quay build {WEB} --archive-url {ARCHIVE}?token=s3cret --tag v1")
    await world.card(DEV, "Build queued")
    (build,) = world.quay.builds
    listed = await world.hears("alice", f"/quay builds {WEB}")
    status = await world.hears("alice", f"/quay build status {build[:8]}")
    preview = await world.hears("alice", f"/quay build cancel {WEB} {build[:8]}")
    assert [calm(read(listed)), calm(read(status)), calm(read(preview))] == snapshot(
        [
            """\
*The newest builds of acme/web*
*⏳ Build queued* · c0ffee12 · `v1`
requested by alice · (time)
Logs
Cancel…
`/quay build status ID` shows one of them: the beginning of its id is enough.
Open in Quay\
""",
            """\
⏳ *Build queued* acme/web:v1 · build c0ffee12
requested by alice · (time)
Logs
Cancel
Open in Quay\
""",
            """\
Please check what would happen:
*Cancel build `c0ffee12`* of `acme/web`
⏳ Build queued · `v1` · requested by alice
It still waits, so nothing is lost but its place in the queue.
Nothing is done yet. This offer is good until (time).
Cancel the build
Cancel\
""",
        ]
    )
    await world.presses("alice", preview, "confirm", whisper=True)
    await world.card(DEV, "Build cancelled")
    assert "s3cret" not in words(listed) + words(status) + words(preview)
    over = await world.hears("alice", f"/quay build cancel {build[:8]}")
    assert "has ended already" in words(over)


async def test_a_build_of_another_channel_is_not_named_to_whoever_may_not_see_it(world: World) -> None:
    await world.links("alice")
    await world.links("dave")
    await world.types("alice", f"/quay build {WEB} --archive-url {ARCHIVE}")
    await world.card(DEV, "Build queued")
    (build,) = world.quay.builds
    heard = words(await world.hears("dave", f"/quay build status {build[:8]}", "C0OPS"))
    assert "I have no card of such a build" in heard
    assert WEB not in heard.replace("acme/web " + build[:8], "")


async def test_a_trigger_is_switched_off_and_on_again_without_its_secrets(world: World) -> None:
    await world.links("alice")
    trigger = world.quay.add_trigger(WEB, source="git@git.example:acme/web.git")
    listed = await world.hears("alice", f"/quay triggers {WEB}")
    preview = await world.hears("alice", f"/quay trigger disable {WEB}")
    await world.presses("alice", preview, "confirm", whisper=True)
    told = await said(world, "switched the build trigger", "off")
    assert not world.quay.triggers[trigger].enabled
    await world.presses("alice", told, "undo")
    await said(world, "Undone by")
    assert world.quay.triggers[trigger].enabled
    assert [calm(read(listed)), calm(read(preview)), calm(read(told))] == snapshot(
        [
            """\
*Build triggers of acme/web*
🟢 *custom-git* · `c0ffee12` · builds from `git@git.example:acme/web.git`
Switched on.
Start a build…
Switch off…
Open in Quay\
""",
            """\
Please check what would happen:
*Switch off the build trigger `custom-git c0ffee12`* of `acme/web`
It builds from `git@git.example:acme/web.git`. From then on nothing starts a build through it: no push to its source, and nobody by hand. Builds that have begun go on.
Nothing is done yet. This offer is good until (time).
Switch it off
Cancel\
""",
            """\
:white_check_mark: <@U0ALICE> switched the build trigger `custom-git c0ffee12` of `acme/web` *off*. *Verified:* I read it back from Quay.
Undo
Can be undone for 60 minutes. Reference KDWF-4071\
""",
        ]
    )
    assert "$token" not in words(listed) + words(preview) + words(told)
