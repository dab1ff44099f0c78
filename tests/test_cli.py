"""The command line, as an operator meets it: words in, lines and an exit code out."""

import asyncio
import json
import re
import tomllib
from pathlib import Path

import pytest
from typer.main import get_command

from bot.adapters.clock import SystemClock
from bot.adapters.store import open_store
from bot.cli import cli
from tests.command_line import PUBLIC, Run, quaybot, refused
from tests.house.untouched import untouched_logs
from webhooks.kinds import KINDS
from webhooks.server import token_hash

__all__ = ["quaybot", "untouched_logs"]
pytestmark = pytest.mark.usefixtures("untouched_logs")

ROOT = Path(__file__).parents[1]
URL = re.compile(rf"{PUBLIC}/webhooks/quay/([A-Za-z0-9_-]{{43}})\Z")


# --- webhook URLs ---


def test_a_webhook_url_is_printed_alone_and_only_once(quaybot: Run, tmp_path: Path):
    done = quaybot("hooks", "add", "acme/web", "repo_push", "--channel", "C0123ABCD", PUBLIC_URL=PUBLIC)

    assert done.code == 0
    assert len(done.out) == 1
    token = URL.match(done.out[0])[1]
    assert "create a notification" in done.err[0]
    assert token.encode() not in (tmp_path / "quaybot.db").read_bytes()
    assert token not in "".join(quaybot("hooks", "list").out)


def test_the_printed_url_is_the_one_that_opens_the_door(quaybot: Run, tmp_path: Path):
    printed = quaybot("hooks", "add", "acme/web", "repo_push", "--channel", "C0123ABCD", PUBLIC_URL=PUBLIC).out[0]

    async def kept() -> list[bool]:
        store = open_store(f"sqlite:///{tmp_path / 'quaybot.db'}", None)
        try:
            tokens = (URL.match(printed)[1], "x" * 43)
            return await store.intake.keep([(token_hash(token), b"{}") for token in tokens], SystemClock().now())
        finally:
            await store.close()

    assert asyncio.run(kept()) == [True, False]


def test_several_events_get_a_url_each(quaybot: Run):
    done = quaybot("hooks", "add", "acme/web", "repo_push", "build_failure", "--channel", "C01", PUBLIC_URL=PUBLIC)

    assert [line.split()[0] for line in done.out] == ["repo_push", "build_failure"]
    assert len({URL.match(line.split()[1])[1] for line in done.out}) == 2


@pytest.mark.parametrize(("target", "namespace"), [("acme/web", False), ("acme", True)])
def test_all_means_every_event_that_fits(quaybot: Run, target: str, namespace: bool):
    done = quaybot("hooks", "add", target, "all", "--channel", "C01")

    assert [line.split()[0] for line in done.out] == [
        name for name, kind in KINDS.items() if kind.namespace is namespace
    ]


def test_hooks_are_listed_with_their_channels(quaybot: Run):
    assert quaybot("hooks", "list").out == [
        "There are no webhook URLs yet. Make one with: quaybot hooks add NS/REPO EVENT --channel C…"
    ]
    quaybot("hooks", "add", "acme/web", "repo_push", "--channel", "C02", "--channel", "C01", "--channel", "C02")
    quaybot("hooks", "add", "acme", "quota_warning", "--channel", "C03")

    rows = [line.split() for line in quaybot("hooks", "list").out]

    assert [row[:4] for row in rows] == [
        ["2", "acme", "quota_warning", "C03"],
        ["1", "acme/web", "repo_push", "C02,C01"],
    ]


def test_a_filter_is_kept_with_a_hook_and_listed(quaybot: Run):
    words = ("hooks", "add", "acme/web", "repo_push", "--channel", "C01", "--filter", " tag:v*   -tag:*-dev ")

    assert quaybot(*words).code == 0

    assert quaybot("hooks", "list").out[0].endswith("  only tag:v* -tag:*-dev")


