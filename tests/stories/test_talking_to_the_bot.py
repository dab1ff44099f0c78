"""What people type, as their keyboards and Slack dress it up, and how they introduce themselves."""

# ruff: noqa: E501 - what people read stands on one line

import pytest
from inline_snapshot import snapshot

from bot.fakes.slack import Fault
from tests.stories.reading import read
from tests.stories.scenery import DEV, PEOPLE
from tests.stories.world import World


async def _answer(world: World, name: str, line: str) -> str:
    before = len(world.slack.whispers(PEOPLE[name]))
    assert (await world.types(name, line)).status == 200
    await world.slack.wait(lambda: len(world.slack.whispers(PEOPLE[name])) > before)
    return read(world.slack.whispers(PEOPLE[name])[-1])


async def test_help_says_what_there_is(world: World) -> None:
    said = (await _answer(world, "dave", "/quay help")).split("\n")
    assert said[0] == "What I can do"
    assert said[3:5] == snapshot(
        [
            "*Builds* (start, follow, stop and repeat them)",
            "`build` · `builds` · `build status` · `build logs` · `build cancel` · `build retry` · `triggers` · `trigger start` · `trigger enable` · `trigger disable`",
        ]
    )
    assert said[-1].endswith("In a thread, mention me instead of using /quay.")
    assert await _answer(world, "dave", "/quay") == await _answer(world, "dave", "/quay HELP")


MISTAKES = snapshot(
    {
        "biuld acme/web": "I do not know “biuld”. Did you mean `/quay build`? `/quay help` shows everything I can do.",
        "frobnicate <!channel>": "I do not know “frobnicate”. `/quay help` shows everything I can do.",
        "build acme": "That does not look like a repository: “acme”. Write it as namespace/name, e.g. acme/web",
        "build acme/web --archive_url https://a.example/x.zip": "I do not know the option --archive_url. Did you mean --archive-url?",
        "build acme/web --archive-url ftp://a.example/x.zip": "--archive-url needs a full address that begins with http:// or https://",
        "build acme/web --archive-url https://a.example/x.zip --tag bad/tag": "“bad/tag” cannot be a tag. Tags have 1 to 128 letters, digits, dots, dashes and underscores, and start with a letter, a digit or an underscore.",
        'build acme/web --tag "v1': 'A quotation mark is opened but never closed, at "v1 (close it, or leave it out).',
        "link mytoken": "Please do not write a token into a command. If that was one, revoke it in Quay, make a new one and use `/quay link` alone: it shows how to link. Only the code of the linking page may stand behind it: `/quay link XXXX-XXXX`.",
        "help biuld": "There is no help about “biuld”. Did you mean `/quay help build`? `/quay help` shows all topics.",
    }
)


@pytest.mark.parametrize(
    "line",
    [
        "biuld acme/web",
        "frobnicate <!channel>",
        "build acme",
        "build acme/web --archive_url https://a.example/x.zip",
        "build acme/web --archive-url ftp://a.example/x.zip",
        "build acme/web --archive-url https://a.example/x.zip --tag bad/tag",
        'build acme/web --tag "v1',
        "link mytoken",
        "help biuld",
    ],
)
async def test_a_mistake_is_explained(world: World, line: str) -> None:
    await world.links("alice")
    said, *_ = (await _answer(world, "alice", f"/quay {line}")).split("\n")  # the right forms follow
    assert said == MISTAKES[line]


async def test_in_a_thread_where_no_form_can_open_a_command_alone_says_what_is_missing(world: World) -> None:
    await world.links("alice")
    await world.mentions("alice", "build", event_id="EvAlone")
    await world.whispered("alice", "Which repository? Write it as namespace/name")


