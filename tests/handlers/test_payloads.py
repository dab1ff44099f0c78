"""Slack's payloads into our own values."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.people import Person
from handlers import payloads
from handlers.command import Ask, Click, Origin, Submission
from handlers.forms.memory import Memory

COMMAND = {
    "team_id": "T1",
    "channel_id": "C1",
    "user_id": "U1",
    "command": "/quay",
    "text": "build acme/web",
    "response_url": "https://hooks.example/r",
    "trigger_id": "1.2.3",
}
PRESS: dict[str, Any] = {
    "type": "block_actions",
    "team": {"id": "T1"},
    "user": {"id": "U1", "team_id": "T1"},
    "channel": {"id": "C1"},
    "container": {"type": "message", "message_ts": "1.1", "channel_id": "C1"},
    "trigger_id": "1.2.3",
    "response_url": "https://hooks.example/r",
    "actions": [{"action_id": "build_cancel", "type": "button", "value": "acme/web b-1"}],
}


def test_a_slash_command_says_who_asked_what_and_where() -> None:
    text, ask = payloads.command(COMMAND)
    assert text == "build acme/web"
    assert ask == Ask(Person("T1", "U1"), "C1", trigger="1.2.3", response_url="https://hooks.example/r")


def test_a_command_from_an_organization_without_a_workspace_is_the_organizations() -> None:
    _, ask = payloads.command(COMMAND | {"team_id": "", "enterprise_id": "E1"})
    assert ask.person == Person("E1", "U1")


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ("<@U0QUAYBOT> build acme/web", "build acme/web"),
        ("  <@U0QUAYBOT>   help", "help"),
        ("<@W0QUAYBOT|quaybot> help", "help"),
        ("<@U0QUAYBOT>", ""),
        ("<@U0QUAYBOT> who is <@U2>", "who is <@U2>"),
        ("<@U0QUAYBOT>\nhelp", "help"),
        ("help <@U0QUAYBOT>", "help <@U0QUAYBOT>"),
        ("", ""),
    ],
)
def test_the_mention_itself_is_no_part_of_what_was_said(said: str, text: str) -> None:
    event = {"type": "app_mention", "user": "U1", "team": "T1", "channel": "C1", "text": said}
    assert payloads.mention({"event": event})[0] == text


def test_a_mention_in_a_thread_remembers_the_thread() -> None:
    event = {"user": "U1", "channel": "C1", "text": "<@U9> help", "ts": "2.2", "thread_ts": "1.1"}
    _, ask = payloads.mention({"team_id": "T1", "event": event})
    assert ask == Ask(Person("T1", "U1"), "C1", thread="1.1")


@pytest.mark.parametrize(
    ("event", "team"),
    [({"user_team": "T2", "team": "T1"}, "T2"), ({"team": "T1"}, "T1"), ({}, "T0"), ({"user_team": None}, "T0")],
)
def test_in_a_shared_channel_a_person_is_of_their_own_workspace(event: dict[str, Any], team: str) -> None:
    _, ask = payloads.mention({"team_id": "T0", "event": {"user": "U1", **event}})
    assert ask.person == Person(team, "U1")


def test_a_press_under_a_message_says_everything_about_itself() -> None:
    assert payloads.clicks(PRESS) == [
        (
            "build_cancel",
            Click(
                Person("T1", "U1"),
                "C1",
                value="acme/web b-1",
                trigger="1.2.3",
                response_url="https://hooks.example/r",
                ts="1.1",
            ),
        )
    ]


@pytest.mark.parametrize(
    ("body", "team"),
    [
        ({"user": {"id": "U1", "team_id": "T-theirs"}, "team": {"id": "T-ours"}}, "T-theirs"),
        ({"user": {"id": "U1"}, "team": {"id": "T-ours"}}, "T-ours"),
        ({"user": {"id": "U1", "team_id": "T-theirs"}, "team": None}, "T-theirs"),
    ],
)
def test_who_pressed_is_of_their_own_workspace(body: dict[str, Any], team: str) -> None:
    ((_, click),) = payloads.clicks(PRESS | body)
    assert click.person == Person(team, "U1")
    assert payloads.submission(PRESS | body)[1].person == Person(team, "U1")


def test_a_press_in_a_modal_knows_where_the_modal_was_asked_for() -> None:
    home = Origin("C7", "https://hooks.example/old")
    view = {"id": "V1", "private_metadata": home.pack()}
    body = {name: value for name, value in PRESS.items() if name not in ("channel", "container", "response_url")}
    ((_, click),) = payloads.clicks(body | {"view": view, "container": {"type": "view", "view_id": "V1"}})
    assert (click.view, click.channel, click.ts) == ("V1", "", "")
    assert click.origin == home


def test_what_was_chosen_in_a_menu_is_the_value() -> None:
    action = {"action_id": "page", "type": "static_select", "selected_option": {"text": {}, "value": "2"}}
    ((name, click),) = payloads.clicks(PRESS | {"actions": [action]})
    assert (name, click.value) == ("page", "2")


def test_a_choice_in_a_form_comes_with_what_its_other_fields_hold() -> None:
    action = {"action_id": "seek:tag", "block_id": "tag@1", "selected_option": {"value": "v1"}}
    values = {"why": {"text": {"value": "x"}}, "tag@1": {"seek:tag": {"selected_option": None}}}
    view = {"id": "V1", "callback_id": "form:restore", "private_metadata": "p", "state": {"values": values}}
    ((_, click),) = payloads.clicks(PRESS | {"actions": [action], "view": view})
    assert (click.callback, click.values) == ("form:restore", {"why": "x", "tag@1": "v1"})
    assert "'x'" not in repr(click)


def test_who_types_into_a_field_says_where_it_searches() -> None:
    memory = Memory(Origin("C1"), "acme/web", "v1")
    body = {"team": {"id": "T1"}, "user": {"id": "U1"}, "action_id": "seek:tag", "block_id": "b", "value": "v"}
    asked = payloads.seeking(body | {"view": {"private_metadata": memory.pack()}})
    assert asked == (Person("T1", "U1"), "seek:tag", "v", memory)
    assert payloads.seeking({}) == (Person("", ""), "", "", Memory())


def test_every_press_of_one_payload_is_told() -> None:
    actions = [{"action_id": "one"}, "odd", None, {"action_id": "two"}]
    assert [name for name, _ in payloads.clicks(PRESS | {"actions": actions})] == ["one", "two"]


def test_a_form_gives_what_was_entered_by_block() -> None:
    values = {
        "token": {"in": {"type": "plain_text_input", "value": "secret"}},
        "choice": {"in": {"type": "static_select", "selected_option": {"value": "b"}}},
        "left_out": {"in": {"type": "plain_text_input", "value": None}},
        "nothing_chosen": {"in": {"type": "static_select", "selected_option": None}},
    }
    view = {"id": "V1", "callback_id": "link_account", "private_metadata": "p", "state": {"values": values}}
    body = {"user": {"id": "U1", "team_id": "T1"}, "view": view}
    entered = {"token": "secret", "choice": "b", "left_out": "", "nothing_chosen": ""}
    assert payloads.submission(body) == ("link_account", Submission(Person("T1", "U1"), "V1", entered, "p"))
    assert "secret" not in repr(payloads.submission(body))


GRID = {"team_id": "T1", "enterprise_id": "E1", "is_enterprise_install": True}


def everything_done(own: str, where: str, enterprise: str, *, org_wide: bool) -> dict[str, Person]:
    """The person behind one user's command, click, form and mention, as Slack words each of them."""
    words = "true" if org_wide else "false"
    typed = {"team_id": where, "enterprise_id": enterprise, "is_enterprise_install": words, "user_id": "W1"}
    pressed = {
        "user": {"id": "W1", "team_id": own},
        "team": {"id": where, "domain": "acme", "enterprise_id": enterprise} if where else None,
        "enterprise": {"id": enterprise} if enterprise else None,
        "is_enterprise_install": org_wide,
        "actions": [{"action_id": "x"}],
        "view": {"id": "V1", "callback_id": "x"},
    }
    authorization = {"enterprise_id": enterprise or None, "team_id": where, "is_enterprise_install": org_wide}
    event = {"user": "W1", "user_team": own, "team": own}
    said = {"team_id": where, "enterprise_id": enterprise, "authorizations": [authorization], "event": event}
    done = {
        "click": payloads.clicks(pressed)[0][1].person,
        "form": payloads.submission(pressed)[1].person,
        "mention": payloads.mention(said)[1].person,
    }
    return done | ({"command": payloads.command(typed)[1].person} if own in (where, enterprise) else {})


