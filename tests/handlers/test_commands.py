"""help, link, unlink and whoami."""

# ruff: noqa: E501 - golden sentences stand on one line

import math
from dataclasses import replace

import pytest
from inline_snapshot import snapshot

from bot.domain.errors import GiveUp, NotLinked, TryLater
from bot.domain.people import Account, Way
from bot.ports import Revoking, Scopes
from bot.services.linking import BASE
from handlers.command import SECTIONS, Ask
from handlers.commands import COMMANDS
from handlers.commands.help import ABOUT, ALIASES
from handlers.commands.help import command as help_command

SCREEN = 34  # lines of 90 characters that Slack shows on a laptop without scrolling


def on_a_screen(read: list[str]) -> int:
    """How many lines it takes."""
    return sum(max(1, math.ceil(len(line.replace("`", "")) / 90)) for block in read for line in block.split("\n"))


async def test_help_is_one_screen(office):
    reply = await office.says("help")
    read = office.reads(reply)
    assert on_a_screen(read) <= SCREEN
    assert len("\n".join(read)) <= 2_800
    assert all(f"`{word}`" in "\n".join(read) for word in COMMANDS)
    assert all(word in reply.message.text for word in COMMANDS)


async def test_help_has_a_line_for_each_section(office):
    read = office.reads(await office.says("help"))
    assert [block.partition("\n")[0] for block in read[1:-1]] == snapshot(
        [
            "*Tags* (what a tag pointed at, and the way back)",
            "*Builds* (start, follow, stop and repeat them)",
            "*Robots* (accounts of machines, and new tokens)",
            "*Repositories* (what is there, who sees it, what is wrong with it)",
            "*Global messages* (what everybody reads in Quay)",
            "*Approvals* (what waits for a second pair of eyes)",
            "*Alerts* (what this channel is told, and why)",
            "*Your account* (who you are in Quay, and what was done)",
            "*Help* (this)",
        ]
    )
    assert read[-1] == snapshot(
        "`/quay help tag history` or `/quay help tags` shows more. A command typed alone opens a form. I work with quay.example, for each of you with your own account. In a thread, mention me instead of using /quay."
    )


async def test_help_about_forty_commands_is_still_one_screen(office):
    many = [
        replace(COMMANDS["why"], word=f"family{n // 5} command{n}", section=SECTIONS[n % (len(SECTIONS) - 1)])
        for n in range(45)
    ]
    ask = Ask(office.alice, "C1", ())
    reply = office.fine(await help_command(many).run(ask, office.desk))
    assert on_a_screen(office.reads(reply)) <= SCREEN


def test_every_section_is_described():
    assert set(ABOUT) == set(SECTIONS)
    assert set(ALIASES.values()) <= set(COMMANDS)
    assert not set(ALIASES) & set(COMMANDS)


@pytest.mark.parametrize("word", COMMANDS)
async def test_every_command_has_a_topic_that_shows_its_forms(office, word):
    shown = "\n".join(office.reads(await office.says(f"help {word}")))
    assert f"/quay {COMMANDS[word].usage[0]}" in shown
    assert COMMANDS[word].details in shown


async def test_help_about_build(office):
    assert office.reads(await office.says("help build"))[:3] == snapshot(
        [
            "/quay build",
            """\
Start a build and follow it in this channel.
`/quay build acme/web`
`/quay build acme/web --archive-url https://… [--tag TAG]… [--dockerfile PATH | --subdirectory PATH]`
`/quay build acme/web --branch main [--trigger NAME]`
`/quay build acme/web --commit 1a2b3c4 [--trigger NAME]`\
""",
            """\
Starts a build with your own rights in Quay and follows it: a card in this channel shows how it goes. With nothing but the repository, what was built last is built once more. `acme/web:v1` means the same as `acme/web --tag v1`.
`--archive-url URL`  a .tar.gz, .zip or Dockerfile that Quay can download
`--tag TAG`  tag for the image, may be repeated (latest if none is given)
`--dockerfile PATH`  path of the Dockerfile in the archive
`--context PATH`  path of the build context in the archive
`--subdirectory PATH`  folder of the archive that holds the Dockerfile
`--pull-robot NS+NAME`  robot account that pulls private base images
`--trigger NAME`  build through this trigger: its service, its source or the beginning of its id
`--branch BRANCH`  branch to build (triggers of GitHub, GitLab, Bitbucket)
`--commit SHA`  commit to build (custom git triggers)\
""",
        ]
    )