@pytest.mark.parametrize(
    "words",
    [
        'build “acme/web” --archive-url "https://git.example/web.tar.gz" --tag ‘v1’',
        "build acme/web —archive-url https://git.example/web.tar.gz —tag v1",
        "Build acme/web:v1 --archive-url=https://git.example/web.tar.gz",
        "build {quay}/repository/acme/web --archive-url https://git.example/web.tar.gz --tag v1",
        "build {quay}/repository/acme/web?tab=tags&tag=v1 --archive-url https://git.example/web.tar.gz",
        "build   acme/web\u00a0--tag v1 --tag v1 --archive-url https://git.example/web.tar.gz",
    ],
)
async def test_smart_keyboards_and_pasted_links_are_understood(world: World, words: str) -> None:
    await world.links("alice")
    await world.types("alice", f"/quay {words.format(quay=world.quay.url)}")
    await world.card(DEV, "Build queued")
    (build,) = world.quay.builds.values()
    assert (build.repository, build.tags, build.archive_url) == (
        "acme/web",
        ["v1"],
        "https://git.example/web.tar.gz",
    )


async def test_somebody_links_their_account_after_a_wrong_token(world: World) -> None:
    assert "Link my Quay account" in await _answer(world, "dave", "/quay whoami")
    (whisper,) = world.slack.whispers(PEOPLE["dave"])
    await world.presses("dave", whisper, "link_start", whisper=True)
    ways = await world.whispered("dave", "Paste a token")
    await world.presses("dave", ways, "link_paste", whisper=True)
    form = await world.window("dave", "I act in Quay as")
    assert form["title"]["text"] == "Link your Quay account"

    await world.slack.submit(PEOPLE["dave"], {"token": {"token": "too short"}})
    assert world.slack.open_views(PEOPLE["dave"])[-1]["errors"] == snapshot(
        {"token": "A token has no blanks in it. Copy only the token itself."}
    )

    await world.slack.submit(PEOPLE["dave"], {"token": {"token": "X" * 40}})
    assert read(await world.whispered("dave", "did not accept")) == snapshot("""\
Quay did not accept this token. It may be mistyped, expired or revoked, or it lacks the scope `user:read`. Make a new one in Quay and link it.
Link my Quay account
Then ask again.\
""")

    await world.link_form("dave")
    await world.slack.submit(PEOPLE["dave"], {"token": {"token": world.tokens["dave"]}})
    await world.whispered("dave", "You are *dave*")
    assert world.slack.open_views(PEOPLE["dave"]) == []


async def test_a_token_that_dies_later_is_noticed_and_linking_again_helps(world: World) -> None:
    await world.links("alice")
    world.quay.revoke(world.tokens["alice"])
    for line in ("/quay whoami", "/quay build acme/web --archive-url https://git.example/a.zip"):
        assert "Link my Quay account" in await _answer(world, "alice", line)
    world.tokens["alice"] = world.quay.token("alice")
    await world.links("alice")
    assert "You are *alice*" in await _answer(world, "alice", "/quay whoami")


async def test_a_token_without_user_read_is_refused_with_the_reason(world: World) -> None:
    await world.link_form("bob")
    poor = world.quay.token("bob", "repo:read repo:write")
    await world.slack.submit(PEOPLE["bob"], {"token": {"token": poor}})
    await world.whispered("bob", "user:read")


async def test_unlinking_forgets_the_account(world: World) -> None:
    await world.links("alice")
    assert await _answer(world, "alice", "/quay unlink") == snapshot("""\
I have forgotten your account on quay.example. I can do nothing there in your name any more.
The token itself is still valid, because I cannot tell which one it is in Quay's list. Revoke it in your settings at Quay, below *External Logins and Applications*.\
""")
    assert "I do not know your Quay account yet" in await _answer(world, "alice", "/quay whoami")
    assert "There was no Quay account" in await _answer(world, "alice", "/quay unlink")


async def test_a_command_in_a_channel_without_the_bot_is_answered_too(world: World) -> None:
    assert (await world.types("alice", "/quay help", "C0OUTSIDE")).status == 200
    await world.whispered("alice", "What I can do")


@pytest.mark.parametrize("kind", ["500", "reset", "429"])
async def test_an_answer_that_slack_does_not_take_is_no_disaster(world: World, kind: str) -> None:
    world.slack.faults = [Fault("response_url", kind)]
    await world.types("alice", "/quay help")
    await world.slack.wait(lambda: not world.slack.faults)
    assert "What I can do" in await _answer(world, "alice", "/quay help")