@pytest.mark.parametrize(
    ("own", "where", "enterprise", "org_wide", "person"),
    [
        ("T1", "T1", "", False, Person("T1", "W1")),  # one workspace
        ("T9", "T1", "", False, Person("T9", "W1")),  # a guest in a shared channel
        ("T1", "T1", "E1", False, Person("T1", "W1")),  # one workspace of an organization
        ("E1", "T1", "E1", False, Person("T1", "W1")),  # the same, where Slack names the organization
        ("T9", "T1", "E1", False, Person("T9", "W1")),
        ("T1", "T1", "E1", True, Person("E1", "W1")),  # installed for the whole organization
        ("T2", "T2", "E1", True, Person("E1", "W1")),  # the same person in another workspace of it
        ("E1", "T1", "E1", True, Person("E1", "W1")),
        ("T9", "T1", "E1", True, Person("T9", "W1")),  # a guest of an organization
        ("E9", "T1", "E1", True, Person("E9", "W1")),
    ],
)
def test_whatever_somebody_does_they_are_the_same_person(
    own: str, where: str, enterprise: str, org_wide: bool, person: Person
) -> None:
    done = everything_done(own, where, enterprise, org_wide=org_wide)
    assert set(done.values()) == {person}
    assert len(done) == (4 if own in (where, enterprise) else 3)


