"""Commands as forms: they open, follow what is chosen, and do what the typed command does."""

# ruff: noqa: E501 - golden sentences stand on one line

import json
from dataclasses import replace

import pytest
from inline_snapshot import snapshot

from bot.domain.errors import Denied, Lacking, NotLinked, TryLater
from bot.domain.people import Person
from handlers.command import Click, Errors, Origin, Submission
from handlers.commands import COMMANDS
from handlers.forms.memory import Memory
from handlers.grammar import UsageError
from handlers.keeping import Wish, pack, unpack
from tests.handlers.forms import Desks, Filling, says_wrong

URL = "https://hooks.example/r"


@pytest.fixture
def filling(office) -> Filling:
    return Filling(office, Desks())


def held(modal) -> dict[str, str]:
    """What the fields of an open form hold, by the names of their blocks."""
    inputs = [block for block in modal.blocks if block["type"] == "input"]
    return {
        block["block_id"]: block["element"].get("initial_option", {}).get("value")
        or block["element"].get("initial_value", "")
        for block in inputs
    }


async def test_a_command_typed_alone_opens_its_form(filling):
    assert await filling.types("restore") is None
    shown = filling.office.shown()
    assert (shown.title, shown.submit, shown.callback) == ("Restore a tag", "Look at it", "form:restore")
    assert [block["element"]["type"] for block in shown.blocks[1:]] == snapshot(
        ["external_select", "external_select", "external_select", "plain_text_input"]
    )
    assert [block.get("dispatch_action", False) for block in shown.blocks[1:]] == [True, True, False, False]
    assert [block["element"].get("min_query_length") for block in shown.blocks[1:]] == [1, 0, 0, None]
    assert Memory.unpack(shown.private) == Memory(Origin("C1", URL))
    assert filling.desks.asked == []


async def test_choices_are_a_menu(filling):
    await filling.types("message post")
    severity, text = filling.office.shown().blocks[1:]
    assert [option["value"] for option in severity["element"]["options"]] == ["info", "error"]
    assert text["element"]["multiline"] is True


async def test_a_command_that_needs_no_words_is_done(filling):
    assert filling.office.reads(await filling.types("repos")) == ["Done."]


async def test_a_command_with_words_is_done(filling):
    await filling.types("restore acme/web:v1")
    assert filling.office.voice.modals == {}
    assert [(word, ask.words) for word, ask in filling.desks.asked] == [("restore", ("acme/web:v1",))]


async def test_in_a_thread_no_form_can_open_and_the_command_says_what_is_missing(filling):
    filling.desks.error = UsageError("Which tag?")
    said = filling.office.reads(await filling.types("restore", trigger="", response_url=""))
    assert said[0] == "Which tag?"


async def test_without_an_account_no_form_opens_and_the_wish_is_kept(filling):
    office = filling.office
    said = office.reads(await filling.types("restore", office.bob))
    assert said == snapshot(
        [
            "I do not know your Quay account yet.",
            "[Link my Quay account]",
            "I remember what you asked for: link your account within 15 minutes, and I do it by myself.",
        ]
    )
    assert office.voice.modals == {}
    assert unpack(office.kept.words[office.bob][0], office.bob).name == "restore"


async def test_a_form_that_was_wished_for_before_linking_takes_a_fresh_click(filling):
    reply = await filling.types("restore", trigger="")
    assert filling.office.reads(reply) == snapshot(
        ["It opens a window, and Slack wants a fresh click for that:", "[Open it now]"]
    )
    assert reply.message.blocks[1]["elements"][0]["action_id"] == "form:restore"


async def test_a_button_opens_the_form_with_what_is_known(filling):
    await filling.presses("form:restore", '"acme/web:v1" "sha256:1"')
    shown = filling.office.shown()
    assert list(held(shown).values()) == ["acme/web", "v1", "sha256:1", ""]
    memory = Memory.unpack(shown.private)
    assert (memory.origin, memory.repository, memory.tag) == (Origin("C1", URL), "acme/web", "v1")


