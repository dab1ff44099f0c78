"""What the command line shows on a terminal of what strangers have written."""

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import operator
from bot.cli.console import fail, harmless, note, say
from tests.command_line import Run, quaybot

__all__ = ["quaybot"]

BODY = b'{"tags": ["\x1b]0;owned\x07v1\x9b2J", "\xe2\x80\xaev2"]}\n'


@given(st.binary())
def test_nothing_that_acts_on_a_terminal_is_left(data: bytes) -> None:
    assert {unicodedata.category(char) for char in harmless(data) if char != "\n"} & {"Cc", "Cf", "Cs"} == set()


@given(st.text(st.characters(categories=("L", "N", "P"))))
def test_what_can_be_seen_stays_as_it_is(text: str) -> None:
    assert harmless(text.encode()) == text


def test_controls_are_spelled_out() -> None:
    assert harmless(BODY) == '{"tags": ["\\x1b]0;owned\\x07v1\\x9b2J", "\\u202ev2"]}\n'


def test_no_line_of_the_program_acts_on_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    say("a\x1b[2Jb")
    note("a\x9bb\nc")
    with pytest.raises(SystemExit):
        fail("\u202eowned", "x\ry")
    told = capsys.readouterr()
    assert told.out == "a\\x1b[2Jb\n"
    assert told.err == "a\\x9bb\nc\n\\u202eowned\nx\\ry\n"


@pytest.mark.parametrize(("terminal", "says"), [(True, "\\x1b]0;owned"), (False, "\x1b]0;owned")])
def test_a_body_is_spelled_out_on_a_terminal_and_given_byte_for_byte_elsewhere(
    quaybot: Run, monkeypatch: pytest.MonkeyPatch, terminal: bool, says: str
) -> None:
    async def shown(*_: object) -> tuple[list[str], bytes]:
        return ["d1: odd"], BODY.replace(b"\x9b", b"")

    monkeypatch.setattr(operator, "show_dead", shown)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: terminal)
    done = quaybot("dead", "show", "d1")
    assert (done.code, done.err) == (0, ["d1: odd"])
    assert says in done.out[0]