@pytest.mark.parametrize(
    ("option", "value", "says"),
    [
        ("--filter", "tags:v*", "`tags:v*` is no word of a filter"),
        ("--filter", "tag:v[12]", "“v[12]” cannot match a tag"),
        ("--layout", "cards", "'cards' is no layout. Layouts are card, thread, compact."),
        ("--owner", "alice", "'alice' is not a Slack user id"),
    ],
)
def test_an_option_that_makes_no_sense_makes_no_hook(quaybot: Run, option: str, value: str, says: str):
    assert refused(quaybot("hooks", "add", "acme/web", "repo_push", "--channel", "C01", option, value), says)
    assert "no webhook URLs yet" in quaybot("hooks", "list").out[0]


def test_layout_and_owner_can_be_chosen_with_the_first_hook(quaybot: Run):
    words = ("--channel", "C01", "--channel", "C02", "--layout", "thread", "--owner", "U0123ABCD")

    done = quaybot("hooks", "add", "acme/web", "repo_push", *words, PUBLIC_URL=PUBLIC)

    assert len(done.out) == 1
    assert done.err[1] == "Note: the layout and owner of C01, C02 changed for everything that comes there."
    assert quaybot("channels", "list").out == ["C01  thread  owner U0123ABCD", "C02  thread  owner U0123ABCD"]


def test_a_removed_hook_is_gone(quaybot: Run):
    quaybot("hooks", "add", "acme/web", "repo_push", "--channel", "C01")

    assert quaybot("hooks", "remove", "1").out == ["1 is removed. Delete the notification in Quay, too."]
    assert "no webhook URLs yet" in quaybot("hooks", "list").out[0]
    assert refused(quaybot("hooks", "remove", "1"), "There is no hook 1", "quaybot hooks list")


def test_a_rotated_hook_gets_another_url(quaybot: Run):
    first = quaybot("hooks", "add", "acme/web", "repo_push", "--channel", "C01", PUBLIC_URL=PUBLIC).out[0]

    done = quaybot("hooks", "rotate", "1", "--grace", "5", PUBLIC_URL=PUBLIC)

    assert len(done.out) == 1
    assert URL.match(done.out[0])
    assert done.out[0] != first
    assert done.err == ["The old URL works for another 5 minutes."]
    assert refused(quaybot("hooks", "rotate", "7"), "There is no hook 7")


@pytest.mark.parametrize("hook", ["", "x", "1;2", "99999999999999999999", "²"])
def test_an_id_that_is_none_is_refused(quaybot: Run, hook: str):
    assert refused(quaybot("hooks", "remove", "--", hook), "There is no hook")


def test_a_hook_without_a_channel_is_refused_with_an_example(quaybot: Run):
    done = quaybot("hooks", "add", "acme/web", "repo_push")

    assert refused(done, "Say which channel: quaybot hooks add acme/web repo_push --channel C0123ABCD")


def test_a_second_hook_for_the_same_is_made_with_a_warning(quaybot: Run):
    quaybot("hooks", "add", "acme/web", "repo_push", "--channel", "C01", "--channel", "C02", PUBLIC_URL=PUBLIC)

    words = ("hooks", "add", "acme/web", "repo_push", "build_failure", "--channel", "C02", "--channel", "C03")
    done = quaybot(*words, PUBLIC_URL=PUBLIC)

    assert len(done.out) == 2
    assert done.err[1:] == [
        "Note: hook 1 does the same already (repo_push of acme/web in C02); to replace its URL: quaybot hooks rotate 1"
    ]
    assert len(quaybot("hooks", "list").out) == 3


@pytest.mark.parametrize(("first", "then"), [("tag:v*", ""), ("", "tag:v*"), ("tag:v*", "tag:*")])
def test_a_second_hook_with_another_filter_is_not_the_same(quaybot: Run, first: str, then: str):
    words = ("hooks", "add", "acme/web", "repo_push", "--channel", "C01", "--filter")
    quaybot(*words, first, PUBLIC_URL=PUBLIC)

    note = quaybot(*words, then, PUBLIC_URL=PUBLIC).err[1]

    own = f"its filter: {first}" if first else "without a filter"
    assert note.startswith(f"Note: hook 1 is told the same events (repo_push of acme/web in C01; {own}); to replace")


IDLE = "has nothing that `tag` or `severity` or `fixable` could look at, so it passes all the same"


