"""help, link, unlink and whoami."""

# ruff: noqa: E501 - golden sentences stand on one line

import pytest
from inline_snapshot import snapshot

from bot.blocks.validator import view_problems
from handlers.command import Origin
from handlers.commands import COMMANDS


async def test_help_is_one_screen(office):
    reply = await office.says("help")
    assert office.reads(reply) == snapshot(
        [
            "What I can do",
            """\
*Builds*
`/quay build`  Start a build and follow it in this channel\
""",
            """\
*Alerts*
`/quay why`  Show what became of the last events about a repository\
""",
            """\
*Your account*
`/quay link`  Connect your Quay account
`/quay whoami`  Show which Quay account you use, and check that it works
`/quay unlink`  Forget your Quay account\
""",
            """\
*Help*
`/quay help`  Show this, or more about one command\
""",
            "I work with quay.example, for each of you with your own account. In a thread, mention me instead of using /quay.",
        ]
    )
    assert reply.message.text == snapshot(
        "What I can do: build, why, link, whoami, unlink, help. `/quay help build` shows more about one of them."
    )


@pytest.mark.parametrize("word", COMMANDS)
async def test_every_command_has_a_topic_that_shows_its_forms(office, word):
    shown = "\n".join(office.reads(await office.says(f"help {word}")))
    assert f"/quay {COMMANDS[word].usage[0]}" in shown
    assert COMMANDS[word].details in shown


async def test_help_about_build(office):
    assert office.reads(await office.says("help build")) == snapshot(
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
    assert office.reads(await office.says("help Builds")) == snapshot(
        [
            """\
*Builds*
`/quay build`  Start a build and follow it in this channel\
"""
        ]
    )


async def test_help_about_an_unknown_topic_guesses(office):
    assert office.reads(await office.says("help lnik")) == snapshot(
        ["There is no help about “lnik”. Did you mean `/quay help link`? `/quay help` shows all topics."]
    )
    assert office.reads(await office.says("help help me")) == snapshot(
        [
            "One topic at a time, please.",
            """\
`/quay help [TOPIC]`
More: `/quay help help`\
""",
        ]
    )


async def test_link_opens_the_form_while_the_trigger_lives(office):
    assert await office.says("link", office.bob) is None
    assert office.voice.opened_with == ["TRIGGER"]
    modal = office.shown()
    assert office.words(modal.blocks) == snapshot(
        [
            "I act in Quay as *you*, with your own rights. For that I need a token of yours.",
            """\
1. Open <https://quay.example|quay.example> and go to an organization that you manage.
2. Choose *Applications*, then an application (or make one).
3. Choose *Generate Token* and tick `repo:read` `repo:write` `repo:admin` `user:read`.
4. Copy the token. Quay shows it only once.
You manage no organization? Ask somebody who does to assign you a token of theirs.\
""",
            "<Token>",
            "Slack has no password field, so make sure that nobody looks over your shoulder. The token is stored encrypted. You can revoke it in Quay at any time, and `/quay unlink` makes me forget it.",
        ]
    )
    assert (modal.title, modal.submit, modal.callback) == ("Link your Quay account", "Link", "link_account")
    assert Origin.unpack(modal.private) == Origin("C1", "https://hooks.example/r")


async def test_link_without_a_trigger_explains_and_offers_a_button(office):
    assert office.reads(await office.says("link", office.bob, trigger="")) == snapshot(
        [
            "I act in Quay as *you*, with your own rights. For that I need a token of yours:",
            """\
1. Open <https://quay.example|quay.example> and go to an organization that you manage.
2. Choose *Applications*, then an application (or make one).
3. Choose *Generate Token* and tick `repo:read` `repo:write` `repo:admin` `user:read`.
4. Copy the token. Quay shows it only once.
You manage no organization? Ask somebody who does to assign you a token of theirs.\
""",
            "[Paste the token]",
        ]
    )


async def test_a_token_behind_the_command_is_refused_and_not_repeated(office):
    shown = office.reads(await office.says("link 0123456789abcdef0123456789abcdef01234567", office.bob))
    assert shown == snapshot(
        [
            "Please do not write a token into a command. If that was one, revoke it in Quay, make a new one and use `/quay link` alone: it opens a form for it."
        ]
    )
    assert office.voice.modals == {}
    assert office.bob not in office.accounts.kept


async def test_the_button_opens_the_same_form(office):
    assert await office.presses("link_start", "", office.bob) is None
    assert office.voice.opened_with == ["TRIGGER"]
    assert view_problems(office.shown().view()) == []
    assert office.shown().callback == "link_account"


async def test_whoami_asks_quay_with_the_own_token(office):
    office.links_bob()
    assert office.reads(await office.says("whoami", office.bob)) == snapshot(
        [
            "You are *bob* on quay.example. Your token works.",
            "Linked <!date^1795424400^{date_short_pretty} {time}|2026-11-23 09:00 UTC>. `/quay unlink` makes me forget it.",
        ]
    )
    assert office.quay.calls == [("token-bob", "whoami")]


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


async def test_unlink_forgets_and_says_that_the_token_lives_on(office):
    assert office.reads(await office.says("unlink")) == snapshot(
        [
            "I have forgotten your account on quay.example. I can do nothing there in your name any more.",
            "The token itself is still valid. Revoke it at <https://quay.example|quay.example> if you do not use it elsewhere.",
        ]
    )
    assert office.alice not in office.accounts.kept


async def test_unlink_without_an_account(office):
    assert office.reads(await office.says("unlink", office.bob)) == snapshot(
        ["There was no Quay account to forget. `/quay link` connects one."]
    )