async def test_help_about_a_section(office):
    assert office.reads(await office.says("help Approvals")) == snapshot(
        [
            """\
*Approvals*
`/quay approve`  Approve what somebody else has asked for, or list what waits
`/quay deny`  Deny a request for approval, or take back your own\
"""
        ]
    )


async def test_help_about_the_first_word_of_several(office):
    [read] = office.reads(await office.says("help robot"))
    assert {line.split("`")[1] for line in read.split("\n")[1:]} == {
        f"/quay {word}" for word in COMMANDS if word.startswith("robot ")
    }
    assert office.reads(await office.says("robot")) == [read]


async def test_help_about_two_words_and_about_another_way_to_type_them(office):
    shown = office.reads(await office.says("help tag history"))
    assert shown[0] == "/quay tag history"
    assert shown[-1] == "[Open the form]"
    assert office.reads(await office.says("help tag restore"))[0] == "/quay restore"


async def test_help_about_a_command_that_is_the_first_word_of_others_names_them(office):
    known = [replace(COMMANDS["why"], word=word, form=None) for word in ("build", "build status", "builds")]
    reply = await help_command(known).run(Ask(office.alice, "C1", ("build",)), office.desk)
    read = office.reads(office.fine(reply))
    assert read[0] == "/quay build"
    assert read[-1].startswith("*See also*\n`/quay build status`")


async def test_help_about_an_unknown_topic_guesses(office):
    assert office.reads(await office.says("help lnik")) == snapshot(
        ["There is no help about “lnik”. Did you mean `/quay help link`? `/quay help` shows all topics."]
    )
    assert office.reads(await office.says("help what can you do")) == snapshot(
        [
            "One topic at a time, please.",
            """\
`/quay help [TOPIC]`
More: `/quay help help`\
""",
        ]
    )


async def test_whoami_asks_quay_with_the_own_token(office):
    office.links_bob()
    assert office.reads(await office.says("whoami", office.bob)) == snapshot(
        [
            "You are *bob* on quay.example. Your token works.",
            "*Shows when it is first used:* `repo:admin` `repo:read` `repo:write` `user:read`",
            "Linked <!date^1795424400^{date_short_pretty} {time}|2026-11-23 09:00 UTC> with a token that you pasted. `/quay unlink` makes me forget it.",
        ]
    )
    assert office.quay.calls == [("token-bob", "whoami"), ("token-bob", "scopes")]


async def test_whoami_shows_a_hostile_name_literally(office):
    office.quay.users["token-alice"] = "<!channel> *alice*"
    assert office.reads(await office.says("whoami"))[0] == snapshot(
        "You are *&lt;!channel&gt; ∗alice∗* on quay.example. Your token works."
    )


@pytest.mark.parametrize("word", ["whoami", "unlink"])
async def test_words_that_mean_nothing_are_refused(office, word):
    reply = await office.says(f"{word} bob")
    assert "takes no more words" in reply.message.text
    assert office.alice in office.accounts.kept


KNOWN = frozenset({"repo:admin", "user:read"})


def linked(office, way: Way, scopes: frozenset[str] | None = None) -> None:
    """Alice's account, as if she had linked it that way."""
    office.accounts.kept[office.alice] = Account(office.alice, "alice", office.start, "token-alice", way, scopes)