def test_a_word_of_a_filter_that_can_keep_nothing_out_is_told(quaybot: Run):
    words = ("hooks", "add", "acme/web", "--channel", "C01", "--filter", "tag:v* severity:high+ fixable")

    assert quaybot(*words, "repo_push", "vulnerability_found", "repo_mirror_sync_failed", PUBLIC_URL=PUBLIC).err[
        1:
    ] == [
        "Note: repo_push has nothing that `severity` or `fixable` could look at, so it passes all the same.",
        f"Note: repo_mirror_sync_failed {IDLE}.",
    ]


@pytest.mark.parametrize(
    "event", [name for name, kind in KINDS.items() if name.startswith(("repo_push", "build", "repo_image"))]
)
def test_a_filter_by_tag_is_nothing_to_tell_about_where_there_are_tags(quaybot: Run, event: str):
    words = ("hooks", "add", "acme/web", event, "--channel", "C01", "--filter", "tag:v*")

    assert len(quaybot(*words, PUBLIC_URL=PUBLIC).err) == 1


@pytest.mark.parametrize(
    ("target", "event", "channel"),
    [("acme/app", "repo_push", "C01"), ("acme/web", "build_failure", "C01"), ("acme/web", "repo_push", "C02")],
)
def test_a_hook_for_something_else_is_made_without_a_warning(quaybot: Run, target: str, event: str, channel: str):
    quaybot("hooks", "add", "acme/web", "repo_push", "--channel", "C01")

    done = quaybot("hooks", "add", target, event, "--channel", channel, PUBLIC_URL=PUBLIC)

    assert len(done.err) == 1


def test_a_removed_hook_does_nothing_the_same(quaybot: Run):
    quaybot("hooks", "add", "acme/web", "repo_push", "--channel", "C01")
    quaybot("hooks", "remove", "1")

    assert len(quaybot("hooks", "add", "acme/web", "repo_push", "--channel", "C01", PUBLIC_URL=PUBLIC).err) == 1


def test_without_a_public_address_somebody_is_told_that_the_url_is_a_guess(quaybot: Run):
    done = quaybot("hooks", "add", "acme/web", "repo_push", "--channel", "C01", PORT="9000")

    assert done.out[0].startswith("http://127.0.0.1:9000/webhooks/quay/")
    assert "PUBLIC_URL is not set" in done.err[-1]


@pytest.mark.parametrize(
    ("target", "event", "channel", "says"),
    [
        ("acme web", "repo_push", "C01", "is not a repository"),
        ("acme/", "repo_push", "C01", "is not a repository"),
        ("https://quay.io/acme/web", "repo_push", "C01", "is not a repository"),
        ("acme/web", "repo_pull", "C01", "'repo_pull' is no event of Quay"),
        ("acme/web", "quota_warning", "C01", "quota_warning belongs to a namespace"),
        ("acme", "repo_push", "C01", "repo_push belongs to a repository"),
        ("acme/web", "repo_push", "#releases", "'#releases' is not a Slack channel id"),
        ("acme/web", "repo_push", "c0123abcd", "'c0123abcd' is not a Slack channel id"),
    ],
)
def test_what_makes_no_sense_is_one_plain_line_and_changes_nothing(
    quaybot: Run, target: str, event: str, channel: str, says: str
):
    assert refused(quaybot("hooks", "add", target, event, "--channel", channel), says)
    assert "no webhook URLs yet" in quaybot("hooks", "list").out[0]


# --- keys, manifest, version, migration ---


@pytest.mark.shows_secrets("the command line makes a key for whoever reads it there")
def test_a_new_key_is_long_random_and_good_enough(quaybot: Run):
    first, second = (quaybot("keygen").out for _ in range(2))

    assert len(first) == len(second) == 1
    assert first != second
    assert quaybot("hooks", "list", SECRET_KEYS=f"{first[0]},{second[0]}").code == 0


def test_the_manifest_for_http_names_the_public_address(quaybot: Run):
    done = quaybot("manifest", PUBLIC_URL=PUBLIC)

    manifest = json.loads("\n".join(done.out))
    assert done.err == []
    assert manifest["settings"]["event_subscriptions"]["request_url"] == f"{PUBLIC}/slack/events"
    assert manifest["settings"]["socket_mode_enabled"] is False


