"""What is entered in a form, as the words that could have been typed, and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.command import Field, Form, Seek
from handlers.forms.button import form_button, prefilled
from handlers.forms.words import Misfit, filled, typed
from tests.handlers.forms import BUILD, POST, RESTORE

URL = "https://quay.example"
PART = st.from_regex(r"[a-z0-9][a-z0-9._-]{0,20}", fullmatch=True)
TAG = st.from_regex(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,30}", fullmatch=True)
LINE = st.text(min_size=1, max_size=60).map(str.strip).filter(lambda text: text and not text.startswith("-"))


@given(PART, PART, TAG, st.just("") | LINE, st.just("") | LINE)
def test_what_is_entered_comes_back_from_its_words(namespace, name, tag, image, why):
    entered = {"repository": f"{namespace}/{name}", "tag": tag, "image": image, "why": why}
    words = typed(RESTORE, entered, URL)
    assert filled(RESTORE, words, URL) == {name: value for name, value in entered.items() if value}


@given(st.lists(st.text(max_size=20), max_size=6))
def test_any_words_fill_a_form_or_are_left_out(words):
    for form in (RESTORE, POST, BUILD):
        assert set(filled(form, words, URL)) <= {field.name for field in form.fields}


def test_the_tag_joins_the_repository_before_it():
    entered = {"repository": "acme/web", "tag": "v1", "image": "2h ago"}
    assert typed(RESTORE, entered, URL) == ("acme/web:v1", "2h ago")


def test_without_a_tag_the_repository_stands_alone():
    assert typed(RESTORE, {"repository": "acme/web"}, URL) == ("acme/web",)


def test_an_address_from_the_browser_is_a_repository_and_the_tag_beside_it_counts_more():
    address = "https://quay.example/repository/acme/web?tag=v1"
    assert typed(RESTORE, {"repository": address}, URL) == ("acme/web:v1",)
    assert typed(RESTORE, {"repository": address, "tag": "v2"}, URL) == ("acme/web:v2",)


def test_options_stand_behind_and_may_begin_with_a_dash():
    entered = {"repository": "acme/web", "tag": "v1", "why": "--force"}
    assert typed(RESTORE, entered, URL) == ("acme/web:v1", "--reason=--force")


@pytest.mark.parametrize(
    ("entered", "field", "part"),
    [
        ({"repository": "what is this"}, "repository", "does not look like a repository"),
        ({"repository": "docker.io/library/x"}, "repository", "That is on docker.io"),
        ({"repository": "acme/web", "tag": "v 1"}, "tag", "cannot be a tag"),
        ({"image": "previous"}, "repository", "fill this in as well"),
        ({"repository": "-acme/web"}, "repository", "dash"),
    ],
)
def test_what_does_not_fit_is_named_with_its_field(entered, field, part):
    with pytest.raises(Misfit) as caught:
        typed(RESTORE, entered, URL)
    assert caught.value.name == field
    assert part in caught.value.say


def test_words_of_a_command_fill_its_form():
    assert filled(RESTORE, ["acme/web:v1", "--reason", "broken", "sha256:1"], URL) == {
        "repository": "acme/web",
        "tag": "v1",
        "image": "sha256:1",
        "why": "broken",
    }
    assert filled(RESTORE, ["acme/web", "--else", "x", "--reason"], URL) == {"repository": "acme/web", "why": ""}
    assert filled(RESTORE, ["No such thing"], URL) == {"repository": "No such thing"}


def test_a_second_tag_is_a_word_of_its_own():
    form = Form("Move", (*RESTORE.fields[:2], Field("other", "Other", Seek.TAG)))
    assert typed(form, {"repository": "acme/web", "tag": "v1", "other": "v2"}, URL) == ("acme/web:v1", "v2")


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=40), max_size=4))
def test_a_button_brings_its_words_back(words):
    pressed = form_button("Restore", "restore", *words)
    assert tuple(prefilled(pressed.get("value", ""))) == (tuple(words) if pressed.get("value") else ())


def test_a_button_that_would_be_too_long_opens_an_empty_form():
    assert "value" not in form_button("Restore", "restore", "x" * 2_000)
    assert prefilled('"open') == ()
