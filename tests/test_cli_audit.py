"""The audit from the command line: listed, verified, exported."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.adapters.store import SqlStore, open_store
from bot.domain.acts import Act, Deed, Outcome
from bot.domain.people import Person
from tests.command_line import Run, quaybot, refused
from tests.house.untouched import untouched_logs

__all__ = ["quaybot", "untouched_logs"]
pytestmark = pytest.mark.usefixtures("untouched_logs")

AT = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
ALICE, BOB, TWIN = Person("T1", "U1"), Person("T1", "U2"), Person("T2", "U1")
Do = Callable[[Callable[[SqlStore], Awaitable[object]]], object]


@pytest.fixture
def stored(quaybot: Run, tmp_path: Path) -> Do:
    """Does something with the store that the program will look at."""
    quaybot("migrate")

    def do(work: Callable[[SqlStore], Awaitable[object]]) -> object:
        async def done() -> object:
            store = open_store(f"sqlite:///{tmp_path / 'quaybot.db'}", None)
            try:
                return await work(store)
            finally:
                await store.close()

        return asyncio.run(done())

    return do


def a_deed(number: int = 0, person: Person = ALICE, target: str = "acme/web:v1", **more: str) -> Deed:
    act = Act("build", target, {"branch": "main"}, {"archive": "https://s3cr3t.example"})
    at = AT + timedelta(days=number)
    return Deed(at, f"KDWF-{4071 + number}", person, "alice", "C1", act, Outcome.DONE, **more)


@pytest.fixture
def three(stored: Do) -> list[str]:
    """Three lines; their hashes."""

    async def write(store: SqlStore) -> list[str]:
        deeds = [
            a_deed(detail="build 1a2b", approval="K7PX4", quay_log="build_dockerfile"),
            a_deed(1, BOB, "acme/api"),
            a_deed(2, TWIN, "acme/web"),
        ]
        return [(await store.audit.append(deed)).hash for deed in deeds]

    hashes = stored(write)
    assert isinstance(hashes, list)
    return hashes


def tampered(stored: Do, *statements: str) -> None:
    """Somebody with the database in their hands, who knows how to get around its triggers."""

    async def change(store: SqlStore) -> None:
        async with store._database.engine.begin() as connection:
            for name in ("update", "delete"):
                await connection.execute(text(f"DROP TRIGGER IF EXISTS audit_no_{name}"))
            for statement in statements:
                await connection.execute(text(statement))

    stored(change)


# --- list ---


def test_lines_are_listed_the_newest_at_the_end(quaybot: Run, three: list[str]):
    assert quaybot("audit", "list").out == [
        "1  2026-03-04 05:06:07  T1/U1  alice  C1  build acme/web:v1  branch=main  done: build 1a2b  KDWF-4071  K7PX4",
        "2  2026-03-05 05:06:07  T1/U2  alice  C1  build acme/api  branch=main  done  KDWF-4072",
        "3  2026-03-06 05:06:07  T2/U1  alice  C1  build acme/web  branch=main  done  KDWF-4073",
    ]


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        (("--target", "acme/web"), ["1", "3"]),
        (("--target", "acme/web:v1"), ["1"]),
        (("--target", "acme"), ["1", "2", "3"]),
        (("--target", "acm"), []),
        (("--person", "T1/U1"), ["1"]),
        (("--person", "U1"), ["1", "3"]),
        (("--person", "U1", "--last", "1"), ["3"]),
        (("--person", "U1", "--target", "acme/web:v1"), ["1"]),
        (("--person", "U1", "--reference", "k7px4"), ["1"]),
        (("--reference", "kdwf-4072"), ["2"]),
        (("--reference", "K7PX4"), ["1"]),
        (("--last", "2"), ["2", "3"]),
    ],
)
def test_lines_can_be_asked_for_more_narrowly(
    quaybot: Run, three: list[str], words: tuple[str, ...], numbers: list[str]
):
    said = quaybot("audit", "list", *words).out

    assert [line.split()[0] for line in said] == (numbers or ["There"])


@pytest.mark.parametrize("person", ["@alice", "alice", "T1/", "T1/x", "U1 x"])
def test_a_person_that_cannot_be_one_is_one_plain_line(quaybot: Run, stored: Do, person: str):
    assert refused(quaybot("audit", "list", "--person", person), "is not a Slack user id")


def test_foreign_words_cannot_speak_to_the_terminal(quaybot: Run, stored: Do):
    stored(lambda store: store.audit.append(a_deed(detail="a\x1b[2J\nb", target="acme/\u202eweb")))

    (line,) = quaybot("audit", "list").out
    assert "\x1b" not in line
    assert "\u202e" not in line


# --- verify ---


def test_a_whole_chain_is_said_to_be_whole_with_its_head_to_note_down(quaybot: Run, three: list[str]):
    assert quaybot("audit", "verify").out == [f"The audit is whole: 3 lines. Note its head down elsewhere: {three[-1]}"]


def test_an_empty_audit_is_said_to_be_empty(quaybot: Run, stored: Do):
    done = quaybot("audit", "verify")

    assert (done.code, done.out) == (0, ["The audit is empty."])
    assert refused(quaybot("audit", "verify", "--head", "0" * 64), "The audit is broken", "not in it any more")


def test_a_head_that_was_noted_earlier_is_still_in_there(quaybot: Run, three: list[str]):
    done = quaybot("audit", "verify", "--head", three[1].upper())

    assert done.code == 0
    assert done.out[0] == (
        "The audit is whole: 3 lines. It holds the hash that you noted, as line 2. "
        f"Note its head down elsewhere: {three[-1]}"
    )


def test_an_end_that_was_cut_off_is_found_by_the_head_that_was_noted(quaybot: Run, stored: Do, three: list[str]):
    tampered(stored, "DELETE FROM audit WHERE number = 3")

    assert quaybot("audit", "verify").code == 0
    assert refused(quaybot("audit", "verify", "--head", three[-1]), "Its end was cut off", "2 lines now")


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("UPDATE audit SET username = 'bob' WHERE number = 2", "line 2 was changed: its hash does not fit"),
        ("UPDATE audit SET parameters = '{}' WHERE number = 1", "line 1 was changed: its hash does not fit"),
        ("UPDATE audit SET hash = previous WHERE number = 2", "line 2 was changed: its hash does not fit"),
        (f"UPDATE audit SET previous = '{'0' * 64}' WHERE number = 3", "line 3 does not follow the line before it"),
        ("DELETE FROM audit WHERE number = 2", "line 2 is missing"),
        ("DELETE FROM audit WHERE number < 3", "lines 1 to 2 are missing"),
        ("UPDATE audit SET parameters = 'x' WHERE number = 2", "line 2, or one soon after it, cannot be read"),
        ("UPDATE audit SET outcome = 'won' WHERE number = 2", "line 2, or one soon after it, cannot be read"),
        ("UPDATE audit SET at = 9223372036854775807 WHERE number = 2", "cannot be read"),
    ],
)
def test_the_first_broken_line_is_named(quaybot: Run, stored: Do, three: list[str], statement: str, says: str):
    tampered(stored, statement)

    assert refused(quaybot("audit", "verify"), "The audit is broken", says)


@pytest.mark.parametrize("head", ["x", "0" * 63, "g" * 64])
def test_what_is_no_hash_is_one_plain_line(quaybot: Run, three: list[str], head: str):
    assert refused(quaybot("audit", "verify", "--head", head), "That is no hash of the audit")


# --- export ---


def test_every_line_is_exported_as_json_with_everything_that_is_known(quaybot: Run, three: list[str]):
    lines = [json.loads(line) for line in quaybot("audit", "export").out]

    assert [line["hash"] for line in lines] == three
    assert lines[0] == {
        "number": 1,
        "at": "2026-03-04T05:06:07.000000+00:00",
        "reference": "KDWF-4071",
        "team": "T1",
        "user": "U1",
        "quay_account": "alice",
        "channel": "C1",
        "act": "build",
        "target": "acme/web:v1",
        "parameters": {"branch": "main"},
        "outcome": "done",
        "detail": "build 1a2b",
        "approval": "K7PX4",
        "quay_log": "build_dockerfile",
        "previous": "0" * 64,
        "hash": three[0],
    }


def test_the_keys_are_those_that_are_documented(quaybot: Run, three: list[str]):
    documented = Path(__file__).parents[1].joinpath("docs", "audit.md").read_text(encoding="utf-8")
    keys = json.loads(quaybot("audit", "export").out[0])

    assert [key for key in keys if f"| `{key}` |" not in documented] == []


@pytest.mark.parametrize(
    ("since", "numbers"),
    [
        ("2026-03-05", [2, 3]),
        ("2026-03-05T05:06:07", [2, 3]),
        ("2026-03-05T06:06:08+01:00", [3]),
        ("2027-01-01", []),
    ],
)
def test_an_export_can_begin_later(quaybot: Run, three: list[str], since: str, numbers: list[int]):
    lines = [json.loads(line) for line in quaybot("audit", "export", "--since", since).out]

    assert [line["number"] for line in lines] == numbers


def test_what_is_no_date_is_one_plain_line(quaybot: Run, three: list[str]):
    assert refused(quaybot("audit", "export", "--since", "yesterday"), "'yesterday' is no date", "2026-03-04")


@pytest.mark.parametrize("reference", ["nope", "KDWF-407", "12345678", "IIII-0000"])
def test_what_is_no_reference_is_refused_with_what_one_looks_like(quaybot: Run, three: list[str], reference: str):
    done = quaybot("audit", "list", "--reference", reference)

    assert refused(done, f"{reference!r} is not a reference", "like KDWF-4071", "like K7PX4")