def test_the_manifest_for_http_needs_a_public_address(quaybot: Run):
    assert refused(quaybot("manifest"), "PUBLIC_URL is missing", "--socket-mode")


def test_a_manifest_that_slack_would_refuse_comes_with_a_warning(quaybot: Run):
    plain = "http://quaybot.example.com"
    done = quaybot("manifest", PUBLIC_URL=plain)

    assert json.loads("\n".join(done.out))["settings"]["event_subscriptions"]["request_url"].startswith(plain)
    assert len(done.err) == 1
    assert "Slack takes https addresses only" in done.err[0]
    assert quaybot("manifest", "--socket-mode", PUBLIC_URL=plain).err == []


def test_the_manifest_for_socket_mode_needs_none(quaybot: Run):
    manifest = json.loads("\n".join(quaybot("manifest", "--socket-mode").out))

    assert manifest["settings"]["socket_mode_enabled"] is True
    assert "request_url" not in manifest["settings"]["event_subscriptions"]


@pytest.mark.parametrize("word", ["version", "--version"])
def test_the_version_is_the_projects_or_plainly_unknown(quaybot: Run, word: str):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    done = quaybot(word)

    assert done.out == [project["version"]] or refused(done, "not installed")


def test_a_database_is_migrated_and_again_is_no_trouble(quaybot: Run, tmp_path: Path):
    for _ in range(2):
        assert quaybot("migrate").out == ["The database is up to date."]
    assert (tmp_path / "quaybot.db").is_file()


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("mysql://x/y", "is not supported"),
        ("nonsense", "is not a database address"),
        ("sqlite:////nowhere/to/be/found.db", "There is no folder /nowhere/to/be"),
    ],
)
@pytest.mark.parametrize(
    "words", [("migrate",), ("hooks", "list"), ("dead", "list"), ("channels", "list"), ("why", "acme/web")]
)
def test_a_database_that_cannot_be_is_one_plain_line(quaybot: Run, words: tuple[str, ...], url: str, says: str):
    assert refused(quaybot(*words, DATABASE_URL=url), says)


def test_wrong_settings_are_all_told_before_anything_is_done(quaybot: Run, tmp_path: Path):
    done = quaybot("hooks", "list", PORT="many", QUAY_URL="quay")

    assert done.code == 1
    assert done.out == []
    assert [line.split(":")[0] for line in done.err] == ["These settings are not right", "QUAY_URL", "PORT"]
    assert list(tmp_path.iterdir()) == []


def test_serving_without_settings_says_what_is_missing(quaybot: Run):
    done = quaybot("serve")

    assert done.code == 1
    assert done.err[0] == "The settings are not complete:"
    names = [line.split()[0] for line in done.err[1:]]
    assert names == ["SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "QUAY_URL"]


def test_the_demo_reads_only_where_to_listen(quaybot: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    (tmp_path / ".env").write_text("LOG_LEVEL=LOUD\nQUAY_URL=nonsense\nHOST=127.0.0.2\nPORT=1\n", encoding="utf-8")
    asked = []

    async def serve_demo(host: str, port: int) -> None:
        asked.append((host, port))

    monkeypatch.setattr("bot.demo.serve_demo", serve_demo)

    assert quaybot("demo", PORT="9000").code == 0
    assert asked == [("127.0.0.2", 9000)]


def test_the_demo_refuses_a_port_that_is_none(quaybot: Run):
    done = quaybot("demo", PORT="many")

    assert (done.code, done.out) == (1, [])
    assert done.err == ["These settings are not right:", "PORT: write a whole number from 0 to 65535"]


@pytest.mark.parametrize("group", [(), ("hooks",), ("channels",), ("dead",)])
def test_help_explains_every_word_in_a_line_that_is_not_cut(quaybot: Run, group: tuple[str, ...]):
    found = get_command(cli)
    for word in group:
        found = found.commands[word]

    lines = [line.split(maxsplit=1) for line in quaybot(*group, "--help").out if line.startswith("  ")]

    told = {line[0]: line[1] for line in lines}
    for word, command in found.commands.items():
        assert command.help
        assert told[word] == command.help.splitlines()[0]
        assert len(told[word]) <= 55
