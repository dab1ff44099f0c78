"""How a typed line becomes words."""

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.errors import UserError
from handlers.grammar import quote, split
from handlers.grammar.words import LONGEST

FORMS = {
    "plain words": ("build acme/web", ("build", "acme/web")),
    "nothing": ("  \t ", ()),
    "many blanks": ("  a \n  b ", ("a", "b")),
    "non-breaking and thin blanks": ("a\u00a0b\u202fc\u3000d", ("a", "b", "c", "d")),
    "characters without width": ("\ufeffa\u200bb \u2060", ("ab",)),
    "double quotes": ('x "a b" y', ("x", "a b", "y")),
    "single quotes": ("'a b'", ("a b",)),
    "curly quotes": ("“a b” ‘c d’", ("a b", "c d")),
    "angled quotes": ("«a b» »c d«", ("a b", "c d")),
    "mixed quotes of one family": ('"a b” “c d"', ("a b", "c d")),
    "german quotes": ("„a b“", ("a b",)),
    "an empty quotation": ('--tag ""', ("--tag", "")),
    "the other family inside": ('"it\'s fine"', ("it's fine",)),
    "an apostrophe is no quotation": ("it's it’s", ("it's", "it’s")),
    "a quoted mark": (r'"a \"b\" \\ c"', ('a "b" \\ c',)),
    "a backslash outside is itself": (r"C:\x", (r"C:\x",)),
    "a quoted option value": ('--tag="a b"', ("--tag=a b",)),
    "a curly option value": ("—tag=“a b”", ("--tag=a b",)),
    "an em dash option": ("—tag v1", ("--tag", "v1")),
    "an en dash option": ("–tag", ("--tag",)),
    "a minus sign option": ("−−tag", ("--tag",)),
    "a quoted dash stays": ('"—tag"', ("—tag",)),
    "a dash alone stays": ("a — b", ("a", "—", "b")),
    "a dash inside a word stays": ("a—b", ("a—b",)),
    "escaped characters": ("a&amp;b &lt;x&gt;", ("a&b", "<x>")),
    "escaped twice is decoded once": ("&amp;lt;", ("&lt;",)),
    "a wrapped address": ("<https://x.example/a.tgz>", ("https://x.example/a.tgz",)),
    "an address with a label": ("<http://quay.io/acme/x|quay.io/acme/x>", ("http://quay.io/acme/x",)),
    "an address with a query": ("<https://x.example/?a=1&amp;b=2>", ("https://x.example/?a=1&b=2",)),
    "an address as option value": ("--archive-url=<https://x.example/a>", ("--archive-url=https://x.example/a",)),
    "a quoted wrapped address": ('"<https://x.example/a|x>"', ("https://x.example/a",)),
    "a tag behind a linked name": ("<http://acme.io/web|acme.io/web>:v1", ("http://acme.io/web:v1",)),
    "a channel": ("<#C123|general> <#G9|>", ("<#C123>", "<#G9>")),
    "a person": ("<@U123> <@W1|bob>", ("<@U123>", "<@W1>")),
    "a mention of everybody": ("<!here> <!subteam^S1|@ops>", ("@here", "@ops")),
    "a mail address": ("<mailto:a@b.example|a@b.example>", ("a@b.example",)),
    "a lonely angle": ("a < b", ("a", "<", "b")),
}


@pytest.mark.parametrize(("typed", "words"), FORMS.values(), ids=FORMS.keys())
def test_a_line_is_split_as_a_person_means_it(typed, words):
    assert split(typed) == words


@pytest.mark.parametrize("typed", ['build "acme/web', "‘x y", "a «b", 'x --tag="v1', '"a\\"'])
def test_a_quotation_that_is_never_closed_is_pointed_at(typed):
    with pytest.raises(UserError, match="opened but never closed"):
        split(typed)


def test_the_sentence_about_an_open_quotation_shows_its_beginning():
    with pytest.raises(UserError) as caught:
        split('build "acme/web and very many other words behind it')
    assert caught.value.say == (
        'A quotation mark is opened but never closed, at "acme/web and very many other … (close it, or leave it out).'
    )


@settings(deadline=None)
@given(st.lists(st.text()))
def test_quoted_words_come_back_as_they_were(words):
    assert split(" ".join(map(quote, words))) == tuple(words)


@settings(deadline=None)
@given(st.text() | st.text(alphabet="<>&|#@!\"'“”‘’«»=—–-\\ \u00a0\u200babc;/:"))
def test_whatever_is_typed_gives_words_or_a_user_error(typed):
    try:
        words = split(typed)
    except UserError:
        return
    assert all(isinstance(word, str) for word in words)


@pytest.mark.parametrize(
    "piece", ["a'", "-", "—", '="', "=", '"', "<", "&", "\\", "<a", "-=", "--a=''", "\u200b", "«»"]
)
@pytest.mark.parametrize("start", ["", "x", "--", "--a=", "-" * 2000 + "!", '"'])
def test_a_command_of_the_greatest_length_is_split_whatever_it_is_made_of(start, piece):
    text = (start + piece * LONGEST)[:LONGEST]  # the time limit of every test catches what takes more than linear time
    with contextlib.suppress(UserError):
        assert all(isinstance(word, str) for word in split(text))


def test_what_is_longer_is_refused_before_anything_reads_it():
    with pytest.raises(UserError, match="4,000 characters"):
        split("a" * (LONGEST + 1))


def test_a_quotation_opens_behind_an_option_and_not_behind_a_long_word_that_looks_like_one():
    assert split('-—-name_1="a b"') == ("--name_1=a b",)
    assert split(f'--{"n" * 50}="a" b') == (f'--{"n" * 50}="a"', "b")
    assert split('x--a="b"') == ('x--a="b"',)