@pytest.mark.parametrize("own", ["", "E1"])
def test_where_slack_names_no_workspace_the_organization_is_where_it_happened(own: str) -> None:
    body = {"user": {"id": "W1", "team_id": own}, "team": None, "enterprise": {"id": "E1"}}
    _, sent = payloads.submission(body | {"is_enterprise_install": True, "view": {}})
    assert sent.person == Person("E1", "W1")


def test_a_stranger_is_never_ours_only_because_slack_names_no_workspace() -> None:
    body = {"user": {"id": "W9", "team_id": "T9"}, "team": None, "enterprise": {"id": "E1"}}
    _, sent = payloads.submission(body | {"is_enterprise_install": True, "view": {}})
    assert sent.person == Person("T9", "W9")


@pytest.mark.parametrize(
    "author", [{}, {"bot_id": "B1"}, {"subtype": "bot_message"}, {"user": "U1", "bot_id": "B1"}, {"user": None}]
)
def test_what_a_machine_says_is_said_by_nobody(author: dict[str, Any]) -> None:
    event = {"type": "app_mention", "text": "<@U9> unlink", "channel": "C1"} | author
    assert payloads.mention({"team_id": "T1", "event": event})[1].person == Person("T1", "")


LEFT = {"type": "user_change", "user": {"id": "W1", "team_id": "T1", "deleted": True}}


@pytest.mark.parametrize(
    ("body", "people"),
    [
        ({"team_id": "T1", "event": LEFT}, (Person("T1", "W1"),)),
        ({"team_id": "T1", "event": {**LEFT, "user": {"id": "W1", "deleted": False}}}, ()),
        ({"team_id": "T1", "event": {**LEFT, "user": {"id": "W1", "deleted": "true"}}}, ()),
        ({"team_id": "T1", "event": {**LEFT, "user": {"id": "", "deleted": True}}}, ()),
        ({"team_id": "T1", "event": {**LEFT, "user": {"id": "W1", "team_id": "T9", "deleted": True}}},
         (Person("T9", "W1"),)),
        ({"team_id": "T1", "event": LEFT, "authorizations": [GRID]}, (Person("E1", "W1"), Person("T1", "W1"))),
        ({"event": "odd"}, ()),
    ],
)  # fmt: skip
def test_who_has_left_is_known_under_every_name(body: dict[str, Any], people: tuple[Person, ...]) -> None:
    assert payloads.gone(body) == people


@pytest.mark.parametrize(
    ("event", "teams"),
    [
        ({"type": "app_uninstalled"}, ("T1",)),
        ({"type": "tokens_revoked", "tokens": {"oauth": ["U1"], "bot": ["U0BOT"]}}, ("T1",)),
        ({"type": "tokens_revoked", "tokens": {"oauth": ["U1"], "bot": []}}, ()),
        ({"type": "tokens_revoked", "tokens": {"oauth": ["U1"]}}, ()),
        ({"type": "tokens_revoked"}, ()),
    ],
)
def test_who_has_thrown_us_out(event: dict[str, Any], teams: tuple[str, ...]) -> None:
    assert payloads.uninstalled({"team_id": "T1", "event": event}) == teams
    grid = {"team_id": "T1", "enterprise_id": "E1", "event": event}
    assert payloads.uninstalled(grid) == ((*teams, "E1") if teams else ())


KEYS = st.sampled_from(
    ["event", "authorizations", "enterprise", "enterprise_id", "is_enterprise_install", "deleted", "tokens", "bot",
     "user", "team", "team_id", "id", "text", "actions", "view", "state", "values", "container", "channel",
     "selected_option", "value", "action_id", "private_metadata", "thread_ts", "callback_id"]
)  # fmt: skip
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS | st.text(max_size=3), inner, max_size=4),
    max_leaves=20,
)


@given(st.dictionaries(KEYS, ANYTHING))
def test_whatever_arrives_becomes_values(body: dict[str, Any]) -> None:
    for text, ask in (payloads.command(body), payloads.mention(body)):
        assert isinstance(text, str)
        assert all(isinstance(part, str) for part in (ask.person.team, ask.person.user, ask.channel, ask.thread))
    for name, click in payloads.clicks(body):
        assert isinstance(name, str)
        assert isinstance(click.origin, Origin)
    assert all(person.team and person.user for person in payloads.gone(body))
    assert all(payloads.uninstalled(body))
    callback, sent = payloads.submission(body)
    assert isinstance(callback, str)
    assert all(isinstance(value, str) for value in sent.values.values())
