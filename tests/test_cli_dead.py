"""Dead letters, from the command line: listed, shown, tried again, dropped, and told by the check-up."""

import json
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.adapters.store import SqlStore
from bot.adapters.store.tables import deliveries
from tests.command_line import Run, quaybot, refused
from tests.command_line_store import BODY, PARKED, Do, a_parked_channel, a_refused_message, an_unreadable_body, stored
from tests.house.untouched import untouched_logs

__all__ = ["quaybot", "stored", "untouched_logs"]
pytestmark = pytest.mark.usefixtures("untouched_logs")


def test_no_dead_letters_is_said_plainly(quaybot: Run):
    quaybot("migrate")
    assert quaybot("dead", "list").out == ["There are no dead letters."]
    assert quaybot("dead", "retry", "all").out == ["There are no dead letters."]
    assert quaybot("dead", "drop", "all").out == ["There are no dead letters."]


def test_dead_letters_and_parked_channels_are_listed(quaybot: Run, stored: Do):
    stored(an_unreadable_body)
    stored(a_refused_message)
    stored(a_parked_channel)

    assert sorted(quaybot("dead", "list").out) == [
        PARKED,
        "d1  2026-03-04 05:06:07  C01,C02  hook 1, repo_push of acme/web  the body is not JSON",
        "m1  2026-03-04 05:06:07  C01  acme/web was pushed  invalid_blocks",
    ]


def test_a_long_reason_says_that_it_was_cut(quaybot: Run, stored: Do):
    stored(lambda store: an_unreadable_body(store, reason="x" * 101))

    assert quaybot("dead", "list").out[0].endswith("  " + "x" * 99 + "…")


def test_programs_get_the_same_as_json(quaybot: Run, stored: Do):
    stored(an_unreadable_body)
    stored(a_parked_channel)

    assert json.loads("\n".join(quaybot("dead", "list", "--json").out)) == {
        "letters": [
            {
                "id": "d1",
                "at": "2026-03-04T05:06:07+00:00",
                "reason": "the body is not JSON",
                "about": "hook 1, repo_push of acme/web",
                "place": "C01,C02",
                "size": len(BODY),
            }
        ],
        "parked_channels": [
            {
                "channel": "C09",
                "parked_at": "2026-03-04T05:06:07+00:00",
                "reason": "The channel is archived.",
                "waiting": 1,
            }
        ],
    }


@pytest.mark.parametrize(("count", "told"), [(99, 0), (100, 1), (101, 1)])
def test_a_list_that_may_have_been_cut_says_so(quaybot: Run, stored: Do, count: int, told: int):
    stored(lambda store: an_unreadable_body(store, count))

    done = quaybot("dead", "list")

    assert len(done.out) == min(count, 100)
    assert done.err == ["There may be more: the newest 100 are shown."] * told


def test_foreign_words_cannot_speak_to_the_terminal(quaybot: Run, stored: Do):
    stored(lambda store: a_refused_message(store, "a &amp; b\x1b[2J\nb\u202e" + "c" * 200))

    (line,) = quaybot("dead", "list").out
    assert "\x1b" not in line
    assert "a & b" in line
    assert "\u202e" not in line
    assert len(line) < 200


def test_a_body_is_shown_as_it_came_with_the_reason_beside_it(quaybot: Run, stored: Do):
    stored(an_unreadable_body)

    done = quaybot("dead", "show", "d1")

    assert "\n".join(done.out) == BODY.decode()
    assert done.err == [
        "d1: hook 1, repo_push of acme/web",
        "2026-03-04 05:06:07, for C01,C02, 15 bytes",
        "Reason: the body is not JSON",
    ]


def test_a_message_is_shown_with_its_payload(quaybot: Run, stored: Do):
    stored(a_refused_message)

    done = quaybot("dead", "show", "m1")

    assert json.loads(done.out[0]) == {"text": "acme/web was pushed"}
    assert done.err[-1] == "Reason: invalid_blocks"