async def test_whoami_shows_the_scopes_that_quay_granted_with_all_that_they_imply(office):
    linked(office, Way.CODE, KNOWN)
    assert office.reads(await office.says("whoami")) == snapshot(
        [
            "You are *alice* on quay.example. Your token works.",
            "*It has:* `repo:admin` `repo:read` `repo:write` `user:read`",
            "Linked <!date^1795424400^{date_short_pretty} {time}|2026-11-23 09:00 UTC> by signing in at Quay. `/quay unlink` makes me forget it.",
        ]
    )
    assert ("token-alice", "scopes") not in office.quay.calls


async def test_whoami_tells_what_a_pasted_token_has_and_lacks_and_what_nobody_can_tell(office):
    office.quay.probed = Scopes(has=frozenset({"repo:read", "user:read"}), lacks=frozenset({"repo:admin"}))
    reply = await office.says("whoami")
    assert office.reads(reply) == snapshot(
        [
            "You are *alice* on quay.example. Your token works.",
            """\
*It has:* `repo:read` `user:read`
*It lacks:* `repo:admin`
*Shows when it is first used:* `repo:write`
Some commands will not work for you before you link a token that has them all.\
""",
            "[Link again with all scopes]",
            "Linked <!date^1795424400^{date_short_pretty} {time}|2026-11-23 09:00 UTC> with a token that you pasted. `/quay unlink` makes me forget it.",
        ]
    )
    assert reply.message.blocks[2]["elements"][0]["action_id"] == "link_start"


async def test_whoami_does_not_miss_what_nobody_asked_for(office):
    office.quay.probed = Scopes(has=BASE, lacks=frozenset({"user:admin", "org:admin", "super:user"}))
    said = "\n".join(office.reads(await office.says("whoami")))
    assert "lacks" not in said
    assert "admin`" not in said.replace("repo:admin`", "")


@pytest.mark.parametrize("error", [TryLater("Quay does not answer."), GiveUp("Quay said something odd.")])
async def test_whoami_answers_while_the_scopes_cannot_be_found_out(office, error):
    office.quay.errors["scopes"] = error
    assert office.reads(await office.says("whoami")) == snapshot(
        [
            "You are *alice* on quay.example. Your token works.",
            "*Scopes:* I cannot find out now which ones it has.",
            "Linked <!date^1795424400^{date_short_pretty} {time}|2026-11-23 09:00 UTC> with a token that you pasted. `/quay unlink` makes me forget it.",
        ]
    )


async def test_a_dead_token_is_answered_with_a_fresh_button_and_nothing_is_kept(office):
    office.quay.errors["whoami"] = NotLinked("Your token does not work any more.")
    assert office.reads(await office.says("whoami")) == snapshot(
        ["Your token does not work any more.", "[Link my Quay account]", "Then ask again."]
    )
    assert office.kept.words == {}


async def test_unlink_forgets_a_pasted_token_and_says_that_it_lives_on(office):
    assert office.reads(await office.says("unlink")) == snapshot(
        [
            "I have forgotten your account on quay.example. I can do nothing there in your name any more.",
            "The token itself is still valid, because I cannot tell which one it is in Quay's list. Revoke it <https://quay.example/user/alice?tab=external|in your settings at Quay>, below *External Logins and Applications*.",
        ]
    )
    assert office.accounts.kept == {}
    assert office.quay.calls == [("token-alice", "whoami")]


async def test_unlink_revokes_a_token_of_our_own_application_at_quay(office):
    linked(office, Way.CODE)
    office.quay.revokes = Revoking.DONE
    assert office.reads(await office.says("unlink")) == snapshot(
        [
            "I have forgotten your account on quay.example. I can do nothing there in your name any more. Its token is revoked at Quay as well."
        ]
    )
    assert office.quay.calls == [("token-alice", "revoke", "CLIENT")]
    assert office.accounts.kept == {}


