"""Shortcuts: what stands in Slack's menus, and which image a message is about."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from handlers import payloads
from handlers.commands import COMMANDS
from handlers.forms.button import prefilled
from handlers.payloads import message_texts
from handlers.shortcuts import SHORTCUTS, shortcut_actions, usable
from handlers.shortcuts.images import only_image
from tests.handlers.forms import Desks

URL = "https://quay.example"


def named(*texts: str) -> str:
    return " ".join(prefilled(only_image(texts, URL)))


def test_slack_takes_them_all():
    assert len(SHORTCUTS) <= 10
    assert all(len(one.name) <= 24 and len(one.description) <= 150 for one in SHORTCUTS.values())
    assert len({(one.name, one.message) for one in SHORTCUTS.values()}) == len(SHORTCUTS)


def test_what_has_no_form_is_left_out():
    commands = Desks().commands
    assert {one.id for one in usable(commands)} == {"restore_tag", "restore_this", "start_build", "registry_message"}
    assert set(shortcut_actions(commands)) == {one.id for one in usable(commands)}


@pytest.mark.parametrize("shortcut", SHORTCUTS.values(), ids=SHORTCUTS)
def test_every_shortcut_opens_the_form_of_a_command(shortcut):
    assert COMMANDS[shortcut.word].form


@pytest.mark.parametrize(
    ("text", "image"),
    [
        ("acme/web:v1 is broken", "acme/web:v1"),
        ("who pushed `acme/web:latest`?", "acme/web:latest"),
        ("Look: quay.example/acme/team/web:v1.", "acme/team/web:v1"),
        ("<https://quay.example/repository/acme/web?tab=tags&amp;tag=v1|web>", "acme/web:v1"),
        ("https://quay.example/repository/acme/web/tag/v1", "acme/web:v1"),
        ("podman pull quay.example/acme/web@sha256:1a2b", "acme/web"),
        ("see <https://quay.example/repository/acme/web|acme/web>: `v2` of acme/web:v2", "acme/web:v2"),
        ("docker.io/library/x:1 and/or <https://git.example/acme/web:v1>", ""),
        ("yes/no, 1/2, http://, <@U1>, <#C1|general>", ""),
        ("", ""),
    ],
)
def test_the_image_with_a_tag_counts_or_else_the_repository_that_is_surely_ours(text, image):
    assert named(text) == image


EVIL = "https://quay.example/repository/acme/web?tab=tags&amp;tag=evil"


@pytest.mark.parametrize(
    "text",
    [
        "roll back acme/web:v2 to acme/web:v1",
        "acme/web:v1 and acme/api:v1",
        "quay.example/acme/web and quay.example/acme/api",
        "acme/web:v1, not quay.example/acme/api",
        f"please restore <{EVIL}|acme/web:v1>",
        f"please restore <{EVIL}|acme/api> and acme/web:evil",
        "see <https://evil.example/x|acme/api:v1>, acme/web:v1",
        "please restore \u0430cme/web:v1, not acme/web:evil",
    ],
)
def test_nothing_is_filled_in_where_it_is_not_plain_which_image_is_meant(text: str):
    assert named(text) == ""


def test_what_an_app_hides_behind_its_blocks_fills_in_nothing():
    block = {"type": "section", "text": {"type": "mrkdwn", "text": "acme/web:v1"}}
    assert named(*message_texts({"text": "acme/other:evil", "blocks": [block]})) == ""


@pytest.mark.parametrize(
    "text", [f"<{EVIL}|acme/web:evil>", f"<{EVIL}|acme/web>", f"<{EVIL}>", "acme/web:evil, acme/web:evil"]
)
def test_the_same_image_may_be_named_more_than_once(text: str):
    assert named(text) == "acme/web:evil"


@given(st.lists(st.text(max_size=300), max_size=4))
def test_any_text_has_an_image_or_none(texts):
    assert len(prefilled(only_image(texts, URL))) <= 1


def test_a_very_long_message_is_not_read_to_its_end():
    assert named("x " * 20_000 + "acme/web:v1") == ""


CARD = {
    "text": "Pushed",
    "blocks": [
        {"type": "section", "text": {"type": "mrkdwn", "text": "Pushed to `acme/web`"}, "fields": [{"text": "`v1`"}]},
        {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [{"type": "link", "url": "u"}]}]},
    ],
    "attachments": [{"color": "#1b3a57", "blocks": [{"text": {"text": "acme/web:v1"}}], "fallback": "f"}],
}


def test_every_text_of_a_message_is_looked_at():
    assert message_texts(CARD) == snapshot(("Pushed", "Pushed to `acme/web`", "`v1`", "u", "acme/web:v1", "f"))
    deep = {"text": "x"}
    for _ in range(1_000):
        deep = {"blocks": [deep]}
    assert message_texts({"blocks": [deep]}) == ()


def test_a_shortcut_of_a_message_comes_with_its_image_and_its_channel():
    body = {
        "type": "message_action",
        "callback_id": "restore_this",
        "trigger_id": "1.2",
        "team": {"id": "T1"},
        "user": {"id": "U1", "team_id": "T1"},
        "channel": {"id": "C1"},
        "response_url": "https://hooks.example/r",
        "message": CARD | {"ts": "1.1"},
    }
    callback, click = payloads.shortcut(body, URL)
    assert (callback, click.value, click.channel, click.ts, click.trigger) == (
        "restore_this",
        '"acme/web:v1"',
        "C1",
        "1.1",
        "1.2",
    )


def test_a_global_shortcut_belongs_to_no_channel():
    body = {"callback_id": "restore_tag", "trigger_id": "1.2", "team": {"id": "T1"}, "user": {"id": "U1"}}
    _, click = payloads.shortcut(body, URL)
    assert (click.person.user, click.channel, click.value, click.origin.response_url) == ("U1", "", "", "")


@pytest.mark.parametrize("body", [{}, {"message": []}, {"message": {"blocks": "x", "attachments": 3}}])
def test_a_shortcut_of_any_shape_is_read(body):
    assert payloads.shortcut(body, URL)[0] == ""
