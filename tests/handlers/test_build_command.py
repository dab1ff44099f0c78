"""`/quay build`."""

# ruff: noqa: E501 - golden sentences stand on one line

import pytest
from inline_snapshot import snapshot

from bot.domain.errors import NotLinked, TryLater, UserError
from bot.domain.events import Phase
from bot.domain.repositories import Trigger
from bot.ports import BuildRequest

URL = "https://files.example/a.tgz"
GITHUB = Trigger("11112222-aaaa", "github", active=True, enabled=True, source="acme/web")
CUSTOM = Trigger("55556666-cccc", "custom-git", active=True, enabled=True, source="https://git.example/acme/web.git")


async def test_a_build_from_an_archive_is_requested_shown_and_followed(office):
    reply = await office.says(f"build acme/web:v1 --archive-url <{URL}>")
    assert office.reads(reply) == snapshot(
        ["Build `dbf23442` of `acme/web` is queued. Its card follows in this channel."]
    )
    assert not reply.in_channel
    assert office.quay.calls == [("token-alice", "request_build", "acme/web", BuildRequest(URL, ("v1",)))]
    [(event, channels, asker)] = office.board.told
    assert event.model_dump(exclude_defaults=True) == {
        "kind": "build_queued",
        "namespace": "acme",
        "repository": "acme/web",
        "at": office.start,
        "build_id": office.build_id,
        "phase": Phase.WAITING,
        "polled": True,
        "name": "c9d8ae9",
        "tags": ("v1",),
        "requested_by": "alice",
    }
    assert (channels, asker) == (("C1",), "U-ALICE")
    [watch, due] = office.watches.due[office.build_id]
    assert (watch.repository, watch.person, due) == ("acme/web", office.alice, office.start)


async def test_everybody_builds_with_their_own_account(office):
    office.links_bob()
    await office.says(f"build acme/web --archive-url {URL}", office.bob)
    assert [call[0] for call in office.quay.calls] == ["token-bob"]
    assert office.watches.due[office.build_id][0].person == office.bob


async def test_the_only_trigger_is_taken_for_a_branch(office):
    office.quay.trigger_list = (GITHUB,)
    await office.says("build acme/web --branch main")
    assert office.quay.calls[-1] == ("token-alice", "start_trigger", "acme/web", GITHUB.id, "main", None)


async def test_a_named_trigger_starts_from_a_commit(office):
    office.quay.trigger_list = (GITHUB, CUSTOM)
    await office.says("build acme/web --trigger custom-git --commit 1a2b3c4")
    assert office.quay.calls[-1] == ("token-alice", "start_trigger", "acme/web", CUSTOM.id, None, "1a2b3c4")


async def test_a_repository_alone_gets_its_choices(office):
    office.quay.trigger_list = (GITHUB, CUSTOM)
    assert office.reads(await office.says("build acme/web")) == snapshot(
        [
            "Nothing has been built there yet, so there is nothing to repeat. Add --archive-url https://… to build an archive, or --branch NAME or --commit SHA to build through a trigger. The triggers are: github 11112222 of acme/web, custom-git 55556666 of https://git.example/acme/web.git.",
            """\
`/quay build acme/web`
`/quay build acme/web --archive-url https://… [--tag TAG]… [--dockerfile PATH | --subdirectory PATH]`
`/quay build acme/web --branch main [--trigger NAME]`
`/quay build acme/web --commit 1a2b3c4 [--trigger NAME]`
More: `/quay help build`\
""",
        ]
    )


async def test_a_repository_alone_is_built_once_more_from_the_last_source(office):
    await office.says("build acme/web --archive-url https://git.example/web.tgz")
    last = next(iter(office.quay.builds))
    assert office.reads(await office.says("build acme/web"))[0] == snapshot(
        "Build `dbf23442` of `acme/web` is queued, from the same source as the last one (`dbf23442`). Its card follows in this channel."
    )
    assert ("token-alice", "retry_build", "acme/web", last) in office.quay.calls


async def test_a_tag_without_a_source_is_not_taken_for_the_last_build(office):
    await office.says("build acme/web --archive-url https://git.example/web.tgz")
    for words in ("build acme/web:v2", "build acme/web --tag v2"):
        assert office.reads(await office.says(words))[0].startswith("A tag needs a source. Add --archive-url ")
    said = office.reads(await office.says("build acme/web --dockerfile Dockerfile"))[0]
    assert said.startswith("What should be built? Add --archive-url ")
    assert "retry_build" not in [call[1] for call in office.quay.calls]


async def test_somebody_who_may_not_list_triggers_gets_the_rest_of_the_choices(office):
    office.quay.errors["triggers"] = UserError("You need the role admin.")
    assert office.reads(await office.says("build acme/web"))[0] == snapshot(
        "Nothing has been built there yet, so there is nothing to repeat. Add --archive-url https://… to build an archive. (Admins of the repository can also build through its triggers.)"
    )


async def test_a_repository_without_builds_and_triggers_says_that_nothing_can_be_repeated(office):
    assert office.reads(await office.says("build acme/web"))[0] == snapshot(
        "Nothing has been built there yet, so there is nothing to repeat. Add --archive-url https://… to build an archive. (The repository has no build triggers.)"
    )


async def test_choices_while_quay_is_away(office):
    office.quay.errors["triggers"] = TryLater("Quay does not answer.")
    assert office.reads(await office.says("build acme/web"))[0] == snapshot(
        "Nothing has been built there yet, so there is nothing to repeat. Add --archive-url https://… to build an archive, or --branch NAME or --commit SHA to build through a trigger. (Quay does not answer.)"
    )


async def test_a_dead_token_is_noticed_while_choices_are_looked_up(office):
    office.quay.errors["triggers"] = NotLinked("Your token does not work any more.")
    assert office.reads(await office.says("build acme/web")) == snapshot(
        [
            "Your token does not work any more.",
            "[Link my Quay account]",
            "I remember what you asked for: link your account within 15 minutes, and I do it by myself.",
        ]
    )


@pytest.mark.parametrize("call", ["request_build"])
async def test_a_refused_build_leaves_no_card_and_no_watch(office, call):
    office.quay.errors[call] = UserError("You need the role write on acme/web.")
    assert office.reads(await office.says(f"build acme/web --archive-url {URL}")) == snapshot(
        ["You need the role write on acme/web."]
    )
    assert (office.board.told, office.watches.due) == ([], {})


async def test_nothing_is_asked_of_quay_while_the_words_are_wrong(office):
    for words in ("acme", "acme/web status", f"acme/web --archive-url {URL} --branch x", "acme/web --archive-url x"):
        await office.says(f"build {words}")
    assert office.quay.calls == []


async def test_a_hostile_repository_name_is_shown_literally(office):
    assert office.reads(await office.says("build &lt;!channel&gt;/*x* --branch `y`"))[0] == snapshot(
        "That does not look like a repository: “&lt;!channel&gt;/∗x∗”. Write it as namespace/name, e.g. acme/web"
    )