async def test_what_is_too_long_for_a_menu_stands_in_a_field_of_text(filling):
    long = "acme/" + "x" * 200
    await filling.presses("form:restore", long)
    assert filling.office.shown().blocks[1]["element"]["type"] == "plain_text_input"
    assert held(filling.office.shown())["repository"] == long


async def test_slack_in_trouble_is_said(filling):
    async def away(_trigger, _modal):
        raise TryLater("Slack does not answer.")

    filling.office.voice.open = away
    assert filling.office.reads(await filling.types("restore")) == ["Slack does not answer."]


async def test_choosing_a_repository_renames_what_searches_inside_it(filling):
    await filling.types("restore")
    shown = await filling.chooses("repository", "acme/web", why="It is broken")
    assert list(held(shown).values()) == ["acme/web", "", "", "It is broken"]
    assert [name.partition("@")[0] for name in held(shown)] == ["repository", "tag", "image", "why"]
    [_, tag, image, _] = held(shown)
    assert "@" in tag
    assert image == "image"
    assert Memory.unpack(shown.private).repository == "acme/web"


async def test_choosing_a_tag_renames_the_images_and_another_repository_forgets_both(filling):
    await filling.presses("form:restore", "acme/web")
    first = filling.office.shown()
    [_, tag, _, _] = held(first)
    second = await filling.chooses(tag, "v1", repository="acme/web")
    [_, same, image, _] = held(second)
    assert (same, "@" in image) == (tag, True)
    assert Memory.unpack(second.private).tag == "v1"
    third = await filling.chooses("repository", "acme/api", **{tag: "v1", image: "sha256:1"})
    assert list(held(third).values()) == ["acme/api", "", "", ""]
    assert Memory.unpack(third.private) == Memory(Origin("C1", URL), "acme/api")
    assert set(held(third)) & {tag, image} == set()


async def test_choosing_another_tag_forgets_the_image_of_the_one_before(filling):
    await filling.presses("form:restore", '"acme/web:v1" "sha256:1"')
    [_, tag, image, _] = held(filling.office.shown())
    shown = await filling.chooses(tag, "v2", repository="acme/web", **{image: "sha256:1"})
    assert list(held(shown).values()) == ["acme/web", "v2", "", ""]


async def test_a_repository_that_is_chosen_with_a_tag_fills_in_the_tag(filling):
    await filling.types("restore")
    shown = await filling.chooses("repository", "acme/web:v1")
    assert list(held(shown).values())[1] == "v1"
    assert Memory.unpack(shown.private).tag == "v1"


async def test_what_was_typed_before_the_repository_was_chosen_stays(filling):
    await filling.types("restore")
    shown = await filling.chooses("repository", "acme/web", tag="v7")
    assert list(held(shown).values())[:2] == ["acme/web", "v7"]


async def test_choosing_the_same_again_changes_nothing(filling):
    await filling.presses("form:restore", "acme/web")
    await filling.chooses("repository", "acme/web")
    assert len(filling.office.voice.modals["V1"]) == 1


async def test_a_choice_in_a_form_of_yesterday_is_answered(filling):
    click = Click(filling.office.alice, "", "acme/web", view="V1", callback="form:dance")
    reply = await filling.presses("seek:repository", "acme/web", channel="", view="V1", callback="form:dance")
    assert filling.office.reads(reply) == ["This form is of an older version of me. Please open it again."]
    assert not Wish("seek:repository", click).kept


async def test_a_form_is_the_command_that_could_have_been_typed(filling):
    await filling.presses("form:restore", "acme/web:v1")
    reply = await filling.sends("restore", repository="acme/web", tag="v1", image="2h ago", why="broken\nbadly")
    assert filling.office.reads(reply) == ["Done."]
    [(word, ask)] = filling.desks.asked
    assert (word, ask.words) == ("restore", ("acme/web:v1", "2h ago", "--reason=broken\nbadly"))
    assert (ask.person, ask.channel, ask.response_url, ask.trigger) == (filling.office.alice, "C1", URL, "")