@pytest.mark.parametrize("way", [Way.CODE, Way.ASSIGNED])
async def test_unlink_says_when_quay_does_not_let_it_revoke(office, way):
    linked(office, way)
    assert office.reads(await office.says("unlink")) == snapshot(
        [
            "I have forgotten your account on quay.example. I can do nothing there in your name any more.",
            "The token itself is still valid, because Quay does not let me revoke it. Revoke it <https://quay.example/user/alice?tab=external|in your settings at Quay>, below *External Logins and Applications*.",
        ]
    )
    assert office.accounts.kept == {}


async def test_unlink_forgets_even_while_quay_is_away(office):
    linked(office, Way.ASSIGNED)
    office.quay.errors["revoke"] = TryLater("Quay does not answer.")
    assert office.reads(await office.says("unlink")) == snapshot(
        [
            "I have forgotten your account on quay.example. I can do nothing there in your name any more.",
            "I could not revoke it at Quay. If it still works, revoke it <https://quay.example/user/alice?tab=external|in your settings at Quay>, below *External Logins and Applications*.",
        ]
    )
    assert office.accounts.kept == {}


@pytest.mark.parametrize("way", Way)
async def test_unlink_of_a_token_that_is_dead_already_does_not_call_it_revoked_or_valid(office, way):
    linked(office, way)
    for call in ("revoke", "whoami"):
        office.quay.errors[call] = NotLinked("Your token does not work any more.")
    assert office.reads(await office.says("unlink")) == snapshot(
        [
            "I have forgotten your account on quay.example. I can do nothing there in your name any more. Quay does not take its token any more. If your account there is enabled again, it may work again."
        ]
    )


async def test_unlink_does_not_guess_which_of_several_tokens_it_is(office):
    linked(office, Way.CODE)
    office.quay.revokes = Revoking.SEVERAL
    assert office.reads(await office.says("unlink"))[1] == snapshot(
        "The token itself is still valid, because Quay's list has several of mine and I cannot tell which. Revoke it <https://quay.example/user/alice?tab=external|in your settings at Quay>, below *External Logins and Applications*."
    )


async def test_unlink_of_a_pasted_token_while_quay_is_away_promises_nothing(office):
    office.quay.errors["whoami"] = TryLater("Quay does not answer.")
    assert office.reads(await office.says("unlink"))[1] == snapshot(
        "I could not revoke it at Quay. If it still works, revoke it <https://quay.example/user/alice?tab=external|in your settings at Quay>, below *External Logins and Applications*."
    )


async def test_unlink_forgets_what_nobody_can_open_any_more(office):
    office.accounts.error = GiveUp("I cannot open your token: the key is another one.")
    assert office.reads(await office.says("unlink"))[1] == snapshot(
        "I could not revoke it at Quay. If it still works, revoke it <https://quay.example|in your settings at Quay>, below *External Logins and Applications*."
    )
    assert office.accounts.kept == {}


async def test_unlink_forgets_attempts_and_what_was_kept_for_later_as_well(office):
    await office.says("unlink", office.bob)
    assert office.accounts.forgotten == [office.bob]


async def test_unlink_without_an_account(office):
    assert office.reads(await office.says("unlink", office.bob)) == snapshot(
        ["There was no Quay account to forget. `/quay link` connects one."]
    )


async def test_a_token_is_revoked_only_once_the_audit_says_whose_it_is(office):
    office.accounts.kept[office.alice] = replace(office.accounts.kept[office.alice], way=Way.CODE)
    office.audit.error = TryLater("The database is away.")
    await office.says("unlink")
    assert "revoke" not in [call[1] for call in office.quay.calls]
    office.audit.error = None
    await office.says("unlink")
    assert "revoke" in [call[1] for call in office.quay.calls]
    lines = [(line.deed.act.name, line.deed.username, line.deed.outcome.value) for line in office.audit.lines]
    assert lines == [("unlink", "alice", "tried"), ("unlink", "alice", "done")]
