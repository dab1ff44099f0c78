"""Why a text is no TOML: in plain words, with the line that is to blame and its key."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.policy_file import PolicyError, read
from bot.rules.toml_trouble import trouble

SO_FAR = """# who may do what
default = "allow"

[[rule]]
name = "releases"
effect = "deny"
"""
UNCLOSED = "the text that begins here is not closed with"
LIST = "the list that begins here is not closed with ]"
STRAIGHT = 'is no quote here: write straight ones, such as "allow"'


def told(text: str) -> str:
    with pytest.raises(PolicyError) as wrong:
        read(text)
    (problem,) = wrong.value.problems
    return problem.removeprefix("policy.toml ")


@pytest.mark.parametrize("more", ["", "\n", '\nwho = ["*"]\n', '\n[[rule]]\nname = "other"\n# it\'s\n'])
@pytest.mark.parametrize(
    ("written", "says"),
    [
        ('reason = "Ask us.', f'line 7, key reason: {UNCLOSED} "'),
        ("reason = 'Ask us.", f"line 7, key reason: {UNCLOSED} '"),
        ('reason = "Ask us.”', f'line 7, key reason: {UNCLOSED} "; ” does not close it'),
        ('targets = [\n  "acme/web",\n  "acme/app,\n]', f'line 9, key targets: {UNCLOSED} "'),
        ('reason = “Ask us.”', f"line 7, key reason: “ {STRAIGHT}"),
        ('targets = ["acme/web", “acme/app”]', f"line 7, key targets: “ {STRAIGHT}"),
        ('targets = ["acme/web" "acme/app"]', "line 7, key targets: a comma is missing between two items of a list"),
        ('targets = [\n"a"\n"b"\n]', "line 9, key targets: a comma is missing between two items of a list"),
        ('effect = "allow"', "line 7, key effect: this key is there already, in line 6: write it once"),
        ('effect = """\nallow"""', "line 7, key effect: this key is there already, in line 6: write it once"),
        ("reason = Ask us.", 'line 7, key reason: write a text in quotes, such as "…"'),
        ("targets = [acme/web]", 'line 7, key targets: write a text in quotes, such as "…"'),
        ("reason =", "line 7, key reason: there is no value after ="),
        ("reason: x", 'line 7: write it as key = value, such as default = "allow"'),
        ("- name", 'line 7, key -: write it as key = value, such as default = "allow"'),
        ("= 1", "line 7: write a line [[rule]], or key = value"),
        ('reason = "a" who', "line 7, key reason: there is more in this line than one value"),
        ('reason = "a\\qb"', "line 7, key reason: write \\\\ for a backslash in a text"),
        ('reason = "a\x00b"', "line 7, key reason: there is a character that cannot be shown"),
        ("who = { a = 1", "line 7, key who: the { that begins here is not closed with } in the same line"),
        ("[[rule]", "line 7: a line that begins with [ has to be [[rule]]"),
        ("[rules", "line 7: a line that begins with [ has to be [[rule]]"),
        ("[rule]", "line 7: write each rule below a line [[rule]] of its own"),
    ],
)  # fmt: skip
def test_the_line_that_is_to_blame_is_named_whatever_follows(written: str, says: str, more: str):
    assert told(SO_FAR + written + more).startswith(says)
    assert told((SO_FAR + written + more).replace("\n", "\r\n")).startswith(says)


@pytest.mark.parametrize(
    "more", ["", "\n", '\nreason = "x"\n', '\n[[rule]]\nname = "b"\n', "\n# [[rule]]\n[[rule]]\n", "\nwho\n=1"]
)
@pytest.mark.parametrize("written", ['targets = ["acme/web"', 'targets = ["acme/web",', "targets = [\n'a'"])
def test_a_list_that_is_not_closed_is_told_where_it_begins(written: str, more: str):
    assert told(SO_FAR + written + more) == f"line 7, key targets: {LIST}"


@pytest.mark.parametrize("quotes", ['"""', "'''"])
def test_a_long_text_that_is_not_closed_is_told_where_it_begins(quotes: str):
    assert told(SO_FAR + f"reason = {quotes}\nAsk\nus.\n[[rule]]\n") == f"line 7, key reason: {UNCLOSED} {quotes}"


def test_a_key_twice_above_the_rules_names_both_lines():
    said = "line 3, key default: this key is there already, in line 1: write it once"
    assert told('default = "allow"\n\ndefault = "deny"') == said


def test_the_same_key_in_another_rule_is_not_the_first():
    text = SO_FAR + '[[rule]]\nname = "b"\nname = "c"\n'
    assert told(text) == "line 9, key name: this key is there already, in line 8: write it once"


@given(st.text(alphabet="[]{}\"'#=.\n\\\r rule,1“”\x00", max_size=60))
def test_every_text_that_cannot_be_read_has_a_line_of_its_own_to_blame(text: str):
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = trouble(text, str(error))
        assert 1 <= found.line <= text.count("\n") + 1
        assert found.words
    except ValueError:
        return