async def test_what_does_not_fit_is_said_below_its_field(filling):
    await filling.presses("form:restore", "acme/web:v1")
    [_, tag, _, _] = held(filling.office.shown())
    assert await filling.sends("restore", repository="acme/web", tag="v 1") == Errors(
        {
            tag: "“v 1” cannot be a tag. Tags have 1 to 128 letters, digits, dots, dashes and underscores, and start with a letter, a digit or an underscore."
        }
    )
    assert filling.desks.asked == []


async def test_a_tag_of_the_repository_before_is_not_taken_for_one_of_the_new(filling):
    await filling.presses("form:restore", "acme/web:v1")
    [_, tag, _, _] = held(filling.office.shown())
    assert await filling.sends("restore", repository="acme/api", tag="v1") == snapshot(
        Errors({tag: "You have chosen another repository meanwhile. Please choose this once more."})
    )
    assert filling.desks.asked == []


@pytest.mark.parametrize(
    ("error", "field", "say"),
    [
        (UsageError("Add --reason TEXT, please."), "why", "Fill in “Reason”, please."),
        (UsageError("Which image?"), "repository", "Which image?"),
        (says_wrong("I do not understand “2h agoo”."), "image", "I do not understand “2h agoo”."),
    ],
)
async def test_what_the_command_finds_wrong_is_said_below_the_field_it_is_about(filling, error, field, say):
    await filling.types("restore")
    filling.desks.error = error
    answer = await filling.sends("restore", repository="acme/web", tag="v1", image="2h agoo", why="x")
    assert answer == Errors({field: say})


@pytest.mark.parametrize(
    "error",
    [
        says_wrong("You need the role write.", reference="KDWF-4071"),
        Denied("The policy says no."),
        Lacking("You may not.", repository="acme/web", needs="write", does="restore tags"),
        NotLinked("Your token does not work any more."),
        TryLater("Quay does not answer."),
    ],
    ids=lambda error: type(error).__name__,
)
async def test_what_quay_or_the_policy_says_is_answered_like_the_typed_command(filling, error):
    await filling.types("restore")
    filling.desks.error = error
    answer = await filling.sends("restore", repository="acme/web", tag="v1")
    assert filling.office.reads(answer)[0] == error.say


async def test_a_form_that_was_sent_without_an_account_is_kept_and_comes_back(filling):
    await filling.types("restore")
    filling.desks.error = NotLinked("Your token does not work any more.")
    await filling.sends("restore", repository="acme/web", tag="v1")
    wish = unpack(filling.office.kept.words[filling.office.alice][0], filling.office.alice)
    assert wish.name == "form:restore"
    assert wish.asked.values["repository"] == "acme/web"
    assert unpack(pack(wish), Person("T2", "U2")) is not None


def test_a_memory_is_an_origin_as_well():
    memory = Memory(Origin("C1", URL), "acme/web", "v1")
    assert Memory.unpack(memory.pack()) == memory
    assert Submission(Person("T1", "U1"), "V1", {}, memory.pack()).origin == Origin("C1", URL)
    assert Memory.unpack(Origin("C1", URL).pack()) == Memory(Origin("C1", URL))
    assert [Memory.unpack(text) for text in ("", "x", "[1,2,3,4]", "[" * 100_000)] == [Memory()] * 4


def test_a_memory_fits_into_what_slack_keeps():
    packed = replace(Memory(), origin=Origin("C1", "https://" + "x" * 4_000), repository="acme/web").pack()
    assert len(packed) <= 3_000
    assert json.loads(packed) == ["C1", "", "acme/web", ""]


@pytest.mark.parametrize("command", [one for one in COMMANDS.values() if one.form], ids=lambda one: one.word)
async def test_every_form_that_there_is_can_be_opened(office, command):
    names = [field.name for field in command.form.fields]
    assert len(set(names)) == len(names)
    assert not any("@" in name for name in names)
    await office.presses(f"form:{command.word}", "acme/web:v1")
    assert len(office.shown().title) <= 24
    assert len(office.shown().submit) <= 24
