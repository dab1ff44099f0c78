"""What somebody asked for before they had linked an account."""

import json
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from bot.domain.errors import TryLater
from bot.domain.people import Person
from handlers.command import Ask, Click, Submission
from handlers.keeping import LIFE, Wish, pack, take, unpack

SOMEBODY = Person("T1", "U1")
TEXT = st.text(max_size=30)
ASKS = st.builds(Ask, st.just(SOMEBODY), TEXT, response_url=TEXT, thread=TEXT)
CLICKS = st.builds(Click, st.just(SOMEBODY), TEXT, value=TEXT, response_url=TEXT, ts=TEXT, private=TEXT)
FORMS = st.builds(Submission, st.just(SOMEBODY), st.just(""), st.dictionaries(TEXT, TEXT, max_size=3), TEXT)
WISHES = st.builds(Wish, TEXT, ASKS | CLICKS | FORMS)
BUILD = "build acme/web --archive-url https://git.example/web.zip?sig=hunter2"


@given(WISHES)
def test_what_was_kept_comes_back_as_it_was(wish):
    assert unpack(pack(wish), SOMEBODY) == wish


@given(WISHES)
def test_it_comes_back_as_the_wish_of_whom_it_is_taken_out_for_and_names_nobody(wish):
    other = Person("T2", "U2")
    back = unpack(pack(wish), other)
    assert back is not None
    assert back.person == other


def test_triggers_and_views_do_not_come_back():
    ask = Ask(SOMEBODY, "C1", words=("x",), trigger="1.2.3")
    assert unpack(pack(Wish("why acme/web", ask)), SOMEBODY) == Wish("why acme/web", Ask(SOMEBODY, "C1"))
    form = Submission(SOMEBODY, "V1", {"a": "b"}, "private")
    assert unpack(pack(Wish("form", form)), SOMEBODY) == Wish("form", Submission(SOMEBODY, "", {"a": "b"}, "private"))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from(["command", "click", "form", "channel", "values"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner, max_size=4),
    max_leaves=12,
)


@given(st.text(max_size=60) | JSON.map(json.dumps))
def test_what_is_not_ours_is_nothing(kept):
    assert unpack(kept, SOMEBODY) is None


def test_what_is_deeply_nested_is_nothing():
    assert unpack("[" * 100_000, SOMEBODY) is None


@pytest.mark.parametrize(
    "text", ["link", "Link AC3K-7WXY", "unlink", "whoami", "help build", "help tag history", "", "  "]
)
def test_what_is_about_the_account_itself_is_not_kept(text):
    assert not Wish(text, Ask(SOMEBODY, "C1")).kept


@pytest.mark.parametrize("name", ["link_start", "link_paste", "link_code", "link_cancel", "link_account"])
def test_the_buttons_and_forms_of_linking_are_not_kept(name):
    assert not Wish(name, Click(SOMEBODY, "C1")).kept
    assert not Wish(name, Submission(SOMEBODY, "V1", {})).kept


def test_what_leafs_through_a_window_is_not_kept():
    assert Wish("build_logs", Click(SOMEBODY, "C1")).kept
    assert not Wish("build_log_older", Click(SOMEBODY, "", view="V1")).kept


def test_it_is_said_without_what_may_be_secret():
    wishes = {
        "a command": Wish(BUILD, Ask(SOMEBODY, "C1")),
        "a hostile one": Wish("build `x` <!channel> *b*", Ask(SOMEBODY, "C1")),
        "a button": Wish("build_retry", Click(SOMEBODY, "C1", "acme/web b-1")),
        "a form": Wish("hooks", Submission(SOMEBODY, "", {"secret": "hunter2"})),
    }
    assert {name: wish.says for name, wish in wishes.items()} == snapshot(
        {
            "a command": "what you asked for: `/quay build acme/web --archive-url …`",
            "a hostile one": "what you asked for: `/quay build ˋxˋ &lt;!channel&gt; *b*`",
            "a button": "what the button does that you pressed.",
            "a form": "what you have filled in.",
        }
    )
    assert "hunter2" not in repr(list(wishes.values()))


async def test_a_command_without_an_account_is_kept_and_says_so(office):
    assert office.reads(await office.says("build acme/web", office.bob)) == snapshot(
        [
            "I do not know your Quay account yet.",
            "[Link my Quay account]",
            "I remember what you asked for: link your account within 15 minutes, and I do it by myself.",
        ]
    )
    kept, at = office.kept.words[office.bob]
    assert (unpack(kept, office.bob).name, at) == ("build acme/web", office.start)


async def test_a_click_without_an_account_is_kept(office):
    await office.presses("build_retry", "acme/web b-1", office.bob)
    kept, _ = office.kept.words[office.bob]
    assert unpack(kept, office.bob) == Wish("build_retry", Click(office.bob, "C1", "acme/web b-1"))


async def test_without_a_key_nothing_is_promised(office):
    office.linking.sealed = False
    assert office.reads(await office.says("build acme/web", office.bob)) == snapshot(
        ["I do not know your Quay account yet.", "[Link my Quay account]", "Then ask again."]
    )
    assert office.kept.words == {}


async def test_what_cannot_be_kept_is_not_promised_and_the_button_is_there(office):
    office.kept.error = TryLater("The database is away.")
    assert office.reads(await office.says("build acme/web", office.bob)) == [
        "I do not know your Quay account yet.",
        "[Link my Quay account]",
        "Then ask again.",
    ]


async def test_after_the_code_it_comes_back_once(office):
    await office.says("build acme/web", office.bob)
    office.linking.codes[office.bob] = ("AC3K-7WXY", "bob", 5)
    reply = await office.enters("AC3K-7WXY", office.bob)
    assert office.reads(reply) == snapshot(
        ["You are *bob* on quay.example now. Now I do what you asked for: `/quay build acme/web`"]
    )
    assert unpack(reply.again, office.bob).name == "build acme/web"
    office.linking.codes[office.bob] = ("AC3K-7WXY", "bob", 5)
    assert (await office.enters("AC3K-7WXY", office.bob)).again == ""


async def test_after_a_pasted_token_it_comes_back_as_well(office):
    await office.says("build acme/web", office.bob)
    reply = await office.sends("token-bob", office.bob)
    assert unpack(reply.again, office.bob).name == "build acme/web"


async def test_a_refused_token_leaves_it_where_it_is(office):
    await office.says("build acme/web", office.bob)
    office.quay.errors["whoami"] = TryLater("Quay does not answer.")
    await office.sends("token-bob", office.bob)
    assert unpack(office.kept.words[office.bob][0], office.bob).name == "build acme/web"


async def test_it_belongs_to_whoever_asked(office):
    await office.says("build acme/web", office.bob)
    assert (await office.sends("token-alice", office.alice)).again == ""
    assert office.bob in office.kept.words


@pytest.mark.parametrize(("late", "there"), [(timedelta(0), True), (timedelta(seconds=1), False)])
async def test_nobody_is_surprised_by_what_they_have_forgotten(office, late, there):
    await office.says("build acme/web", office.bob)
    office.clock.time += LIFE + late
    assert (await take(office.bob, office.desk) is not None) is there


async def test_a_store_that_is_away_does_not_undo_the_link(office):
    async def gone(_person, _since):
        raise TryLater("The database is away.")

    office.kept.take = gone
    assert "You are *bob*" in office.reads(await office.sends("token-bob", office.bob))[0]