@pytest.mark.parametrize("word", ["show", "retry", "drop"])
@pytest.mark.parametrize("letter", ["d2", "m1", "x", "1", "²", "9" * 30, "d1 2", "\x1b[2J"])
def test_an_id_that_is_none_is_one_plain_line(quaybot: Run, stored: Do, word: str, letter: str):
    stored(an_unreadable_body)

    done = quaybot("dead", word, letter)

    assert refused(done, "There is no dead letter", "quaybot dead list")
    assert "\x1b" not in done.err[0]


async def states(store: SqlStore) -> list[tuple[str, str | None]]:
    async with store._database.reading() as connection:
        bodies = await connection.execute(select(deliveries.c.state, deliveries.c.reason).order_by(deliveries.c.id))
        return [tuple(row) for row in bodies]


async def waiting(store: SqlStore) -> tuple[int, int]:
    return await store.inbox.waiting(), await store.outbox.waiting()


def look(stored: Do, question: Callable[[SqlStore], Awaitable[object]]) -> object:
    answers: list[object] = []

    async def ask(store: SqlStore) -> None:
        answers.append(await question(store))

    stored(ask)
    return answers[0]


def test_one_letter_is_tried_once_more(quaybot: Run, stored: Do):
    stored(an_unreadable_body)
    stored(a_refused_message)

    assert quaybot("dead", "retry", "d1").out == [
        "The bot tries d1 once more. What fails again comes back here with its reason."
    ]

    assert look(stored, waiting) == (1, 0)
    assert [line.split()[0] for line in quaybot("dead", "list").out] == ["m1"]


def test_all_letters_are_tried_once_more(quaybot: Run, stored: Do):
    stored(an_unreadable_body)
    stored(a_refused_message)

    assert quaybot("dead", "retry", "all").out == [
        "The bot tries 2 dead letters once more. What fails again comes back here with its reason."
    ]

    assert look(stored, waiting) == (1, 1)


def test_dropping_asks_before_it_does_so(quaybot: Run, stored: Do, monkeypatch: pytest.MonkeyPatch):
    stored(an_unreadable_body)
    asked: list[str] = []

    def confirm(question: str, **_: object) -> bool:
        asked.append(question)
        return True

    monkeypatch.setattr("typer.confirm", confirm)

    assert quaybot("dead", "drop", "d1").out == ["d1 dropped."]
    assert asked == ["Drop d1 (hook 1, repo_push of acme/web, for C01,C02)? Nobody will be told of it."]
    assert look(stored, states) == [("done", "dropped by the operator")]


def test_without_an_answer_nothing_is_dropped(quaybot: Run, stored: Do, monkeypatch: pytest.MonkeyPatch):
    stored(an_unreadable_body)
    with Path("/dev/null").open(encoding="utf-8") as nothing:
        monkeypatch.setattr("sys.stdin", nothing)
        done = quaybot("dead", "drop", "all")

    assert done.code == 1
    assert "Drop all dead letters (1)?" in done.err[0]
    assert len(quaybot("dead", "list").out) == 1


def test_everything_can_be_dropped_without_a_question(quaybot: Run, stored: Do):
    stored(an_unreadable_body)
    stored(a_refused_message)

    assert quaybot("dead", "drop", "all", "--yes").out == ["2 dead letters dropped."]
    assert look(stored, waiting) == (0, 0)


def test_the_check_up_tells_what_was_given_up_and_what_waits(quaybot: Run, stored: Do):
    stored(lambda store: an_unreadable_body(store, 2))
    stored(a_parked_channel)

    lines = quaybot("doctor").out

    assert "✓ Database answers; 1 webhook URL, 0 webhooks and 1 message waiting" in lines
    assert lines[-2:] == [
        "✗ 2 dead letters: see what could not be read or delivered with quaybot dead list",
        f"✗ {PARKED}",
    ]
